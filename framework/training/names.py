"""File names for bundles: a time that sorts, and two words that people can remember."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

_ADJECTIVES = (
    "amber brave bright brisk calm candid clear clever cosy crisp daring deft eager early fair "
    "fleet fond frank fresh gentle glad golden grand green happy hardy honest humble jolly keen "
    "kind lively loyal lucid mellow merry mild modest neat nimble noble patient plain polite "
    "proud quick quiet ready rosy sage sharp silver simple smooth snug sober solid spry steady "
    "still sunny swift tidy trusty vivid warm wise witty"
)
_NOUNS = (
    "acorn alder anchor apple arbor aspen badger beacon birch bridge brook canyon cedar cherry "
    "cliff clover comet coral crane creek daisy dove dune eagle elm ember falcon fern field finch "
    "fjord forest fox garden glade harbor hazel heron hill island ivy jasmine juniper lagoon lark "
    "laurel lily linden maple meadow moon moss oak orchard otter owl pebble pine planet plum "
    "poppy rain raven reef river robin rowan sparrow spruce star stone swan thistle tulip valley "
    "willow wren"
)


def choose(folder: Path, *, now: datetime, content: str) -> str:
    """Give the stem of a file that doesn't exist yet.

    Args:
        folder: where the bundle goes.
        now: local time of the training.
        content: digest of what was learned, which picks the words.
    """
    number = int(hashlib.sha256(content.encode()).hexdigest(), 16)
    adjectives, nouns = _ADJECTIVES.split(), _NOUNS.split()
    number, adjective = divmod(number, len(adjectives))
    words = f"{adjectives[adjective]}-{nouns[number % len(nouns)]}"
    stem = first = f"{now:%Y%m%d-%H%M%S}-{words}"
    taken = {path.name.partition(".")[0] for path in folder.glob(f"{first}*")}
    counter = 2
    while stem in taken:
        stem, counter = f"{first}-{counter}", counter + 1
    return stem
