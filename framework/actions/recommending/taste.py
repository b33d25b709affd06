"""What was recommended to a user, what they took and what they declined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import regex

from framework.conversation.events import (
    ActionExecuted,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from framework.conversation.tracker import Tracker
from framework.project.schema.names import FORGET_ME
from framework.project.schema.recommend import RecommendSettings

SHOWN = "recommended"
"""Key of a reply's metadata: the ids of the items that it recommends."""

_LETTER = r"[[\p{L}\p{N}]--[\p{Han}\p{Hiragana}\p{Katakana}]]"
"""What would make a name part of a longer word beside it."""

REMEMBERED = 100
"""Items kept of each kind, the latest."""


@dataclass(frozen=True, kw_only=True)
class Taste:
    """What is known of a user's choices; ids, the latest last.

    Attributes:
        chosen: taken, in this conversation or earlier.
        rejected: declined, in this conversation or earlier.
        shown: recommended in this session.
        pending: recommended since the last message of the user.
    """

    chosen: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()

    def to_json(self) -> dict[str, list[str]]:
        """Give what outlives the conversation, as a slot holds it."""
        return {"chosen": list(self.chosen), "rejected": list(self.rejected)}


def taste_of(tracker: Tracker, settings: RecommendSettings) -> Taste:
    """Gather a user's choices from the conversation and from the slot that keeps earlier ones."""
    kept = _kept(tracker, settings)
    taste = _follow(tracker.events, settings)
    return replace(
        taste,
        chosen=_joined(kept.chosen, taste.chosen),
        rejected=_joined(kept.rejected, taste.rejected),
    )


class TasteObserver:
    """Puts what the user takes or declines into the slot that keeps it."""

    def __init__(self, settings: RecommendSettings) -> None:
        """Take the settings, which name the slot and the intents."""
        self._settings = settings

    def notice(self, heard: UserUttered, tracker: Tracker) -> tuple[Event, ...]:
        """Give the change of the slot that follows from a message, if any."""
        slot = self._settings.history_slot
        if slot is None or slot not in tracker.slots:
            return ()
        before = replace(_kept(tracker, self._settings), pending=_pending(tracker.events))
        after = _heard(before, heard, self._settings)
        if after.to_json() == before.to_json():
            return ()
        return (SlotSet(name=slot, value=after.to_json()),)


def _kept(tracker: Tracker, settings: RecommendSettings) -> Taste:
    """Give what the slot holds of a user's choices."""
    kept = tracker.slots.get(settings.history_slot or "")
    if not isinstance(kept, Mapping):
        return Taste()
    return Taste(chosen=_ids(kept.get("chosen")), rejected=_ids(kept.get("rejected")))


def _pending(events: Sequence[Event]) -> tuple[str, ...]:
    """Give what was recommended since the last message; looks no further back than that."""
    found: list[tuple[str, ...]] = []
    for event in reversed(events):
        if isinstance(event, UserUttered | SessionStarted | Restarted):
            break
        if isinstance(event, BotUttered):
            found.append(_ids(event.metadata.get(SHOWN)))
    return tuple(one for ids in reversed(found) for one in ids)


def _follow(events: Iterable[Event], settings: RecommendSettings) -> Taste:
    taste = Taste()
    for event in events:
        if isinstance(event, BotUttered):
            ids = _ids(event.metadata.get(SHOWN))
            if ids:
                taste = replace(
                    taste, shown=_joined(taste.shown, ids), pending=(*taste.pending, *ids)
                )
        elif isinstance(event, UserUttered):
            taste = _heard(taste, event, settings)
        elif isinstance(event, SessionStarted | Restarted):
            taste = replace(taste, shown=(), pending=())
        elif isinstance(event, ActionExecuted) and event.name == FORGET_ME:
            taste = Taste()
    return taste


def _heard(taste: Taste, heard: UserUttered, settings: RecommendSettings) -> Taste:
    """Say what a message tells of the items recommended just before it."""
    intent = heard.understanding.intent
    name = intent.name if intent else None
    about = _meant(taste.pending, heard)
    taste = replace(taste, pending=())
    if name in settings.chosen:
        rejected = tuple(one for one in taste.rejected if one not in about)
        return replace(taste, chosen=_joined(taste.chosen, about), rejected=rejected)
    if name in settings.rejected:
        chosen = tuple(one for one in taste.chosen if one not in about)
        return replace(taste, rejected=_joined(taste.rejected, about), chosen=chosen)
    return taste


def _meant(pending: Sequence[str], heard: UserUttered) -> tuple[str, ...]:
    """Give the items that a message is about: those it names, else all that were recommended."""
    said = (heard.text or "").casefold()
    values = {str(entity.value).casefold() for entity in heard.understanding.entities}
    named = tuple(one for one in pending if one.casefold() in values or _is_named(one, said))
    return named or tuple(pending)


def _is_named(name: str, said: str) -> bool:
    """Tell whether a name stands in a text as words of its own; no spaces stand around Chinese."""
    alone = rf"(?<!{_LETTER}){regex.escape(name.casefold())}(?!{_LETTER})"
    return regex.search(alone, said, regex.V1) is not None


def _joined(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    kept = [one for one in before if one not in after]
    return (*kept, *dict.fromkeys(after))[-REMEMBERED:]


def _ids(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()
