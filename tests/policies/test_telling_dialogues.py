"""The check looks at few ways through stories, and finds what looking at all of them finds."""

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from framework.data.unfold import unfold
from framework.errors import Location
from framework.policies.contradictions import examine, learn_rules, telling_dialogues
from framework.project.schema.stories import CheckpointStep, OrStep, Rule, Story
from tests.conversation.talking import make_domain
from tests.policies.stories import does, loop, says, was_set

DOMAIN = make_domain()
INTENTS = ["greet", "inform", "ask", "deny"]
ACTIONS = ["utter_a", "utter_b", "utter_c"]
JOINTS = ["p", "q", "r"]
FALLBACK = "action_default_fallback"


def either(*intents):
    return OrStep(options=tuple(says(intent) for intent in intents))


def joint(name):
    return CheckpointStep(name=name)


def a_story(name, *steps):
    return Story(name=name, steps=steps, where=Location(file="stories.yml", line=3))


def a_rule(name, *steps, **fields):
    return Rule(name=name, steps=steps, where=Location(file="rules.yml", line=5), **fields)


USERS = st.sampled_from(INTENTS).map(says) | st.lists(
    st.sampled_from(INTENTS), min_size=2, max_size=2, unique=True
).map(lambda intents: either(*intents))
BOTS = st.sampled_from(ACTIONS).map(does)
FORM = (does("travel_form"), loop("travel_form"))
LEFT = st.tuples(*map(st.just, FORM), USERS, BOTS, st.just(FORM[0]), st.just(loop(None)), BOTS)
ANSWERS = st.one_of(
    st.lists(BOTS, min_size=1, max_size=2).map(tuple),
    st.tuples(st.booleans().map(lambda value: was_set(sure=value)), BOTS),
    st.just(FORM),
    LEFT,
)
TURNS = st.tuples(USERS, ANSWERS).map(lambda turn: (turn[0], *turn[1]))
ENDS = st.just(()) | st.sampled_from(JOINTS).map(lambda name: (joint(name),))
STORIES = st.lists(
    st.tuples(ENDS, st.lists(TURNS, min_size=1, max_size=3), ENDS).map(
        lambda parts: (*parts[0], *(step for turn in parts[1] for step in turn), *parts[2])
    ),
    min_size=1,
    max_size=6,
).map(lambda found: [a_story(f"story {n}", *steps) for n, steps in enumerate(found)])
CONDITIONS = st.just(()) | st.booleans().map(lambda value: (was_set(sure=value),))
RULES = st.lists(
    st.tuples(
        st.sampled_from(INTENTS).map(says),
        st.lists(BOTS, min_size=1, max_size=2).map(tuple) | st.just(FORM),
        CONDITIONS,
        st.booleans(),
    ),
    min_size=1,
    max_size=3,
).map(
    lambda found: [
        a_rule(f"rule {n}", user, *answer, conditions=conditions, conversation_start=starts)
        for n, (user, answer, conditions, starts) in enumerate(found)
    ]
)


def contradictions(dialogues):
    book = learn_rules(dialogues, DOMAIN)
    problems = examine(book, dialogues, DOMAIN, fallback=FALLBACK).problems
    return sorted((problem.message, problem.hint.count("→")) for problem in problems)


def at_odds(found):
    """What is at odds, whichever of the stories that are alike is named."""
    return {message.partition(" goes on with ")[2] for message, _ in found}


@given(STORIES, RULES)
@settings(deadline=None, max_examples=40)
def test_few_ways_show_the_same_contradictions_by_equally_short_conversations(stories, rules):
    few = contradictions(telling_dialogues(stories, rules, DOMAIN).dialogues)
    all_ways = contradictions(unfold(stories, rules, DOMAIN).dialogues)
    assert set(all_ways) <= set(few)
    assert at_odds(all_ways) == at_odds(few)


def test_each_of_two_stories_with_one_beginning_is_told():
    begin = either("deny", "greet"), does("utter_b"), says("ask"), does("utter_a")
    stories = [
        a_story("one", *begin, says("inform"), does("utter_a")),
        a_story("two", *begin, says("inform"), does("utter_b")),
    ]
    rules = [a_rule("no", says("deny"), does("utter_c"))]
    found = contradictions(telling_dialogues(stories, rules, DOMAIN).dialogues)
    assert [message.split(" goes on")[0] for message, _ in found] == [
        "the story 'one'",
        "the story 'two'",
    ]


def joined_at_random(layers, width):
    draw = random.Random(4)
    for number in range(width):
        yield a_story(f"begin {number}", says("greet"), does("utter_a"), joint(f"0 {number}"))
    for layer in range(layers):
        for start in range(width):
            for end in range(width):
                turn = says(draw.choice(INTENTS)), does(draw.choice(ACTIONS))
                steps = joint(f"{layer} {start}"), *turn, joint(f"{layer + 1} {end}")
                yield a_story(f"{layer}, {start} to {end}", *steps)
    for number in range(width):
        steps = joint(f"{layers} {number}"), says("deny"), does("utter_b")
        yield a_story(f"end {number}", *steps)


def test_ways_beyond_number_are_looked_through_in_moments():
    rules = [
        a_rule("deny", says("deny"), does("utter_c")),
        a_rule("r", says("ask"), does("utter_a")),
    ]
    many = [a_story("long", *(either(*INTENTS), does("utter_a")) * 12)]
    stories = [*joined_at_random(20, 4), *many]
    began = time.process_time()
    told = telling_dialogues(stories, rules, DOMAIN)
    found = contradictions(told.dialogues)
    assert time.process_time() - began < 10
    assert len(told.dialogues) < 4000
    assert any("the story 'end 3' goes on with 'utter_b'" in message for message, _ in found)
    assert any("ways lead through" in problem.message for problem in told.problems)


def test_of_stories_that_checkpoints_join_the_one_at_odds_is_named():
    stories = [
        a_story("begin", says("greet"), does("utter_a"), joint("p")),
        a_story("end", joint("p"), says("deny"), does("utter_b")),
        a_story("other end", joint("p"), says("ask"), does("utter_b")),
    ]
    rules = [a_rule("no", says("deny"), does("utter_c"))]
    ((message, _),) = contradictions(telling_dialogues(stories, rules, DOMAIN).dialogues)
    assert message == (
        "the story 'end' goes on with 'utter_b' where the rule 'no' (rules.yml:5) says 'utter_c'"
    )


def test_a_step_that_comes_twice_is_told_apart_by_when_it_comes():
    same = does("utter_b")
    stories = [
        a_story("begin", says("deny"), same, joint("p")),
        a_story("end", joint("p"), says("ask"), same),
    ]
    rules = [a_rule("no", says("deny"), does("utter_c"))]
    ((message, _),) = contradictions(unfold(stories, rules, DOMAIN).dialogues)
    assert message.startswith("the story 'begin' goes on with 'utter_b'")
