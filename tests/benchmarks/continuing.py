"""Adding an intent to a trained tagger: going on from it beside learning all from the start.

For each seed some intents are left out, a tagger is trained on the rest, and the intents are added:
once by a training that goes on, once by a full one. Prints a Markdown table of the accuracy on the
earlier intents' test messages and on the new ones', and the seconds of processor.

    python tests/benchmarks/continuing.py ../shared/bots/financial-demo/data/nlu --seeds 0,1,2
    python tests/benchmarks/continuing.py ../shared/data/nlu/banking77/train.yml \
        --test ../shared/data/nlu/banking77/test.yml --shots 8 --intents 10
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path

from framework.data.split import split_utterances
from framework.data.types import Utterance
from framework.data.utterances import from_examples
from framework.nlu.component import Component, Earlier, NluTrainingData
from framework.nlu.types import Understanding
from framework.project.load import read_tests
from framework.registry import find

COLUMNS = ("earlier intents", "new intents", "processor s")


def read(path: str) -> tuple[Utterance, ...]:
    return from_examples(read_tests(Path(), [path]).examples)


def shots(utterances: Sequence[Utterance], count: int, seed: int) -> list[Utterance]:
    """Keep so many examples of each intent."""
    kept: dict[str | None, int] = defaultdict(int)
    chosen = []
    for item in random.Random(seed).sample(utterances, len(utterances)):
        kept[item.intent] += 1
        if kept[item.intent] <= count:
            chosen.append(item)
    return chosen


def train(utterances: Sequence[Utterance], seed: int, earlier: Component | None = None):
    """Train a tagger, on top of an earlier one where given; gives it and its seconds."""
    tagger = find("component", "bert_tagger")()
    files = Earlier(files=earlier.save()) if earlier is not None else None
    started = time.process_time()
    for _ in tagger.train(NluTrainingData(utterances=utterances, seed=seed, earlier=files)):
        pass
    return tagger, time.process_time() - started


def score(tagger: Component, tested: Sequence[Utterance], new: Collection[str | None]):
    """Give the accuracy in percent on earlier and on new intents."""
    found = tagger.process_batch([Understanding(text=item.text) for item in tested])
    right: dict[bool, list[bool]] = {False: [], True: []}
    for item, one in zip(tested, found, strict=True):
        name = one.intent.name if one.intent else None
        right[item.intent in new].append(name == item.intent)
    return [100 * statistics.mean(right[key] or [False]) for key in (False, True)]


def measure(options: argparse.Namespace, seed: int) -> dict[str, list[float]]:
    utterances = read(options.corpus)
    if options.test:
        learned, tested = list(utterances), list(read(options.test))
    else:
        learned, tested = map(list, split_utterances(utterances, seed=seed))
    if options.intents:
        names = sorted({str(item.intent) for item in learned})
        kept = set(random.Random(f"{seed} intents").sample(names, options.intents))
        learned = [item for item in learned if item.intent in kept]
        tested = [item for item in tested if item.intent in kept]
    if options.shots:
        learned = shots(learned, options.shots, seed)
    counts: dict[str | None, int] = defaultdict(int)
    for item in learned:
        counts[item.intent] += 1
    usual = sorted(str(intent) for intent, count in counts.items() if count >= 5)
    new = set(random.Random(seed).sample(usual, options.new))
    before, before_seconds = train([item for item in learned if item.intent not in new], seed)
    rows = {"before": [*score(before, tested, new), before_seconds]}
    added, seconds = train(learned, seed, earlier=before)
    rows["went on"] = [*score(added, tested, new), seconds]
    full, seconds = train(learned, seed)
    rows["in full"] = [*score(full, tested, new), seconds]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus")
    parser.add_argument("--test")
    parser.add_argument("--shots", type=int, help="examples of each intent")
    parser.add_argument("--intents", type=int, help="draw so many intents for each seed")
    parser.add_argument("--new", type=int, default=1, help="intents added")
    parser.add_argument("--seeds", default="0,1,2")
    options = parser.parse_args()
    results = [measure(options, int(seed)) for seed in options.seeds.split(",")]
    print(f"| training | {' | '.join(COLUMNS)} |\n|---|{'---|' * len(COLUMNS)}")
    for name in results[0]:
        columns = zip(*(result[name] for result in results), strict=True)
        cells = [
            f"{statistics.mean(column):.1f}"
            + (f" ± {statistics.stdev(column):.1f}" if len(column) > 1 else "")
            for column in columns
        ]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
