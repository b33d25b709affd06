"""Response selection on corpora with many answers, beside Rasa's ResponseSelector.

Every corpus becomes a project whose questions are retrieval intents (`faq/<topic>`), split the same
way for all systems; each system trains by its own command and is asked in another process. With
`--rasa PYTHON` (the interpreter of an environment that holds Rasa 3.6.21) Rasa takes its turn in
the same run. Results gather in `--results`; from all that is there the report
`docs/benchmarks/selection.md` gets its tables.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, pstdev

from framework.assistant.bundle import find, read
from framework.assistant.loading import load_pipeline
from framework.data.split import split_utterances
from framework.data.types import Utterance
from framework.data.utterances import from_examples
from framework.project.load import read_tests

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"
REPORT = ROOT / "docs" / "benchmarks" / "selection.md"
RESULTS = ROOT / "docs" / "benchmarks" / "selection.json"
MARK = "<!-- results -->"
LARGEST_TEST = 500
"""Questions asked of each model at most, every n-th of the test part."""

LARGE_FILE = 100
"""Examples from which on a file of `rasa_topics` is left out."""

RASA_PIPELINE = """\
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: ResponseSelector
  epochs: {epochs}
  random_seed: {seed}
"""

RASA = "Rasa"
RASA_EPOCHS = 300
"""Of Rasa's ResponseSelector, unless told otherwise: its default."""

SYSTEMS = {
    "frame": "- name: bert_tagger\n- name: response_selector\n",
    "frame, text as label": (
        "- name: bert_tagger\n- name: response_selector\n  use_text_as_label: true\n"
    ),
    "frame, fast": "- name: bert_tagger\n  fast: true\n- name: response_selector\n",
    "frame, no encoder": "- name: keyword_intents\n- name: response_selector\n",
    RASA: RASA_PIPELINE,
}

ASK_RASA = """\
import asyncio, json, sys, time
from rasa.core.agent import load_agent

async def main():
    agent = await load_agent(sys.argv[1])
    texts = json.loads(open(sys.argv[2], encoding="utf-8").read())
    await agent.parse_message("warm up")
    found, started = [], time.perf_counter()
    for text in texts:
        parsed = await agent.parse_message(text)
        found.append(parsed["response_selector"]["default"]["response"]["intent_response_key"])
    seconds = time.perf_counter() - started
    with open(sys.argv[3], "w", encoding="utf-8") as file:
        json.dump({"found": found, "ms": 1000 * seconds / max(len(texts), 1)}, file)

asyncio.run(main())
"""


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
    from ruamel.yaml import YAML  # noqa: PLC0415  # only one corpus has answers

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


def write_project(folder: Path, data: Corpus, *, pipeline: str) -> None:
    """Write the project that a system trains."""
    intents = sorted({key.partition("/")[0] for _, key in data.learned})
    by_key: dict[str, list[str]] = {}
    for text, key in data.learned:
        by_key.setdefault(key, []).append(text)
    nlu = 'version: "3.1"\nnlu:\n'
    for key, texts in by_key.items():
        lines = "".join(f"    - {text}\n" for text in texts)
        nlu += f"- intent: {key}\n  examples: |\n{lines}"
    domain = {
        "version": "3.1",
        "intents": intents,
        "responses": {f"utter_{key}": [{"text": text}] for key, text in data.responses.items()},
    }
    config = "recipe: default.v1\nassistant_id: benchmark\nlanguage: en\npipeline:\n"
    (folder / "data").mkdir()
    (folder / "config.yml").write_text(f"{config}{pipeline}policies: []\n", encoding="utf-8")
    (folder / "data" / "nlu.yml").write_text(nlu, encoding="utf-8")
    # JSON is YAML
    (folder / "domain.yml").write_text(json.dumps(domain, ensure_ascii=False), encoding="utf-8")


def run(command: Sequence[str], *, cwd: Path) -> dict[str, float]:
    """Run a command; give its seconds, those of the processor, and its peak memory in megabytes."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "RASA_TELEMETRY_ENABLED": "false",
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    started = time.perf_counter()
    with (cwd / "log.txt").open("w") as log:
        process = subprocess.Popen(
            command, cwd=cwd, stdout=log, stderr=subprocess.STDOUT, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed:\n{(cwd / 'log.txt').read_text()[-3000:]}")
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
    }


def measure(
    data: Corpus, system: str, *, seed: int, rasa: str | None, epochs: int
) -> dict[str, float]:
    """Train one system on a corpus and ask it; the epochs are Rasa's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pipeline = SYSTEMS[system].format(epochs=epochs, seed=seed)
        write_project(folder, data, pipeline=pipeline)
        questions, answers = folder / "questions.json", folder / "answers.json"
        questions.write_text(json.dumps([text for text, _ in data.asked]), encoding="utf-8")
        if system == RASA:
            spent = run([str(rasa), "-m", "rasa", "train", "nlu"], cwd=folder)
            (folder / "ask.py").write_text(ASK_RASA, encoding="utf-8")
            model = next((folder / "models").glob("*.tar.gz"))
            ask = [str(rasa), "ask.py", str(model)]
        else:
            train = [sys.executable, "-m", "framework", "train", "--seed", str(seed), "--force"]
            spent = run(train, cwd=folder)
            model = find(folder / "models")
            ask = [sys.executable, __file__, "--ask", str(model)]
        size = model.stat().st_size / 1e6
        run([*ask, str(questions), str(answers)], cwd=folder)
        told = json.loads(answers.read_text(encoding="utf-8"))
    right = [found == key for found, (_, key) in zip(told["found"], data.asked, strict=True)]
    return {
        "accuracy": 100 * sum(right) / len(right),
        **spent,
        "model_mb": size,
        "ms": told["ms"],
    }


def ask_frame(model: str, questions: str, answers: str) -> None:
    """Ask a trained bot of Frame, message by message."""
    texts = json.loads(Path(questions).read_text(encoding="utf-8"))
    pipeline = load_pipeline(read(model))
    pipeline.parse("warm up")
    started = time.perf_counter()
    found = [pipeline.parse(text).selections["default"][0].key for text in texts]
    ms = 1000 * (time.perf_counter() - started) / max(len(texts), 1)
    Path(answers).write_text(json.dumps({"found": found, "ms": ms}), encoding="utf-8")


COLUMNS = {
    "accuracy": "accuracy %",
    "cpu_seconds": "training, seconds of the processor",
    "peak_mb": "peak MB",
    "model_mb": "model MB",
}


def tables(results: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Give one table for each corpus, a row for each system."""
    for name in dict.fromkeys(str(row["corpus"]) for row in results):
        rows = [row for row in results if row["corpus"] == name]
        sizes = rows[-1]
        yield f"\n## {name}\n\n"
        yield (
            f"{sizes['answers']} answers, {sizes['learned']} examples to learn from, "
            f"{sizes['asked']} questions asked.\n\n"
        )
        yield f"| system | seeds | {' | '.join(COLUMNS.values())} |\n|---|---|"
        yield "---|" * len(COLUMNS) + "\n"
        for system in dict.fromkeys(str(row["system"]) for row in rows):
            same = [row for row in rows if row["system"] == system]
            cells = (shown([float(str(row[key])) for row in same]) for key in COLUMNS)
            seeds = ", ".join(str(row["seed"]) for row in same)
            yield f"| {system} | {seeds} | {' | '.join(cells)} |\n"


def shown(values: Sequence[float]) -> str:
    """Give the mean, and the spread where there are several values."""
    text = f"{mean(values):.1f}"
    return f"{text} ± {pstdev(values):.1f}" if len(values) > 1 else text


def write_report(results: Sequence[Mapping[str, object]]) -> None:
    """Put the tables below the mark of the report."""
    head, _, _ = REPORT.read_text(encoding="utf-8").partition(MARK)
    REPORT.write_text(f"{head}{MARK}\n{''.join(tables(results))}", encoding="utf-8")


def main() -> None:
    """Measure what the options ask for."""
    if sys.argv[1:2] == ["--ask"]:
        ask_frame(*sys.argv[2:5])
        return
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpora", nargs="*", metavar="CORPUS", help=", ".join(CORPORA))
    parser.add_argument("--systems", nargs="*", choices=SYSTEMS, help="all if not given")
    parser.add_argument("--seeds", default="0", help="0,1,2")
    parser.add_argument("--rasa", metavar="PYTHON", help="measure Rasa, too")
    parser.add_argument("--rasa-epochs", type=int, default=RASA_EPOCHS)
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    systems = options.systems or [name for name in SYSTEMS if options.rasa or name != RASA]
    results = json.loads(options.results.read_text()) if options.results.exists() else []
    for name in options.corpora:
        for seed in map(int, options.seeds.split(",")):
            data = CORPORA[name](seed)
            for system in systems:
                named = f"{RASA}, {options.rasa_epochs} epochs" if system == RASA else system
                key = {"corpus": data.name, "system": named, "seed": seed}
                row = {
                    **key,
                    "answers": len(data.responses),
                    "learned": len(data.learned),
                    "asked": len(data.asked),
                    "load": os.getloadavg()[0],
                    **measure(
                        data, system, seed=seed, rasa=options.rasa, epochs=options.rasa_epochs
                    ),
                }
                print(row, flush=True)
                results = [one for one in results if not key.items() <= one.items()] + [row]
                options.results.write_text(json.dumps(results, indent=1) + "\n")
    if REPORT.exists():
        write_report(results)


if __name__ == "__main__":
    main()
