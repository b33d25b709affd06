"""Dialogues as events, followed one after another."""

from dataclasses import replace

from framework.conversation.stories import Path, Storyteller
from framework.data.dialogues import by_beginnings
from tests.conversation.talking import make_domain
from tests.policies.stories import does, says, story

DOMAIN = make_domain()
GREETS, ASKS, ANSWERS, ENDS = says("greet"), says("ask"), does("utter_a"), does("utter_bye")


def moves(dialogues):
    """Follow dialogues; give what was asked about each event, and what was known at each end."""
    asked, ends = [], []
    teller = Storyteller(DOMAIN)

    def move(events, place, before):
        asked.append((len(events), place))
        return [*(before or ()), events[place]]

    path = Path(move)
    for dialogue in dialogues:
        *_, end = path.follow(teller.events(dialogue))
        ends.append(tuple(end))
    return asked, ends, [teller.events(dialogue) for dialogue in dialogues]


def test_a_beginning_that_two_dialogues_in_a_row_share_is_followed_once():
    long, short = story("long", GREETS, ANSWERS, ASKS, ENDS), story("short", GREETS, ANSWERS)
    asked, ends, events = moves([long, short])
    assert ends == events
    assert len(asked) == len(events[0])


def test_equal_steps_of_other_stories_are_followed_anew():
    told = story("s", GREETS, ANSWERS)
    asked, ends, events = moves([told, story("t", replace(GREETS), replace(ANSWERS))])
    assert ends == events
    assert len(asked) == 2 * len(events[0]) - 1  # listening at the start is the same to all


def test_dialogues_with_one_beginning_come_side_by_side_and_the_rest_keeps_its_order():
    one, other = story("1", GREETS, ANSWERS), story("2", ASKS, ANSWERS)
    third = story("3", GREETS, ENDS)
    assert [d.name for d in by_beginnings([one, other, third])] == ["1", "3", "2"]
