"""More examples out of those there are: with typos, in other case, with other values of entities.

A variant has the label of its example; its entities stay where their words are. The same seed gives
the same variants.
"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from framework.data.types import Utterance
from framework.errors import UsageError
from framework.project.schema.nlu import EntityAnnotation, NluData

MOST_COPIES = 20
"""Variants of a kind that an example may have."""

_SHORTEST_WORD = 4
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_TRIES = 5


@dataclass(frozen=True, kw_only=True)
class Variant:
    """An example made of another one.

    Attributes:
        source: text of the example that it was made of.
        utterance: the variant.
        is_doubtful: whether it may mean something else than its label says.
    """

    source: str
    utterance: Utterance
    is_doubtful: bool = False


class Augmentation:
    """Adds variants of the examples to those that the tagger learns from."""

    def __init__(
        self, *, typos: int = 0, case: int = 0, values: int = 0, paraphrases: int = 0
    ) -> None:
        """Make it.

        Args:
            typos: variants with a slip of the keyboard in one word outside of entities.
            case: variants in small letters, in capitals, or with a capital for each word.
            values: variants of examples with entities, whose values are exchanged for others of
                lookup tables, synonyms and other examples.
            paraphrases: variants in other words, which the language model of `llm:` is asked for.

        Raises:
            UsageError: a number is out of its range.
        """
        self.copies = {"typos": typos, "case": case, "values": values}
        self.paraphrases = paraphrases
        for name, count in {**self.copies, "paraphrases": paraphrases}.items():
            if not 0 <= count <= MOST_COPIES:
                raise UsageError(
                    f"`{name}` is {count!r}, expected 0 to {MOST_COPIES} variants",
                    id="bad-setting",
                    hint="0 makes no variants of that kind",
                )


def vary(
    utterances: Sequence[Utterance], nlu: NluData, augmentation: Augmentation, *, seed: int
) -> tuple[Variant, ...]:
    """Make the variants of examples; none has the text of an example or of another variant.

    Args:
        utterances: the examples.
        nlu: lookup tables and synonyms.
        augmentation: how many of each kind.
        seed: decides which ones.
    """
    values = _values(utterances, nlu)
    kinds: Mapping[str, Callable[[Utterance, random.Random], Utterance | None]] = {
        "typos": _slip,
        "case": _recase,
        "values": lambda utterance, rng: _exchange(utterance, values, rng),
    }
    known = {utterance.text for utterance in utterances}
    found: list[Variant] = []
    for kind, count in augmentation.copies.items():
        rng = random.Random(f"{seed} {kind}")
        for utterance in utterances:
            for made in _fresh(utterance, kinds[kind], count, rng):
                if made.text not in known:
                    known.add(made.text)
                    found.append(Variant(source=utterance.text, utterance=made))
    return tuple(found)


def _fresh(
    utterance: Utterance,
    change: Callable[[Utterance, random.Random], Utterance | None],
    count: int,
    rng: random.Random,
) -> Iterator[Utterance]:
    """Give so many different variants, or as many as there are after a few tries each."""
    made: set[str] = {utterance.text}
    for _ in range(count):
        for _ in range(_TRIES):
            variant = change(utterance, rng)
            if variant is not None and variant.text not in made:
                made.add(variant.text)
                yield variant
                break


def _slip(utterance: Utterance, rng: random.Random) -> Utterance | None:
    """Make a slip in one longer word outside of entities."""
    words = [
        (start, end)
        for start, end in _words(utterance.text)
        if end - start >= _SHORTEST_WORD
        and all(end <= entity.start or entity.end <= start for entity in utterance.entities)
    ]
    if not words:
        return None
    start, end = rng.choice(words)
    slipped = rng.choice((_swap, _drop, _double, _miss))(utterance.text[start:end], rng)
    return _replaced(utterance, start, end, slipped)


def _words(text: str) -> Iterator[tuple[int, int]]:
    start = None
    for place, character in enumerate(f"{text} "):
        if character.isalpha():
            start = place if start is None else start
        elif start is not None:
            yield start, place
            start = None


def _swap(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _drop(word: str, rng: random.Random) -> str:
    place = rng.randrange(1, len(word))
    return word[:place] + word[place + 1 :]


def _double(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word))
    return word[: place + 1] + word[place:]


def _miss(word: str, rng: random.Random) -> str:
    """Hit the key beside the right one; letters that no row has are left as they are."""
    place = rng.randrange(len(word))
    letter = word[place].lower()
    row = next((row for row in _ROWS if letter in row), None)
    if row is None:
        return word
    at = row.index(letter)
    beside = row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    return word[:place] + rng.choice(beside) + word[place + 1 :]


def _recase(utterance: Utterance, rng: random.Random) -> Utterance | None:
    """Change the case of the whole text, unless that changes its length."""
    text = rng.choice((str.lower, str.upper, str.title))(utterance.text)
    return replace(utterance, text=text) if len(text) == len(utterance.text) else None


def _exchange(
    utterance: Utterance, values: Mapping[str, Sequence[str]], rng: random.Random
) -> Utterance | None:
    """Put another value of the same entity in the place of each one."""
    if not utterance.entities or _overlap(utterance.entities):
        return None
    made = utterance
    for place in range(len(utterance.entities)):
        entity = made.entities[place]
        if choices := values.get(entity.entity):
            made = _replaced(made, entity.start, entity.end, rng.choice(choices))
    return made


def _overlap(entities: Sequence[EntityAnnotation]) -> bool:
    ordered = sorted(entities, key=lambda entity: entity.start)
    return any(first.end > second.start for first, second in itertools.pairwise(ordered))


def _replaced(utterance: Utterance, start: int, end: int, words: str) -> Utterance:
    """Put other words between two places, and move the entities behind them."""
    longer = len(words) - (end - start)
    entities = []
    for entity in utterance.entities:
        if entity.start == start and entity.end == end:
            entities.append(replace(entity, end=start + len(words), value=words))
        elif entity.start >= end:
            entities.append(replace(entity, start=entity.start + longer, end=entity.end + longer))
        else:
            entities.append(entity)
    text = utterance.text[:start] + words + utterance.text[end:]
    return replace(utterance, text=text, entities=tuple(entities))


def _values(utterances: Sequence[Utterance], nlu: NluData) -> dict[str, tuple[str, ...]]:
    """Give what each entity may be: lookup tables, values in examples, and their synonyms."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for utterance in utterances:
        for entity in utterance.entities:
            found[entity.entity][utterance.text[entity.start : entity.end]] = None
            if isinstance(entity.value, str):
                spelled = (s.spellings for s in nlu.synonyms if s.value == entity.value)
                found[entity.entity].update(dict.fromkeys(word for s in spelled for word in s))
    for table in nlu.lookups:
        if table.name in found:
            found[table.name].update(dict.fromkeys(table.elements))
    return {name: tuple(word for word in words if word.strip()) for name, words in found.items()}
