from hypothesis import example, given, settings
from hypothesis import strategies as st

from framework.conversation import events as kinds
from framework.conversation.tracker import Tracker
from framework.conversation.wire import event_from_json, event_to_json
from framework.policies.views import View
from tests.conversation.talking import act, entity, make_domain, user

DOMAIN = make_domain()
LOOPS = st.sampled_from(["travel_form", "pay_form"])
ACTIONS = st.sampled_from(["action_listen", "travel_form", "pay_form", "utter_a", "utter_b"])

EVENTS = st.one_of(
    st.builds(act, ACTIONS, hide_rule_turn=st.booleans()),
    st.builds(act, ACTIONS),
    st.builds(lambda text: kinds.ActionExecuted(name=None, action_text=text), st.just("Hello.")),
    st.builds(user, st.sampled_from(["greet", "inform", None]), text=st.sampled_from([None, "x"])),
    st.builds(lambda name: user("inform", entity(name)), st.sampled_from(["city", "person"])),
    st.builds(
        lambda name, value: kinds.SlotSet(name=name, value=value),
        st.sampled_from(["city", "sure", "size", "tags", "people", "note", "unknown"]),
        st.sampled_from([None, "a", True, 3, [], ["x"], {"k": 1}]),
    ),
    st.builds(lambda name: kinds.ActiveLoop(name=name), st.none() | LOOPS),
    st.builds(lambda name: kinds.ActionExecutionRejected(name=name), ACTIONS),
    st.builds(lambda value: kinds.LoopInterrupted(is_interrupted=value), st.booleans()),
    st.builds(lambda value: kinds.UserFeaturization(use_text=value), st.booleans()),
    st.builds(lambda name: kinds.FollowupAction(name=name), st.none() | ACTIONS),
    st.just(kinds.EntitiesAdded(entities=(entity("city"),))),
    st.sampled_from(
        [
            kinds.Restarted(),
            kinds.SessionStarted(),
            kinds.UserUtteranceReverted(),
            kinds.ActionReverted(),
            kinds.AllSlotsReset(),
            kinds.ConversationPaused(),
            kinds.ConversationResumed(),
            kinds.BotUttered(text="hi"),
            kinds.UnknownEvent(raw={"event": "x"}),
        ]
    ),
)


def naive_counted(events):
    """Which events count, worked out from the whole log at once."""
    loops = {event.name for event in events if isinstance(event, kinds.ActiveLoop) and event.name}
    counted = []
    for event in events:
        if isinstance(event, kinds.Restarted | kinds.SessionStarted):
            counted = []
        elif isinstance(event, kinds.ActionReverted):
            drop_until(counted, kinds.ActionExecuted)
        elif isinstance(event, kinds.UserUtteranceReverted):
            drop_until(counted, kinds.UserUttered)
            drop_until(counted, kinds.ActionExecuted)
        elif isinstance(event, kinds.ActionExecuted) and event.name in loops:
            place = naive_earlier_run(counted, event.name)
            if place is None:
                counted.append(event)
            else:
                dropped = (kinds.ActionExecuted, kinds.UserUttered, kinds.UserFeaturization)
                kept = [e for e in counted[place + 1 :] if not isinstance(e, dropped)]
                counted = [*counted[: place + 1], *kept]
        else:
            counted.append(event)
    return tuple(counted)


def drop_until(events, kind):
    while events and not isinstance(events.pop(), kind):
        pass


def naive_earlier_run(events, loop):
    following = None
    for place in reversed(range(len(events))):
        event = events[place]
        if isinstance(event, kinds.ActiveLoop) and event.name is None:
            return None
        if isinstance(event, kinds.ActionExecutionRejected) and event.name == loop:
            return None
        if isinstance(event, kinds.UserUttered) and following not in (None, loop):
            return None
        if isinstance(event, kinds.ActionExecuted):
            if event.name == loop:
                return place
            following = event.name
    return None


@settings(max_examples=120, deadline=None)
@given(st.lists(EVENTS, max_size=40))
@example(
    [
        act("travel_form"),
        act("travel_form"),
        kinds.ActionReverted(),
        kinds.ActiveLoop(name="travel_form"),
    ]
)
def test_folding_step_by_step_counts_the_same_events_as_the_whole_log(events):
    tracker = Tracker.replay("ada", DOMAIN, events)
    assert tracker.counted_events() == naive_counted(events)
    assert list(tracker.events) == events


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=30), st.lists(EVENTS, max_size=10), st.lists(EVENTS, max_size=10))
def test_a_past_that_two_futures_share_is_never_changed(past, one, other):
    shared = Tracker.replay("ada", DOMAIN, past)
    before = shared.snapshot_json(events="all")
    first, second = shared.extend(one), shared.extend(other)
    assert shared.snapshot_json(events="all") == before
    for tracker, future in ((first, one), (second, other)):
        again = Tracker.replay("ada", DOMAIN, [*past, *future])
        assert tracker.snapshot_json(events="all") == again.snapshot_json(events="all")
        assert tracker == again


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=30))
def test_a_conversation_that_went_through_json_is_in_the_same_state(events):
    tracker = Tracker.replay("ada", DOMAIN, events)
    back = [event_from_json(event_to_json(event)) for event in tracker.events]
    replayed = Tracker.replay("ada", DOMAIN, back)
    assert replayed.snapshot_json(events="all") == tracker.snapshot_json(events="all")


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=30))
def test_no_form_is_half_open(events):
    tracker = Tracker.start("ada", DOMAIN)
    for event in events:
        tracker = tracker.apply(event)
        loop = tracker.active_loop
        is_over = isinstance(event, kinds.Restarted | kinds.SessionStarted) or (
            isinstance(event, kinds.ActiveLoop) and event.name is None
        )
        assert not (is_over and loop)
        assert loop is None or loop.name in DOMAIN.forms


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, max_size=30))
def test_seeing_a_conversation_turn_by_turn_shows_what_seeing_it_at_once_shows(events):
    kept = View(DOMAIN, sees_rejection=True)
    tracker = Tracker.start("ada", DOMAIN)
    for event in events:
        tracker = tracker.apply(event)
        kept.states(tracker)
    assert kept.states(tracker) == View(DOMAIN, sees_rejection=True).states(tracker)
