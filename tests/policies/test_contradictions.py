from dataclasses import replace

import pytest

from framework.policies.contradictions import examine, learn_rules, long_rules
from tests.conversation.talking import make_domain
from tests.policies.stories import does, loop, rule, says, story, was_set

DOMAIN = make_domain()


def problems(*dialogues):
    book = learn_rules(dialogues, DOMAIN)
    return examine(book, dialogues, DOMAIN, fallback="action_default_fallback").problems


GREET = rule("greet back", says("greet"), does("utter_greet"))


def test_a_story_that_goes_on_otherwise_than_a_rule_is_found_with_both_places():
    (found,) = problems(
        GREET, story("rude", says("ask"), does("utter_a"), says("greet"), does("utter_bye"))
    )
    assert found.id == "rule-contradicts-story"
    assert found.message == (
        "the story 'rude' goes on with 'utter_bye' where the rule 'greet back' (rules.yml:5) "
        "says 'utter_greet'"
    )
    assert str(found.where) == "stories.yml:3"
    assert "user: ask → utter_a → user: greet" in found.hint


def test_of_several_conversations_that_show_it_the_shortest_is_told():
    long = (says("ask"), does("utter_a"), says("greet"), does("utter_bye"))
    found = problems(GREET, story("rude", *long), story("rude", *long[2:]))
    assert len(found) == 1
    assert "after this conversation they differ: user: greet." in found[0].hint


def test_two_rules_for_the_same_state_are_found_once():
    (found,) = problems(GREET, rule("other", says("greet"), does("utter_bye"), line=9))
    assert found.id == "rule-contradicts-rule"
    places = sorted([str(found.where), "rules.yml:5" if ":5" in found.message else "rules.yml:9"])
    assert places == ["rules.yml:5", "rules.yml:9"]


def test_a_rule_inside_a_form_does_not_contradict_the_form():
    assert not problems(
        rule("to the form", says("inform"), does("travel_form"), loop("travel_form")),
        GREET,
        story(
            "told",
            says("inform"),
            does("travel_form"),
            loop("travel_form"),
            says("greet"),
            does("utter_greet"),
            does("travel_form"),
        ),
    )


def test_a_story_may_overrule_that_the_bot_listens_after_an_action_rules_begin_with():
    after_form = rule("after", does("utter_a"), does("utter_b"))
    just_listen = rule("listen", does("utter_c"), does("utter_a"), conditions=())
    assert not problems(
        after_form, just_listen, story("s", says("ask"), does("utter_a"), does("utter_b"))
    )


def test_what_stories_share_is_examined_as_if_each_stood_alone():
    after_form = rule("after", does("utter_a"), does("utter_b"))
    just_listen = rule("listen", does("utter_c"), does("utter_a"))
    asks, answers, goes_on = says("ask"), does("utter_a"), does("utter_b")
    # the rule 'listen' gives way to the first story, in the midst of what all share
    steps = [
        (asks, answers, goes_on),
        (asks, answers, goes_on, says("greet"), does("utter_bye")),
        (asks, answers, goes_on, says("greet"), does("utter_greet")),
        (asks, answers, says("greet"), does("utter_bye")),
    ]
    shared = [story(f"s{place}", *taken) for place, taken in enumerate(steps)]
    alone = [replace(told, steps=tuple(replace(step) for step in told.steps)) for told in shared]
    found = problems(after_form, just_listen, GREET, *shared)
    assert found == problems(after_form, just_listen, GREET, *alone)
    assert [problem.id for problem in found] == ["rule-contradicts-story"] * 3


def test_a_default_intent_can_not_mean_something_else_in_a_story():
    (found,) = problems(
        rule("restart", says("restart"), does("action_restart")),
        story("s", says("restart"), does("utter_greet")),
    )
    assert "says 'action_restart'" in found.message


@pytest.mark.parametrize(
    ("steps", "kind"),
    [
        ((does("action_find"), was_set(sure=True), does("utter_a")), "rule-leaves-out-slot"),
        ((does("action_find"), loop("travel_form"), does("utter_a")), "rule-leaves-out-form"),
    ],
)
def test_a_rule_that_leaves_out_what_an_action_does_elsewhere_is_found(steps, kind):
    full = rule("full", says("ask"), *steps)
    partial = rule("partial", says("deny"), does("action_find"), does("utter_b"))
    (found,) = problems(full, partial)
    assert found.id == kind
    assert "'partial'" in found.message
    assert "'action_find'" in found.message


def test_a_rule_with_two_messages_is_found_at_the_second():
    long = rule("long", says("greet"), does("utter_a"), says("ask"), does("utter_b"))
    assert [problem.id for problem in long_rules([long, GREET])] == ["long-rule"]


def test_a_large_project_is_examined_in_seconds():
    rules = [rule(f"r{n}", says(f"i{n}"), does(f"utter_{n}")) for n in range(53)]
    stories = [
        story(
            f"s{n}",
            *(
                step
                for turn in range(6)
                for step in (says(f"i{(n * 7 + turn) % 53}"), does(f"utter_{(n * 7 + turn) % 53}"))
            ),
        )
        for n in range(276)
    ]
    assert not problems(*rules, *stories)
