"""Why the bot answered as it did: the last turn as facts, and as lines to print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from framework.assistant.engine import Step, Turn
from framework.conversation.events import MoodTurned, UserUttered
from framework.conversation.messages import REASONS, BotMessage
from framework.errors import Location
from framework.nlu.sentiment import Sentiment, sentiment_of
from framework.nlu.types import Entity, IntentScore, OutOfScope, Understanding
from framework.responses.base import FOUND, INSTEAD, WRITTEN_BY

_SHOWN = 120
"""Characters of a passage that an explanation shows."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Why one action ran.

    Attributes:
        action: its name, or a bot text.
        policy: who chose it.
        confidence: of that choice, 0 to 1.
        reason: in words: the rule, the story, the form, the model.
        where: place of the rule or story, if it has one.
        outcome: `done`, `rejected` or `failed`.
        error: why it failed or declined; empty where it didn't.
        slots: values that it set.
        replies: what it said.
        found: passages of documents that were found, best first, as in the reply's metadata.
        reasons: why replies say what they say.
        notes: why replies are not those that a server or a language model wrote.
    """

    action: str
    policy: str
    confidence: float
    reason: str
    where: Location | None
    outcome: str
    error: str
    slots: Mapping[str, Any]
    replies: tuple[BotMessage, ...]
    found: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Why a turn went as it did.

    Attributes:
        text: what the user said.
        ranking: intents by falling confidence.
        entities: what was found in the text.
        out_of_scope: how surely it is out of scope; None where nothing tells.
        slots: old and new value of each slot that the turn changed.
        decisions: in order, listening included.
        sentiment: how the message sounds, where the NLU says it.
        moods: turns of the conversation's mood, or of a topic's.
    """

    text: str
    ranking: tuple[IntentScore, ...] = ()
    entities: tuple[Entity, ...] = ()
    out_of_scope: OutOfScope | None = None
    slots: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    sentiment: Sentiment | None = None
    moods: tuple[MoodTurned, ...] = ()


def explain(turn: Turn) -> Explanation:
    """Gather the facts of a turn."""
    understanding = _understanding(turn)
    before, after = turn.before.slots, turn.tracker.slots
    return Explanation(
        text=turn.message.text,
        ranking=understanding.ranking if understanding else (),
        entities=understanding.entities if understanding else (),
        out_of_scope=understanding.out_of_scope if understanding else None,
        slots={
            name: (before.get(name), value)
            for name, value in after.items()
            if value != before.get(name)
        },
        decisions=tuple(_decision(step) for step in turn.steps if step.prediction is not None),
        sentiment=sentiment_of(understanding) if understanding else None,
        moods=tuple(
            event for step in turn.steps for event in step.events if isinstance(event, MoodTurned)
        ),
    )


def lines(explanation: Explanation) -> tuple[str, ...]:
    """Put an explanation into words, one fact a line."""
    return (
        _understood(explanation),
        *_moods(explanation),
        *(f"slot {name}: {old!r} -> {new!r}" for name, (old, new) in explanation.slots.items()),
        *(line for decision in explanation.decisions for line in _told(decision)),
    )


def _understanding(turn: Turn) -> Understanding | None:
    events = (event for step in turn.steps for event in step.events)
    heard = next((event for event in events if isinstance(event, UserUttered)), None)
    return heard.understanding if heard else None


def _decision(step: Step) -> Decision:
    prediction = step.prediction
    if prediction is None:
        raise ValueError("the step was not decided by a policy")
    fault = step.error or step.rejection
    outcome = "failed" if step.error else "rejected" if step.is_rejected else "done"
    return Decision(
        action=step.action,
        policy=prediction.policy,
        confidence=prediction.confidence,
        reason=prediction.reason.text,
        where=prediction.reason.where,
        outcome=outcome,
        error=str(fault) if fault else "",
        slots=step.slots,
        replies=step.replies,
        found=tuple(
            passage
            for reply in step.replies
            for passage in reply.metadata.get(FOUND, {}).get("passages", ())
        ),
        notes=tuple(
            str(reply.metadata[INSTEAD]) for reply in step.replies if INSTEAD in reply.metadata
        ),
        reasons=tuple(reason for reply in step.replies for reason in _reasons(reply)),
    )


def _reasons(reply: BotMessage) -> tuple[str, ...]:
    """Say why a reply says what it says, and else at least whose words it has."""
    told = reply.metadata.get(REASONS) or ()
    writer = reply.metadata.get(WRITTEN_BY)
    return tuple(map(str, told)) or ((f"in the words of {writer!r}",) if writer else ())


def _understood(explanation: Explanation) -> str:
    scores = [f"{score.name} {score.confidence:.2f}" for score in explanation.ranking[:2]]
    intent = " (then ".join(scores) + (")" if len(scores) > 1 else "") if scores else "no intent"
    beyond = _out_of_scope(explanation.out_of_scope)
    entities = (_entity(entity) for entity in explanation.entities)
    return "; ".join([f"understood: {intent}", *beyond, *entities])


def _out_of_scope(found: OutOfScope | None) -> list[str]:
    """Say that a message looks out of scope, where it is likelier so than not."""
    if found is None or not found.is_likely:
        return []
    return [f"out of scope {found.confidence:.2f} (limit {found.limit:.2f})"]


def _moods(explanation: Explanation) -> Iterator[str]:
    if explanation.sentiment is not None:
        yield f"sentiment: {explanation.sentiment.label} {explanation.sentiment.score:+.2f}"
    for turned in explanation.moods:
        about = f"the topic {turned.topic!r}" if turned.topic else "the conversation"
        yield f"mood of {about}: {turned.mood} ({turned.average:+.2f})"


def _entity(entity: Entity) -> str:
    label = "/".join(filter(None, (entity.entity, entity.role, entity.group)))
    return f"{label}={entity.value!r}"


def _told(decision: Decision) -> tuple[str, ...]:
    return (
        _decided(decision),
        *(f"  because: {reason}" for reason in decision.reasons),
        *(f"  said instead: {note}" for note in decision.notes),
        *(_passage(found) for found in decision.found),
    )


def _passage(found: Mapping[str, Any]) -> str:
    """Tell a passage: how sure it is and why, where it stands, how it begins."""
    meaning = "" if found["meaning"] is None else f", meaning {found['meaning']:.2f}"
    text = " ".join(str(found["text"]).split())
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()}\u2026"
    return (
        f"  passage {found['confidence']:.2f} (words {found['words']:.2f}{meaning})"
        f" {found['source']}: {shown!r}"
    )


def _decided(decision: Decision) -> str:
    place = f" ({decision.where})" if decision.where else ""
    outcome = "" if decision.outcome == "done" else f" [{decision.outcome}: {decision.error}]"
    return (
        f"{decision.action} {decision.confidence:.2f}"
        f" by {decision.policy}: {decision.reason}{place}{outcome}"
    )
