"""Actions do what Rasa's do, as recorded by `tests/parity/record_actions.py`."""

import asyncio
import json
from pathlib import Path

import pytest

from framework.actions.base import Action
from framework.conversation.events import (
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    FollowupAction,
    SlotSet,
)
from framework.conversation.tracker import Tracker
from framework.conversation.wire import event_from_json, event_to_json
from framework.errors import ActionRejected
from framework.project.schema.domain import ResponseVariation
from tests.bots import form, make_domain, mapping, runner_of, slot

CASES = json.loads(Path(__file__).with_name("actions.json").read_text())


class StandIn(Action):
    """Does what the recording's stand-in for the action server does."""

    def __init__(self, name):
        self.name = name

    async def run(self, ctx):
        if self.name == "action_c1":
            ctx.set_slot("s1", "c1")
        elif self.name == "action_c2":
            ctx.set_slot("s2", None)
            ctx.add(FollowupAction(name="x"))
        elif self.name.startswith("action_ask"):
            ctx.add(BotUttered(text=self.name))
        else:
            self.validate(ctx, dict(self.candidates(ctx.tracker)))

    def candidates(self, tracker):
        found = []
        for event in reversed(tracker.events):
            if not isinstance(event, SlotSet):
                break
            found.append((event.name, event.value))
        return reversed(found)

    def validate(self, ctx, found):
        for name, value in found.items():
            if not (name == "s3" and value == "x"):
                ctx.set_slot(name, None if value in ("bad", ["bad"]) else value)
        if self.name == "validate_f2" and "s2" in found:
            ctx.set_slot("requested_slot", "s1" if found["s2"] == "x" else None)
        if self.name == "validate_f1" and found.get("s1") == "bad":
            ctx.add(ActionExecutionRejected(name="f1"))
        if self.name == "validate_f1" and found.get("s2") == "y":
            ctx.add(ActiveLoop(name=None))


def domain_of(raw):
    return make_domain(
        intents=raw["intents"],
        entities=("e1", "e2"),
        slots=[
            slot(name, *map(mapping_of, options["mappings"]), type=options["type"])
            for name, options in raw["slots"].items()
        ],
        forms=[
            form(
                name, *options["required_slots"], ignored=tuple(options.get("ignored_intents", ()))
            )
            for name, options in raw["forms"].items()
        ],
        responses={
            name: [ResponseVariation(**item) for item in items]
            for name, items in raw["responses"].items()
        },
        actions=raw["actions"],
    )


def form_of(name, raw):
    return form(name, *raw["required_slots"], ignored=tuple(raw.get("ignored_intents", ())))


def mapping_of(raw):
    options = dict(raw)
    options["intents"] = tuple(options.pop("intent", ()))
    not_intent = options.pop("not_intent", None)
    options["not_intents"] = (not_intent,) if not_intent else ()
    return mapping(options.pop("type"), **options)


def in_short(event):
    raw = event_to_json(event)
    match raw["event"]:
        case "slot":
            return ["slot", raw["name"], raw["value"]]
        case "bot" | "user":
            return [raw["event"], raw["text"]]
        case "active_loop":
            return ["loop", raw["name"]]
        case "action":
            return ["action", raw["name"]]
        case kind:
            return [kind]


def run(name, domain, tracker, actions):
    runner = runner_of(domain, *map(StandIn, actions))
    try:
        events = asyncio.run(runner.run(name, tracker=tracker, channel="collector"))
    except ActionRejected:
        return "rejected"
    return [in_short(event) for event in events]


def last_of_each_slot(events):
    """Frame carries the last value of a slot into a new session, Rasa each one it ever had."""
    last = {event[1]: event for event in events if event[0] == "slot"}
    return [event for event in events if event[0] != "slot"], last


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_actions_do_what_rasas_do(case):
    domain = domain_of(case["domain"])
    tracker = Tracker.replay("test", domain, map(event_from_json, case["events"]))
    for name, expected in case["done"].items():
        done = run(name, domain, tracker, case["domain"]["actions"])
        if name == "action_session_start":
            done, expected = last_of_each_slot(done), last_of_each_slot(expected)
        assert done == expected, name
