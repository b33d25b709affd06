"""Questions as other people would type them: without capitals, without the mark at the end.

Where a word stands in both the question and the answer and is rare, it is a name or a thing that
could be any other: in some epochs another word takes its place in both, which teaches the model to
copy what it has never seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import regex

from framework.project.schema.pairs import Pair

_END = regex.compile(r"[\s\p{P}]+$")
LOWER_SHARE, BARE_SHARE = 0.3, 0.3


def varied(pair: Pair, pairs: Sequence[Pair], lot: np.random.Generator) -> tuple[str, str]:
    """Give question and answer, the question varied by lot."""
    question = pair.question
    if lot.random() < BARE_SHARE:
        question = _END.sub("", question) or question
    if lot.random() < LOWER_SHARE:
        question = question.lower()
    return question, pair.answer
