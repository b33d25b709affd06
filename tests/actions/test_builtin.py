import pytest

from framework.actions.base import Action
from framework.conversation.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from framework.errors import ActionError
from framework.nlu.types import IntentScore
from framework.project.schema.domain import SessionConfig
from tests.bots import make_domain, mapping, run, said, shown, slot, tracker_of

REWIND = "UserUtteranceReverted"


def bare(**options):
    return make_domain(intents=("greet", "inform"), **options)


class TestSessions:
    DOMAIN = bare(slots=[slot("city"), slot("mood")])
    BEFORE = (
        SlotSet(name="city", value="Rome"),
        SlotSet(name="mood", value="good"),
        SlotSet(name="city", value="Oslo"),
    )

    def test_a_session_starts_with_the_slots_of_the_last_one(self):
        events = run("action_session_start", self.DOMAIN, *self.BEFORE)
        assert shown(events) == [
            "SessionStarted",
            ("slot", "city", "Oslo"),
            ("slot", "mood", "good"),
            ("action", "action_listen"),
        ]

    def test_or_without_them(self):
        domain = bare(
            slots=[slot("city"), slot("mood")], session=SessionConfig(carry_over_slots=False)
        )
        events = run("action_session_start", domain, *self.BEFORE)
        assert shown(events) == ["SessionStarted", ("action", "action_listen")]

    def test_slots_undone_are_not_carried_over(self):
        undone = (said("inform"), SlotSet(name="city", value="Mars"), UserUtteranceReverted())
        events = run("action_session_start", self.DOMAIN, *undone)
        assert shown(events) == ["SessionStarted", ("action", "action_listen")]


@pytest.mark.parametrize(
    ("action", "response", "effects"),
    [
        ("action_listen", None, []),
        ("action_unlikely_intent", None, []),
        ("action_restart", "utter_restart", ["Restarted"]),
        ("action_back", "utter_back", [REWIND, REWIND]),
        ("action_default_fallback", "utter_default", [REWIND]),
        ("action_default_ask_rephrase", "utter_ask_rephrase", []),
    ],
)
def test_default_actions_say_their_response_only_where_the_bot_has_it(action, response, effects):
    assert shown(run(action, bare(), said("greet"))) == effects
    if response:
        domain = bare(responses={response: "Well."})
        assert shown(run(action, domain, said("greet"))) == [("bot", "Well."), *effects]


class TestAffirmation:
    def test_it_offers_the_intent_below_the_fallback(self):
        ranking = (IntentScore(name="inform", confidence=0.2),)
        (event,) = run(
            "action_default_ask_affirmation", bare(), said("nlu_fallback", ranking=ranking)
        )
        assert isinstance(event, BotUttered)
        assert event.text == "Did you mean 'inform'?"
        assert event.data["buttons"] == [
            {"title": "Yes", "payload": "/inform"},
            {"title": "No", "payload": "/out_of_scope"},
        ]
        assert event.metadata["utter_action"] == "action_default_ask_affirmation"

    def test_it_offers_the_best_intent_otherwise(self):
        (event,) = run("action_default_ask_affirmation", bare(), said("greet"))
        assert event.text == "Did you mean 'greet'?"

    def test_it_needs_a_message(self):
        with pytest.raises(ActionError, match="no message"):
            run("action_default_ask_affirmation", bare())


class TestTwoStageFallback:
    DOMAIN = bare(responses={"utter_ask_rephrase": "Again?", "utter_default": "Sorry."})
    MEANT = "Did you mean 'greet'?"
    UNCLEAR = said("nlu_fallback", ranking=(IntentScore(name="greet", confidence=0.2),))
    NO = said("out_of_scope")
    LISTEN = ActionExecuted(name="action_listen")
    ACTIVE = (
        ActionExecuted(name="action_two_stage_fallback"),
        ActiveLoop(name="action_two_stage_fallback"),
        LISTEN,
    )
    AGAIN = (ActionExecuted(name="action_two_stage_fallback"), LISTEN)

    def play(self, *events):
        return shown(run("action_two_stage_fallback", self.DOMAIN, *events))

    def test_first_it_asks_whether_the_guess_is_right(self):
        assert self.play(self.UNCLEAR) == [
            ("loop", "action_two_stage_fallback"),
            ("bot", self.MEANT),
        ]

    def test_then_it_asks_for_other_words(self):
        assert self.play(self.UNCLEAR, *self.ACTIVE, self.NO) == [("bot", "Again?")]

    def test_then_it_asks_about_the_second_guess(self):
        history = (self.UNCLEAR, *self.ACTIVE, self.NO, *self.AGAIN)
        assert self.play(*history, self.UNCLEAR) == [("bot", self.MEANT)]

    def test_then_it_gives_up(self):
        history = (self.UNCLEAR, *self.ACTIVE, self.NO, *self.AGAIN, self.UNCLEAR, *self.AGAIN)
        assert self.play(*history, self.NO) == [("loop", None), ("bot", "Sorry."), REWIND]

    def test_two_unclear_messages_in_a_row_end_it(self):
        assert self.play(self.UNCLEAR, *self.ACTIVE, self.UNCLEAR) == [
            ("loop", None),
            ("bot", "Sorry."),
            REWIND,
        ]

    def test_a_clear_message_goes_on_as_if_nothing_had_happened(self):
        events = run(
            "action_two_stage_fallback",
            self.DOMAIN,
            self.UNCLEAR,
            *self.ACTIVE,
            said("greet", text="/greet"),
        )
        assert shown(events) == [
            ("loop", None),
            REWIND,
            ("action", "action_listen"),
            ("user", "/greet"),
        ]
        assert events[-1].understanding.intent.confidence == 1.0


class TestRevertFallbackEvents:
    ASKED = (
        said("nlu_fallback", text="blah"),
        ActionExecuted(name="action_default_ask_affirmation"),
        ActionExecuted(name="action_listen"),
    )

    def after(self, *events):
        domain = bare()
        new = run("action_revert_fallback_events", domain, *events)
        tracker = tracker_of(domain, *events).extend(new)
        users = [e.text for e in tracker.counted_events() if isinstance(e, UserUttered)]
        return users, tracker.latest_action

    def test_an_affirmed_guess_stands_for_the_message(self):
        assert self.after(*self.ASKED, said("greet", text="/greet")) == (
            ["/greet"],
            "action_listen",
        )

    def test_other_words_stand_for_the_message(self):
        rephrase = (
            said("out_of_scope", text="no"),
            ActionExecuted(name="action_default_ask_rephrase"),
            ActionExecuted(name="action_listen"),
        )
        assert self.after(*self.ASKED, *rephrase, said("greet", text="hello")) == (
            ["hello"],
            "action_listen",
        )

    def test_without_a_detour_nothing_is_taken_back(self):
        assert self.after(said("greet", text="hi"))[0] == ["hi"]


class Look(Action):
    name = "action_look"

    def run(self, ctx):
        ctx.say("I look.")
        ctx.set_slot("seen", "a cat")
        ctx.follow_up("action_listen")


class Broken(Action):
    name = "action_look"

    def run(self, ctx):
        raise RuntimeError("no eyes")


class TestExtraction:
    DOMAIN = bare(
        slots=[
            slot("seen", mapping("custom", action="action_look")),
            slot("note", mapping("from_text")),
        ]
    )

    def test_custom_actions_fill_slots_and_speak_but_steer_nothing(self):
        events = run("action_extract_slots", self.DOMAIN, said("inform"), own=[Look()])
        assert shown(events) == [
            ("bot", "I look."),
            ("slot", "seen", "a cat"),
            ("slot", "note", "words"),
        ]

    def test_a_custom_action_that_fails_is_logged_and_the_others_go_on(self, caplog):
        events = run("action_extract_slots", self.DOMAIN, said("inform"), own=[Broken()])
        assert shown(events) == [("slot", "note", "words")]
        assert "no eyes" in caplog.text

    def test_slots_are_shown_to_the_validation_action_and_none_means_refused(self):
        class Check(Action):
            name = "action_validate_slot_mappings"

            def run(self, ctx):
                assert ctx.tracker.slots["note"] == "words"
                ctx.set_slot("note", None)

        events = run("action_extract_slots", self.DOMAIN, said("inform"), own=[Look(), Check()])
        assert shown(events) == [
            ("bot", "I look."),
            ("slot", "note", None),
            ("slot", "seen", "a cat"),
        ]
