"""Corpora of questions with the keys of their answers, to learn from and to be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from framework.data.split import split_utterances
from framework.data.types import Utterance
from framework.data.utterances import from_examples
from framework.project.load import read_tests
from tests.benchmarks.results import ROOT

SHARED = ROOT.parent / "shared"

LARGEST_TEST = 500
"""Questions asked of each model at most, every n-th of the test part."""

LARGE_FILE = 100
"""Examples from which on a file of `rasa_topics` is left out."""


@dataclass(frozen=True, kw_only=True)
class Corpus:
    """Questions with the keys of their answers, to learn from and to be asked."""

    name: str
    learned: Sequence[tuple[str, str]]
    asked: Sequence[tuple[str, str]]
    responses: Mapping[str, str]


def utterances(*places: Path) -> tuple[Utterance, ...]:
    """Read the examples of files or folders."""
    return from_examples(read_tests(Path(), [str(place) for place in places]).examples)


def pairs(items: Iterable[Utterance], *, topic: str | None = None) -> list[tuple[str, str]]:
    """Give (text, key); with a topic, intents are the keys of that retrieval intent."""
    return [
        (item.text, item.response_key or f"{topic}/{item.intent}")
        for item in items
        if topic or item.response_key
    ]


def personality_chat(seed: int) -> Corpus:
    """Small talk, 96 answers, the split that comes with it."""
    folder = SHARED / "data/chat/personality_chat"
    learned = utterances(folder / "train.yml")
    asked = utterances(folder / "test.yml")
    return corpus("personality_chat", pairs(learned), pairs(asked), texts_of(folder))


def banking77(seed: int) -> Corpus:
    """Questions to a bank, 77 answers, five examples of each; intents taken as answers."""
    folder = SHARED / "data/nlu/banking77"
    learned = pairs(utterances(folder / "train_5shot.yml"), topic="faq")
    return corpus("banking77_5shot", learned, pairs(utterances(folder / "test.yml"), topic="faq"))


def rasa_topics(seed: int) -> Corpus:
    """Six retrieval intents, one for each file of usual size; a third of each intent is asked."""
    learned: list[tuple[str, str]] = []
    asked: list[tuple[str, str]] = []
    for file in sorted((SHARED / "data/nlu/rasa_topics").rglob("*.y*ml")):
        examples = utterances(file)
        if len(examples) >= LARGE_FILE:
            continue
        kept, held = split_utterances(examples, fraction=2 / 3, seed=seed)
        learned += pairs(kept, topic=file.stem)
        asked += pairs(held, topic=file.stem)
    return corpus("rasa_topics", learned, asked)


def responseselectorbot(seed: int) -> Corpus:
    """The example bot; a third of each answer's examples is asked."""
    examples = [
        Utterance(text=text, intent=key)
        for text, key in pairs(utterances(SHARED / "bots/responseselectorbot/data/nlu.yml"))
    ]
    kept, held = split_utterances(examples, fraction=2 / 3, seed=seed)
    keyed = [[(item.text, item.intent or "") for item in part] for part in (kept, held)]
    return corpus("responseselectorbot", *keyed)


CORPORA: Mapping[str, Callable[[int], Corpus]] = {
    maker.__name__: maker
    for maker in (personality_chat, banking77, rasa_topics, responseselectorbot)
}


def texts_of(folder: Path) -> Mapping[str, str]:
    """Give the answers of a corpus that has them."""
    data = YAML(typ="safe").load(folder / "responses_professional.yml")
    return {
        name.removeprefix("utter_"): variations[0]["text"]
        for name, variations in data["responses"].items()
    }


def corpus(
    name: str,
    learned: Sequence[tuple[str, str]],
    asked: Sequence[tuple[str, str]],
    responses: Mapping[str, str] | None = None,
) -> Corpus:
    """Make a corpus; what has no answer gets its key, and long test parts are thinned out."""
    keys = dict.fromkeys(key for _, key in learned)
    step = -(-len(asked) // LARGEST_TEST) or 1
    known = responses or {}
    texts = {key: known.get(key, key.rpartition("/")[2].replace("_", " ")) for key in keys}
    return Corpus(name=name, learned=learned, asked=asked[::step], responses=texts)
