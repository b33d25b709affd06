"""What variants of examples are worth: the tagger on clean and on noisy messages.

Each kind of variant is tried alone, over several splits. The noise of the test messages is made by
another procedure than the variants are: in a share of the words a vowel goes, a letter turns into
one that looks or sounds like it, or a space is lost. Prints a Markdown table.

    python tests/benchmarks/augmentation.py ../shared/bots/financial-demo --seeds 0,1,2
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from framework.data.split import split_utterances
from framework.data.types import Utterance
from framework.data.utterances import utterances
from framework.data.vary import Augmentation, vary
from framework.nlu import metrics
from framework.nlu.component import NluTrainingData
from framework.nlu.types import Understanding
from framework.project.load import load_project
from framework.registry import find

KINDS = (
    {},
    {"typos": 1},
    {"typos": 3},
    {"case": 1},
    {"values": 2},
    {"typos": 2, "case": 1, "values": 2},
)
ALIKE = {"c": "k", "k": "c", "s": "z", "z": "s", "i": "y", "y": "i", "u": "oo", "f": "ph", "m": "n"}
NOISY_WORDS = 0.2


def noisy(utterance: Utterance, rng: random.Random) -> Utterance:
    """Spoil some words outside of entities, whose places follow."""
    marked = sorted(utterance.entities, key=lambda entity: entity.start)
    pieces, entities, last = [], [], 0
    for entity in marked:
        pieces.append(spoil(utterance.text[last : entity.start], rng))
        start = sum(map(len, pieces))
        pieces.append(utterance.text[entity.start : entity.end])
        entities.append(replace(entity, start=start, end=start + entity.end - entity.start))
        last = entity.end
    pieces.append(spoil(utterance.text[last:], rng))
    return replace(utterance, text="".join(pieces), entities=tuple(entities))


def spoil(text: str, rng: random.Random) -> str:
    words = re.split(r"(\s+)", text)
    return "".join(
        spoil_word(word, rng) if len(word) > 3 and rng.random() < NOISY_WORDS else word
        for word in words
    )


def spoil_word(word: str, rng: random.Random) -> str:
    inner = range(1, len(word))
    vowels = [place for place in inner if word[place] in "aeiou"]
    alike = [place for place in inner if word[place] in ALIKE]
    if alike and rng.random() < 0.5:
        place = rng.choice(alike)
        return word[:place] + ALIKE[word[place]] + word[place + 1 :]
    if vowels:
        place = rng.choice(vowels)
        return word[:place] + word[place + 1 :]
    return word


def score(tagger, tested: Sequence[Utterance]) -> list[float]:
    """Give intent accuracy and span F1, in percent."""
    found = tagger.process_batch([Understanding(text=item.text) for item in tested])
    names = [one.intent.name if one.intent else None for one in found]
    marked = [{(e.start, e.end, e.entity, e.role, e.group) for e in i.entities} for i in tested]
    spans = [{(e.start, e.end, e.entity, e.role, e.group) for e in i.entities} for i in found]
    return [
        100 * metrics.accuracy([item.intent for item in tested], names),
        100 * metrics.span_scores(marked, spans).f1,
    ]


def measure(project, seed: int, kind: dict[str, int]) -> list[float]:
    learned, tested = split_utterances(utterances(project), seed=seed)
    rng = random.Random(seed)
    variants = vary(learned, project.nlu, Augmentation(**kind), seed=seed)
    tagger = find("component", "bert_tagger")()
    data = NluTrainingData(utterances=learned, variants=variants, nlu=project.nlu, seed=seed)
    for _ in tagger.train(data):
        pass
    return [*score(tagger, tested), *score(tagger, [noisy(item, rng) for item in tested])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project")
    parser.add_argument("--seeds", default="0,1,2")
    options = parser.parse_args()
    project = load_project(Path(options.project))
    print("| variants | intent, clean | span F1, clean | intent, noisy | span F1, noisy |")
    print("|---|---|---|---|---|")
    for kind in KINDS:
        rows = [measure(project, int(seed), dict(kind)) for seed in options.seeds.split(",")]
        name = ", ".join(f"{key} {value}" for key, value in kind.items()) or "none"
        cells = [
            f"{statistics.mean(column):.1f}"
            + (f" ± {statistics.stdev(column):.1f}" if len(column) > 1 else "")
            for column in zip(*rows, strict=True)
        ]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
