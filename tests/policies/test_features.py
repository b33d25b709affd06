from dataclasses import replace

import pytest

from framework.conversation.events import ActiveLoop, SlotSet
from framework.conversation.stories import story_events
from framework.conversation.tracker import Tracker
from framework.policies.features import decisions, find_hidden
from framework.policies.views import Hidden, View
from framework.project.schema.domain import EntityType, Intent
from tests.conversation.talking import LISTEN, act, entity, make_domain, user
from tests.policies.stories import does, loop, replies, rule, says, story, types, was_set

DOMAIN = make_domain()


def now(*events, domain=DOMAIN, **options):
    tracker = Tracker.replay("ada", domain, events)
    return View(domain, sees_rejection=True).states(tracker, **options)[-1]


def test_a_state_shows_message_action_slots_and_form():
    seen = now(
        SlotSet(name="size", value="small"),
        ActiveLoop(name="travel_form"),
        LISTEN,
        user("inform", entity("city", role="to"), text="to Rome"),
    )
    assert seen.intent == "inform"
    assert seen.text is None
    assert seen.entities == ("city", "city#to")
    assert dict(seen.slots) == {"size": (1.0, 0.0, 0.0), "people": (1.0, 0.2)}
    assert (seen.previous_action, seen.loop) == ("action_listen", "travel_form")


@pytest.mark.parametrize(
    ("intent", "seen"),
    [
        (Intent(name="inform"), ("city", "city#to", "person")),
        (Intent(name="inform", use_entities=()), ()),
        (Intent(name="inform", use_entities=("city",)), ("city", "city#to")),
        (Intent(name="inform", ignore_entities=("city",)), ("person",)),
        (
            Intent(name="inform", use_entities=("city", "person"), ignore_entities=("person",)),
            ("city", "city#to"),
        ),
    ],
)
def test_an_intent_says_which_entities_are_seen(intent, seen):
    domain = replace(DOMAIN, intents={"inform": intent})
    message = user("inform", entity("city", role="to"), entity("person"), entity("unknown"))
    assert now(LISTEN, message, domain=domain).entities == seen


def test_an_entity_without_influence_is_not_seen():
    silent = EntityType(name="city", roles=("to",), influence_conversation=False)
    domain = replace(DOMAIN, entities={**DOMAIN.entities, "city": silent})
    assert now(LISTEN, user("inform", entity("city", role="to")), domain=domain).entities == ()


def test_an_unanswered_message_can_be_seen_as_text():
    message = user("greet", entity("city"), text="hello")
    seen = now(LISTEN, message, use_text=True)
    assert (seen.intent, seen.text, seen.entities) == (None, "hello", ())
    assert now(LISTEN, message, act("a"), use_text=True).intent == "greet"
    assert now(LISTEN, user(None, text="hello")).text is None


def test_history_counts_states_not_events():
    tracker = Tracker.replay("ada", DOMAIN, [LISTEN, user("greet"), act("a"), LISTEN, user("ask")])
    names = [state.previous_action for state in View(DOMAIN).states(tracker, max_history=2)]
    assert names == ["a", "action_listen"]


def test_what_only_rules_use_is_hidden_and_so_are_their_turns():
    hidden = Hidden(slots=frozenset({"sure"}), loops=frozenset({"pay_form"}))
    events = [
        LISTEN,
        user("greet"),
        act("utter_hi"),
        SlotSet(name="sure", value=True),
        LISTEN,
        user("ask"),
        act("utter_rule", hide_rule_turn=True),
        ActiveLoop(name="pay_form"),
        act("action_listen", hide_rule_turn=True),
        user("inform"),
    ]
    seen = View(DOMAIN, hidden=hidden).states(Tracker.replay("ada", DOMAIN, events))
    assert [(s.previous_action, s.intent, s.loop) for s in seen] == [
        (None, None, None),
        ("action_listen", "greet", None),
        ("utter_hi", "greet", None),
        ("action_listen", "inform", None),
    ]
    assert all("sure" not in dict(state.slots) for state in seen)


def test_which_slots_a_message_has_set_is_seen_where_asked_for():
    hidden = Hidden(slots=frozenset({"sure"}))
    events = [
        SlotSet(name="city", value="Rome"),
        LISTEN,
        user("inform"),
        SlotSet(name="city", value="Oslo"),
        SlotSet(name="sure", value=True),
        SlotSet(name="size", value=None),
        SlotSet(name="note", value="not seen"),
        act("utter_hi"),
        SlotSet(name="people", value=3),
    ]
    tracker = Tracker.replay("ada", DOMAIN, events)
    seen = View(DOMAIN, hidden=hidden, sees_setting=True).states(tracker)
    assert [state.newly_set for state in seen] == [(), ("city",), ()]
    assert all(not state.newly_set for state in View(DOMAIN).states(tracker))


def test_an_unlikely_intent_leaves_no_trace_in_what_learned_policies_see():
    events = [LISTEN, user("greet"), act("action_unlikely_intent")]
    seen = View(DOMAIN, hidden=Hidden()).states(Tracker.replay("ada", DOMAIN, events))
    assert seen[-1].previous_action == "action_listen"


def events_of(dialogue):
    return [getattr(event, "name", "user") for event in story_events(dialogue, DOMAIN)]


def test_stories_listen_before_messages_and_at_the_end_and_fill_slots():
    told = story("s", says("greet", "city"), does("a"), says("ask"), replies("Hello."))
    assert events_of(told) == [
        "action_listen",
        "user",
        "city",
        "a",
        "action_listen",
        "user",
        None,
        "action_listen",
    ]


def test_rules_begin_and_end_in_the_midst_of_a_conversation():
    told = rule("r", says("greet"), does("a"), conditions=(loop(None),), wait_for_user_input=False)
    assert events_of(told) == [
        "should_not_be_set",
        "...",
        "action_listen",
        "user",
        "a",
        "...",
        "action_listen",
    ]


def test_a_bare_slot_is_filled_for_text_and_list_and_empty_for_others():
    told = story("s", was_set("city", "tags", "sure"), does("a"))
    values = [event.value for event in story_events(told, DOMAIN) if isinstance(event, SlotSet)]
    assert values == ["filled", ["filled"], None]


def test_decisions_are_what_is_done_in_which_state_each_once():
    told = story("s", says("greet"), does("a"))
    found = list(decisions([told, told], DOMAIN))
    assert [(len(d.history), d.action) for d in found] == [
        (1, "action_listen"),
        (2, "a"),
        (3, "action_listen"),
    ]
    assert len(list(decisions([told, told], DOMAIN, keep_repeated=True))) == 6


def test_an_action_that_a_story_begins_with_can_not_be_learned():
    told = story("s", does("a"), says("greet"), does("b"))
    assert [d.action for d in decisions([told], DOMAIN)] == ["action_listen", "b", "action_listen"]


def test_end_to_end_steps_are_seen_as_text():
    told = story("s", types("hello"), replies("Hi!"))
    found = list(decisions([told], DOMAIN))
    assert found[1].history[-1].text == "hello"
    assert (found[1].action, found[1].is_text) == ("Hi!", True)
    assert found[2].history[-1].previous_is_text


def test_where_something_else_answers_in_a_form_the_form_has_declined():
    told = story(
        "s", says("inform"), does("travel_form"), loop("travel_form"), says("ask"), does("utter_a")
    )
    last = [d for d in decisions([told], DOMAIN) if d.action == "utter_a"]
    assert last[0].history[-1].loop_rejected


def test_slots_and_forms_that_stories_never_speak_of_are_found():
    told = story("s", says("greet"), was_set(city="x"), does("a"))
    ruled = rule(
        "r",
        says("ask"),
        does("b"),
        conditions=(was_set(city="x", sure=True), loop("pay_form")),
    )
    found = find_hidden([told, ruled], DOMAIN)
    assert found == Hidden(slots=frozenset({"sure"}), loops=frozenset({"pay_form"}))
