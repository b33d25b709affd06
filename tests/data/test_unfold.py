import pytest

from framework.data import unfold as unfolding
from framework.data.unfold import unfold
from framework.errors import Location
from framework.project.schema.domain import Domain, Slot
from framework.project.schema.stories import (
    ActionStep,
    CheckpointStep,
    LoopStep,
    OrStep,
    Rule,
    SlotStep,
    SlotValue,
    Story,
    UserStep,
)

SLOTS = {
    "city": Slot(name="city", type="text"),
    "note": Slot(name="note", type="any"),
    "size": Slot(name="size", type="categorical", values=("small",), initial_value="small"),
}
DOMAIN = Domain(slots=SLOTS)


def user(intent):
    return UserStep(intent=intent)


def act(name):
    return ActionStep(action=name)


def joint(name, **slots):
    values = tuple(SlotValue(slot=slot, value=value) for slot, value in slots.items())
    return CheckpointStep(name=name, slots=values, where=Location(file="s.yml", line=7))


def was_set(**slots):
    return SlotStep(slots=tuple(SlotValue(slot=n, value=v) for n, v in slots.items()))


def story(name, *steps):
    return Story(name=name, steps=steps, where=Location(file="s.yml", line=1))


def lines(*stories, rules=()):
    found = unfold(stories, rules, DOMAIN)
    return [(d.name, " ".join(words(d.steps))) for d in found.dialogues]


def words(steps):
    for step in steps:
        if isinstance(step, SlotStep):
            yield from (f"{item.slot}={item.value}" for item in step.slots)
        else:
            yield getattr(step, "intent", None) or getattr(step, "action", None) or "loop"


def problems(*stories):
    return [(p.id, p.where.line) for p in unfold(stories, (), DOMAIN).problems]


def test_a_plain_story_becomes_one_dialogue_with_its_place():
    (dialogue,) = unfold([story("a", user("hi"), act("x"))], (), DOMAIN).dialogues
    assert dialogue.name == "a"
    assert dialogue.where == Location(file="s.yml", line=1)
    assert dialogue.wait_for_user_input


def test_checkpoints_join_every_end_with_every_beginning():
    found = lines(
        story("a", user("hi"), joint("c")),
        story("b", user("hello"), joint("c")),
        story("c", joint("c"), act("x")),
        story("d", joint("c"), act("y")),
    )
    assert found == [
        ("a > c", "hi x"),
        ("a > d", "hi y"),
        ("b > c", "hello x"),
        ("b > d", "hello y"),
    ]


def test_a_story_goes_on_behind_a_checkpoint_in_its_midst_as_others_do():
    found = lines(story("a", user("hi"), joint("c"), act("x")), story("b", user("yo"), joint("c")))
    assert found == [("a", "hi x"), ("b > a", "yo x")]


def test_a_checkpoint_lets_through_only_who_meets_its_condition():
    found = lines(
        story("a", user("hi"), was_set(city="Rome"), joint("c")),
        story("b", user("hi"), joint("c")),
        story("c", joint("c", city="Rome"), act("x")),
        story("d", joint("c", size="small"), act("y")),
    )
    assert found == [("a > c", "hi city=Rome x"), ("a > d", "hi city=Rome y"), ("b > d", "hi y")]


def test_alternatives_are_written_out_and_multiply():
    found = lines(
        story(
            "a",
            OrStep(options=(user("p"), user("q"))),
            act("x"),
            OrStep(options=(user("r"), user("s"))),
        )
    )
    assert [steps for _, steps in found] == ["p x r", "p x s", "q x r", "q x s"]


def test_every_slot_of_an_alternative_is_one_of_its_own():
    option = SlotStep(
        slots=(SlotValue(slot="city", value="Rome"), SlotValue(slot="size", value="x"))
    )
    found = lines(story("a", user("hi"), OrStep(options=(option, was_set(note="n"))), act("x")))
    assert [steps for _, steps in found] == ["hi city=Rome x", "hi size=x x", "hi note=n x"]


@pytest.mark.parametrize(
    "other",
    [
        (user("hi"), was_set(city="Paris"), act("x")),
        (user("hi"), was_set(city="Rome"), was_set(note="anything"), act("x")),
        (user("hi"), was_set(city=None), was_set(city="Oslo"), act("x")),
    ],
)
def test_what_looks_the_same_to_policies_is_kept_once(other):
    found = lines(story("a", user("hi"), was_set(city="Rome"), act("x")), story("b", *other))
    assert [name for name, _ in found] == ["a"]


def test_rules_are_kept_beside_equal_stories_and_with_their_conditions():
    rule = Rule(
        name="r",
        steps=(user("hi"), act("x")),
        conditions=(LoopStep(name=None),),
        wait_for_user_input=False,
    )
    found = unfold([story("a", user("hi"), act("x"))], [rule, rule], DOMAIN).dialogues
    assert [(d.kind, d.conditions, d.wait_for_user_input) for d in found] == [
        ("story", (), True),
        ("rule", (LoopStep(name=None),), False),
    ]


def test_a_loop_of_checkpoints_is_gone_through_a_few_times_and_reported():
    looping = [
        story("a", user("hi"), joint("again")),
        story("b", joint("again"), user("more"), joint("again")),
        story("c", joint("again"), user("bye")),
    ]
    assert [steps for _, steps in lines(*looping)] == [
        "hi bye",
        "hi more bye",
        "hi more more bye",
        "hi more more more bye",
    ]
    assert problems(*looping) == [("checkpoint-loop", 7)]


def test_a_loop_without_an_end_is_not_learned_and_reported():
    looping = [
        story("a", user("hi"), joint("again")),
        story("b", joint("again"), user("more"), joint("again")),
    ]
    assert lines(*looping) == []
    assert problems(*looping) == [("endless-checkpoint-loop", 7)]


def test_checkpoints_that_lead_nowhere_or_are_never_reached_are_reported():
    broken = [story("a", user("hi"), joint("gone")), story("b", joint("lost"), act("x"))]
    found = unfold(broken, (), DOMAIN)
    assert [(d.name, d.wait_for_user_input) for d in found.dialogues] == [("a", False)]
    assert problems(*broken) == [("checkpoint-leads-nowhere", 7), ("checkpoint-not-reached", 7)]


def test_alternatives_that_explode_are_sampled_the_same_way_each_time(monkeypatch):
    monkeypatch.setattr(unfolding, "MAX_WAYS", 50)
    steps = [OrStep(options=(user(f"a{n}"), user(f"b{n}"))) for n in range(12)]
    found = unfold([story("a", *steps)], (), DOMAIN)
    assert len(found.dialogues) == 50
    assert found.dialogues == unfold([story("a", *steps)], (), DOMAIN).dialogues
    assert [problem.id for problem in found.problems] == ["too-many-ways"]
