import pytest

from framework.conversation.events import BotUttered
from framework.responses.generative.base import Usage
from framework.responses.generative.budget import USE, Budget
from framework.responses.generative.settings import LlmSettings
from tests.bots import make_domain, tracker_of

DOMAIN = make_domain()
EMPTY = tracker_of(DOMAIN)
PRICES = {"input": 1.0, "output": 2.0}


def budget(clock=lambda: 0.0, **limits):
    return Budget(LlmSettings(url="http://x/v1", model="m", **limits), clock=clock)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"max_calls_per_conversation": 1}, "conversation has used up its calls"),
        ({"max_tokens_per_conversation": 30}, r"conversation has used up its tokens .*\(30\)"),
        ({"max_tokens_per_day": 30}, "day has used up its tokens"),
        ({"max_cost_per_conversation": 0.00004, "prices": PRICES}, "conversation .* its money"),
        ({"max_cost_per_day": 0.00004, "prices": PRICES}, "day has used up its money"),
    ],
    ids=str,
)
def test_a_limit_that_is_reached_is_the_reason(limits, reason):
    kept = budget(**limits)
    assert kept.refusal(EMPTY) is None
    kept.add(EMPTY.conversation, Usage(input_tokens=20, output_tokens=10))
    with pytest.raises(AssertionError, match=reason):
        raise AssertionError(kept.refusal(EMPTY))


def test_a_limit_of_zero_turns_generation_off():
    assert "(0)" in budget(max_tokens_per_day=0).refusal(EMPTY)


def test_a_day_begins_anew_and_a_conversation_does_not():
    now = [0.0]
    kept = budget(lambda: now[0], max_tokens_per_day=5, max_tokens_per_conversation=50)
    kept.add("a", Usage(input_tokens=20))
    assert "day" in kept.refusal(EMPTY)
    now[0] = 86_400.0
    assert kept.refusal(EMPTY) is None


def test_conversations_are_counted_one_by_one():
    kept = budget(max_calls_per_conversation=1)
    kept.add("another", Usage())
    assert kept.refusal(EMPTY) is None


@pytest.mark.parametrize("use", [{"input_tokens": 40, "output_tokens": 2}, {"input_tokens": 42}])
def test_what_a_stored_conversation_used_counts_too(use):
    told = tracker_of(DOMAIN, BotUttered(text="hi", metadata={USE: use}))
    assert "tokens" in budget(max_tokens_per_conversation=42).refusal(told)
    assert budget(max_tokens_per_conversation=43).refusal(told) is None


@pytest.mark.parametrize("use", [7, "x", {"input_tokens": "many"}, {"cost": float("nan")}])
def test_metadata_from_outside_that_makes_no_sense_counts_for_nothing(use):
    told = tracker_of(DOMAIN, BotUttered(text="hi", metadata={USE: use}))
    assert budget(max_tokens_per_conversation=1).refusal(told) is None


def test_a_reply_says_what_it_cost():
    use = budget(prices=PRICES).add("a", Usage(input_tokens=1_000_000, output_tokens=500_000))
    assert use == {"input_tokens": 1_000_000, "output_tokens": 500_000, "cost": 2.0}
