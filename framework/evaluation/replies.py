"""Questions with answers + a trained generator -> how near its replies come, reply by reply."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framework.errors import UsageError
from framework.project.schema.pairs import Pair
from framework.responses.base import TrainedResponder
from framework.responses.scores import bleu, distinct, exact_match, is_same

BEAMS = (1, 4)
"""Replies followed at once: the likeliest piece each time, and a search."""

FILE = "replies.json"


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One question and what was made of it.

    Attributes:
        question: as asked.
        expected: every answer that counts as right.
        reply: what the generator writes.
        confidence: of the reply, 0 to 1.
    """

    question: str
    expected: tuple[str, ...]
    reply: str
    confidence: float

    @property
    def is_right(self) -> bool:
        """Whether the reply is one of those expected, but for capitals and marks at the ends."""
        return any(is_same(self.reply, text) for text in self.expected)


@dataclass(frozen=True, kw_only=True)
class RepliesReport:
    """How well a generator answers.

    Attributes:
        answered: for each number of beams, all questions in the order of the file.
        threshold: confidence from which on the bot says a reply.
    """

    answered: Mapping[int, tuple[Answered, ...]]
    threshold: float

    def figures(self, beam: int) -> dict[str, float]:
        """Give the figures of one way to search, shares from 0 to 1 and BLEU from 0 to 100."""
        found = self.answered[beam]
        replies, references = [one.reply for one in found], [one.expected for one in found]
        said = [one for one in found if one.confidence >= self.threshold]
        right = sum(one.is_right for one in said)
        return {
            "bleu": bleu(replies, references),
            "exact_match": exact_match(replies, references),
            "distinct_1": distinct(replies, 1),
            "distinct_2": distinct(replies, 2),
            "said": len(said) / len(found),
            "exact_match_said": right / len(said) if said else 0.0,
        }

    def to_json(self) -> dict[str, Any]:
        """Give the figures as part of the document of `frame test --format json`."""
        return {
            "total": len(next(iter(self.answered.values()))),
            "threshold": self.threshold,
            **{f"beam_{beam}": self.figures(beam) for beam in self.answered},
        }

    def write(self, folder: Path) -> Path:
        """Write every reply into a file, and give its path."""
        listed = [
            {
                "question": one.question,
                "expected": list(one.expected),
                "replies": {
                    f"beam_{beam}": {
                        "text": found[place].reply,
                        "confidence": round(found[place].confidence, 4),
                        "is_right": found[place].is_right,
                    }
                    for beam, found in self.answered.items()
                },
            }
            for place, one in enumerate(next(iter(self.answered.values())))
        ]
        path = folder / FILE
        path.write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path


def evaluate_replies(
    generator: TrainedResponder | None, pairs: Sequence[Pair], *, threshold: float = 0.0
) -> RepliesReport:
    """Have a generator answer each question once, by each way to search.

    Args:
        generator: the bot's.
        pairs: questions and answers; all answers of a question count as right.
        threshold: confidence from which on the bot says a reply.

    Raises:
        UsageError: the bot has no generator.
    """
    if generator is None:
        raise UsageError(
            "there are questions and answers to test with, but the bot has no generator",
            id="no-generator",
            where=pairs[0].where if pairs else None,
            hint="add `seq2seq:` to config.yml and train, or test without this file",
        )
    expected: dict[str, list[str]] = {}
    for pair in pairs:
        expected.setdefault(pair.question, []).append(pair.answer)
    answered: dict[int, tuple[Answered, ...]] = {}
    for beam in BEAMS:
        written = ((question, generator.write(question, beam=beam)) for question in expected)
        answered[beam] = tuple(
            Answered(
                question=question,
                expected=tuple(expected[question]),
                reply=reply,
                confidence=confidence,
            )
            for question, (reply, confidence) in written
        )
    return RepliesReport(answered=answered, threshold=threshold)
