"""Short ways to write domains and trackers in tests."""

import asyncio

from framework.actions.runner import ActionRunner
from framework.conversation.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SlotSet,
    UserUttered,
)
from framework.conversation.tracker import Tracker
from framework.nlu.types import Entity, IntentScore, Understanding
from framework.project.schema.domain import (
    DEFAULT_INTENTS,
    ActionDeclaration,
    Domain,
    EntityType,
    Form,
    Intent,
    MappingCondition,
    Response,
    ResponseVariation,
    SessionConfig,
    Slot,
    SlotMapping,
)
from framework.responses.templates import Templates
from framework.responses.voice import Voice


def mapping(type, *, conditions=(), **options):
    return SlotMapping(
        type=type, conditions=tuple(MappingCondition(**c) for c in conditions), **options
    )


def slot(name, *mappings, type="text", **options):
    return Slot(name=name, type=type, mappings=mappings, **options)


def response(name, *variations):
    as_variation = [
        v if isinstance(v, ResponseVariation) else ResponseVariation(text=v) for v in variations
    ]
    return Response(name=name, variations=tuple(as_variation))


def make_domain(
    *, intents=(), retrieval=(), entities=(), slots=(), forms=(), responses=None, actions=(), **rest
):
    hidden = [slot("requested_slot"), slot("session_started_metadata", type="any")]
    rest.setdefault("session", SessionConfig())
    return Domain(
        intents={
            **{name: Intent(name=name) for name in (*intents, *DEFAULT_INTENTS)},
            **{name: Intent(name=name, is_retrieval=True) for name in retrieval},
        },
        entities={name: EntityType(name=name) for name in entities},
        slots={item.name: item for item in (*slots, *hidden)},
        forms={item.name: item for item in forms},
        responses={
            name: response(name, *([said] if isinstance(said, str) else said))
            for name, said in (responses or {}).items()
        },
        actions={name: ActionDeclaration(name=name) for name in actions},
        **rest,
    )


def form(name, *required, ignored=()):
    return Form(name=name, required_slots=required, ignored_intents=ignored)


def said(intent, *entities, text="words", ranking=()):
    """A user message; entities are (name, value) or (name, value, role) or with a group, too."""
    found = tuple(
        Entity(
            entity=entity[0],
            value=entity[1],
            role=entity[2] if len(entity) > 2 else None,
            group=entity[3] if len(entity) > 3 else None,
            start=0,
            end=1,
        )
        for entity in entities
    )
    scores = (IntentScore(name=intent, confidence=1.0), *ranking)
    understanding = Understanding(text=text, ranking=scores, entities=found)
    return UserUttered(text=text, understanding=understanding, timestamp=1.0)


def tracker_of(domain, *events):
    return Tracker.replay("test", domain, [ActionExecuted(name="action_listen"), *events])


def in_form(name, requested=None):
    return (
        ActionExecuted(name=name),
        ActiveLoop(name=name),
        SlotSet(name="requested_slot", value=requested),
        ActionExecuted(name="action_listen"),
    )


def runner_of(domain, *own, server=None):
    return ActionRunner(
        domain=domain,
        speaker=Voice(domain=domain, responders=[Templates()]),
        own={action.name: action for action in own},
        server=server,
    )


def run(action, domain, *events, own=(), server=None):
    """Run an action in a conversation of these events and give its events."""
    runner = runner_of(domain, *own, server=server)
    tracker = tracker_of(domain, *events)
    return asyncio.run(runner.run(action, tracker=tracker, channel="cmdline"))


def shown(events):
    """Events in short: ('slot', 'city', 'Rome'), ('bot', 'Hi!'), ('loop', None), …"""
    return [_shown(event) for event in events]


def _shown(event):
    match event:
        case SlotSet():
            return ("slot", event.name, event.value)
        case BotUttered():
            return ("bot", event.text)
        case ActiveLoop():
            return ("loop", event.name)
        case ActionExecuted():
            return ("action", event.name or event.action_text)
        case UserUttered():
            return ("user", event.text)
        case _:
            return type(event).__name__
