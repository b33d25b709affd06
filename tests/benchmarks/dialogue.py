"""The learned policy on public dialogue corpora, beside Rasa's TED policy.

Every measurement is a process of its own: it reads a corpus of `../shared/data/dialogue`, takes a
share of its training dialogues, trains the policy alone and asks it for every action of the test
dialogues, the true history given each time. With `--rasa PYTHON` (the interpreter of an environment
that holds Rasa 3.6.21) TED learns from the same dialogues in the same run and is asked the same.
Results gather in `--results`; from all that is there the report `docs/benchmarks/dialogue.md` is
written.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean

import numpy as np

from framework.conversation.events import ActionExecuted
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue
from framework.data.unfold import dialogues, unfold
from framework.policies.base import PolicyTrainingData
from framework.policies.features import story_events
from framework.policies.learned.policy import LearnedPolicy
from framework.project.load import load_project, read_tests
from framework.project.schema.domain import Domain

ROOT = Path(__file__).parents[2]
CORPORA = ROOT.parent / "shared" / "data" / "dialogue"
REPORT = ROOT / "docs" / "benchmarks" / "dialogue.md"
RESULTS = ROOT / "docs" / "benchmarks" / "dialogue.json"
LISTEN = "action_listen"
SUBSET_SEED = 0
MAX_HISTORY = 5
MARK = "<!-- results -->"

TED_CONFIG = """\
recipe: default.v1
assistant_id: benchmark
language: en
pipeline:
- name: WhitespaceTokenizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
policies:
- name: TEDPolicy
  max_history: {max_history}
  epochs: {epochs}
  constrain_similarities: true
  entity_recognition: false
  random_seed: {seed}
"""

NO_INTENTS = "intents: []"
TED_NLU = """\
version: "3.1"
nlu:
- {intent: hello, examples: "- hello\\n- hi there\\n"}
- {intent: bye, examples: "- bye now\\n- see you later\\n"}
"""
"""Without any NLU example, Rasa's features of texts can't be fitted."""

TED_ANSWERS = """
import asyncio, json, sys
from rasa.core.agent import load_agent
from rasa.core.test import _collect_story_predictions, _create_data_generator

async def main(model, stories, out):
    agent = await load_agent(model_path=model)
    trackers = _create_data_generator(stories, agent).generate_story_trackers()
    found, count, _ = await _collect_story_predictions(trackers, agent)
    store = found.evaluation_store
    whole = (count - len(found.failed_stories)) / count
    answers = {"wanted": store.action_targets, "given": store.action_predictions, "whole": whole}
    with open(out, "w") as file:
        json.dump(answers, file)

asyncio.run(main(*sys.argv[1:]))
"""

Result = dict[str, float | str | int]


def chosen_stories(corpus: str, size: int) -> list[int]:
    """Give the places of the training stories that a share holds."""
    with (CORPORA / corpus / "data" / "stories.yml").open(encoding="utf-8") as file:
        count = sum(line.startswith("- story:") for line in file)
    places = list(range(count))
    random.Random(SUBSET_SEED).shuffle(places)
    return places[: size or count]


def measure(corpus: str, size: int, seed: int) -> Result:
    """Train and ask the learned policy in this process."""
    started = time.perf_counter()
    project = load_project(CORPORA / corpus)
    stories = tuple(project.stories[place] for place in chosen_stories(corpus, size))
    training = dialogues(replace(project, stories=stories))
    before = time.perf_counter()
    policy = LearnedPolicy(max_history=MAX_HISTORY)
    data = PolicyTrainingData(dialogues=training, domain=project.domain, seed=seed)
    for _ in policy.train(data):
        pass
    trained = time.perf_counter()
    usage = resource.getrusage(resource.RUSAGE_SELF)
    suite = read_tests(CORPORA / corpus, "test/stories.yml")
    tests = unfold(suite.stories, (), project.domain).dialogues
    served = LearnedPolicy(max_history=MAX_HISTORY).load(policy.save(), project.domain)
    rows = [row for test in tests for row in ask(served, test, project.domain)]
    return {
        "policy": "learned",
        "corpus": corpus,
        "dialogues": len(stories),
        "seed": seed,
        "seconds": trained - started,
        "policy_seconds": trained - before,
        **spent(usage),
        "answer_ms": 1000 * float(np.median([seconds for *_, seconds in rows])),
        "graph_kb": len(policy.save()["model.onnx"]) / 1024,
        "calibration_error": calibration_error([(sure, w == g) for _, w, g, sure, _ in rows]),
        **scores([(w, g) for _, w, g, *_ in rows]),
        "whole": whole_share([(name, w == g) for name, w, g, *_ in rows]),
    }


def spent(usage: resource.struct_rusage) -> dict[str, float]:
    """Give processor time and peak memory."""
    return {
        "processor_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
    }


def ask(
    policy: LearnedPolicy, dialogue: Dialogue, domain: Domain
) -> Iterable[tuple[str, str, str, float, float]]:
    """Ask for every action of a dialogue.

    Yields:
        The dialogue's name, the true action, the predicted one, its confidence, the seconds taken.
    """
    tracker = Tracker.start("", domain)
    for place, event in enumerate(story_events(dialogue, domain)):
        if isinstance(event, ActionExecuted) and place:
            began = time.perf_counter()
            prediction = policy.predict(tracker, domain)
            seconds = time.perf_counter() - began
            if prediction is not None:
                wanted = event.name or event.action_text or ""
                sure = prediction.confidence
                yield dialogue.name, wanted, prediction.action, sure, seconds
        tracker = tracker.apply(event)


def scores(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Score (wanted, given) pairs.

    Returns:
        `accuracy` and weighted `f1` of all actions, `written` accuracy of those but listening.
    """
    written = [pair for pair in pairs if pair[0] != LISTEN]
    f1 = 0.0
    for name in {wanted for wanted, _ in pairs}:
        both = sum(wanted == given == name for wanted, given in pairs)
        of_wanted = sum(wanted == name for wanted, _ in pairs)
        of_given = sum(given == name for _, given in pairs)
        f1 += of_wanted * 2 * both / (of_wanted + of_given)
    return {
        "actions": len(pairs),
        "accuracy": mean(wanted == given for wanted, given in pairs),
        "f1": f1 / len(pairs),
        "written": mean(wanted == given for wanted, given in written),
    }


def whole_share(rows: Iterable[tuple[str, bool]]) -> float:
    """Give the share of dialogues in which every action is right."""
    right: dict[str, bool] = {}
    for name, is_right in rows:
        right[name] = right.get(name, True) and is_right
    return mean(right.values())


def calibration_error(rows: Sequence[tuple[float, bool]]) -> float:
    """Give the expected calibration error over ten bins of confidence."""
    sure = np.array([each for each, _ in rows])
    right = np.array([each for _, each in rows], float)
    bins = np.minimum((sure * 10).astype(int), 9)
    return float(
        sum(
            abs(sure[bins == each].mean() - right[bins == each].mean()) * (bins == each).mean()
            for each in set(bins.tolist())
        )
    )


def measure_ted(python: str, corpus: str, size: int, seed: int, *, epochs: int) -> Result:
    """Train and ask Rasa's TED on the same dialogues."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        count = write_share(corpus, size, folder / "data" / "stories.yml")
        domain = (CORPORA / corpus / "domain.yml").read_text(encoding="utf-8")
        if NO_INTENTS in domain:
            domain = domain.replace(NO_INTENTS, "intents: [hello, bye]")
            (folder / "data" / "nlu.yml").write_text(TED_NLU, encoding="utf-8")
        (folder / "domain.yml").write_text(domain, encoding="utf-8")
        config = TED_CONFIG.format(max_history=MAX_HISTORY, seed=seed, epochs=epochs)
        (folder / "config.yml").write_text(config, encoding="utf-8")
        environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
        train = [
            python,
            "-m",
            "rasa",
            "train",
            "--skip-validation",
            "--augmentation",
            "0",
            "--fixed-model-name",
            "m",
        ]
        started = time.perf_counter()
        subprocess.run(train, cwd=folder, env=environment, check=True, capture_output=True)
        seconds = time.perf_counter() - started
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        tests = str(CORPORA / corpus / "test" / "stories.yml")
        call = [python, "-c", TED_ANSWERS, "models/m.tar.gz", tests, "answers.json"]
        subprocess.run(call, cwd=folder, env=environment, check=True, capture_output=True)
        answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return {
        "policy": "TED" if epochs == 100 else f"TED, {epochs} epochs",
        "corpus": corpus,
        "dialogues": count,
        "seed": seed,
        "seconds": seconds,
        **spent(usage),
        **scores(list(zip(answers["wanted"], answers["given"], strict=True))),
        "whole": answers["whole"],
    }


def write_share(corpus: str, size: int, target: Path) -> int:
    """Write a share of a corpus's stories as they stand in the file; gives how many."""
    text = (CORPORA / corpus / "data" / "stories.yml").read_text(encoding="utf-8")
    head, *stories = text.split("\n- story:")
    places = chosen_stories(corpus, size)
    target.write_text(
        head + "".join(f"\n- story:{stories[place].rstrip()}\n" for place in places),
        encoding="utf-8",
    )
    return len(places)


def table(results: Sequence[Result]) -> str:
    """Lay the results out, seeds averaged."""
    lines = [
        "| corpus | training dialogues | policy | actions right | weighted F1 | without listening"
        " | whole dialogues right | seconds | processor seconds | peak memory | calibration error"
        " | ms an answer |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    groups: dict[tuple[str, int, str], list[Result]] = {}
    for each in results:
        key = (str(each["corpus"]), int(each["dialogues"]), str(each["policy"]))
        groups.setdefault(key, []).append(each)
    for (corpus, count, policy), group in sorted(groups.items()):
        seeds = f"{policy} ({len(group)} seeds)" if len(group) > 1 else policy
        cells = [
            f"{corpus} | {count} | {seeds}",
            *(_percent(group, name) for name in ("accuracy", "f1", "written", "whole")),
            f"{mean(float(each['seconds']) for each in group):.0f}",
            f"{mean(float(each['processor_seconds']) for each in group):.0f}",
            f"{mean(float(each['peak_mb']) for each in group):.0f} MB",
            _optional(group, "calibration_error", "{:.3f}"),
            _optional(group, "answer_ms", "{:.2f}"),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _percent(group: Sequence[Result], name: str) -> str:
    values = [100 * float(each[name]) for each in group]
    spread = f" ± {np.std(values):.1f}" if len(values) > 1 else ""
    return f"{mean(values):.1f}{spread}"


def _optional(group: Sequence[Result], name: str, form: str) -> str:
    values = [float(each[name]) for each in group if name in each]
    return form.format(mean(values)) if values else ""


def write_report(results: Sequence[Result]) -> None:
    """Replace the part of the report between its two marks."""
    text = REPORT.read_text(encoding="utf-8")
    head, _, tail = text.split(MARK)
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    facts = (
        f"Commit {commit}, {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, {platform.system()}."
    )
    body = f"{MARK}\n{facts}\n\n{table(results)}\n{MARK}"
    REPORT.write_text(head + body + tail, encoding="utf-8")


def main() -> None:
    """Measure what was asked for, one process each, and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", nargs="*", default=["sgd", "star_e2e"])
    parser.add_argument("--sizes", nargs="*", type=int, default=[100, 500, 0], help="0: all")
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3])
    parser.add_argument("--rasa", metavar="PYTHON", help="measure TED, too")
    parser.add_argument("--ted-epochs", type=int, default=100, help="100 is what Rasa suggests")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.one:
        corpus, size, seed = wanted.one
        asked = (corpus, int(size), int(seed))
        is_ted = wanted.rasa is not None
        result = (
            measure_ted(wanted.rasa, *asked, epochs=wanted.ted_epochs)
            if is_ted
            else measure(*asked)
        )
        json.dump(result, sys.stdout)
        return
    results = json.loads(wanted.results.read_text()) if wanted.results.exists() else []
    runs = [(c, n, s) for c in wanted.corpora for n in wanted.sizes for s in wanted.seeds]
    for corpus, size, seed in runs:
        one = [sys.executable, __file__, "--one", corpus, str(size), str(seed)]
        ted = [*one, "--rasa", str(wanted.rasa), "--ted-epochs", str(wanted.ted_epochs)]
        for call in [one, ted] if wanted.rasa else [one]:
            done = subprocess.run(call, capture_output=True, text=True, check=True)
            result = json.loads(done.stdout.splitlines()[-1])
            key = ("policy", "corpus", "dialogues", "seed")
            results = [r for r in results if any(r[name] != result[name] for name in key)]
            results.append(result)
            print(result, flush=True)
            wanted.results.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    write_report(results)


if __name__ == "__main__":
    main()
