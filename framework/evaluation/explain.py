"""Why a message was understood as it was: words that moved the intent, and the nearest examples.

A word's pull is measured by leaving it out (Li, Monroe, Jurafsky 2016, "Understanding Neural
Networks through Representation Erasure"): all shortened messages run through the classifier
together, and what the log-odds of an intent lose is what the word had added. Two words that say the
same stand in for each other, so that neither alone moves much.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import regex

from framework.assistant.examples import KnownExamples, Neighbour
from framework.data.scripts import UNSPACED
from framework.nlu import payload
from framework.nlu.pipeline import Pipeline
from framework.nlu.types import IntentScore, Understanding
from framework.project.schema.names import FALLBACK_INTENT

MOST_READ = 8192
"""Words that the classifier reads for one explanation; longer messages lose several at a time."""

_FLOOR = 1e-4
"""Confidences nearer to 0 or 1 count as this near, as rankings are cut and floats end."""

_WORD = regex.compile(
    rf"{UNSPACED}\p{{M}}*|[[\p{{L}}\p{{M}}\p{{N}}\p{{Pc}}]--{UNSPACED}]+", regex.V1
)
_JOINS = regex.compile(rf"[[\p{{L}}\p{{N}}]--[{UNSPACED}]]", regex.V1)
"""What makes one word of two when nothing is left between them."""

_SAYS_SOMETHING = regex.compile(r"[\p{L}\p{N}\p{S}]|[?!]")


@dataclass(frozen=True, kw_only=True)
class WordEffect:
    """What one word does to the intent, or some neighbouring ones in a long message.

    Attributes:
        start: its first character in the message.
        end: character after its last one.
        confidence_without: of the intent in the message without the word, 0 to 1.
        pull: log-odds that the word adds to the intent; below 0 it speaks against it.
        over_runner_up: what it adds to the log-ratio of the intent and the runner-up; below 0 it
            pulls towards the runner-up.
    """

    start: int
    end: int
    confidence_without: float
    pull: float
    over_runner_up: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a message was understood as it was.

    Attributes:
        understanding: what is explained.
        intent: the best one that is not the fallback; None where nothing was classified.
        runner_up: the next one, if any.
        words: in the order of the message; none for a payload (`/greet`), which is read as it is.
        nearest: training examples nearest to the message.
        nearest_of_runner_up: those of the runner-up alone.
    """

    understanding: Understanding
    intent: IntentScore | None
    runner_up: IntentScore | None = None
    words: tuple[WordEffect, ...] = ()
    nearest: tuple[Neighbour, ...] = ()
    nearest_of_runner_up: tuple[Neighbour, ...] = ()

    @property
    def is_fallback(self) -> bool:
        """Whether the bot was too unsure to act on the intent."""
        best = self.understanding.intent
        return best is not None and best.name == FALLBACK_INTENT and self.intent is not None

    def word(self, effect: WordEffect) -> str:
        """Give the word of an effect."""
        return self.understanding.text[effect.start : effect.end]

    def by_pull(self) -> tuple[WordEffect, ...]:
        """Give the words, those that moved the intent most first."""
        return tuple(sorted(self.words, key=lambda item: -abs(item.pull)))

    def towards_intent(self) -> tuple[WordEffect, ...]:
        """Give the words that speak for the intent rather than the runner-up, strongest first."""
        return self._by_contrast(1)

    def towards_runner_up(self) -> tuple[WordEffect, ...]:
        """Give the words that speak for the runner-up rather than the intent, strongest first."""
        return self._by_contrast(-1)

    def _by_contrast(self, sign: int) -> tuple[WordEffect, ...]:
        found = [item for item in self.words if sign * item.over_runner_up > 0]
        return tuple(sorted(found, key=lambda item: -abs(item.over_runner_up)))


def explain(
    pipeline: Pipeline, text: str, *, known: KnownExamples | None = None, count: int = 3
) -> Explanation:
    """Explain how a message is understood.

    Args:
        pipeline: trained.
        text: the message.
        known: the training examples of the bundle.
        count: how many of the nearest examples to give.
    """
    understanding = pipeline.parse(text)
    ranking = [item for item in understanding.ranking if item.name != FALLBACK_INTENT]
    if not ranking or payload.read(text, pipeline.domain) is not None:
        return Explanation(understanding=understanding, intent=ranking[0] if ranking else None)
    intent, runner_up = ranking[0], ranking[1] if len(ranking) > 1 else None
    return Explanation(
        understanding=understanding,
        intent=intent,
        runner_up=runner_up,
        words=_effects(pipeline, understanding, intent=intent, runner_up=runner_up),
        nearest=known.nearest(understanding.embedding, count=count) if known else (),
        nearest_of_runner_up=known.nearest(understanding.embedding, count=1, intent=runner_up.name)
        if known and runner_up
        else (),
    )


def _effects(
    pipeline: Pipeline,
    understanding: Understanding,
    *,
    intent: IntentScore,
    runner_up: IntentScore | None,
) -> tuple[WordEffect, ...]:
    words = _grouped(find_words(understanding))
    shortened = [_without(understanding.text, start, end) for start, end in words]
    whole, *others = _confidences(pipeline, [understanding.text, *shortened])
    rival = runner_up.name if runner_up else None
    return tuple(
        WordEffect(
            start=start,
            end=end,
            confidence_without=other.get(intent.name, 0.0),
            pull=_log_odds(whole.get(intent.name, 0.0)) - _log_odds(other.get(intent.name, 0.0)),
            over_runner_up=_lead(whole, intent.name, rival) - _lead(other, intent.name, rival),
        )
        for (start, end), other in zip(words, others, strict=True)
    )


def find_words(understanding: Understanding) -> list[tuple[int, int]]:
    """Give (start, end) of the words to try; commas and the like are left out.

    They are the tagger's, where it ran: in scripts without spaces the pieces of its vocabulary.
    Otherwise they are runs of letters and digits, and single characters in those scripts.
    """
    text = understanding.text
    spans: Sequence[tuple[int, int]] = understanding.tokens
    if not spans:
        spans = [match.span() for match in _WORD.finditer(text)]
    return [(start, end) for start, end in spans if _SAYS_SOMETHING.search(text, start, end)]


def _grouped(words: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join neighbours so evenly that leaving out each group in turn stays within the bound."""
    size = math.ceil(len(words) ** 2 / MOST_READ) or 1
    groups = (words[first : first + size] for first in range(0, len(words), size))
    return [(group[0][0], group[-1][1]) for group in groups]


def _without(text: str, start: int, end: int) -> str:
    """Leave a word out, and one of the spaces around it; its neighbours stay words apart."""
    before, after = text[:start], text[end:]
    if before[-1:].isspace() and after[:1].isspace():
        return before + after[1:]
    would_join = _JOINS.fullmatch(before[-1:]) and _JOINS.fullmatch(after[:1])
    return f"{before} {after}" if would_join else before + after


def _confidences(pipeline: Pipeline, texts: Sequence[str]) -> Iterator[Mapping[str, float]]:
    """Give each text's confidences by intent; a blank text has none, as when serving."""
    worded = [text for text in texts if text.strip()]
    batch = [Understanding(text=text) for text in worded]
    for component in pipeline.components:
        if batch and all(item.ranking for item in batch):
            break
        if component.provides is None or component.provides - {"entities"}:
            batch = component.process_batch(batch)
    found = iter(batch)
    for text in texts:
        ranking = next(found).ranking if text.strip() else ()
        yield {item.name: item.confidence for item in ranking if item.name != FALLBACK_INTENT}


def _lead(confidences: Mapping[str, float], name: str, rival: str | None) -> float:
    if rival is None:
        return 0.0
    best, other = (min(max(confidences.get(key, 0.0), _FLOOR), 1.0) for key in (name, rival))
    return math.log(best / other)


def _log_odds(confidence: float) -> float:
    clipped = min(max(confidence, _FLOOR), 1 - _FLOOR)
    return math.log(clipped / (1 - clipped))
