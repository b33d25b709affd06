import pytest

from framework.actions.base import Action
from framework.actions.validation import FormValidation
from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    LoopInterrupted,
    SlotSet,
)
from framework.errors import ActionRejected
from tests.bots import form, in_form, make_domain, mapping, run, said, shown, slot

ASK = {"utter_ask_city": "Where?", "utter_ask_people": "How many?"}


def booking(*, responses=None, slots=(), required=("city", "people"), actions=()):
    return make_domain(
        intents=("book", "inform", "chat"),
        entities=("city", "number"),
        slots=[
            slot("city", mapping("from_entity", entity="city")),
            slot("people", mapping("from_entity", entity="number"), type="float"),
            *slots,
        ],
        forms=[form("booking", *required), form("other", "city")],
        responses=ASK if responses is None else responses,
        actions=actions,
    )


class Validate(FormValidation):
    name = "validate_booking"

    def validate_people(self, value, ctx):
        if value > 9:
            ctx.say("That is too many.")
            return None
        return int(value)


class TestActivation:
    def test_it_asks_for_the_first_empty_slot(self):
        assert shown(run("booking", booking(), said("book"))) == [
            ("loop", "booking"),
            ("slot", "requested_slot", "city"),
            ("bot", "Where?"),
        ]

    def test_what_the_message_fills_is_not_asked_for(self):
        message = said("book", ("city", "Rome"))
        events = run("booking", booking(), message, SlotSet(name="city", value="Rome"))
        assert shown(events) == [
            ("loop", "booking"),
            ("slot", "city", "Rome"),
            ("slot", "requested_slot", "people"),
            ("bot", "How many?"),
        ]

    def test_slots_are_extracted_anew_now_that_the_form_is_active(self):
        triggered = mapping(
            "from_trigger_intent",
            intents=("book",),
            value="yes",
            conditions=[{"active_loop": "booking"}],
        )
        domain = booking(slots=[slot("wanted", triggered)], required=("wanted", "city"))
        assert shown(run("booking", domain, said("book")))[:2] == [
            ("loop", "booking"),
            ("slot", "wanted", "yes"),
        ]

    def test_slots_filled_long_before_are_validated(self):
        events = run(
            "booking", booking(), SlotSet(name="people", value=12.0), said("book"), own=[Validate()]
        )
        assert shown(events) == [
            ("loop", "booking"),
            ("bot", "That is too many."),
            ("slot", "people", None),
            ("slot", "requested_slot", "city"),
            ("bot", "Where?"),
        ]

    def test_a_form_that_needs_nothing_more_ends_at_once(self):
        filled = [SlotSet(name="city", value="Rome"), SlotSet(name="people", value=2.0)]
        assert shown(run("booking", booking(), *filled, said("book"))) == [
            ("loop", "booking"),
            ("slot", "requested_slot", None),
            ("loop", None),
        ]

    def test_the_slot_that_another_form_asked_for_is_no_concern_of_it(self):
        events = run("booking", booking(), *in_form("other", "city"), said("book"))
        assert shown(events) == [
            ("loop", "booking"),
            ("slot", "requested_slot", "city"),
            ("bot", "Where?"),
        ]


class TestAnswers:
    def answer(self, *found, domain=None, own=(), requested="city", before=()):
        message = said("inform", *((e, v) for e, v in found))
        slots = {"city": "city", "number": "people"}
        filled = [SlotSet(name=slots[e], value=v) for e, v in found]
        return run(
            "booking",
            domain or booking(),
            *before,
            *in_form("booking", requested),
            message,
            *filled,
            own=own,
        )

    def test_an_answer_leads_to_the_next_question(self):
        assert shown(self.answer(("city", "Rome"))) == [
            ("slot", "requested_slot", "people"),
            ("bot", "How many?"),
        ]

    def test_the_last_answer_ends_the_form(self):
        before = [SlotSet(name="city", value="Rome")]
        events = self.answer(("number", 2.0), requested="people", before=before)
        assert shown(events) == [("slot", "requested_slot", None), ("loop", None)]

    def test_a_message_that_fills_nothing_is_declined(self):
        with pytest.raises(ActionRejected, match="asks for 'city'"):
            self.answer()

    def test_another_slot_of_the_form_is_an_answer_too(self):
        assert shown(self.answer(("number", 2.0))) == [
            ("slot", "requested_slot", "city"),
            ("bot", "Where?"),
        ]

    def test_validation_may_change_a_value(self):
        before = [SlotSet(name="city", value="Rome")]
        events = self.answer(("number", 2.0), requested="people", own=[Validate()], before=before)
        assert shown(events)[0] == ("slot", "people", 2)

    def test_validation_may_refuse_a_value_and_the_question_comes_again(self):
        before = [SlotSet(name="city", value="Rome")]
        events = self.answer(("number", 12.0), requested="people", own=[Validate()], before=before)
        assert shown(events) == [
            ("bot", "That is too many."),
            ("slot", "people", None),
            ("slot", "requested_slot", "people"),
            ("bot", "How many?"),
        ]

    def test_slots_set_before_the_message_are_no_answer(self):
        with pytest.raises(ActionRejected):
            self.answer(before=[SlotSet(name="people", value=2.0)])

    def test_after_an_unhappy_path_it_asks_again_without_validation(self):
        detour = [
            said("chat"),
            ActionExecutionRejected(name="booking"),
            ActionExecuted(name="utter_chat"),
        ]
        events = run("booking", booking(), *in_form("booking", "city"), *detour)
        assert shown(events) == [("slot", "requested_slot", "city"), ("bot", "Where?")]

    def test_an_interrupted_form_skips_validation_once(self):
        interrupted = [said("inform"), LoopInterrupted(is_interrupted=True)]
        events = run("booking", booking(), *in_form("booking", "city"), *interrupted)
        assert shown(events) == [("slot", "requested_slot", "city"), ("bot", "Where?")]


class Ask(Action):
    def __init__(self, name):
        self.name = name

    def run(self, ctx):
        ctx.say(f"{self.name} asks")


class TestQuestions:
    ORDER = (
        "action_ask_booking_city",
        "utter_ask_booking_city",
        "action_ask_city",
        "utter_ask_city",
    )

    @pytest.mark.parametrize("known", range(1, 5))
    def test_the_most_particular_question_is_asked(self, known):
        names = self.ORDER[-known:]
        responses = {name: f"{name} asks" for name in names if name.startswith("utter")}
        own = [Ask(name) for name in names if name.startswith("action")]
        events = run("booking", booking(responses=responses), said("book"), own=own)
        assert shown(events)[-1] == ("bot", f"{names[0]} asks")

    def test_without_a_question_the_form_waits_all_the_same(self):
        events = run("booking", booking(responses={}), said("book"))
        assert shown(events)[1:] == [("slot", "requested_slot", "city")]

    def test_a_question_sees_the_slots_filled_by_the_same_message(self):
        domain = booking(responses={"utter_ask_people": "How many to {city}?"})
        message = (said("book", ("city", "Rome")), SlotSet(name="city", value="Rome"))
        assert shown(run("booking", domain, *message))[-1] == ("bot", "How many to Rome?")


class TestDynamicForms:
    class Dynamic(FormValidation):
        name = "validate_booking"

        async def required_slots(self, ctx):
            extra = ["pet"] if ctx.slots["city"] == "Rome" else []
            return [*self.slots_in_domain(ctx), *extra]

    def domain(self):
        return booking(slots=[slot("pet", mapping("from_text"))])

    def test_validation_chooses_the_next_slot(self):
        before = [SlotSet(name="city", value="Rome"), *in_form("booking", "people")]
        message = (said("inform", ("number", 2.0)), SlotSet(name="people", value=2.0))
        events = run("booking", self.domain(), *before, *message, own=[self.Dynamic()])
        assert shown(events) == [("slot", "people", 2.0), ("slot", "requested_slot", "pet")]

    def test_a_slot_that_only_validation_asks_for_can_be_answered(self):
        before = [SlotSet(name="city", value="Rome"), SlotSet(name="people", value=2.0)]
        answer = (said("inform", text="a dog"), SlotSet(name="pet", value="a dog"))
        events = run(
            "booking",
            self.domain(),
            *before,
            *in_form("booking", "pet"),
            *answer,
            own=[self.Dynamic()],
        )
        assert shown(events) == [
            ("slot", "pet", "a dog"),
            ("slot", "requested_slot", None),
            ("slot", "requested_slot", None),
            ("loop", None),
        ]


class TestEndings:
    def validated_by(self, method):
        class Own(FormValidation):
            name = "validate_booking"
            validate_city = method

        message = (said("inform", ("city", "Rome")), SlotSet(name="city", value="Rome"))
        return run("booking", booking(), *in_form("booking", "city"), *message, own=[Own()])

    def test_validation_may_leave_the_form(self):
        def leave(self, value, ctx):
            ctx.deactivate_form()
            return value

        events = shown(self.validated_by(leave))
        assert events[-1] == ("loop", None)
        assert ("bot", "How many?") not in events

    def test_validation_may_decline_and_keep_the_slots(self):
        def decline(self, value, ctx):
            ctx.add(ActionExecutionRejected(name="booking"))
            return value

        events = self.validated_by(decline)
        assert shown(events) == ["ActionExecutionRejected", ("slot", "city", "Rome")]

    def test_the_default_action_leaves_any_form(self):
        events = run("action_deactivate_loop", booking(), *in_form("booking", "city"))
        assert shown(events) == [("loop", None), ("slot", "requested_slot", None)]


def test_an_action_of_the_same_name_replaces_the_form():
    events = run("booking", booking(actions=["booking"]), said("book"), own=[Ask("booking")])
    assert shown(events) == [("bot", "booking asks")]


def test_the_trackers_of_validation_end_with_the_candidates():
    seen = []

    class Look(Action):
        name = "validate_booking"

        def run(self, ctx):
            seen.append(shown(ctx.tracker.events)[-3:])

    message = (said("inform", ("city", "Rome")), SlotSet(name="city", value="Rome"))
    run("booking", booking(), *in_form("booking", "city"), *message, own=[Look()])
    assert seen == [
        [("slot", "requested_slot", "city"), ("action", "booking"), ("slot", "city", "Rome")]
    ]
