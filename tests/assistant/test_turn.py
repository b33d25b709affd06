import logging

import pytest

from framework.actions.base import Action
from framework.actions.server import ActionServer
from framework.actions.validation import FormValidation
from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    ConversationPaused,
    ConversationResumed,
    FollowupAction,
    LoopInterrupted,
    SlotSet,
    UserFeaturization,
    UserUttered,
)
from framework.errors import ActionRejected, UsageError
from framework.policies.base import Prediction, Reason
from framework.project.schema.config import Endpoint, Endpoints
from framework.project.schema.domain import SessionConfig
from framework.testing.conversation import Conversation, Meanings, Script, understand
from tests.bots import form, make_domain, mapping, shown, slot

LISTEN = "action_listen"
IN_DOMAIN = ("session", "e2e_actions", "actions")
SORRY = "Sorry, something went wrong. Please try again."


class Do(Action):
    """An action made of a function."""

    def __init__(self, function, name="action_do"):
        self.name = name
        self.function = function

    def run(self, ctx):
        return self.function(ctx)


def make(script, *actions, responses=None, meanings=None, **options):
    domain = make_domain(
        intents=("greet", "inform", "go"),
        entities=("city",),
        slots=[slot("city", mapping("from_entity", entity="city")), slot("note")],
        forms=[form("trip", "city")],
        responses={"utter_greet": "Hi!", "utter_ask_city": "Where?", **(responses or {})},
        **{
            key: options.pop(key) for key in ("session", "e2e_actions", "actions") if key in options
        },
    )
    known = {"hi": "greet", "Rome": ("inform", {"city": "Rome"}), "go": "go", **(meanings or {})}
    return Conversation(
        domain=domain,
        nlu=Meanings(known, domain=domain),
        policies=Script(script),
        actions=actions,
        **options,
    )


def prediction(action, **options):
    reason = Reason(kind="test", text="because")
    return Prediction(
        action=action, confidence=1.0, policy="test", priority=1, reason=reason, **options
    )


class TestOneTurn:
    def test_a_message_is_understood_recorded_and_answered_until_the_bot_listens(self):
        talk = make({"greet": ["utter_greet"]})
        assert talk.say("hi") == ["Hi!"]
        assert shown(talk.tracker.events) == [
            ("action", "action_session_start"),
            "SessionStarted",
            ("action", LISTEN),
            ("user", "hi"),
            ("action", "utter_greet"),
            ("bot", "Hi!"),
            ("action", LISTEN),
        ]

    def test_slots_are_filled_before_anything_is_decided(self):
        talk = make(lambda tracker: LISTEN if tracker.slots["city"] else "utter_greet")
        assert talk.say("Rome") == []
        assert talk.slots == {"city": "Rome"}

    def test_events_carry_time_policy_and_the_bots_stamp(self):
        talk = make({"greet": ["utter_greet"]}, clock=lambda: 123.0, stamp={"model_id": "m"})
        talk.say("hi")
        events = talk.tracker.events
        assert {event.timestamp for event in events} == {123.0}
        assert all(event.metadata["model_id"] == "m" for event in events)
        assert (events[4].policy, events[4].confidence) == ("script", 1.0)

    def test_an_action_sees_no_event_without_time_and_stamp(self):
        seen = []

        async def look(ctx):
            seen.extend(ctx.tracker.events)

        def once(tracker):
            if isinstance(tracker.events[-1], ActionExecuted):
                return LISTEN
            return prediction("action_do", events=(UserFeaturization(use_text=False),))

        talk = make(once, Do(look), clock=lambda: 123.0, stamp={"model_id": "m"})
        talk.say("hi")
        assert isinstance(seen[-1], UserFeaturization)
        assert {event.timestamp for event in seen} == {123.0}
        assert all(event.metadata["model_id"] == "m" for event in seen)

    def test_white_space_around_a_message_does_not_count(self):
        assert make({"greet": ["utter_greet"]}).say("  hi\n") == ["Hi!"]

    def test_a_payload_bypasses_the_nlu(self):
        talk = make({"inform": ["utter_greet"]})
        assert talk.say('/inform{"city": "Oslo"}') == ["Hi!"]
        assert talk.slots == {"city": "Oslo"}

    def test_an_end_to_end_action_is_remembered_by_its_text(self):
        talk = make({"greet": ["Nice to meet you."]}, e2e_actions=("Nice to meet you.",))
        assert talk.say("hi") == ["Nice to meet you."]
        done = talk.turn.steps[-2].events[0]
        assert (done.name, done.action_text) == (None, "Nice to meet you.")

    def test_slots_are_filled_again_after_an_end_to_end_prediction(self):
        answers = iter([prediction("utter_greet", is_end_to_end=True), LISTEN])
        talk = make(lambda tracker: next(answers))
        talk.say("Rome")
        assert [step.action for step in talk.turn.steps].count("action_extract_slots") == 2

    def test_the_events_of_a_prediction_come_before_its_action(self):
        events = (LoopInterrupted(is_interrupted=True),)
        answers = iter([prediction("trip"), LISTEN, prediction("trip", events=events), LISTEN])
        talk = make(lambda tracker: next(answers))
        talk.say("go")
        assert talk.say("hi") == ["Where?"]
        assert shown(talk.turn.steps[2].events)[:2] == ["LoopInterrupted", ("action", "trip")]


class TestRejection:
    def test_the_policies_are_asked_again(self):
        def script(tracker):
            if tracker.active_loop and tracker.active_loop.rejected:
                return LISTEN if tracker.latest_action == "utter_greet" else "utter_greet"
            return "trip" if tracker.latest_action == LISTEN else LISTEN

        talk = make(script)
        talk.say("go")
        assert talk.say("hi") == ["Hi!"]
        assert talk.actions == ["trip", "utter_greet", LISTEN]
        assert talk.tracker.active_loop.rejected

    def test_a_declined_follow_up_is_forgotten(self):
        def decline(ctx):
            raise ActionRejected("not now")

        first = Do(lambda ctx: ctx.follow_up("action_no"))
        talk = make({"go": ["action_do", "x", "utter_greet"]}, first, Do(decline, "action_no"))
        assert talk.say("go") == ["Hi!"]
        assert talk.actions == ["action_do", "action_no", "utter_greet", LISTEN]

    def test_an_action_that_declines_with_effects_did_not_run(self):
        def decline(ctx):
            ctx.set_slot("note", "kept")
            ctx.add(ActionExecutionRejected(name="action_do"))

        talk = make({"go": ["action_do", "utter_greet"]}, Do(decline))
        assert talk.say("go") == ["Hi!"]
        assert talk.slots == {"note": "kept"}
        assert ("action", "action_do") not in shown(talk.tracker.events)


class TestFollowUp:
    def test_it_goes_before_the_policies_once(self):
        talk = make({"go": ["action_do"]}, Do(lambda ctx: ctx.follow_up("utter_greet")))
        assert talk.say("go") == ["Hi!"]
        assert talk.actions == ["action_do", "utter_greet", LISTEN]
        assert talk.turn.steps[-2].prediction.reason.kind == "followup"

    def test_one_that_does_not_exist_is_ignored(self, caplog):
        talk = make({"go": ["action_do"]}, Do(lambda ctx: ctx.follow_up("action_x")))
        assert talk.say("go") == []
        assert "'action_x' doesn't exist" in caplog.text


class TestFailure:
    def broken(self, ctx):
        ctx.say("half of it")
        ctx.set_slot("note", "half")
        raise RuntimeError("boom")

    def test_nothing_of_a_failed_action_stays_but_an_apology(self, caplog):
        talk = make({"go": ["action_do", "utter_greet"]}, Do(self.broken))
        assert talk.say("go") == [SORRY]
        assert talk.slots == {}
        assert shown(talk.turn.steps[-1].events) == [
            ("action", "action_do"),
            ("bot", SORRY),
            ("action", LISTEN),
        ]
        (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
        assert "'action_do'" in record.message
        assert "'test'" in record.message
        assert record.exc_info[1].args == ("boom",)

    @pytest.mark.parametrize(
        ("language", "spoken", "begin"),
        [("de", None, "Da ist leider"), ("en", "fr-CA", "Désolé"), ("xx", None, "Sorry")],
    )
    def test_the_apology_is_in_the_language_of_the_conversation(self, language, spoken, begin):
        def fail(ctx):
            raise ValueError("boom")

        domain = make_domain(intents=("go",), slots=[slot("language")])
        talk = Conversation(
            domain=domain,
            nlu=Meanings({"go": "go"}, domain=domain),
            policies=Script({"go": ["action_do"]}),
            actions=[Do(fail)],
            language=language,
        )
        if spoken:
            talk.append(SlotSet(name="language", value=spoken))
        assert talk.say("go")[0].startswith(begin)

    def test_setting_a_slot_that_does_not_exist_is_ignored_and_logged_once(self, caplog):
        talk = make({"go": ["action_do", "utter_greet"]}, Do(lambda ctx: ctx.set_slot("nope", 1)))
        assert talk.say("go") == ["Hi!"]
        (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
        assert "'nope'" in record.message

    def test_the_apology_is_utter_default_where_the_bot_has_it(self):
        talk = make({"go": ["action_do"]}, Do(self.broken), responses={"utter_default": "Oops."})
        assert talk.say("go") == ["Oops."]

    def test_the_conversation_goes_on(self):
        talk = make({"go": ["action_do"], "greet": ["utter_greet"]}, Do(self.broken))
        talk.say("go")
        assert talk.say("hi") == ["Hi!"]

    def test_an_unknown_action_is_a_failure(self):
        assert make({"go": ["utter_nothing"]}).say("go") == [SORRY]

    def test_an_unreachable_action_server_is_a_failure_logged_in_one_line(self, caplog):
        endpoints = Endpoints(services={"action_endpoint": Endpoint(url="http://127.0.0.1:9/")})
        talk = make({"go": ["action_x"]}, endpoints=endpoints, actions=("action_x",))
        assert isinstance(talk.assistant.engine.runner.server, ActionServer)
        assert talk.say("go") == [SORRY]
        (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
        assert "can't be reached" in record.message
        assert record.exc_info is None

    def test_a_form_whose_validation_fails_stays_as_it_was(self):
        class Validate(FormValidation):
            name = "validate_trip"

            def validate_city(self, value, ctx):
                raise RuntimeError("no map")

        talk = make({"go": ["trip"], "inform": ["trip"]}, Validate())
        assert talk.say("go") == ["Where?"]
        assert talk.say("Rome") == [SORRY]
        assert talk.tracker.active_loop.name == "trip"
        assert talk.tracker.slots["requested_slot"] == "city"


class TestCircuitBreaker:
    def test_a_turn_without_end_is_ended(self, caplog):
        talk = make(lambda tracker: "utter_greet")
        assert talk.say("hi") == ["Hi!"] * 10
        assert talk.tracker.latest_action == LISTEN
        assert "ended by force" in caplog.text

    def test_the_next_message_is_answered_again(self):
        talk = make(lambda tracker: "utter_greet")
        talk.say("hi")
        assert len(talk.say("hi")) == 10

    def test_a_user_who_was_told_nothing_gets_an_apology(self):
        talk = make(lambda tracker: "action_do", Do(lambda ctx: None))
        assert talk.say("hi") == [SORRY]

    def test_declining_for_ever_is_ended_too(self):
        def decline(ctx):
            raise ActionRejected("never")

        assert make(lambda tracker: "action_do", Do(decline)).say("hi") == [SORRY]

    def test_the_limit_can_be_set(self, monkeypatch):
        monkeypatch.setenv("MAX_NUMBER_OF_PREDICTIONS", "3")
        assert make(lambda tracker: "utter_greet").say("hi") == ["Hi!"] * 3

    @pytest.mark.parametrize("value", ["", "0", "-1", "many", "1.5"])
    def test_an_impossible_limit_is_refused_by_name(self, monkeypatch, value):
        monkeypatch.setenv("MAX_NUMBER_OF_PREDICTIONS", value)
        with pytest.raises(UsageError, match="MAX_NUMBER_OF_PREDICTIONS"):
            make({})


class TestPause:
    def test_a_paused_bot_answers_only_to_restart(self):
        script = {
            "go": ["action_do"],
            "greet": ["utter_greet"],
            "restart": ["action_restart"],
        }
        talk = make(script, Do(lambda ctx: ctx.add(ConversationPaused())))
        talk.say("go")
        assert talk.say("hi") == []
        assert talk.say("Rome") == []
        assert talk.slots == {"city": "Rome"}
        talk.say("/restart")
        assert talk.say("hi") == ["Hi!"]

    def test_a_resumed_one_to_everything(self):
        talk = make({"greet": ["utter_greet"]})
        talk.append(ConversationPaused())
        assert talk.say("hi") == []
        talk.append(ConversationResumed())
        assert talk.say("hi") == ["Hi!"]


class TestRestart:
    def test_it_forgets_everything_and_begins_a_session(self):
        talk = make(
            {"restart": ["action_restart"], "greet": ["utter_greet"]},
            responses={"utter_restart": "From the top."},
        )
        talk.say("Rome")
        assert talk.say("/restart") == ["From the top."]
        assert talk.actions == ["action_restart", "action_session_start"]
        assert talk.slots == {}
        assert talk.say("hi") == ["Hi!"]


class TestSessions:
    class Clock:
        now = 1000.0

        def __call__(self):
            return self.now

    def test_a_long_silence_begins_a_new_session_with_the_old_slots(self):
        clock = self.Clock()
        talk = make({"greet": ["utter_greet"]}, clock=clock)
        talk.say("Rome")
        clock.now += 60 * 60 + 1
        talk.say("hi")
        assert next(step.action for step in talk.turn.steps) == "action_session_start"
        assert talk.slots == {"city": "Rome"}
        assert [e.text for e in talk.tracker.counted_events() if isinstance(e, UserUttered)] == [
            "hi"
        ]

    def test_a_session_that_ends_inside_a_form_leaves_it_and_still_knows_what_it_asked_for(self):
        clock = self.Clock()
        talk = make({"go": ["trip"], "inform": ["trip"], "greet": ["utter_greet"]}, clock=clock)
        assert talk.say("go") == ["Where?"]
        clock.now += 60 * 60 + 1
        assert talk.say("hi") == ["Hi!"]
        assert talk.tracker.active_loop is None
        assert talk.slots == {"requested_slot": "city"}  # as with every slot; Rasa does the same
        assert talk.say("go") == ["Where?"]
        talk.say("Rome")
        assert talk.slots == {"city": "Rome"}

    def test_a_message_that_asks_for_a_new_session_gets_one_with_the_old_slots(self):
        talk = make({"session_start": ["action_session_start", "utter_greet"]})
        talk.say("Rome")
        known = len(talk.tracker.events)
        assert talk.say("/session_start") == []
        assert shown(talk.tracker.events[known:]) == [
            ("user", "/session_start"),
            ("action", "action_session_start"),
            "SessionStarted",
            ("slot", "city", "Rome"),
            ("action", LISTEN),
        ]
        assert talk.tracker.latest_message is None

    @pytest.mark.parametrize(
        ("session", "minutes", "begins"),
        [
            (SessionConfig(expiration_minutes=60), 59, False),
            (SessionConfig(expiration_minutes=0), 10_000, False),
            (SessionConfig(expiration_minutes=1), 2, True),
        ],
    )
    def test_how_long_is_set_in_the_domain(self, session, minutes, begins):
        clock = self.Clock()
        talk = make({}, clock=clock, session=session)
        talk.say("hi")
        clock.now += minutes * 60
        talk.say("hi")
        assert (talk.turn.steps[0].action == "action_session_start") == begins

    def test_slots_are_dropped_where_the_domain_wants_that(self):
        clock = self.Clock()
        talk = make({}, clock=clock, session=SessionConfig(carry_over_slots=False))
        talk.say("Rome")
        clock.now += 10_000
        talk.say("hi")
        assert talk.slots == {}

    def test_the_metadata_of_the_first_message_is_kept_in_a_slot(self):
        talk = make({})
        talk.send("hi", metadata={"user": "ada"})
        assert talk.slots == {"session_started_metadata": {"user": "ada"}}

    def test_the_bots_own_session_start_replaces_the_default(self):
        def start(ctx):
            ctx.say("Welcome.")
            ctx.add(SlotSet(name="note", value="new"))
            ctx.add(FollowupAction(name=LISTEN))

        talk = make({"greet": ["utter_greet"]}, Do(start, "action_session_start"))
        assert talk.say("hi") == ["Welcome.", "Hi!"]
        assert talk.say("hi") == ["Hi!"]

    def test_one_that_fails_is_logged_and_the_message_answered(self, caplog):
        talk = make({"greet": ["utter_greet"]}, Do(lambda ctx: 1 / 0, "action_session_start"))
        assert talk.say("hi") == ["Hi!"]
        assert "ZeroDivisionError" in caplog.text


class TestFormsOfAnotherTime:
    GONE = (ActiveLoop(name="old_form"), SlotSet(name="requested_slot", value="city"))

    def test_a_form_that_the_bot_no_longer_has_is_left_and_the_message_answered(self, caplog):
        talk = make(lambda tracker: tracker.active_loop.name if tracker.active_loop else LISTEN)
        talk.append(*self.GONE)
        assert talk.say("hi") == []
        assert (talk.tracker.active_loop, talk.slots) == (None, {})
        assert talk.actions == [LISTEN]
        assert "'old_form', which the bot doesn't have" in caplog.text

    def test_an_action_of_the_bot_that_is_a_loop_goes_on(self):
        talk = make({"greet": ["action_do"]}, Do(lambda ctx: ctx.say("On.")))
        talk.append(ActiveLoop(name="action_do"))
        assert talk.say("hi") == ["On."]
        assert talk.tracker.active_loop.name == "action_do"


class TestTriggers:
    def test_an_intent_can_be_triggered_from_outside(self):
        talk = make({"inform": ["utter_greet"]})
        talk.say("hi")
        replies = talk.assistant.trigger("inform", conversation="test", entities={"city": "Oslo"})
        assert [reply.text for reply in replies] == ["Hi!"]
        message = talk.tracker.latest_message
        assert (message.text, message.input_channel) == ("EXTERNAL: inform", "cmdline")
        assert message.metadata["is_external"]
        assert talk.slots == {"city": "Oslo"}
        sent = talk.tracker.snapshot_json()["latest_message"]["entities"]
        assert sent == [{"entity": "city", "value": "Oslo"}]


def test_a_message_that_an_action_puts_in_fills_slots_too():
    meant = understand("from elsewhere", "inform", {"city": "Oslo"})
    heard = Do(lambda ctx: ctx.add(UserUttered(text=meant.text, understanding=meant)))
    talk = make({"go": ["action_do"]}, heard)
    talk.say("go")
    assert talk.slots == {"city": "Oslo"}
