"""Short ways to write events and a small domain."""

from framework.conversation.events import ActionExecuted, UserUttered
from framework.nlu.types import Entity, IntentScore, Understanding
from framework.project.schema.domain import (
    Domain,
    EntityType,
    Form,
    Intent,
    Slot,
    SlotMapping,
)

LISTEN = ActionExecuted(name="action_listen")


def user(intent, *entities, text=None, confidence=1.0, **fields):
    understanding = Understanding(
        text=text or "",
        ranking=() if intent is None else (IntentScore(name=intent, confidence=confidence),),
        entities=tuple(entities),
    )
    return UserUttered(text=text, understanding=understanding, **fields)


def entity(name, value="v", **fields):
    return Entity(entity=name, value=value, start=0, end=1, **fields)


def act(name, **fields):
    return ActionExecuted(name=name, **fields)


def make_domain(**fields):
    slots = [
        Slot(
            name="city",
            type="text",
            mappings=(SlotMapping(type="from_entity", entity="city"),),
        ),
        Slot(name="sure", type="bool"),
        Slot(name="size", type="categorical", values=("small", "large")),
        Slot(name="tags", type="list"),
        Slot(name="people", type="float", min_value=0, max_value=10, initial_value=2.0),
        Slot(name="note", type="any"),
        Slot(name="requested_slot", type="text", influence_conversation=False),
    ]
    intents = [Intent(name=name) for name in ("greet", "inform", "ask", "deny", "restart", "back")]
    names = ("city", "person")
    entities = [EntityType(name=name, roles=("from", "to"), groups=("1",)) for name in names]
    forms = [Form(name="travel_form", required_slots=("city",)), Form(name="pay_form")]
    content = {"intents": intents, "entities": entities, "slots": slots, "forms": forms}
    by_name = {key: {item.name: item for item in items} for key, items in content.items()}
    return Domain(**{**by_name, **fields})
