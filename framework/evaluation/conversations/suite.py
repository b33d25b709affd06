"""Plays all conversations of a run with a trained bot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from framework.assistant.assistant import Assistant
from framework.data.dialogues import Dialogue
from framework.data.unfold import unfold
from framework.evaluation.conversations.live import LivePlayer
from framework.evaluation.conversations.outcomes import ConversationsOutcome, StoryOutcome
from framework.evaluation.conversations.player import Player, texts_of
from framework.nlu.pipeline import Pipeline
from framework.nlu.types import Understanding
from framework.project.schema.domain import Domain
from framework.project.schema.stories import CheckpointStep, Story

OnStory = Callable[[StoryOutcome], None]


async def play(
    assistant: Assistant,
    stories: Sequence[Story],
    *,
    given_intents: bool = False,
    run_actions: bool = False,
    on_story: OnStory | None = None,
) -> ConversationsOutcome:
    """Play conversations.

    Args:
        assistant: the bot.
        stories: as read from test files; checkpoints join them.
        given_intents: take the annotated intents and entities as understood.
        run_actions: let the bot answer with all it has, and check replies and slots; without, the
            policies alone are asked and no action runs.
        on_story: called after each conversation.
    """
    dialogues = straight(stories, assistant.domain)
    outcomes: list[StoryOutcome] = []
    player = None if run_actions else _player(assistant, dialogues, given_intents=given_intents)
    live = LivePlayer(engine=assistant.engine, given_intents=given_intents)
    for dialogue in dialogues:
        outcome = await live.play(dialogue) if player is None else player.play(dialogue)
        outcomes.append(outcome)
        if on_story is not None:
            on_story(outcome)
    return ConversationsOutcome(stories=tuple(outcomes))


def straight(stories: Sequence[Story], domain: Domain) -> tuple[Dialogue, ...]:
    """Write out alternatives and checkpoints.

    Stories are unfolded one by one, because two that differ in their words alone are one to
    policies, but two to a test; only those that checkpoints join are unfolded together.
    """
    joined = [story for story in stories if _has_checkpoint(story)]
    alone = [story for story in stories if not _has_checkpoint(story)]
    groups = [*([story] for story in alone), *([joined] if joined else [])]
    found = [dialogue for group in groups for dialogue in unfold(group, (), domain).dialogues]
    order = {story.where: place for place, story in reversed(list(enumerate(stories)))}
    return tuple(sorted(found, key=lambda dialogue: order.get(dialogue.where, len(order))))


def _has_checkpoint(story: Story) -> bool:
    return any(isinstance(step, CheckpointStep) for step in story.steps)


def _player(assistant: Assistant, dialogues: Sequence[Dialogue], *, given_intents: bool) -> Player:
    engine = assistant.engine
    texts = texts_of(dialogues, unannotated_only=given_intents)
    return Player(
        domain=engine.domain,
        policies=engine.policies,
        understood=_understand(assistant, texts),
        limit=engine.limit,
    )


def _understand(assistant: Assistant, texts: Sequence[str]) -> Mapping[str, Understanding]:
    nlu = assistant.engine.nlu
    if isinstance(nlu, Pipeline):
        return dict(zip(texts, nlu.parse_batch(texts), strict=True))
    return {text: nlu.parse(text) for text in texts}
