"""Regression conversations and labelled examples to be held against a trained bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from framework.errors import Problem
from framework.project.schema.nlu import Example
from framework.project.schema.pairs import Pair
from framework.project.schema.stories import Story


@dataclass(frozen=True, kw_only=True)
class TestSuite:
    """What `frame test` plays and scores.

    Attributes:
        stories: conversations, in file order.
        examples: labelled texts for the NLU.
        pairs: questions with the answers that a generator of replies should give.
        problems: warnings found while reading (errors are raised instead).
    """

    __test__: ClassVar[bool] = False

    stories: tuple[Story, ...] = ()
    examples: tuple[Example, ...] = ()
    pairs: tuple[Pair, ...] = ()
    problems: tuple[Problem, ...] = ()
