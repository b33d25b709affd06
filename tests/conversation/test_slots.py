import pytest

from framework.conversation.events import (
    ActionExecuted,
    ActionExecutionRejected,
    SlotSet,
)
from framework.conversation.slots import AskAction, extract, fill
from tests.bots import form, in_form, make_domain, mapping, said, slot, tracker_of


def filled(domain, *events):
    return {event.name: event.value for event in fill(tracker_of(domain, *events), domain)}


def trip_domain(*slots, forms=(), intents=("inform", "affirm", "deny", "book", "chitchat")):
    return make_domain(intents=intents, entities=("city", "drink"), slots=slots, forms=forms)


def test_an_entity_fills_its_slot():
    domain = trip_domain(slot("city", mapping("from_entity", entity="city")))
    assert filled(domain, said("inform", ("city", "Rome"))) == {"city": "Rome"}


def test_a_message_without_the_entity_fills_nothing():
    domain = trip_domain(slot("city", mapping("from_entity", entity="city")))
    assert filled(domain, said("inform", ("drink", "tea"))) == {}


def test_the_last_of_several_values_fills_a_slot_and_all_of_them_a_list():
    domain = trip_domain(
        slot("city", mapping("from_entity", entity="city")),
        slot("cities", mapping("from_entity", entity="city"), type="list"),
    )
    message = said("inform", ("city", "Rome"), ("city", "Oslo"))
    assert filled(domain, message) == {"city": "Oslo", "cities": ["Rome", "Oslo"]}


@pytest.mark.parametrize(
    ("wanted", "entity", "fits"),
    [
        ({}, ("city", "Rome"), True),
        ({"role": "to"}, ("city", "Rome", "to"), True),
        ({"role": "to"}, ("city", "Rome", "from"), False),
        ({"role": "to"}, ("city", "Rome"), False),
        ({}, ("city", "Rome", "to"), False),
        ({"group": "1"}, ("city", "Rome", None, "1"), True),
        ({}, ("city", "Rome", None, "1"), False),
    ],
)
def test_role_and_group_must_match_exactly(wanted, entity, fits):
    domain = trip_domain(slot("city", mapping("from_entity", entity="city", **wanted)))
    assert filled(domain, said("inform", entity)) == ({"city": "Rome"} if fits else {})


@pytest.mark.parametrize(
    ("options", "intent", "fits"),
    [
        ({"intents": ("inform",)}, "inform", True),
        ({"intents": ("inform", "book")}, "book", True),
        ({"intents": ("inform",)}, "book", False),
        ({"not_intents": ("chitchat",)}, "chitchat", False),
        ({"not_intents": ("chitchat",)}, "inform", True),
    ],
)
def test_intents_restrict_a_mapping(options, intent, fits):
    domain = trip_domain(slot("note", mapping("from_text", **options)))
    assert filled(domain, said(intent, text="hm")) == ({"note": "hm"} if fits else {})


def test_an_intent_fills_a_slot_with_any_value_false_included():
    domain = trip_domain(
        slot("agreed", mapping("from_intent", intents=("deny",), value=False), type="bool"),
        slot("asked", mapping("from_intent", intents=("deny",), value="no")),
    )
    assert filled(domain, said("deny")) == {"agreed": False, "asked": "no"}


def test_the_first_mapping_that_yields_a_value_wins():
    domain = trip_domain(
        slot(
            "city",
            mapping("from_entity", entity="city", role="to"),
            mapping("from_entity", entity="city"),
            mapping("from_text"),
        )
    )
    assert filled(domain, said("inform", ("city", "Rome"), text="Rome!")) == {"city": "Rome"}
    assert filled(domain, said("inform", text="somewhere")) == {"city": "somewhere"}


def test_slots_are_filled_in_the_order_of_the_domain():
    domain = trip_domain(*(slot(name, mapping("from_text")) for name in ("z", "a", "m")))
    found = fill(tracker_of(domain, said("inform")), domain)
    assert [event.name for event in found] == ["z", "a", "m"]


def test_a_mapping_to_an_unknown_entity_or_intent_is_skipped():
    domain = trip_domain(
        slot("planet", mapping("from_entity", entity="planet")),
        slot("mood", mapping("from_intent", intents=("sulk", "inform"), value="bad")),
    )
    assert filled(domain, said("inform", ("planet", "Mars"))) == {}


def test_a_null_entity_empties_a_slot_that_is_set_and_leaves_an_empty_one_alone():
    domain = trip_domain(slot("city", mapping("from_entity", entity="city")))
    assert filled(domain, said("inform", ("city", None))) == {}
    assert filled(domain, SlotSet(name="city", value="Rome"), said("inform", ("city", None))) == {
        "city": None
    }


class TestConditions:
    ASKED = ({"active_loop": "trip_form", "requested_slot": "note"},)

    def domain(self, *conditions):
        return trip_domain(
            slot("note", mapping("from_text", conditions=conditions)),
            slot("city", mapping("from_entity", entity="city")),
            forms=[form("trip_form", "city", "note"), form("other_form", "city")],
        )

    def test_a_loop_condition_holds_in_that_form_only(self):
        domain = self.domain({"active_loop": "trip_form"})
        assert filled(domain, said("inform")) == {}
        assert filled(domain, *in_form("other_form"), said("inform")) == {}
        assert filled(domain, *in_form("trip_form", "city"), said("inform")) == {"note": "words"}

    def test_a_null_loop_condition_holds_outside_of_forms_only(self):
        domain = self.domain({"active_loop": None})
        assert filled(domain, said("inform")) == {"note": "words"}
        assert filled(domain, *in_form("trip_form", "note"), said("inform")) == {}

    def test_a_requested_slot_condition_holds_while_that_slot_is_asked_for(self):
        domain = self.domain(*self.ASKED)
        assert filled(domain, *in_form("trip_form", "city"), said("inform")) == {}
        assert filled(domain, *in_form("trip_form", "note"), said("inform")) == {"note": "words"}

    def test_one_of_several_conditions_is_enough(self):
        domain = self.domain({"active_loop": "other_form"}, {"active_loop": None})
        assert filled(domain, said("inform")) == {"note": "words"}
        assert filled(domain, *in_form("other_form", "city"), said("inform")) == {"note": "words"}

    def test_no_condition_holds_for_the_requested_slot_of_a_form_that_declined(self):
        domain = self.domain(*self.ASKED)
        declined = (said("chitchat"), ActionExecutionRejected(name="trip_form"), said("inform"))
        assert filled(domain, *in_form("trip_form", "note"), *declined) == {}
        again = ActionExecuted(name="trip_form")
        assert filled(domain, *in_form("trip_form", "note"), *declined, again, said("inform"))


class TestIgnoredIntents:
    def domain(self, **options):
        return trip_domain(
            slot("note", mapping("from_text", **options)),
            forms=[form("trip_form", "note", ignored=("chitchat",)), form("other_form", "note")],
        )

    def test_they_fill_nothing_while_their_form_is_active(self):
        domain = self.domain()
        assert filled(domain, *in_form("trip_form", "note"), said("chitchat")) == {}
        assert filled(domain, *in_form("other_form", "note"), said("chitchat"))
        assert filled(domain, said("chitchat"))

    def test_they_concern_mappings_with_a_condition_for_that_form(self):
        domain = self.domain(conditions=[{"active_loop": "trip_form"}])
        assert filled(domain, *in_form("trip_form", "note"), said("chitchat")) == {}

    def test_an_intent_that_a_mapping_names_is_not_ignored(self):
        domain = self.domain(intents=("chitchat",))
        assert filled(domain, *in_form("trip_form", "note"), said("chitchat")) == {"note": "words"}


class TestTriggerIntent:
    def domain(self, *conditions):
        trigger = mapping(
            "from_trigger_intent", intents=("book",), value="yes", conditions=conditions
        )
        return trip_domain(
            slot("wanted", trigger), forms=[form("trip_form", "wanted"), form("other_form")]
        )

    def test_it_fills_once_a_form_is_active(self):
        assert filled(self.domain(), said("book")) == {}
        assert filled(self.domain(), *in_form("trip_form"), said("book")) == {"wanted": "yes"}

    def test_its_condition_names_the_form(self):
        domain = self.domain({"active_loop": "trip_form"})
        assert filled(domain, *in_form("trip_form"), said("book")) == {"wanted": "yes"}
        assert filled(domain, *in_form("other_form"), said("book")) == {}


class TestUniqueness:
    FORM = form("trip_form", "start", "end")

    def domain(self, **options):
        return trip_domain(
            slot(
                "start",
                mapping("from_entity", entity="city", role="from"),
                mapping("from_entity", entity="city"),
            ),
            slot(
                "end",
                mapping("from_entity", entity="city", role="to"),
                mapping("from_entity", entity="city"),
            ),
            forms=[self.FORM, form("other_form", "note")],
        )

    def test_an_entity_that_could_fill_several_slots_fills_the_requested_one(self):
        message = said("inform", ("city", "Rome"))
        assert filled(self.domain(), *in_form("trip_form", "end"), message) == {"end": "Rome"}

    def test_a_mapping_that_occurs_once_fills_a_slot_that_is_not_requested(self):
        message = said("inform", ("city", "Rome", "to"))
        assert filled(self.domain(), *in_form("trip_form", "start"), message) == {"end": "Rome"}

    def test_outside_of_the_form_all_of_them_are_filled(self):
        message = said("inform", ("city", "Rome"))
        both = {"start": "Rome", "end": "Rome"}
        assert filled(self.domain(), message) == both
        assert filled(self.domain(), *in_form("other_form", "note"), message) == both


class TestCustomMappings:
    def test_its_action_is_asked_for_where_the_slot_stands_in_the_domain(self):
        domain = trip_domain(
            slot("a", mapping("from_text")),
            slot("b", mapping("custom", action="action_look")),
            slot("c", mapping("from_text")),
        )
        found = extract(tracker_of(domain, said("inform")), domain)
        assert found[1] == AskAction(action="action_look")
        assert [event.name for event in (found[0], found[2])] == ["a", "c"]

    def test_an_action_for_several_slots_is_asked_for_once(self):
        look = mapping("custom", action="action_look")
        domain = trip_domain(slot("a", look), slot("b", look))
        assert extract(tracker_of(domain, said("inform")), domain) == (
            AskAction(action="action_look"),
        )

    def test_without_an_action_nothing_happens(self):
        domain = trip_domain(slot("a", mapping("custom")))
        assert extract(tracker_of(domain, said("inform")), domain) == ()

    def test_a_later_mapping_still_applies(self):
        domain = trip_domain(slot("a", mapping("custom", action="action_x"), mapping("from_text")))
        found = extract(tracker_of(domain, said("inform")), domain)
        assert found == (AskAction(action="action_x"), SlotSet(name="a", value="words"))

    def test_its_conditions_count(self):
        asked = mapping("custom", action="action_x", conditions=[{"active_loop": "trip_form"}])
        domain = trip_domain(slot("a", asked), forms=[form("trip_form", "a")])
        assert extract(tracker_of(domain, said("inform")), domain) == ()
        assert extract(tracker_of(domain, *in_form("trip_form", "a"), said("inform")), domain)
