"""The tagger on a corpus: accuracy, calibration, seconds, memory and milliseconds per message.

A corpus is a file or folder of NLU examples, with a test part of its own (`--test`) or a share of
each intent kept for testing (`--split`), a different one for each seed. Every seed runs in a
process of its own. Prints a Markdown table: mean and spread over the seeds.

    python tests/benchmarks/nlu.py ../shared/data/nlu/atis/train.yml \
        --test ../shared/data/nlu/atis/test.yml --seeds 0,1,2
    python tests/benchmarks/nlu.py ../shared/bots/financial-demo/data/nlu --split 0.8
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from framework.data.split import split_utterances
from framework.data.types import Utterance
from framework.data.utterances import from_examples
from framework.nlu import metrics
from framework.nlu.component import NluTrainingData
from framework.nlu.types import Understanding
from framework.project.load import read_tests
from framework.registry import find

COLUMNS = {
    "intent": "intent accuracy",
    "span_f1": "span F1",
    "sentence": "sentence accuracy",
    "ece": "ECE",
    "seconds": "training s",
    "process_seconds": "process s",
    "peak_mb": "peak MB",
    "graph_mb": "graph MB",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
}


def read(path: str) -> tuple[Utterance, ...]:
    """Read the examples of a file or folder."""
    return from_examples(read_tests(Path(), [path]).examples)


def choose(options: argparse.Namespace, seed: int) -> tuple[Sequence[Utterance], ...]:
    """Give the examples to learn from and those to be scored on."""
    learned = read(options.corpus)
    if options.test:
        return learned, read(options.test)
    return split_utterances(learned, fraction=options.split, seed=seed)


def measure(options: argparse.Namespace, seed: int) -> dict[str, float]:
    """Train with one seed and score."""
    started = time.perf_counter()
    learned, tested = choose(options, seed)
    settings = {name: json.loads(value) for name, value in map(split_setting, options.set)}
    tagger = find("component", "bert_tagger")(**settings)
    encoder = options.encoder
    if encoder and encoder.startswith("{"):
        encoder = json.loads(encoder)
    data = NluTrainingData(
        utterances=learned, seed=seed, language=options.language, encoder=encoder
    )
    before = time.perf_counter()
    for _ in tagger.train(data):
        pass
    seconds = time.perf_counter() - before
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = tagger.process_batch([Understanding(text=item.text) for item in tested])
    files = tagger.save()
    return {
        **score(tested, found),
        "seconds": seconds,
        "process_seconds": time.perf_counter() - started,
        "peak_mb": peak_mb,
        "graph_mb": sum(map(len, files.values())) / 1e6,
        **time_messages(tagger, [item.text for item in tested]),
    }


def score(tested: Sequence[Utterance], found: Sequence[Understanding]) -> dict[str, float]:
    """Score answers in percent."""
    intents = [item.intent for item in tested]
    answered = [one.intent.name if one.intent else None for one in found]
    right = [wanted == name for wanted, name in zip(intents, answered, strict=True)]
    marked = [{spelled(entity) for entity in item.entities} for item in tested]
    spans = [{spelled(entity) for entity in one.entities} for one in found]
    whole = [ok and a == b for ok, a, b in zip(right, marked, spans, strict=True)]
    sure = [one.intent.confidence if one.intent else 0.0 for one in found]
    return {
        "intent": 100 * metrics.accuracy(intents, answered),
        "span_f1": 100 * metrics.span_scores(marked, spans).f1,
        "sentence": 100 * statistics.mean(whole),
        "ece": 100 * metrics.expected_calibration_error(sure, right),
    }


def spelled(entity) -> tuple[object, ...]:
    """Give all that must match of an entity."""
    return entity.start, entity.end, entity.entity, entity.role, entity.group


def time_messages(tagger, texts: Sequence[str]) -> dict[str, float]:
    """Take the time of single messages of ten words or so, tokenizer included."""
    near = sorted(texts, key=lambda text: abs(len(text.split()) - 8))[:200]
    for text in near[:20]:
        tagger.process(Understanding(text=text))
    took = []
    for text in near:
        before = time.perf_counter()
        tagger.process(Understanding(text=text))
        took.append(1000 * (time.perf_counter() - before))
    took.sort()
    return {"p50_ms": took[len(took) // 2], "p99_ms": took[len(took) * 99 // 100]}


def split_setting(text: str) -> tuple[str, str]:
    """Take `name=value` apart; the value is JSON."""
    name, _, value = text.partition("=")
    return name, value


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
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--language", default="en")
    parser.add_argument("--encoder", help="name, or a mapping as JSON")
    parser.add_argument("--set", action="append", default=[], metavar="SETTING=JSON")
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
