"""Reminders come when they are due, unless something made them void."""

import asyncio
import time
from datetime import UTC, datetime

import pytest

from framework.actions.base import Action
from framework.assistant.assistant import Assistant
from framework.conversation.events import (
    ReminderCancelled,
    ReminderScheduled,
    Restarted,
    SessionStarted,
    UserUtteranceReverted,
    UserUttered,
)
from framework.conversation.reminders import due_at
from framework.conversation.stores.memory import MemoryStore
from framework.data.unfold import dialogues
from framework.errors import UsageError
from framework.policies.base import PolicyTrainingData
from framework.policies.ensemble import Ensemble
from framework.policies.rules import RulePolicy
from framework.project.load import load_project
from framework.testing.conversation import Meanings, Script, understand
from tests.bots import make_domain, mapping, slot
from tests.conftest import ROOT

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC).timestamp()
HOUR = 3600.0
DOMAIN = make_domain(
    intents=("greet", "call", "due", "forget"),
    entities=("person",),
    slots=[slot("person", mapping("from_entity", entity="person"))],
    responses={"utter_greet": "Hi!", "utter_call": "Call {person}!"},
)
SCRIPT = {
    "greet": ["utter_greet"],
    "call": ["action_remind"],
    "due": ["utter_call"],
    "forget": ["action_forget"],
}


class Clock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self, now=NOON):
        self.now = now

    def __call__(self):
        return self.now


class Remind(Action):
    name = "action_remind"

    def __init__(self, clock, seconds=HOUR, **options):
        self._clock = clock
        self._seconds = seconds
        self._options = {"entities": {"person": "Ann"}, **options}

    def run(self, ctx):
        at = datetime.fromtimestamp(self._clock() + self._seconds, UTC)
        ctx.remind("due", at=at, **self._options)


class Forget(Action):
    name = "action_forget"

    def __init__(self, **which):
        self._which = which

    def run(self, ctx):
        ctx.add(ReminderCancelled(**self._which))


class Talk:
    """A bot with a clock, and what it said on its own."""

    def __init__(self, clock=None, *, store=None, forget=None, script=None, first=None, **reminder):
        self.clock = clock or Clock()
        self.bot = Assistant(
            domain=DOMAIN,
            pipeline=Meanings(domain=DOMAIN),
            ensemble=Script(script or SCRIPT),
            actions=[Remind(self.clock, **reminder), Forget(**(forget or {}))],
            clock=self.clock,
            store=store,
        )
        self.said = []
        for receiver in filter(None, (first, self._hear)):
            self.bot.receive(receiver)

    async def _hear(self, reply):
        self.said.append((reply.conversation, reply.text))

    def play(self, *steps):
        """Say texts; let hours pass, and the reminders with them, where a number stands."""

        async def run():
            for step in steps:
                if isinstance(step, str):
                    await self.bot.ahandle(step, conversation="ada")
                elif isinstance(step, float):
                    self.clock.now += step * HOUR
                    await self.bot.reminders.check()
                else:
                    await self.bot.aappend([step], conversation="ada")

        asyncio.run(run())
        return self.said


CALL = [("ada", "Call Ann!")]


def test_a_reminder_comes_when_it_is_due_and_only_once():
    talk = Talk()
    assert talk.play("/call", 0.9) == []
    assert talk.play(0.2) == CALL
    assert talk.play(5.0) == CALL
    message = talk.bot.tracker("ada").latest_message
    assert message.text == "EXTERNAL: due"
    assert message.input_channel == "cmdline"
    assert message.metadata["is_external"]


@pytest.mark.parametrize(
    ("options", "steps", "comes"),
    [
        ({}, ["/call", "/greet"], False),
        ({"kill_on_user_message": False}, ["/call", "/greet"], True),
        ({"kill_on_user_message": False}, ["/call", "/forget"], False),
        ({"forget": {"name": "x"}, "kill_on_user_message": False}, ["/call", "/forget"], True),
        ({"forget": {"name": "x"}, "name": "x"}, ["/call", "/forget"], False),
        (
            {"forget": {"intent": "greet"}, "kill_on_user_message": False},
            ["/call", "/forget"],
            True,
        ),
        ({"forget": {"intent": "due"}, "kill_on_user_message": False}, ["/call", "/forget"], False),
        (
            {"forget": {"entities": ({"entity": "person", "value": "Bob"},)},
             "kill_on_user_message": False},
            ["/call", "/forget"],
            True,
        ),
        ({"kill_on_user_message": False}, ["/call", Restarted()], False),
        ({"kill_on_user_message": False}, ["/call", SessionStarted()], True),
        ({"kill_on_user_message": False}, ["/call", UserUtteranceReverted()], False),
    ],
)  # fmt: skip
def test_what_makes_a_reminder_void(options, steps, comes):
    assert Talk(**options).play(*steps, 1.0) == (CALL if comes else [])


def test_another_reminder_is_no_message_of_the_user():
    talk = Talk()
    second = ReminderScheduled(intent="due", trigger_at="2030-01-01T12:30:00+00:00", name="second")
    assert talk.play("/call", second, 1.0) == [("ada", "Call None!"), *CALL]


def test_a_reminder_replaces_the_one_of_its_name():
    talk = Talk(name="x", kill_on_user_message=False)
    talk.play("/call")
    talk.clock.now += HOUR / 2
    assert talk.play("/call", 0.6) == []
    assert talk.play(0.5) == CALL


def test_reminders_come_in_the_order_of_their_times():
    talk = Talk()
    later = ReminderScheduled(intent="greet", trigger_at="2030-01-01T14:00:00+00:00", name="later")
    assert talk.play("/greet", later, "/call", 3.0) == CALL
    talk = Talk()
    assert talk.play("/call", later, 3.0) == [("ada", "Call Ann!"), ("ada", "Hi!")]


def test_a_reminder_that_leads_to_nothing_does_not_come_again():
    def undo(tracker):
        message = tracker.latest_message
        if message and message.understanding.intent.name == "due":
            return "action_default_fallback"
        return SCRIPT["call"][0] if tracker.latest_action == "action_listen" else "action_listen"

    talk = Talk(script=undo)
    talk.play("/call", 1.0)
    talk.play(1.0)
    external = [
        event
        for event in talk.bot.tracker("ada").events
        if isinstance(event, UserUttered) and event.metadata.get("is_external")
    ]
    assert len(external) == 1


def test_another_process_takes_the_reminders_over_with_the_store():
    store = MemoryStore()
    clock = Clock()
    Talk(clock, store=store).play("/call")
    later = Talk(clock, store=store)
    asyncio.run(later.bot.reminders.restore(store))
    assert later.play(1.0) == CALL
    assert Talk(clock, store=store).play(1.0) == []


def test_an_overdue_reminder_comes_as_soon_as_the_store_is_read():
    store, clock = MemoryStore(), Clock()
    Talk(clock, store=store).play("/call")
    clock.now += 5 * HOUR
    later = Talk(clock, store=store)

    async def start():
        await later.bot.reminders.restore(store)
        await _until(lambda: later.said)

    asyncio.run(start())
    assert later.said == CALL


def test_a_reminder_begins_a_new_session_where_the_last_one_has_expired():
    talk = Talk(seconds=3 * HOUR)
    assert talk.play("/call", 3.0) == [("ada", "Call Ann!")]
    sessions = [e for e in talk.bot.tracker("ada").events if isinstance(e, SessionStarted)]
    assert len(sessions) == 2


def test_timers_of_the_event_loop_bring_reminders_without_being_asked():
    talk = Talk(time.time, seconds=0.05)

    async def run():
        await talk.bot.ahandle("/call", conversation="ada")
        assert talk.said == []
        await _until(lambda: talk.said)

    asyncio.run(run())
    assert talk.said == CALL


def test_synchronous_callers_get_reminders_in_the_background():
    talk = Talk(time.time, seconds=0.05)
    heard = []
    talk.bot.receive(lambda reply: heard.append(reply.text))
    talk.bot.handle("/call", conversation="ada")
    deadline = time.monotonic() + 10
    while not heard and time.monotonic() < deadline:
        time.sleep(0.01)
    assert heard == ["Call Ann!"]


def test_timers_move_to_the_loop_that_takes_over():
    talk = Talk(time.time, seconds=0.2, kill_on_user_message=False)
    asyncio.run(talk.bot.ahandle("/call", conversation="ada"))

    async def later():
        await talk.bot.ahandle("/greet", conversation="bob")
        await _until(lambda: talk.said)

    asyncio.run(later())
    assert talk.said == CALL


def test_a_closed_bot_stays_silent():
    talk = Talk(time.time, seconds=0.02)

    async def run():
        await talk.bot.ahandle("/call", conversation="ada")
        await talk.bot.close()
        await asyncio.sleep(0.1)

    asyncio.run(run())
    assert talk.said == []


def test_a_time_that_cannot_be_read_is_logged_and_disturbs_nobody(caplog):
    talk = Talk()
    wrong = ReminderScheduled(intent="due", trigger_at="soon", name="x")
    assert talk.play("/greet", wrong, "/call", 1.0) == CALL
    assert "expected a date and time" in caplog.text


def test_a_failing_receiver_is_logged_and_keeps_nothing_from_the_others(caplog):
    talk = Talk(first=lambda reply: 1 / 0)
    assert talk.play("/call", 1.0) == CALL
    assert talk.play(1.0) == CALL
    assert caplog.text.count("ZeroDivisionError") == 1


def test_a_turn_that_fails_is_logged_and_not_tried_for_ever(caplog):
    class Full(MemoryStore):
        is_full = False

        async def append(self, conversation, events):
            if self.is_full:
                raise OSError("no space left")
            await super().append(conversation, events)

    store = Full()
    talk = Talk(store=store)
    talk.play("/call")
    store.is_full = True
    assert talk.play(1.0, 1.0) == []
    assert caplog.text.count("OSError: no space left") == 1
    assert "the reminder" in caplog.text


def test_a_receiver_may_go_on_with_the_conversation():
    talk = Talk()

    async def answer(reply):
        await talk.bot.ahandle("/greet", conversation=reply.conversation)

    talk.bot.receive(answer)
    assert talk.play("/call", 1.0) == CALL
    assert talk.bot.tracker("ada").latest_message.understanding.intent.name == "greet"


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("2030-01-01T12:00:00Z", NOON), ("2030-01-01T13:00:00+01:00", NOON), ("soon", None)],
)
def test_times_are_iso_8601(written, seconds):
    reminder = ReminderScheduled(intent="due", trigger_at=written, name="x")
    if seconds is None:
        with pytest.raises(UsageError, match="expected a date and time"):
            due_at(reminder)
    else:
        assert due_at(reminder) == seconds


@pytest.mark.shared
def test_reminderbot_reminds_with_actions_of_its_own():
    project = load_project(ROOT.parent / "shared" / "bots" / "reminderbot")
    rules = RulePolicy()
    data = PolicyTrainingData(dialogues=dialogues(project), domain=project.domain, seed=1)
    list(rules.train(data))
    clock = Clock()

    class SetReminder(Action):
        name = "action_set_reminder"

        def run(self, ctx):
            ctx.say("I will remind you in 5 seconds.")
            at = datetime.fromtimestamp(clock() + 5, UTC)
            person = ctx.message.entities[0].value
            ctx.remind(
                "EXTERNAL_reminder",
                at=at,
                entities={"PERSON": person},
                name="my_reminder",
                kill_on_user_message=False,
            )

    class React(Action):
        name = "action_react_to_reminder"

        def run(self, ctx):
            ctx.say(f"Remember to call {ctx.slots['PERSON']}!")

    class ForgetAll(Action):
        name = "action_forget_reminders"

        def run(self, ctx):
            ctx.say("Okay, I'll cancel all your reminders.")
            ctx.add(ReminderCancelled())

    meanings = {
        "remind me to call Ann": understand("", "ask_remind_call", {"PERSON": "Ann"}),
        "forget it": "ask_forget_reminders",
    }
    bot = Assistant(
        domain=project.domain,
        pipeline=Meanings(meanings, domain=project.domain),
        ensemble=Ensemble([rules]),
        actions=[SetReminder(), React(), ForgetAll()],
        clock=clock,
    )
    said = []
    bot.receive(lambda reply: said.append(reply.text))

    async def talk():
        await bot.ahandle("remind me to call Ann", conversation="ada")
        await bot.ahandle("remind me to call Ann", conversation="bob")
        await bot.ahandle("forget it", conversation="bob")
        clock.now += 6
        await bot.reminders.check()

    asyncio.run(talk())
    assert said == ["Remember to call Ann!"]


async def _until(is_so, *, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not is_so() and time.monotonic() < deadline:
        await asyncio.sleep(0.005)
