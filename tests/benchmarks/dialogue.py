"""The learned policy on public dialogue corpora, beside Rasa's TED policy.

Every measurement is a process of its own: it reads a corpus of `../shared/data/dialogue`, takes a
share of its training dialogues, trains the policy alone and asks it for every action of the test
dialogues, the true history given each time. With `--rasa PYTHON` (the interpreter of an environment
that holds Rasa 3.6.21) TED learns from the same dialogues in the same run and is asked the same.
Rows gather in `--results`; from all that is there the report `docs/benchmarks/dialogue.md` is
written.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import mean

import numpy as np

from framework.conversation.events import ActionExecuted
from framework.conversation.stories import story_events
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue
from framework.data.unfold import dialogues, unfold
from framework.policies.base import PolicyTrainingData
from framework.policies.learned.policy import LearnedPolicy
from framework.project.load import load_project, read_tests
from framework.project.schema.domain import Domain
from tests.benchmarks.corpora.stories import CORPORA, chosen_stories
from tests.benchmarks.processes import spent_here
from tests.benchmarks.results import REPORTS, Row, add, averaged, commit, load, write_between_marks
from tests.benchmarks.ted import MAX_HISTORY, measure_ted, scores

REPORT = REPORTS / "dialogue.md"
RESULTS = REPORTS / "dialogue.json"


def measure(corpus: str, size: int, seed: int) -> Row:
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
    spent = spent_here(started)
    suite = read_tests(CORPORA / corpus, "test/stories.yml")
    tests = unfold(suite.stories, (), project.domain).dialogues
    served = LearnedPolicy(max_history=MAX_HISTORY).load(policy.save(), project.domain)
    rows = [row for test in tests for row in ask(served, test, project.domain)]
    return {
        "policy": "learned",
        "corpus": corpus,
        "dialogues": len(stories),
        "seed": seed,
        **asdict(spent),
        "policy_seconds": trained - before,
        "answer_ms": 1000 * float(np.median([seconds for *_, seconds in rows])),
        "graph_kb": len(policy.save()["model.onnx"]) / 1024,
        "calibration_error": calibration_error([(sure, w == g) for _, w, g, sure, _ in rows]),
        **scores([(w, g) for _, w, g, *_ in rows]),
        "whole": whole_share([(name, w == g) for name, w, g, *_ in rows]),
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


def table(results: Sequence[Row]) -> str:
    """Lay the results out, seeds averaged."""
    lines = [
        "| corpus | training dialogues | policy | actions right | weighted F1 | without listening"
        " | whole dialogues right | seconds | processor seconds | peak memory | calibration error"
        " | ms an answer |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    groups: dict[tuple[str, int, str], list[Row]] = {}
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


def _percent(group: Sequence[Row], name: str) -> str:
    return averaged([100 * float(each[name]) for each in group])


def _optional(group: Sequence[Row], name: str, form: str) -> str:
    values = [float(each[name]) for each in group if name in each]
    return form.format(mean(values)) if values else ""


def facts() -> str:
    """Say what was measured, and on what."""
    return (
        f"Commit {commit()}, {platform.machine()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, {platform.system()}."
    )


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
    results = load(wanted.results)
    runs = [(c, n, s) for c in wanted.corpora for n in wanted.sizes for s in wanted.seeds]
    for corpus, size, seed in runs:
        one = [sys.executable, __file__, "--one", corpus, str(size), str(seed)]
        ted = [*one, "--rasa", str(wanted.rasa), "--ted-epochs", str(wanted.ted_epochs)]
        for call in [one, ted] if wanted.rasa else [one]:
            done = subprocess.run(call, capture_output=True, text=True, check=True)
            result = json.loads(done.stdout.splitlines()[-1])
            key = ("policy", "corpus", "dialogues", "seed")
            results = add(wanted.results, result, same=key)
            print(result, flush=True)
    write_between_marks(REPORT, f"{facts()}\n\n{table(results)}")


if __name__ == "__main__":
    main()
