"""With `--run-actions` the bot answers itself; what it says and remembers is held to the test."""

from __future__ import annotations

import asyncio

import pytest

from framework.actions.base import Action, ActionContext
from framework.assistant.assistant import Assistant
from framework.data.dialogues import PlainStep
from framework.errors import Location, UsageError
from framework.evaluation.conversations.outcomes import StoryOutcome
from framework.evaluation.conversations.suite import play
from framework.project.schema.domain import (
    ActionDeclaration,
    Domain,
    EntityType,
    Intent,
    Response,
    ResponseVariation,
    Slot,
    SlotMapping,
)
from framework.project.schema.stories import (
    ActionStep,
    Expectation,
    SlotStep,
    SlotValue,
    Story,
    UserStep,
)
from framework.testing.conversation import Meanings, Script

DOMAIN = Domain(
    intents={name: Intent(name=name) for name in ("greet", "order", "fail")},
    entities={"dish": EntityType(name="dish")},
    slots={
        "dish": Slot(
            name="dish", type="text", mappings=(SlotMapping(type="from_entity", entity="dish"),)
        ),
        "price": Slot(name="price", type="any", mappings=(SlotMapping(type="custom"),)),
    },
    responses={
        "utter_greet": Response(
            name="utter_greet", variations=(ResponseVariation(text="Hello, hungry one!"),)
        )
    },
    actions={name: ActionDeclaration(name=name) for name in ("action_price", "action_fail")},
)


class Price(Action):
    """Knows what a dish costs."""

    name = "action_price"

    def run(self, ctx: ActionContext) -> None:
        """Say it and remember it."""
        ctx.set_slot("price", 12.5)
        ctx.say(f"That is 12.50 for {ctx.slots['dish']}.")


class Fail(Action):
    """Is broken."""

    name = "action_fail"

    def run(self, ctx: ActionContext) -> None:
        """Fail."""
        raise RuntimeError("the kitchen burns")


def bot() -> Assistant:
    return Assistant(
        domain=DOMAIN,
        pipeline=Meanings(
            {
                "hi": "greet",
                "soup": ("order", {"dish": "soup"}),
                "boom": "fail",
            },
            domain=DOMAIN,
        ),
        ensemble=Script(
            {"greet": ["utter_greet"], "order": ["action_price"], "fail": ["action_fail"]}
        ),
        actions=[Price(), Fail()],
    )


def user(intent: str, text: str | None = None, expect: Expectation | None = None) -> UserStep:
    return UserStep(
        intent=intent, text=text, expect=expect, where=Location(file="stories/a.yml", line=3)
    )


def act(name: str, expect: Expectation | None = None) -> ActionStep:
    return ActionStep(action=name, expect=expect, where=Location(file="stories/a.yml", line=5))


def run(*steps: PlainStep, given_intents: bool = True) -> StoryOutcome:
    story = Story(name="a story", steps=steps, where=Location(file="stories/a.yml", line=1))
    playing = play(bot(), [story], run_actions=True, given_intents=given_intents)
    return asyncio.run(playing).stories[0]


def test_what_actions_say_and_set_is_checked():
    expect = Expectation(
        replies=("That is 12.50 for soup.",), slots={"price": 12.5, "dish": "soup"}
    )

    outcome = run(
        user("greet", "hi"),
        act("utter_greet"),
        user("order", "soup"),
        act("action_price", expect),
        given_intents=False,
    )

    assert [failure.kind for failure in outcome.failures] == ["entities"]  # marked nowhere
    assert sum(step.correct for step in outcome.steps) == 4


@pytest.mark.parametrize(
    ("replies", "passes"),
    [
        (("Hello, hungry one!",), True),
        (("Good day!", "Hello, hungry one!"), True),
        (("/hungry/",), True),
        (("/^Hello.*!$/",), True),
        (("Hello",), False),
        (("/sated/",), False),
    ],
)
def test_a_reply_is_a_text_one_of_several_or_a_regular_expression(replies, passes):
    outcome = run(user("greet", "hi"), act("utter_greet", Expectation(replies=replies)))

    assert outcome.passed is passes
    assert all(failure.kind == "reply" for failure in outcome.failures)


def test_a_wrong_slot_shows_what_it_is_instead():
    outcome = run(user("greet", "hi"), act("utter_greet", Expectation(slots={"dish": "soup"})))

    [failure] = outcome.failures
    assert (failure.expected, failure.predicted) == ('dish: "soup"', "dish: null")
    assert str(failure.where) == "stories/a.yml:5"


def test_under_a_user_step_the_whole_turn_is_meant():
    expect = Expectation(replies=("/Hello/",), slots={"dish": None})

    assert run(user("greet", "hi", expect), act("utter_greet")).passed


def test_the_first_wrong_action_of_a_turn_is_reported_and_the_next_turn_is_compared_again():
    outcome = run(
        user("greet", "hi"),
        act("utter_bye"),
        act("utter_more"),
        user("greet", "hi"),
        act("utter_greet"),
    )

    assert [(f.expected, f.predicted) for f in outcome.failures] == [("utter_bye", "utter_greet")]
    assert sum(step.actions for step in outcome.steps) == 5
    assert sum(step.correct for step in outcome.steps) == 2


def test_an_action_that_is_written_but_never_runs_is_reported():
    outcome = run(user("greet", "hi"), act("utter_greet"), act("utter_more"))

    assert [(f.expected, f.predicted) for f in outcome.failures] == [
        ("utter_more", "action_listen")
    ]


def test_a_failing_action_fails_the_story():
    outcome = run(user("fail", "boom"), act("action_fail"))

    [failure] = outcome.failures
    assert "action_fail failed" in failure.predicted


def test_slots_before_the_first_message_set_the_scene():
    scene = SlotStep(slots=(SlotValue(slot="dish", value="stew"),))
    expect = Expectation(replies=("That is 12.50 for stew.",))

    assert run(scene, user("order"), act("action_price", expect)).passed


def test_slots_later_on_stand_for_the_work_of_actions():
    stand_in = SlotStep(slots=(SlotValue(slot="price", value=99),))

    outcome = run(user("order"), act("action_price", Expectation(slots={"price": 12.5})), stand_in)

    assert outcome.passed


def test_an_unreadable_regular_expression_is_a_fault_of_the_test():
    with pytest.raises(UsageError, match="can't be read"):
        run(user("greet", "hi"), act("utter_greet", Expectation(replies=("/(/",))))
