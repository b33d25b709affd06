"""The action that recommends."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from framework.actions.base import Action, ActionContext, Say
from framework.actions.recommending.catalogue import Catalogue, unit
from framework.actions.recommending.ranking import Ranked, rank
from framework.actions.recommending.taste import SHOWN, taste_of
from framework.actions.sayings import say_if_defined
from framework.conversation.events import Event, UserUttered
from framework.conversation.messages import REASONS
from framework.conversation.tracker import Tracker
from framework.nlu.payload import PREFIX
from framework.project.schema.names import RECOMMEND
from framework.project.schema.recommend import RecommendSettings

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Gives sentence vectors, shape (texts, D); D is 0 without an encoder."""

LISTENED_TO = 3
"""Messages of the user, the latest, whose words are compared with the items."""


class Recommend(Action):
    """Recommends items of the catalogue that the user hasn't just seen."""

    name: ClassVar[str] = RECOMMEND

    def __init__(
        self, settings: RecommendSettings, catalogue: Catalogue, *, embed: Embed | None = None
    ) -> None:
        """Make the action.

        Args:
            settings: say what is compared, and how.
            catalogue: the items.
            embed: gives sentence vectors of texts; None without an encoder.
        """
        self.settings = settings
        self.catalogue = catalogue
        self._embed = embed

    async def run(self, ctx: ActionContext) -> None:
        """Say the best items, or that nothing fits."""
        best = [one for one in self.ranked(ctx.tracker)[: self.settings.count] if one.fit]
        if not best:
            say_if_defined(ctx, self.settings.nothing)
            return
        ctx.effects += [
            Say(
                response=self.settings.response,
                values=_filled(one.item.values),
                content={"metadata": {SHOWN: [one.item.id], REASONS: _why(one)}},
            )
            for one in best
        ]

    def ranked(self, tracker: Tracker) -> list[Ranked]:
        """Rank the catalogue for a conversation, the best first."""
        events = tracker.session_events()
        return rank(
            self.catalogue,
            self.settings,
            wanted=self._wanted(tracker, events),
            query=self._query(events),
            taste=taste_of(tracker, self.settings),
        )

    def _wanted(self, tracker: Tracker, events: Sequence[Event]) -> dict[str, Any]:
        """Give what the user wants: from slots, else from entities of this session."""
        said: dict[str, Any] = {}
        for event in events:
            if isinstance(event, UserUttered):
                said.update((one.entity, one.value) for one in event.understanding.entities)
        sources = [wish.source for wish in self.settings.wishes()]
        found = {name: tracker.slots.get(name) for name in sources}
        return {name: said.get(name) if value is None else value for name, value in found.items()}

    def _query(self, events: Sequence[Event]) -> NDArray[np.float32] | None:
        """Give the vector of the user's latest words."""
        if self._embed is None or not self.catalogue.vectors.shape[1]:
            return None
        heard = [event.text for event in events if isinstance(event, UserUttered) and event.text]
        texts = [text for text in heard if not text.startswith(PREFIX)][-LISTENED_TO:]
        return unit(self._embed([". ".join(texts)])[0]) if texts else None


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the item's fields as placeholders: lists with commas, nothing as an empty text."""
    return {
        name: ", ".join(map(str, value)) if isinstance(value, list) else value
        for name, value in ((name, "" if one is None else one) for name, one in values.items())
    }


def _why(ranked: Ranked) -> list[str]:
    reasons = ranked.reasons or ("first in the catalogue",)
    return [f"{ranked.item.id}: {'; '.join(reasons)}"]
