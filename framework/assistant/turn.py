"""One turn of a conversation: what happens between a message and the next listening.

    understand -> record -> fill slots -> ( decide -> act ) until the bot listens

This is the heart of Frame; `framework.assistant.steps` holds the single steps.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from framework.assistant.engine import Engine, Step
from framework.assistant.sessions import begin_session
from framework.assistant.steps import act, decide, fill_slots, record, stop
from framework.conversation.messages import UserMessage
from framework.conversation.slots import latest_intent
from framework.conversation.tracker import Tracker
from framework.nlu.types import Understanding


async def take_turn(
    engine: Engine,
    message: UserMessage,
    tracker: Tracker,
    *,
    understanding: Understanding | None = None,
) -> AsyncIterator[Step]:
    """Answer a message, step by step; the last step has the tracker to keep.

    Args:
        engine: the bot's parts.
        message: what came in.
        tracker: the conversation before it.
        understanding: what the message means, where that is given and the NLU isn't asked.
    """
    session = await begin_session(engine, message, tracker)
    if session is not None:
        yield session
        tracker = session.tracker

    understanding = understanding or engine.nlu.parse(
        message.text.strip(), metadata=message.metadata
    )
    heard = record(engine, message, understanding, tracker)
    yield heard

    async for step in respond(engine, heard.tracker, channel=message.channel):
        yield step


async def respond(engine: Engine, tracker: Tracker, *, channel: str) -> AsyncIterator[Step]:
    """Go on after a recorded message until the bot listens."""
    step = await fill_slots(engine, tracker, channel=channel)
    yield step

    acted = declined = said = 0
    while may_answer(step.tracker):
        if max(acted, declined) >= engine.limit:
            yield await stop(engine, step.tracker, channel=channel, is_silent=not said)
            return
        prediction = decide(engine, step.tracker)
        if prediction.is_end_to_end:
            step = await fill_slots(engine, step.tracker, channel=channel)
            yield step
        step = await act(engine, prediction, step.tracker, channel=channel)
        yield step
        if step.ends_turn:
            return
        declined += step.is_rejected
        acted += not step.is_rejected
        said += len(step.replies)


def may_answer(tracker: Tracker) -> bool:
    """Say whether the bot answers: a paused one only to `/restart`."""
    return not tracker.paused or latest_intent(tracker) == "restart"
