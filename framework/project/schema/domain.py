"""What the bot knows and can do: intents, entities, slots, forms, responses, actions.

Everything here survives a round trip through JSON (`framework.assistant.bundle` stores it), so
fields hold only str, int, float, bool, None, tuples, mappings and other values of this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeGuard

from framework.errors import Location
from framework.project.schema.names import FALLBACK_INTENT, OUT_OF_SCOPE_INTENT

SlotType = Literal["text", "bool", "categorical", "float", "list", "any", "custom"]
MappingType = Literal["from_entity", "from_intent", "from_trigger_intent", "from_text", "custom"]

DEFAULT_INTENTS = ("restart", "back", OUT_OF_SCOPE_INTENT, "session_start", FALLBACK_INTENT)
REQUESTED_SLOT = "requested_slot"
SESSION_METADATA_SLOT = "session_started_metadata"
"""Holds the metadata of the message that begins a session."""

LANGUAGE_SLOT = "language"
"""Says which language a conversation is in, and so decides between variations."""

OTHER_VALUE = "__other__"
"""Stands for every value of a categorical slot that the domain doesn't list, as in Rasa."""

RESPONSE_PREFIX = "utter_"
"""How the names of responses begin."""


def is_response_name(value: object) -> TypeGuard[str]:
    """Whether a value can only be the name of a response: one word with their beginning."""
    return isinstance(value, str) and value.startswith(RESPONSE_PREFIX) and not value.count(" ")


@dataclass(frozen=True, kw_only=True)
class Intent:
    """An intent of the domain.

    Attributes:
        name: `greet`; for a retrieval intent the base name (`faq`, not `faq/ask_name`).
        use_entities: names that featurisation may see; None means all.
        ignore_entities: names that featurisation must not see.
        is_retrieval: whether the NLU data has `name/key` examples for it.
        threshold: lowest confidence at which the intent counts; None leaves it to the fallback.
        where: its place in the domain, None for a default intent.
    """

    name: str
    use_entities: tuple[str, ...] | None = None
    ignore_entities: tuple[str, ...] = ()
    is_retrieval: bool = False
    threshold: float | None = None
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class EntityType:
    """An entity of the domain with the roles and groups it may take."""

    name: str
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    influence_conversation: bool = True
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class MappingCondition:
    """When a slot mapping applies.

    Attributes:
        active_loop: the form that must be active; None (written `null`) means no form at all.
        requested_slot: the slot that must be asked for, None for any.
    """

    active_loop: str | None = None
    requested_slot: str | None = None


@dataclass(frozen=True, kw_only=True)
class SlotMapping:
    """One way in which a user message fills a slot.

    Attributes:
        type: the mapping's kind.
        entity: entity name, for `from_entity`.
        role: exact role of the entity; None accepts only entities without one.
        group: exact group of the entity; None accepts only entities without one.
        intents: intents under which it applies; empty means all.
        not_intents: intents under which it doesn't.
        value: what to set, for `from_intent` and `from_trigger_intent`.
        action: custom action that fills the slot, for `custom`.
        conditions: any of these must hold; empty means always.
        where: its place in the domain.
    """

    type: MappingType
    entity: str | None = None
    role: str | None = None
    group: str | None = None
    intents: tuple[str, ...] = ()
    not_intents: tuple[str, ...] = ()
    value: Any = None
    action: str | None = None
    conditions: tuple[MappingCondition, ...] = ()
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A named value that a conversation remembers.

    Attributes:
        name: the slot's name.
        type: kind of value, which decides how policies see it.
        influence_conversation: whether policies see it at all.
        initial_value: value at the start of a conversation.
        values: lower-cased values of a categorical slot.
        min_value: lower end of a float slot's range.
        max_value: upper end of a float slot's range.
        mappings: how user messages fill it, in order.
        profile: whether it is kept for the user across conversations (Frame's addition).
        custom_class: dotted path of the bot's own slot class when `type` is `custom`.
        settings: what the domain says of it besides type and mappings, for that class.
        where: its place in the domain, None for a slot that Frame adds (`requested_slot`).
    """

    name: str
    type: SlotType
    influence_conversation: bool = True
    initial_value: Any = None
    values: tuple[str, ...] = ()
    min_value: float = 0.0
    max_value: float = 1.0
    mappings: tuple[SlotMapping, ...] = ()
    profile: bool = False
    custom_class: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Form:
    """A loop that asks for slots until all are filled."""

    name: str
    required_slots: tuple[str, ...] = ()
    ignored_intents: tuple[str, ...] = ()
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class SlotCondition:
    """A condition of a response variation: the slot must have this value."""

    slot: str
    value: Any


@dataclass(frozen=True, kw_only=True)
class ResponseVariation:
    """One way of saying a response; keys not listed here are an error of the project.

    Attributes:
        text: the words, with `{slot}` placeholders; None when only `custom` is given.
        image: address of a picture.
        buttons: each with `title`, `payload` and whatever else the channel takes.
        button_type: how a channel lays the buttons out.
        quick_replies: like buttons, for channels that know them.
        elements: carousel elements, as the channel takes them.
        attachment: channel-specific attachment.
        custom: payload passed through to the channel.
        channel: only for this channel; None for all.
        conditions: all must hold.
        language: only for conversations in this language; None for all (Frame's addition).
        id: name of the variation, sent to an NLG server.
        metadata: passed through.
        rephrase: whether a language model may reword it (Frame's addition).
        generate: instructions from which a language model writes it (Frame's addition).
        where: its place.
    """

    text: str | None = None
    image: str | None = None
    buttons: tuple[Mapping[str, Any], ...] = ()
    button_type: str | None = None
    quick_replies: tuple[Mapping[str, Any], ...] = ()
    elements: tuple[Mapping[str, Any], ...] = ()
    attachment: Any = None
    custom: Any = None
    channel: str | None = None
    conditions: tuple[SlotCondition, ...] = ()
    language: str | None = None
    id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    rephrase: bool = False
    generate: str | None = None
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class Response:
    """A named reply: `utter_greet`, or `utter_faq/ask_name` for a retrieval intent."""

    name: str
    variations: tuple[ResponseVariation, ...]
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class ActionDeclaration:
    """An action listed under `actions:`."""

    name: str
    send_domain: bool = False
    where: Location | None = None


@dataclass(frozen=True, kw_only=True)
class SessionConfig:
    """When a new session starts and what it keeps.

    Attributes:
        expiration_minutes: silence after which a new session starts; 0 means never.
        carry_over_slots: whether slots survive into the new session.
    """

    expiration_minutes: float = 60
    carry_over_slots: bool = True


@dataclass(frozen=True, kw_only=True)
class Domain:
    """The whole domain, merged from all files, in file order.

    Default intents, `requested_slot` and the other slots and intents that Rasa adds silently are
    already in it, without a place.

    Attributes:
        intents: by name.
        entities: by name.
        slots: by name, in the order in which they are filled.
        forms: by name.
        responses: by name.
        actions: the listed custom actions by name.
        e2e_actions: bot texts usable as actions in end-to-end stories.
        session: session settings.
    """

    intents: Mapping[str, Intent] = field(default_factory=dict)
    entities: Mapping[str, EntityType] = field(default_factory=dict)
    slots: Mapping[str, Slot] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    responses: Mapping[str, Response] = field(default_factory=dict)
    actions: Mapping[str, ActionDeclaration] = field(default_factory=dict)
    e2e_actions: tuple[str, ...] = ()
    session: SessionConfig = field(default_factory=SessionConfig)
