"""Whatever users say and actions do: the engine goes on, and its state is the fold of events."""

import asyncio
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from framework.actions.base import Action
from framework.actions.validation import FormValidation
from framework.conversation import events as happened
from framework.conversation.reminders import pending
from framework.conversation.stores.memory import MemoryStore
from framework.conversation.tracker import Tracker
from framework.conversation.wire import event_from_json, event_to_json
from framework.errors import ActionRejected
from framework.testing.conversation import Conversation, Meanings, Script
from tests.bots import form, make_domain, mapping, slot

LISTEN = "action_listen"
LOOPS = {"trip", "pizza", "action_two_stage_fallback"}
DOMAIN = make_domain(
    intents=("greet", "inform", "trip", "pizza", "chat"),
    entities=("city", "size"),
    slots=[
        slot("city", mapping("from_entity", entity="city")),
        slot("sizes", mapping("from_entity", entity="size"), type="list"),
        slot("note", mapping("from_text", conditions=[{"active_loop": "pizza"}])),
        slot("odd", mapping("custom", action="action_odd"), type="any"),
    ],
    forms=[form("trip", "city", "note"), form("pizza", "sizes", "note", ignored=("chat",))],
    responses={
        "utter_greet": ["Hi!", "Hello {city}!"],
        "utter_ask_city": "Where?",
        "utter_ask_note": "Any wish, {unknown}?",
        "utter_default": "Sorry?",
    },
)
ACTIONS = (
    "utter_greet",
    "utter_nothing",
    "trip",
    "pizza",
    "action_odd",
    "action_two_stage_fallback",
    "action_default_fallback",
    "action_default_ask_affirmation",
    "action_revert_fallback_events",
    "action_deactivate_loop",
    "action_unlikely_intent",
    "action_session_start",
    "action_extract_slots",
    "action_restart",
    "action_back",
    LISTEN,
)
MESSAGES = st.one_of(
    st.sampled_from(
        [
            "hello",
            "Rome",
            "what?",
            "/greet",
            "/restart",
            "/back",
            "/session_start",
            "/out_of_scope",
            "/nlu_fallback",
            '/inform{"city": "Oslo"}',
            '/inform{"city": null}',
            '/inform{"size": ["s", "m"], "city": 3}',
            '/inform{"city": {"deep": []}}',
            "/inform{broken",
            "/unknown",
            "EXTERNAL: greet",
            "",
            "   ",
        ]
    ),
    st.text(max_size=8),
)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.just(["x"]))


def says():
    return st.sampled_from(["utter_greet", "utter_gone", "plain", ""]).map(
        lambda words: lambda ctx: ctx.say(words)
    )


def sets():
    names = st.sampled_from(["city", "sizes", "note", "odd", "missing"])
    return st.builds(lambda name, value: lambda ctx: ctx.set_slot(name, value), names, VALUES)


def asks():
    return st.sampled_from(ACTIONS).map(lambda name: lambda ctx: ctx.follow_up(name))


def breaks():
    def fail(ctx):
        raise RuntimeError("broken")

    def decline(ctx):
        raise ActionRejected("no")

    return st.sampled_from([fail, decline, lambda ctx: ctx.add("no event")])


STEERING = st.sampled_from(
    [
        happened.Restarted(),
        happened.SessionStarted(),
        happened.UserUtteranceReverted(),
        happened.ActionReverted(),
        happened.AllSlotsReset(),
        happened.ConversationPaused(),
        happened.ConversationResumed(),
        happened.ActiveLoop(name="trip"),
        happened.ActiveLoop(name="gone"),
        happened.ActiveLoop(name=None),
        happened.LoopInterrupted(is_interrupted=True),
        happened.ActionExecuted(name=LISTEN),
        happened.ActionExecuted(name="pizza"),
        happened.ActionExecutionRejected(name="trip"),
        happened.UnknownEvent(raw={"event": "new", "x": 1}),
        happened.ReminderScheduled(intent="greet", trigger_at="2999-01-01T00:00:00", name="a"),
        happened.ReminderScheduled(
            intent="greet", trigger_at="9999-12-31", name="b", kill_on_user_message=False
        ),
        happened.ReminderScheduled(intent="no such", trigger_at="one day", name="c"),
        happened.ReminderCancelled(),
        happened.ReminderCancelled(name="b"),
    ]
)


def steers():
    return STEERING.map(lambda event: lambda ctx: ctx.add(event))


TAME = st.lists(st.one_of(says(), sets(), asks(), breaks()), max_size=3)
WILD = st.lists(st.one_of(says(), sets(), asks(), breaks(), steers()), max_size=4)


class Odd(Action):
    name = "action_odd"

    def __init__(self):
        self.deeds = []

    async def run(self, ctx):
        for deed in self.deeds:
            deed(ctx)


class ValidateTrip(FormValidation):
    name = "validate_trip"

    async def validate_city(self, value, ctx):
        if value == 3:
            raise ValueError("three is no city")
        if value == "Oslo":
            ctx.deactivate_form()
        return value if isinstance(value, str) else None


def turns(deeds):
    return st.lists(
        st.tuples(MESSAGES, st.lists(st.sampled_from(ACTIONS), max_size=4), deeds),
        min_size=1,
        max_size=6,
    )


def play(conversation):
    """Play a conversation and give the tracker after each turn, with the store."""
    plan = {"actions": ()}
    odd = Odd()

    def script(tracker):
        actions = plan["actions"]
        place = plan["place"] = plan["place"] + 1
        return actions[place] if place < len(actions) else LISTEN

    store = MemoryStore()
    talk = Conversation(
        domain=DOMAIN,
        nlu=Meanings({"hello": "greet", "Rome": ("inform", {"city": "Rome"})}, domain=DOMAIN),
        policies=Script(script),
        actions=[odd, ValidateTrip()],
        store=store,
    )
    for text, actions, deeds in conversation:
        plan.update(actions=actions, place=-1)
        odd.deeds = deeds
        talk.say(text)
        yield talk, store


def state_of(tracker):
    state = tracker.state
    return (
        dict(state.slots),
        state.newly_set,
        state.loop,
        state.latest_action,
        state.followup_action,
        state.paused,
        state.latest_message,
        tracker.counted_events(),
    )


QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@QUICK
@given(turns(WILD))
def test_a_turn_ends_with_listening_and_its_state_is_the_fold_of_its_events(conversation):
    for talk, store in play(conversation):
        tracker = talk.tracker
        stored = asyncio.run(store.load("test"))
        assert stored == tuple(tracker.events)
        assert state_of(Tracker.replay("test", DOMAIN, stored)) == state_of(tracker)
        to_come = talk.assistant.reminders.to_come("test")
        assert to_come == tuple(pending(stored).values())
        ended = talk.turn.steps[-1]
        assert tracker.paused or ended.ends_turn
        assert all(event.timestamp for event in stored)


@QUICK
@given(turns(WILD))
def test_a_conversation_survives_being_written_and_read(conversation):
    for talk, _ in play(conversation):
        tracker = talk.tracker
    written = json.dumps([event_to_json(event) for event in tracker.events])
    again = Tracker.replay("test", DOMAIN, map(event_from_json, json.loads(written)))
    assert pending(again.events) == pending(tracker.events)
    assert dict(again.slots) == dict(tracker.slots)
    assert again.latest_action == tracker.latest_action
    assert (again.active_loop and again.active_loop.name) == (
        tracker.active_loop and tracker.active_loop.name
    )


@QUICK
@given(turns(TAME))
def test_no_form_is_left_half_open(conversation):
    for talk, _ in play(conversation):
        loop = talk.tracker.active_loop
        asked = talk.tracker.slots["requested_slot"]
        assert loop is None or loop.name in LOOPS
        if loop is not None and loop.name in DOMAIN.forms:
            assert asked in DOMAIN.forms[loop.name].required_slots


@QUICK
@given(turns(TAME))
def test_equal_conversations_are_answered_equally(conversation):
    def said():
        return [
            [reply.text for step in talk.turn.steps for reply in step.replies]
            for talk, _ in play(conversation)
        ]

    assert said() == said()
