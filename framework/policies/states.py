"""What policies see of a conversation at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from framework.conversation.events import UserUttered
from framework.conversation.state import NOT_SET, SlotValues, State
from framework.data.slot_features import is_featurized, slot_features
from framework.nlu.types import Entity
from framework.project.schema.domain import Domain, EntityType, Intent
from framework.project.schema.names import LISTEN


@dataclass(frozen=True, kw_only=True)
class DialogueState:
    """What is known when the next action is chosen.

    Attributes:
        intent: of the last user message; None where it is seen as text, or there is none.
        text: of the last user message, where it is seen as text (end-to-end).
        entities: sorted names seen by featurisation: `city`, `city#from` (role), `city#1` (group).
        slots: (name, features) of the slots that are set and influence the conversation, sorted;
            no features at all where a rule says that the slot must not be set.
        newly_set: sorted names of those among them that an unanswered message has set.
        previous_action: the last action's name or bot text; None at the start.
        previous_is_text: whether `previous_action` is a bot text.
        loop: the active form; `should_not_be_set` where a rule says that there is none.
        loop_rejected: whether it declined to run since the last user message.
        embedding: sentence vector of `text`, shape (D,), where the encoder gave one.
    """

    intent: str | None = None
    text: str | None = None
    entities: tuple[str, ...] = ()
    slots: tuple[tuple[str, tuple[float, ...]], ...] = ()
    newly_set: tuple[str, ...] = ()
    previous_action: str | None = None
    previous_is_text: bool = False
    loop: str | None = None
    loop_rejected: bool = False
    embedding: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)


class Sight:
    """One way of seeing a moment; who sees often keeps theirs, so that equal slots are seen once.

    Attributes:
        given_slots_only: whether slots count only once they were set, which leaves out initial
            values (rules are learned like that).
        sees_rejection: whether it is seen that a form declined (rules and memory don't look).
        sees_setting: whether it is seen which slots an unanswered message has set (neither do
            they).
    """

    def __init__(
        self,
        domain: Domain,
        *,
        given_slots_only: bool = False,
        sees_rejection: bool = False,
        sees_setting: bool = False,
    ) -> None:
        """Make it for the slots, intents and entities of a domain."""
        self.given_slots_only = given_slots_only
        self.sees_rejection = sees_rejection
        self.sees_setting = sees_setting
        self._slots = tuple(
            slot for name, slot in sorted(domain.slots.items()) if is_featurized(slot)
        )
        self._seen_entities = _entities_by_intent(domain)

    def see(self, state: State) -> DialogueState:
        """Give what is seen of the state of a conversation."""
        message = state.latest_message
        intent, text, entities = self.see_message(message)
        loop = state.loop
        denied = NOT_SET if state.is_loop_denied else None
        slots = self.see_slots(state.slots)
        is_heard = state.latest_action == LISTEN and not state.latest_action_is_text
        newly = state.newly_set if self.sees_setting and is_heard else frozenset()
        return DialogueState(
            intent=intent,
            text=text,
            entities=entities,
            slots=slots,
            newly_set=tuple(name for name, _ in slots if name in newly),
            previous_action=state.latest_action,
            previous_is_text=state.latest_action_is_text,
            loop=loop.name if loop else denied,
            loop_rejected=self.sees_rejection and loop is not None and loop.rejected,
            embedding=message.understanding.embedding if message and text else None,
        )

    def see_message(
        self, message: UserUttered | None
    ) -> tuple[str | None, str | None, tuple[str, ...]]:
        """Give intent, text and entities; an intent is preferred to the text."""
        if message is None:
            return None, None, ()
        best = message.understanding.intent
        intent = best.name if best else None
        sees_text = message.use_text
        if sees_text is None and not (intent and message.text):
            sees_text = bool(message.text)
        if sees_text:
            return None, message.text, ()
        entities = self._see_entities(intent, message.understanding.entities)
        return intent, None, entities

    def _see_entities(self, intent: str | None, entities: Iterable[Entity]) -> tuple[str, ...]:
        found: set[str] = set()
        for entity in entities:
            found.add(entity.entity)
            found |= {f"{entity.entity}#{label}" for label in (entity.role, entity.group) if label}
        if found and intent is not None and intent in self._seen_entities:
            found &= self._seen_entities[intent]
        return tuple(sorted(found))

    def see_slots(self, slots: SlotValues) -> tuple[tuple[str, tuple[float, ...]], ...]:
        """Give what is seen of slots: their names, sorted, and features."""
        seen: tuple[tuple[str, tuple[float, ...]], ...] | None = slots.cache.get(self)
        if seen is None:
            seen = tuple(self._features_of_slots(slots))
            slots.cache[self] = seen
        return seen

    def _features_of_slots(self, slots: SlotValues) -> Iterable[tuple[str, tuple[float, ...]]]:
        for slot in self._slots:
            if self.given_slots_only and slot.name not in slots.given:
                continue
            value = slots.get(slot.name)
            if value == NOT_SET:
                yield slot.name, ()
                continue
            features = slot_features(slot, value)
            if any(features):
                yield slot.name, features


def _entities_by_intent(domain: Domain) -> Mapping[str, frozenset[str]]:
    """Give for each intent the names of entities, roles and groups that policies see."""
    silent = {name for name, entity in domain.entities.items() if not entity.influence_conversation}
    return {name: _seen_by(intent, domain, silent) for name, intent in domain.intents.items()}


def _seen_by(intent: Intent, domain: Domain, silent: set[str]) -> frozenset[str]:
    used = intent.use_entities
    names = domain.entities.keys() - silent if used is None else set(used)
    ignored = set(intent.ignore_entities) or silent
    labels = {
        name: _labels(domain.entities.get(name)) for name in names | ignored | set(domain.entities)
    }
    seen = names | {
        label for name in (domain.entities if used is None else names) for label in labels[name]
    }
    return frozenset(seen - ignored - {label for name in ignored for label in labels[name]})


def _labels(entity: EntityType | None) -> tuple[str, ...]:
    if entity is None:
        return ()
    return tuple(f"{entity.name}#{label}" for label in (*entity.roles, *entity.groups))
