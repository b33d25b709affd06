"""Messages out of scope: how many the bot notices when some intents were kept from it.

A share of a corpus's intents is left out of training, other ones for each seed; test messages of
those intents are out of scope. The out-of-scope score stands beside a threshold on the best
intent's confidence: area under the ROC curve, and recall of what is out of scope where 95 % of the
messages in scope are kept. `auto` is what the fallback does without a setting: recall, and share of
messages in scope that it loses although their intent was right. Prints a Markdown table: mean and
spread over the seeds.

    python tests/benchmarks/scope.py ../shared/data/nlu/banking77/train.yml \
        --test ../shared/data/nlu/banking77/test.yml --seeds 0,1,2
    python tests/benchmarks/scope.py ../shared/bots/financial-demo/data/nlu --split 0.8
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from framework.data.split import split_utterances
from framework.data.types import Utterance
from framework.data.utterances import from_examples
from framework.nlu import metrics
from framework.nlu.component import NluTrainingData
from framework.nlu.types import OutOfScope, Understanding
from framework.project.load import read_tests
from framework.registry import find

COLUMNS = {
    "in": "messages in scope",
    "out": "out of scope",
    "auroc_confidence": "AUROC, confidence",
    "auroc": "AUROC, score",
    "recall_confidence": "recall, confidence",
    "recall": "recall, score",
    "far_confidence": "recall of others, confidence",
    "far": "recall of others, score",
    "auto_recall": "auto: recall",
    "auto_far": "auto: recall of others",
    "auto_lost": "auto: right ones lost",
    "accuracy": "intent accuracy",
    "ece": "ECE",
}
KEPT = 0.95
BEYOND = OutOfScope(confidence=1.0, limit=0.0)


def read(path: str) -> tuple[Utterance, ...]:
    """Read the examples of a file or folder."""
    return from_examples(read_tests(Path(), [path]).examples)


def measure(options: argparse.Namespace, seed: int) -> dict[str, float]:
    """Train without some of the intents and score."""
    learned = read(options.corpus)
    if options.test:
        tested: Sequence[Utterance] = read(options.test)
    else:
        learned, tested = split_utterances(learned, fraction=options.split, seed=seed)
    intents = sorted({item.intent for item in learned if item.intent})
    unknown = set(random.Random(seed).sample(intents, round(options.share * len(intents))))
    tagger = find("component", "bert_tagger")()
    data = NluTrainingData(
        utterances=[item for item in learned if item.intent not in unknown],
        seed=seed,
        language=options.language,
        encoder=options.encoder,
    )
    started = time.perf_counter()
    for _ in tagger.train(data):
        pass
    seconds = time.perf_counter() - started
    found = tagger.process_batch([Understanding(text=item.text) for item in tested])
    others = tagger.process_batch([Understanding(text=line) for line in read_lines(options.far)])
    known = set(intents) - unknown
    is_in = np.array([item.intent in known for item in tested])
    right = np.array([a.intent == b.intent.name for a, b in zip(tested, found, strict=True)])
    sure, scores, flagged = judge(found)
    other_sure, other_scores, other_flagged = judge(others)
    kept_sure, kept_scores = limit(1 - sure[is_in]), limit(scores[is_in])
    return {
        "in": int(is_in.sum()),
        "out": int((~is_in).sum()),
        "auroc_confidence": 100 * area(1 - sure, is_in),
        "auroc": 100 * area(scores, is_in),
        "recall_confidence": share(1 - sure[~is_in] > kept_sure),
        "recall": share(scores[~is_in] > kept_scores),
        "far_confidence": share(1 - other_sure > kept_sure),
        "far": share(other_scores > kept_scores),
        "auto_recall": share(flagged[~is_in]),
        "auto_far": share(other_flagged),
        "auto_lost": share((flagged & right)[is_in]),
        "accuracy": share(right[is_in]),
        "ece": 100 * metrics.expected_calibration_error(sure[is_in], right[is_in]),
        "seconds": seconds,
    }


def judge(found: Sequence[Understanding]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give confidences of the best intents, out-of-scope scores, and who is above the limit.

    A message whose best intent is one for what is out of scope has no score: it is beyond surely.
    """
    sure = np.array([one.intent.confidence for one in found])
    beyond = [one.out_of_scope or BEYOND for one in found]
    scores = np.array([one.confidence for one in beyond])
    return sure, scores, np.array([one.confidence > one.limit for one in beyond])


def limit(scores: np.ndarray) -> float:
    """Give the threshold that keeps 95 % of the messages in scope."""
    return float(np.quantile(scores, KEPT))


def share(flags: np.ndarray) -> float:
    """Give a share in percent; of nothing it is none."""
    return 100 * float(flags.mean()) if flags.size else 0.0


def read_lines(path: str | None) -> list[str]:
    """Read messages that are out of scope anyway, one a line."""
    return Path(path).read_text(encoding="utf-8").splitlines() if path else []


def area(scores: np.ndarray, is_in: np.ndarray) -> float:
    """Give the chance that a message out of scope scores above one in scope."""
    ordered = np.sort(scores[is_in])
    below = np.searchsorted(ordered, scores[~is_in], side="left")
    up_to = np.searchsorted(ordered, scores[~is_in], side="right")
    return float((below + up_to).mean() / 2 / len(ordered))


def run_alone(seed: int) -> dict[str, float]:
    """Measure one seed in a process of its own."""
    command = [sys.executable, *sys.argv, "--one", str(seed)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def table(name: str, rows: Sequence[dict[str, float]]) -> str:
    """Lay the measurements of a corpus out in Markdown."""
    cells = []
    for key in COLUMNS:
        values = [row[key] for row in rows]
        spread = f" ± {statistics.stdev(values):.1f}" if len(values) > 1 else ""
        cells.append(f"{statistics.mean(values):.1f}{spread}")
    head = " | ".join(["corpus", *COLUMNS.values()])
    line = " | ".join(["---"] * (len(COLUMNS) + 1))
    return f"| {head} |\n| {line} |\n| {' | '.join([name, *cells])} |"


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", help="file or folder of examples to learn from")
    parser.add_argument("--test", help="file or folder of examples to be scored on")
    parser.add_argument("--split", type=float, default=0.8, help="share learned from, without test")
    parser.add_argument("--share", type=float, default=0.25, help="share of the intents left out")
    parser.add_argument("--far", help="file of other messages out of scope, one a line")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--language", default="en")
    parser.add_argument("--encoder")
    parser.add_argument("--name", help="what the table calls the corpus")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        print(json.dumps(measure(options, options.one)))
        return
    rows = [run_alone(int(seed)) for seed in options.seeds.split(",")]
    print(table(options.name or options.corpus, rows))


if __name__ == "__main__":
    main()
