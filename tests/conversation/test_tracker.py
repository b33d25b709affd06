import time

import pytest

from framework.conversation.events import (
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    ConversationPaused,
    ConversationResumed,
    EntitiesAdded,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserFeaturization,
    UserUtteranceReverted,
)
from framework.conversation.tracker import Tracker
from tests.conversation.talking import LISTEN, act, entity, make_domain, user

DOMAIN = make_domain()


def tracker(*events):
    return Tracker.replay("ada", DOMAIN, events)


def counted(*events):
    return tracker(*events).counted_events()


def test_a_new_conversation_has_initial_slots_and_listens_first():
    fresh = Tracker.start("ada", DOMAIN)
    assert fresh.slots["people"] == 2.0
    assert fresh.slots["city"] is None
    assert fresh.followup_action == "action_listen"
    assert fresh.is_empty
    assert fresh.latest_message is None
    assert fresh.last_user_timestamp is None


def test_earlier_trackers_stay_as_they_were_when_two_futures_part():
    before = tracker(LISTEN, user("greet"))
    first = before.apply(SlotSet(name="city", value="Rome"))
    second = before.apply(SlotSet(name="city", value="Paris")).apply(act("utter_a"))
    assert before.slots["city"] is None
    assert first.slots["city"] == "Rome"
    assert second.slots["city"] == "Paris"
    assert [len(one.events) for one in (before, first, second)] == [2, 3, 4]
    assert first.events[-1] == SlotSet(name="city", value="Rome")


def test_a_list_slot_wraps_a_single_value_and_an_unknown_slot_is_ignored():
    after = tracker(SlotSet(name="tags", value="a"), SlotSet(name="nonsense", value=1))
    assert after.slots["tags"] == ["a"]
    assert "nonsense" not in after.slots
    assert tracker(SlotSet(name="tags", value=[])).slots["tags"] == []


def test_a_message_or_an_action_ends_the_wish_for_a_followup():
    assert tracker(FollowupAction(name="a")).followup_action == "a"
    assert tracker(FollowupAction(name="a"), act("b")).followup_action is None
    assert tracker(FollowupAction(name="a"), user("greet")).followup_action is None


def test_pausing_lasts_until_resumed_or_restarted():
    assert tracker(ConversationPaused()).paused
    assert not tracker(ConversationPaused(), ConversationResumed()).paused
    assert not tracker(ConversationPaused(), Restarted()).paused


def test_resetting_slots_gives_initial_values_and_keeps_the_rest():
    after = tracker(
        LISTEN,
        user("greet"),
        SlotSet(name="people", value=5),
        ActiveLoop(name="pay_form"),
        AllSlotsReset(),
    )
    assert after.slots["people"] == 2.0
    assert after.active_loop.name == "pay_form"


@pytest.mark.parametrize(
    ("event", "followup"),
    [(Restarted(), "action_session_start"), (SessionStarted(), "action_listen")],
)
def test_starting_over_forgets_everything_but_the_log(event, followup):
    after = tracker(
        LISTEN,
        user("greet"),
        SlotSet(name="city", value="Rome"),
        ActiveLoop(name="pay_form"),
        event,
    )
    assert after.slots["city"] is None
    assert after.active_loop is None
    assert after.latest_message is None
    assert after.latest_action is None
    assert after.followup_action == followup
    assert after.is_empty
    assert len(after.events) == 5


def test_undo_takes_back_the_last_action_and_what_it_did():
    after = tracker(
        LISTEN, user("greet"), act("a"), SlotSet(name="city", value="Rome"), ActionReverted()
    )
    assert after.slots["city"] is None
    assert after.latest_action == "action_listen"
    assert after.counted_events() == (LISTEN, user("greet"))


def test_rewind_takes_back_the_last_message_and_the_listening_before_it():
    first = (LISTEN, user("greet"), act("a"))
    after = tracker(
        *first, LISTEN, user("ask"), SlotSet(name="city", value="Rome"), UserUtteranceReverted()
    )
    assert after.counted_events() == first
    assert after.slots["city"] is None
    assert after.latest_message == user("greet")
    assert after.latest_action == "a"


def test_taking_back_more_than_there_is_leaves_a_new_conversation():
    for event in (ActionReverted(), UserUtteranceReverted()):
        assert tracker(SlotSet(name="city", value="Rome"), event).is_empty
        assert tracker(event).slots["people"] == 2.0


def test_a_form_remembers_what_triggered_it_whether_it_declined_and_was_interrupted():
    active = tracker(LISTEN, user("greet"), act("travel_form"), ActiveLoop(name="travel_form"))
    assert active.active_loop.trigger_message == user("greet")
    declined = active.extend(
        [LISTEN, user("ask"), ActionExecutionRejected(name="travel_form"), act("utter_faq")]
    )
    assert declined.active_loop.rejected
    interrupted = declined.apply(LoopInterrupted(is_interrupted=True))
    assert interrupted.active_loop.is_interrupted
    again = interrupted.apply(act("travel_form"))
    assert not again.active_loop.rejected
    assert not again.active_loop.is_interrupted
    assert again.apply(ActiveLoop(name=None)).active_loop is None
    other = active.apply(ActionExecutionRejected(name="utter_faq"))
    assert not other.active_loop.rejected


def test_runs_of_a_form_on_its_happy_path_count_as_one_and_keep_their_slots():
    start = (LISTEN, user("greet"), act("travel_form"), ActiveLoop(name="travel_form"))
    happy = (LISTEN, user("inform"), SlotSet(name="city", value="Rome"), act("travel_form"))
    assert counted(*start, *happy) == (*start, SlotSet(name="city", value="Rome"))
    assert counted(*start, *happy, *happy, LISTEN) == (
        *start,
        SlotSet(name="city", value="Rome"),
        SlotSet(name="city", value="Rome"),
        LISTEN,
    )


@pytest.mark.parametrize(
    "unhappy",
    [
        (LISTEN, user("ask"), act("utter_faq")),
        (LISTEN, user("ask"), ActionExecutionRejected(name="travel_form"), act("utter_faq")),
        (LISTEN, user("ask"), ActionExecutionRejected(name="travel_form")),
        (ActiveLoop(name=None),),
    ],
)
def test_a_run_of_a_form_after_something_else_counts_anew(unhappy):
    start = (LISTEN, user("greet"), act("travel_form"), ActiveLoop(name="travel_form"))
    events = (*start, *unhappy, act("travel_form"))
    assert counted(*events) == events


def test_runs_before_a_form_first_became_active_count_as_runs_of_a_form():
    events = (LISTEN, user("greet"), act("pay_form"), LISTEN, user("inform"), act("pay_form"))
    assert counted(*events) == events
    active = ActiveLoop(name="pay_form")
    assert counted(*events, active) == (LISTEN, user("greet"), act("pay_form"), active)


def test_entities_and_featurization_belong_to_an_unanswered_message_only():
    added = EntitiesAdded(entities=(entity("city"),))
    after = tracker(LISTEN, user("greet", text="hi"), added, added)
    assert after.latest_message.understanding.entities == (entity("city"),)
    assert tracker(LISTEN, user("greet"), act("a"), added).latest_message == user("greet")
    seen = tracker(LISTEN, user("greet", text="hi"), UserFeaturization(use_text=True))
    assert seen.latest_message.use_text
    late = tracker(LISTEN, user("greet"), act("a"), UserFeaturization(use_text=True))
    assert late.latest_message.use_text is None


def test_the_session_begins_after_the_last_restart_and_the_channel_is_the_latest():
    events = [user("greet", input_channel="rest"), Restarted(), user("ask", input_channel="slack")]
    assert tracker(*events).session_events() == tuple(events[2:])
    assert tracker(*events).session_events(most=1) == tuple(events[-1:])
    assert tracker(*events).session_events(most=9) == tuple(events[2:])
    assert tracker(*events).latest_input_channel == "slack"


def test_snapshots_have_the_shape_that_action_servers_know():
    events = [
        LISTEN,
        user("greet", text="hi", timestamp=3.0),
        act("travel_form"),
        ActiveLoop(name="travel_form", timestamp=4.0),
    ]
    shot = tracker(*events).snapshot_json(events="all")
    assert list(shot) == [
        "sender_id",
        "slots",
        "latest_message",
        "latest_event_time",
        "followup_action",
        "paused",
        "events",
        "latest_input_channel",
        "active_loop",
        "latest_action",
        "latest_action_name",
    ]
    assert shot["latest_action"] == {"action_name": "travel_form"}
    assert shot["latest_event_time"] == 4.0
    assert shot["active_loop"]["name"] == "travel_form"
    assert shot["active_loop"]["trigger_message"]["intent"]["name"] == "greet"
    assert [event["event"] for event in shot["events"]] == [
        "action",
        "user",
        "action",
        "active_loop",
    ]
    assert tracker().snapshot_json()["latest_message"]["intent"] == {}
    assert tracker().snapshot_json()["events"] is None
    assert tracker().snapshot_json()["latest_action"] == {}
    assert tracker(act("a"), Restarted()).snapshot_json(events="applied")["events"] == []


def test_a_turn_costs_the_same_late_in_a_conversation():
    turn = (LISTEN, user("inform"), SlotSet(name="city", value="Rome"), act("travel_form"))
    late = tracker(act("travel_form"), ActiveLoop(name="travel_form"), *turn * 3000)
    begun = time.perf_counter()
    for _ in range(100):
        late = late.extend(turn)
    seconds_for_100_turns = time.perf_counter() - begun
    assert seconds_for_100_turns < 1.0  # replaying would take minutes
    assert len(late.counted_events()) == 2 + 3100


def test_trackers_are_equal_when_conversation_and_events_are():
    assert tracker(LISTEN) == tracker(LISTEN)
    assert tracker(LISTEN) != tracker(act("a"))
    assert tracker(LISTEN) != Tracker.replay("bob", DOMAIN, [LISTEN])
    assert tracker(LISTEN, act("a")).events[:1] == (LISTEN,)
    with pytest.raises(IndexError):
        tracker(LISTEN).events[1]
