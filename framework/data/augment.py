"""Stories glued to one another, for policies that need to see them in the midst of a conversation.

The built-in policies don't: the rule and memory policies learn from the stories as they are
written, and the learned policy glues dialogues anew in each pass of its training, which costs
nothing and never repeats. This is for policies of others that learn from dialogues.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from framework.data.dialogues import Dialogue
from framework.errors import UsageError
from framework.project.schema.stories import ActionStep, BotStep, UserStep

PER_FACTOR = 10
"""Glued stories for each unit of the factor, as Rasa counts them."""

SHARE_OF_PAIRS = 2 / 3
"""The other glued stories are made of three."""


def augment(dialogues: Sequence[Dialogue], *, factor: int, seed: int) -> tuple[Dialogue, ...]:
    """Give the dialogues, and after them glued ones that are marked as augmented.

    Each choice of two or three stories is glued once at most, in a random order that the seed
    decides. Rules are never glued, nor stories that end in the midst of a turn.

    Args:
        dialogues: stories and rules.
        factor: ten times as many glued stories are made, as far as there are stories enough.
        seed: everything random follows from it.

    Raises:
        UsageError: the factor is negative.
    """
    if factor < 0:
        raise UsageError(
            f"the augmentation factor is {factor}, not 0 or more", hint="0 leaves stories alone"
        )
    stories = [each for each in dialogues if each.kind == "story" and not each.is_augmented]
    first = [story for story in stories if story.wait_for_user_input]
    wanted = factor * PER_FACTOR
    rng = random.Random(seed)
    pairs = _chains(first, stories, length=2, count=round(wanted * SHARE_OF_PAIRS), rng=rng)
    glued = list(pairs)
    glued.extend(_chains(first, stories, length=3, count=wanted - len(glued), rng=rng))
    return (*dialogues, *glued)


def _chains(
    first: Sequence[Dialogue],
    stories: Sequence[Dialogue],
    *,
    length: int,
    count: int,
    rng: random.Random,
) -> Iterator[Dialogue]:
    """Glue chains drawn without repetition: all but the last may be any open-ended story."""
    last = [story for story in stories if _begins_with_user(story)]
    middle = [story for story in last if story.wait_for_user_input]
    choices = [first, *([middle] * (length - 2)), last]
    total = 1
    for choice in choices:
        total *= len(choice)
    for number in rng.sample(range(total), min(count, total)):
        chain, rest = [], number
        for choice in choices:
            rest, place = divmod(rest, len(choice))
            chain.append(choice[place])
        yield _glue(chain)


def _begins_with_user(story: Dialogue) -> bool:
    """Tell whether the user speaks before the bot acts, so that the story can follow another."""
    spoken = (step for step in story.steps if isinstance(step, UserStep | ActionStep | BotStep))
    return isinstance(next(spoken, None), UserStep)


def _glue(chain: Sequence[Dialogue]) -> Dialogue:
    return Dialogue(
        name=" + ".join(story.name for story in chain),
        kind="story",
        steps=tuple(step for story in chain for step in story.steps),
        wait_for_user_input=chain[-1].wait_for_user_input,
        is_augmented=True,
        where=chain[0].where,
    )
