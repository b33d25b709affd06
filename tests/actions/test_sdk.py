import asyncio

import pytest

from framework.actions.sdk import SdkAction, sdk_base
from framework.errors import ActionRejected
from tests.bots import make_domain, runner_of, said, shown, slot, tracker_of

pytest.importorskip("rasa_sdk")

DOMAIN = make_domain(
    intents=("greet",), slots=[slot("city")], responses={"utter_greet": "Hi {name}!"}
)


def run(function):
    class Own(sdk_base()):
        def name(self):
            return "action_own"

        def run(self, dispatcher, tracker, domain):
            return function(dispatcher, tracker, domain)

    action = SdkAction(Own())
    runner = runner_of(DOMAIN)
    runner._own[action.rasa_name] = action
    tracker = tracker_of(DOMAIN, said("greet", text="hello"))
    return shown(asyncio.run(runner.run("action_own", tracker=tracker, channel="rest")))


def test_what_it_says_and_returns_takes_effect():
    def act(dispatcher, tracker, domain):
        dispatcher.utter_message(text=tracker.latest_message["text"])
        dispatcher.utter_message(response="utter_greet", name="Ada")
        return [{"event": "slot", "name": "city", "value": sorted(domain)[0]}]

    assert run(act) == [("bot", "hello"), ("bot", "Hi Ada!"), ("slot", "city", "intents")]


def test_returning_nothing_is_fine():
    assert run(lambda *_: None) == []


def test_its_rejection_is_one():
    from rasa_sdk.interfaces import ActionExecutionRejection  # noqa: PLC0415

    def decline(*_):
        raise ActionExecutionRejection("action_own", "not now")

    with pytest.raises(ActionRejected, match="not now"):
        run(decline)
