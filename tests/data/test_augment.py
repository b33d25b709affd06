"""Glued stories are whole stories in a row, marked, never repeated, and follow from the seed."""

import pytest

from framework.data.augment import augment
from framework.data.dialogues import Dialogue
from framework.errors import Location, UsageError
from framework.project.schema.stories import ActionStep, UserStep


def story(name: str, **more) -> Dialogue:
    steps = (UserStep(intent=f"ask_{name}"), ActionStep(action=f"utter_{name}"))
    return Dialogue(**{"name": name, "kind": "story", "steps": steps} | more)


STORIES = tuple(story(name, where=Location(file="s.yml", line=1)) for name in "abcdef")


def test_the_given_dialogues_come_first_and_unchanged():
    assert augment(STORIES, factor=2, seed=0)[:6] == STORIES


@pytest.mark.parametrize(("factor", "glued"), [(0, 0), (1, 10), (5, 50), (100, 36 + 216)])
def test_the_factor_says_how_many_are_glued_as_far_as_there_are_stories(factor, glued):
    assert len(augment(STORIES, factor=factor, seed=0)) == 6 + glued


def test_glued_stories_are_marked_and_go_through_each_story_in_turn():
    for dialogue in augment(STORIES, factor=4, seed=3)[6:]:
        assert dialogue.is_augmented
        names = dialogue.name.split(" + ")
        assert len(names) in (2, 3)
        assert [s.intent for s in dialogue.steps[::2]] == [f"ask_{name}" for name in names]
        assert dialogue.where is not None


def test_nothing_is_glued_twice():
    glued = augment(STORIES, factor=20, seed=1)[6:]
    assert len({dialogue.name for dialogue in glued}) == len(glued)


def test_the_seed_decides():
    assert augment(STORIES, factor=2, seed=1) == augment(STORIES, factor=2, seed=1)
    assert augment(STORIES, factor=2, seed=1) != augment(STORIES, factor=2, seed=2)


def test_rules_and_glued_stories_are_not_glued():
    others = (story("rule", kind="rule"), story("glued", is_augmented=True))
    names = {
        name
        for d in augment((*others, *STORIES), factor=9, seed=0)
        if d.is_augmented
        for name in d.name.split(" + ")
    }
    assert names == {*"abcdef", "glued"}
    assert augment(others, factor=9, seed=0) == others


def test_a_story_that_opens_with_the_bot_follows_no_other():
    opening = story("opening", steps=(ActionStep(action="utter_hello"),))
    glued = augment((opening, *STORIES), factor=20, seed=0)[7:]
    assert any(dialogue.name.startswith("opening +") for dialogue in glued)
    assert not any("+ opening" in dialogue.name for dialogue in glued)


def test_a_story_that_ends_within_a_turn_is_followed_by_no_other():
    cut = story("cut", wait_for_user_input=False)
    glued = augment((cut, *STORIES), factor=20, seed=0)[7:]
    assert any(dialogue.name.endswith("+ cut") for dialogue in glued)
    assert not any("cut +" in dialogue.name for dialogue in glued)


def test_a_negative_factor_is_refused():
    with pytest.raises(UsageError):
        augment(STORIES, factor=-1, seed=0)
