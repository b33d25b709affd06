"""Measures the trained generator of replies on chat corpora: held-out and learned questions.

    python tests/benchmarks/chat.py [--corpora friend chinese english] [--networks gru] [--seeds 0]

`friend` is Personality Chat with its own split, the answers in a friend's tone; `chinese` and
`english` are consecutive turns of ChatterBot's corpora, a tenth of the questions held out by the
seed, each with all its answers. All training happens on the rest. One line of JSON a run.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from framework.evaluation.replies import RepliesReport, evaluate_replies
from framework.learning.memory import keep_freed_memory
from framework.learning.process import prepare_process
from framework.project.findings import Findings
from framework.project.read.pairs import read_pairs
from framework.project.schema.pairs import Pair
from framework.registry import find
from framework.responses.base import ReplyTrainingData, TrainedResponder

CHAT = Path(__file__).parents[3] / "shared" / "data" / "chat"
HELD_OUT = 0.1
ASKED = 150
"""Learned questions that are asked again."""


def corpus(name: str, seed: int) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Give the pairs to learn from and those held out."""
    if name == "friend":
        answers = "responses_friend.yml"
        learned, held_out = (
            _read([file, answers], CHAT / "personality_chat") for file in ("train.yml", "test.yml")
        )
        return learned, held_out
    pairs = _read([f"{name}_pairs.jsonl"], CHAT / "chatterbot")
    questions = sorted({pair.question.casefold() for pair in pairs})
    order = np.random.default_rng(seed).permutation(len(questions))
    chosen = {questions[place] for place in order[: round(HELD_OUT * len(questions))]}
    held_out = tuple(pair for pair in pairs if pair.question.casefold() in chosen)
    return tuple(pair for pair in pairs if pair.question.casefold() not in chosen), held_out


def _read(names: list[str], folder: Path) -> tuple[Pair, ...]:
    return read_pairs(names, folder, Findings())


def measure(name: str, network: str, seed: int, settings: dict[str, Any]) -> dict[str, Any]:
    """Train on a corpus and score the result."""
    learned, held_out = corpus(name, seed)
    kind = find("response", "seq2seq")
    learner: TrainedResponder = kind(network=network, **settings)
    began, cpu = time.perf_counter(), time.process_time()
    for step in learner.train(ReplyTrainingData(pairs=learned, seed=seed)):
        _show(f"{name} {network}", step.done, step.total)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    bot: TrainedResponder = kind(network=network, **settings).load(learner.save())
    began = time.process_time()
    report = evaluate_replies(bot, held_out, threshold=bot.threshold)
    spent = time.process_time() - began
    again = evaluate_replies(bot, list(_some(learned, seed)), threshold=bot.threshold)
    return {
        "corpus": name,
        "network": network,
        "seed": seed,
        "learned": len(learned),
        "questions_held_out": len(report.answered[1]),
        "train_seconds": round(seconds, 1),
        "train_cpu_seconds": round(cpu_seconds, 1),
        "cpu_ms_per_reply": round(1000 * spent / (2 * len(report.answered[1])), 1),
        "bytes": sum(map(len, learner.save().values())),
        "held_out": _figures(report),
        "learned_again": _figures(again),
    }


def _some(pairs: Sequence[Pair], seed: int) -> Iterator[Pair]:
    """Give all pairs of some of the questions."""
    questions = sorted({pair.question for pair in pairs})
    order = np.random.default_rng(seed).permutation(len(questions))[:ASKED]
    chosen = {questions[place] for place in order}
    yield from (pair for pair in pairs if pair.question in chosen)


def _figures(report: RepliesReport) -> dict[str, Any]:
    return {
        f"beam_{beam}": {name: round(value, 4) for name, value in report.figures(beam).items()}
        for beam in report.answered
    }


def _show(what: str, done: int, total: int) -> None:
    if done % 50 == 0:
        sys.stderr.write(f"\r{what}: {done} of {total}   ")


def main() -> None:
    """Measure every combination that was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpora", nargs="+", default=["friend", "chinese", "english"])
    parser.add_argument("--networks", nargs="+", default=["gru", "lstm", "transformer"])
    parser.add_argument("--seeds", nargs="+", type=int, default=[0])
    parser.add_argument("--settings", type=json.loads, default={}, help="JSON, for all runs")
    arguments = parser.parse_args()
    prepare_process()
    keep_freed_memory()
    for name in arguments.corpora:
        for network in arguments.networks:
            for seed in arguments.seeds:
                found = measure(name, network, seed, arguments.settings)
                sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
