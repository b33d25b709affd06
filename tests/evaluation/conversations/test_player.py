"""Test conversations mean what they mean to `rasa test`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from framework.conversation.events import ActionExecuted, ActionExecutionRejected
from framework.conversation.tracker import Tracker
from framework.data.dialogues import Dialogue, PlainStep
from framework.errors import Location
from framework.evaluation.conversations.outcomes import CIRCUIT_BREAKER, StoryOutcome
from framework.evaluation.conversations.player import Player, texts_of
from framework.evaluation.conversations.suite import straight
from framework.nlu.types import Entity, IntentScore, RankedResponse, Understanding
from framework.policies.base import Prediction, Reason
from framework.project.schema.domain import Domain, EntityType, Form, Intent, Slot, SlotMapping
from framework.project.schema.nlu import EntityAnnotation
from framework.project.schema.stories import (
    ActionStep,
    BotStep,
    CheckpointStep,
    LoopStep,
    OrStep,
    SlotStep,
    SlotValue,
    Story,
    UserStep,
)
from framework.testing.conversation import Script

DOMAIN = Domain(
    intents={name: Intent(name=name) for name in ("greet", "bye", "book", "inform", "faq")},
    entities={"city": EntityType(name="city", roles=("to",))},
    slots={
        "city": Slot(
            name="city", type="text", mappings=(SlotMapping(type="from_entity", entity="city"),)
        ),
        "mood": Slot(name="mood", type="text"),
    },
    forms={"trip_form": Form(name="trip_form", required_slots=("city",))},
)
SCRIPT = Script(
    {
        "greet": ["utter_greet"],
        "bye": ["utter_bye"],
        "book": ["trip_form"],
        "inform": ["trip_form"],
        "faq": ["utter_faq"],
    }
)


def at(line: int) -> Location:
    return Location(file="stories/a.yml", line=line)


def user(intent: str | None, text: str | None = None, *marks: EntityAnnotation) -> UserStep:
    return UserStep(intent=intent, text=text, annotations=marks, where=at(3))


def act(name: str) -> ActionStep:
    return ActionStep(action=name, where=at(4))


def play(
    *steps: PlainStep,
    policies: Script = SCRIPT,
    understood: Mapping[str, Understanding] | None = None,
    limit: int = 10,
) -> StoryOutcome:
    player = Player(domain=DOMAIN, policies=policies, understood=understood or {}, limit=limit)
    return player.play(Dialogue(name="a story", kind="story", steps=steps, where=at(2)))


def meaning(
    text: str, intent: str, *entities: Entity, selected: str | None = None
) -> dict[str, Understanding]:
    best = (RankedResponse(key=selected, confidence=0.9),) if selected else ()
    return {
        text: Understanding(
            text=text,
            ranking=(IntentScore(name=intent, confidence=0.9),),
            entities=entities,
            selections={"default": best} if selected else {},
        )
    }


def scripted(choose: Callable[[Tracker], str]) -> Script:
    return Script(choose)


def test_a_story_that_is_predicted_step_by_step_passes():
    outcome = play(user("greet"), act("utter_greet"), user("bye"), act("utter_bye"))

    assert outcome.passed
    assert sum(step.actions for step in outcome.steps) == 4  # two actions, listening twice


def test_a_wrong_action_is_reported_with_its_place_and_the_story_goes_on_as_written():
    outcome = play(user("greet"), act("utter_bye"), user("bye"), act("utter_bye"))

    [failure] = outcome.failures
    assert (failure.kind, failure.expected, failure.predicted) == (
        "action",
        "utter_bye",
        "utter_greet",
    )
    assert str(failure.where) == "stories/a.yml:4"
    assert failure.prediction is not None


def test_listening_is_expected_before_each_message_and_at_the_end():
    talkative = Script({"greet": ["utter_greet", "utter_more"], "bye": []})

    outcome = play(user("greet"), act("utter_greet"), user("bye"), policies=talkative)

    assert [failure.expected for failure in outcome.failures] == ["action_listen"]
    assert outcome.failures[0].predicted == "utter_more"
    assert outcome.failures[0].where is not None


def test_a_misunderstanding_fails_the_story_but_the_dialogue_goes_on_with_what_was_meant():
    outcome = play(
        user("greet", "hi there"),
        act("utter_greet"),
        understood=meaning("hi there", "bye"),
    )

    [failure] = outcome.failures
    assert (failure.kind, failure.expected, failure.predicted) == ("intent", "greet", "bye")


def test_entities_are_compared_by_span_name_and_value():
    mark = EntityAnnotation(entity="city", start=3, end=7, value="Rome", role="to")
    right = Entity(entity="city", start=3, end=7, value="Rome", extractor="bert_tagger")
    wrong = Entity(entity="city", start=0, end=7, value="to Rome", extractor="bert_tagger")
    step = user("inform", "to Rome", mark)

    assert play(step, act("trip_form"), understood=meaning("to Rome", "inform", right)).passed
    twice = meaning("to Rome", "inform", right, right)
    assert play(step, act("trip_form"), understood=twice).passed
    [failure] = play(
        step, act("trip_form"), understood=meaning("to Rome", "inform", wrong)
    ).failures
    assert failure.kind == "entities"
    assert failure.expected == 'to [Rome]{"entity": "city", "role": "to"}'
    assert failure.predicted == "[to Rome](city)"


def test_an_entity_that_stands_nowhere_in_the_text_is_told_by_its_value():
    mood = Entity(entity="mood", value="glum", extractor="my_moods")
    city = Entity(entity="city", start=3, end=7, value="Rome", extractor="bert_tagger")
    step = user("inform", "to Rome")
    [failure] = play(
        step, act("trip_form"), understood=meaning("to Rome", "inform", city, mood)
    ).failures
    assert failure.predicted == "mood='glum', city='Rome' at 3-7"


def test_a_step_without_words_is_understood_as_annotated():
    assert play(user("greet"), act("utter_greet"), understood={}).passed


def test_a_text_without_an_intent_is_understood_by_the_nlu_and_not_judged():
    outcome = play(user(None, "hello"), act("utter_greet"), understood=meaning("hello", "greet"))

    assert outcome.passed


def test_a_full_retrieval_intent_asks_for_the_selected_response():
    step = user("faq/hours", "when do you open")
    right = meaning("when do you open", "faq", selected="faq/hours")
    wrong = meaning("when do you open", "faq", selected="faq/place")

    assert play(step, act("utter_faq"), understood=right).passed
    assert play(step, act("utter_faq/hours"), understood=right).passed
    [failure] = play(step, act("utter_faq"), understood=wrong).failures
    assert (failure.expected, failure.predicted) == ("faq/hours", "faq/place")


def test_a_base_retrieval_intent_is_satisfied_by_any_response():
    found = meaning("when do you open", "faq", selected="faq/place")

    assert play(user("faq", "when do you open"), act("utter_faq"), understood=found).passed


def test_annotated_entities_fill_slots_and_slots_of_the_story_stand_in_for_actions():
    seen = []

    def choose(tracker: Tracker) -> str:
        seen.append(dict(tracker.slots))
        return ["utter_greet", "utter_bye", "action_listen"][len(seen) - 1]

    mark = EntityAnnotation(entity="city", start=0, end=4, value="Rome")
    play(
        user("inform", "Rome", mark),
        act("utter_greet"),
        SlotStep(slots=(SlotValue(slot="mood", value="good"),)),
        act("utter_bye"),
        policies=scripted(choose),
    )

    assert [(slots["city"], slots["mood"]) for slots in seen] == [
        ("Rome", None),
        ("Rome", "good"),
        ("Rome", "good"),
    ]


def test_a_form_that_is_not_written_is_taken_to_have_declined():
    def choose(tracker: Tracker) -> str:
        events = tracker.events
        if isinstance(events[-1], ActionExecutionRejected):
            return "utter_greet"
        done = [e.name for e in events if isinstance(e, ActionExecuted)]
        return {"utter_greet": "trip_form", "trip_form": "action_listen"}.get(done[-1], "trip_form")

    outcome = play(
        user("book"),
        act("trip_form"),
        LoopStep(name="trip_form", where=at(5)),
        user("greet"),
        act("utter_greet"),
        act("trip_form"),
        policies=scripted(choose),
    )

    assert outcome.passed


def test_an_unlikely_intent_out_of_the_blue_is_a_warning():
    def choose(tracker: Tracker) -> str:
        last = tracker.events[-1]
        if isinstance(last, ActionExecuted):
            return "utter_greet" if last.name == "action_unlikely_intent" else "action_listen"
        return "action_unlikely_intent"

    outcome = play(user("greet"), act("utter_greet"), policies=scripted(choose))

    assert outcome.passed
    assert outcome.warnings == ("action_unlikely_intent before 'utter_greet'",)


def test_a_turn_with_too_many_actions_trips_the_circuit_breaker():
    always = scripted(lambda tracker: "utter_greet")

    outcome = play(user("greet"), *[act("utter_greet")] * 4, policies=always, limit=3)

    assert [failure.predicted for failure in outcome.failures] == [CIRCUIT_BREAKER] * 2


def test_a_bot_text_is_compared_as_text():
    def choose(tracker: Tracker) -> str:
        return "Well done!" if tracker.latest_action == "action_listen" else "action_listen"

    outcome = play(user("greet"), BotStep(text="Well done!"), policies=scripted(choose))

    assert outcome.passed


def test_what_a_right_prediction_brings_along_is_kept():
    seen = []

    def choose(tracker: Tracker) -> Prediction:
        seen.extend(
            e.hide_rule_turn for e in tracker.events if isinstance(e, ActionExecuted) and e.policy
        )
        is_done = tracker.latest_action == "utter_greet"
        return Prediction(
            action="action_listen" if is_done else "utter_greet",
            confidence=1.0,
            policy="rules",
            priority=1,
            reason=Reason(kind="rule", text="test"),
            hide_rule_turn=True,
        )

    assert play(user("greet"), act("utter_greet"), policies=Script(choose)).passed
    assert seen == [True]


def test_only_texts_that_have_to_be_understood_are_listed_and_each_once():
    steps = (user("greet", "hi"), user("greet", "hi"), user(None, "free"), user("bye"))
    dialogue = Dialogue(name="a", kind="story", steps=steps)

    assert texts_of([dialogue]) == ("hi", "free")
    assert texts_of([dialogue], unannotated_only=True) == ("free",)


def test_stories_that_differ_in_words_alone_are_all_played():
    stories = [
        Story(
            name=name,
            steps=(user("greet", name), act("utter_greet")),
            where=Location(file="a.yml", line=line),
        )
        for line, name in enumerate(("hi", "hello", "good day"), start=1)
    ]

    assert [dialogue.name for dialogue in straight(stories, DOMAIN)] == ["hi", "hello", "good day"]


def test_alternatives_and_checkpoints_are_written_out():
    either = OrStep(options=(user("greet"), user("bye")))
    stories = [
        Story(name="or", steps=(either, act("utter_greet")), where=at(1)),
        Story(name="first", steps=(user("greet"), CheckpointStep(name="c")), where=at(2)),
        Story(name="second", steps=(CheckpointStep(name="c"), act("utter_bye")), where=at(3)),
    ]

    names = [dialogue.name for dialogue in straight(stories, DOMAIN)]

    assert names[:2] == ["or", "or"]
    assert len(names) == 3
    assert "first" in names[2]


@pytest.mark.parametrize("given", [True, False])
def test_a_text_is_not_understood_where_the_annotation_is_taken(given: bool):
    understood = {} if given else meaning("hi", "bye")

    assert play(user("greet", "hi"), act("utter_greet"), understood=understood).passed is given
