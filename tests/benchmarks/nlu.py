"""The tagger on a corpus, beside Rasa: accuracy, calibration, seconds, memory, milliseconds.

A corpus is a file or folder of NLU examples, with a test part of its own (`--test`) or a share of
each intent kept for testing (`--split`), a different one for each seed. Every seed runs in a
process of its own. With `--rasa PYTHON` (the interpreter of an environment that holds Rasa 3.6.21)
Rasa's default pipeline learns from the same examples in the same run, `--rasa-epochs` of them, and
is asked the same. Results gather in `--results`; from all that is there the report
`docs/benchmarks/nlu.md` gets its table: mean and spread over the seeds.

    python tests/benchmarks/nlu.py ../shared/data/nlu/atis/train.yml \
        --test ../shared/data/nlu/atis/test.yml --name ATIS
    python tests/benchmarks/nlu.py ../shared/bots/financial-demo/data/nlu --split 0.8
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from framework.data.split import split_utterances
from framework.data.types import Utterance
from framework.data.utterances import from_examples
from framework.nlu import metrics
from framework.nlu.component import NluTrainingData
from framework.nlu.types import Understanding
from framework.nlu.wire import from_json
from framework.project.load import read_tests
from framework.project.write.markup import write_markup
from framework.registry import find
from tests.benchmarks.processes import RASA_FEATURES, run, spent_here
from tests.benchmarks.results import REPORTS, add, averaged, load, write_between_marks

REPORT = REPORTS / "nlu.md"
RESULTS = REPORTS / "nlu.json"

RASA_CONFIG = f"""\
recipe: default.v1
assistant_id: benchmark
language: en
pipeline:
{RASA_FEATURES}- name: DIETClassifier
  epochs: {{epochs}}
  constrain_similarities: true
  random_seed: {{seed}}
policies: []
"""

ASK_RASA = """\
import asyncio, json, sys, time
from rasa.core.agent import load_agent

async def main():
    agent = await load_agent(sys.argv[1])
    texts = json.loads(open(sys.argv[2], encoding="utf-8").read())
    await agent.parse_message("warm up")
    found, took = [], []
    for text in texts:
        before = time.perf_counter()
        found.append(await agent.parse_message(text))
        took.append(1000 * (time.perf_counter() - before))
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        json.dump({"found": found, "ms": took}, file)

asyncio.run(main())
"""

COLUMNS = {
    "intent": "intent accuracy",
    "span_f1": "span F1",
    "sentence": "sentence accuracy",
    "ece": "ECE",
    "seconds": "training s",
    "processor_seconds": "processor s",
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
    spent = spent_here(before)
    found = tagger.process_batch([Understanding(text=item.text) for item in tested])
    files = tagger.save()
    return {
        **score(tested, found),
        **asdict(spent),
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


def write_rasa_project(
    folder: Path, learned: Sequence[Utterance], *, epochs: int, seed: int
) -> None:
    """Write examples and Rasa's default pipeline as a project of Rasa's."""
    lines = ['version: "3.1"', "nlu:"]
    for intent in sorted({item.intent for item in learned if item.intent}):
        lines += [f"- intent: {intent}", "  examples: |"]
        marked = [write_markup(u.text, u.entities) for u in learned if u.intent == intent]
        lines += [f"    - {text}" for text in marked if text]
    (folder / "data").mkdir()
    (folder / "data" / "nlu.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    config = RASA_CONFIG.format(epochs=epochs, seed=seed)
    (folder / "config.yml").write_text(config, encoding="utf-8")
    (folder / "domain.yml").write_text('version: "3.1"\n', encoding="utf-8")
    (folder / "ask.py").write_text(ASK_RASA, encoding="utf-8")


def measure_rasa(options: argparse.Namespace, seed: int) -> dict[str, float]:
    """Train Rasa's default pipeline with one seed and score it."""
    learned, tested = choose(options, seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_rasa_project(folder, learned, epochs=options.rasa_epochs, seed=seed)
        (folder / "texts.json").write_text(json.dumps([item.text for item in tested]))
        train = [options.rasa, "-m", "rasa", "train", "nlu", "--fixed-model-name", "m"]
        spent = run(train, cwd=folder)
        run([options.rasa, "ask.py", "models/m.tar.gz", "texts.json", "found.json"], cwd=folder)
        answers = json.loads((folder / "found.json").read_text(encoding="utf-8"))
        graph_mb = (folder / "models" / "m.tar.gz").stat().st_size / 1e6
    took = sorted(answers["ms"])
    return {
        **score(tested, [from_json(parsed) for parsed in answers["found"]]),
        **asdict(spent),
        "graph_mb": graph_mb,
        "p50_ms": took[len(took) // 2],
        "p99_ms": took[len(took) * 99 // 100],
    }


def run_alone(options: argparse.Namespace, seed: int, system: str) -> dict[str, object]:
    """Measure one seed of one system in a process of its own."""
    command = [sys.executable, *sys.argv, "--one", str(seed), "--system", system]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    row = json.loads(done.stdout.splitlines()[-1])
    return {"corpus": options.name or options.corpus, "system": system, "seed": seed, **row}


def table(results: Sequence[dict[str, object]]) -> str:
    """Lay all measurements out in Markdown, seeds averaged."""
    head = ["corpus", "system", "seeds", *COLUMNS.values()]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    groups: dict[tuple[str, str], list[dict[str, object]]] = {}
    for row in results:
        groups.setdefault((str(row["corpus"]), str(row["system"])), []).append(row)
    for (corpus, system), rows in sorted(groups.items()):
        columns = ([float(row[key]) for row in rows] for key in COLUMNS)
        figures = (averaged(values, spread=statistics.stdev) for values in columns)
        cells = (corpus, system, str(len(rows)), *figures)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Read the command line, measure, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", help="file or folder of examples to learn from")
    parser.add_argument("--test", help="file or folder of examples to be scored on")
    parser.add_argument("--split", type=float, default=0.8, help="share learned from, without test")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--language", default="en")
    parser.add_argument("--encoder")
    parser.add_argument("--set", action="append", default=[], metavar="SETTING=JSON")
    parser.add_argument("--name", help="what the table calls the corpus")
    parser.add_argument("--rasa", metavar="PYTHON", help="measure Rasa, too")
    parser.add_argument("--rasa-epochs", type=int, default=100)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--system", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one is not None:
        measured = measure_rasa if options.system.startswith("Rasa") else measure
        print(json.dumps(measured(options, options.one)))
        return
    systems = ["Frame", *([f"Rasa, {options.rasa_epochs} epochs"] if options.rasa else [])]
    results = load(options.results)
    for seed in map(int, options.seeds.split(",")):
        for system in systems:
            row = run_alone(options, seed, system)
            results = add(options.results, row, same=("corpus", "system", "seed"))
            print(row, flush=True)
    write_between_marks(REPORT, table(results))


if __name__ == "__main__":
    main()
