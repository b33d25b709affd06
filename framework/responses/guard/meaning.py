"""Whether a reply says with its words and facts what is known, and neither more nor else."""

from __future__ import annotations

from collections.abc import Iterator

from framework.responses.guard.bounds import turned_bounds
from framework.responses.guard.claims import overstated
from framework.responses.guard.conditions import generalised, unconditional
from framework.responses.guard.doings import done_in_han, done_in_words, obliged
from framework.responses.guard.facts import normalise
from framework.responses.guard.grounding import Grounds
from framework.responses.guard.rates import strange_rates
from framework.responses.guard.roles import misplaced
from framework.responses.guard.structure import sentences_of
from framework.responses.guard.vocabulary.reading import vocabulary_of
from framework.responses.guard.ways import turned_ways
from framework.responses.guard.wording import strange_words


def misstated(reply: str, *, grounds: Grounds, language: str) -> tuple[str, ...]:
    """Say what a reply, or its first sentences, makes of what is known."""
    strange = strange_words(reply, grounds=grounds, language=language)
    return (
        *(f"the word {word!r} is neither known nor stands for what is" for word in strange),
        *_misstated(reply, grounds, language[:2]),
    )


def _misstated(reply: str, grounds: Grounds, language: str) -> Iterator[str]:
    source = "\n".join((grounds.template, *grounds.passages))
    said, known = sentences_of(reply, language), sentences_of(source, language)
    plain, told = normalise(reply), normalise(source)
    vocabulary = vocabulary_of(language)
    for phrase in turned_bounds(said, known):
        yield f"it says {phrase!r} of something else"
    for place in turned_ways(plain, told):
        yield f"it goes the other way about {place!r}"
    for unit in strange_rates(reply, source, language):
        yield f"it counts by {unit!r} what is counted otherwise"
    for word in misplaced(said, known, vocabulary):
        yield f"it says of {word!r} what is known of something else"
    for word in (*overstated(plain, told), *generalised(said, known, vocabulary)):
        yield f"it says {word!r}, which is more than is known"
    for word in (*done_in_words(said, known, vocabulary), *done_in_han(plain, told)):
        yield f"it says that {word!r} was done, which isn't known"
    for word in obliged(said, known):
        yield f"it says that {word!r} must be, which isn't known"
    for phrase in unconditional(said, known, vocabulary):
        yield f"it leaves out a condition of {phrase!r}"
