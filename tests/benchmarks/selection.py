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
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from framework.assistant.bundle import find, read
from framework.assistant.loading import load_pipeline
from tests.benchmarks.corpora.answers import CORPORA, Corpus
from tests.benchmarks.processes import RASA_FEATURES, run
from tests.benchmarks.results import REPORTS, ROOT, add, averaged, load, write_between_marks

REPORT = REPORTS / "selection.md"
RESULTS = REPORTS / "selection.json"
ALIKE = {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")}
"""Of all systems: this Frame, and as many threads."""

RASA_PIPELINE = f"""\
{RASA_FEATURES}- name: ResponseSelector
  epochs: {{epochs}}
  random_seed: {{seed}}
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
            spent = run([str(rasa), "-m", "rasa", "train", "nlu"], cwd=folder, environment=ALIKE)
            (folder / "ask.py").write_text(ASK_RASA, encoding="utf-8")
            model = next((folder / "models").glob("*.tar.gz"))
            ask = [str(rasa), "ask.py", str(model)]
        else:
            train = [sys.executable, "-m", "framework", "train", "--seed", str(seed), "--force"]
            spent = run(train, cwd=folder, environment=ALIKE)
            model = find(folder / "models")
            ask = [sys.executable, __file__, "--ask", str(model)]
        size = model.stat().st_size / 1e6
        run([*ask, str(questions), str(answers)], cwd=folder, environment=ALIKE)
        told = json.loads(answers.read_text(encoding="utf-8"))
    right = [found == key for found, (_, key) in zip(told["found"], data.asked, strict=True)]
    return {
        "accuracy": 100 * sum(right) / len(right),
        "seconds": spent.seconds,
        "cpu_seconds": spent.processor_seconds,
        "peak_mb": spent.peak_mb,
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
            cells = (averaged([float(str(row[key])) for row in same]) for key in COLUMNS)
            seeds = ", ".join(str(row["seed"]) for row in same)
            yield f"| {system} | {seeds} | {' | '.join(cells)} |\n"


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
    results = load(options.results)
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
                results = add(options.results, row, same=tuple(key))
    if results:
        write_between_marks(REPORT, "".join(tables(results)))


if __name__ == "__main__":
    main()
