import asyncio
import gc
import threading

import pytest

from framework.actions.base import Action
from framework.assistant.assistant import Assistant
from framework.conversation.events import ConversationPaused
from framework.conversation.messages import UserMessage
from framework.conversation.stores.base import TrackerStore
from framework.conversation.stores.memory import MemoryStore
from framework.testing.conversation import Meanings, Script
from tests.bots import make_domain, mapping, slot

DOMAIN = make_domain(
    intents=("greet", "count"),
    slots=[slot("number", mapping("custom"), type="float")],
    responses={"utter_greet": "Hi!", "utter_number": "{number}"},
)


class Count(Action):
    name = "action_count"

    async def run(self, ctx):
        await asyncio.sleep(0.01)
        ctx.set_slot("number", (ctx.slots["number"] or 0) + 1)
        ctx.say("utter_number")


def make(**options):
    return Assistant(
        domain=DOMAIN,
        pipeline=Meanings({"hi": "greet", "count": "count"}, domain=DOMAIN),
        ensemble=Script({"greet": ["utter_greet"], "count": ["action_count"]}),
        actions=[Count()],
        **options,
    )


class SharedMemory(MemoryStore):
    """A store that other processes could write to, so nothing of it may be taken as known."""

    is_shared = True


def test_conversations_do_not_mix():
    bot = make()
    for conversation in ("ada", "bob", "ada"):
        bot.handle("count", conversation=conversation)
    assert bot.tracker("ada").slots["number"] == 2
    assert bot.tracker("bob").slots["number"] == 1


def test_messages_of_one_conversation_wait_for_each_other():
    bot = make()

    async def talk():
        many = (bot.ahandle("count", conversation="ada") for _ in range(5))
        return [reply.text for replies in await asyncio.gather(*many) for reply in replies]

    assert asyncio.run(talk()) == ["1", "2", "3", "4", "5"]


def test_the_synchronous_form_works_inside_of_a_running_loop():
    bot = make()

    async def notebook():
        return bot.handle("hi")

    assert [reply.text for reply in asyncio.run(notebook())] == ["Hi!"]


def test_a_whole_message_says_itself_whom_it_is_from():
    bot = make()
    (reply,) = bot.handle(UserMessage(text="hi", conversation="ada", channel="rest"))
    assert reply.conversation == "ada"
    assert bot.tracker("ada").latest_message.input_channel == "rest"


def test_understanding_alone_leaves_no_trace():
    bot = make()
    assert bot.parse("hi").intent.name == "greet"
    assert bot.tracker().is_empty


def test_another_bot_with_the_same_store_goes_on_where_the_first_stopped():
    store = SharedMemory()
    make(store=store).handle("count")
    second = make(store=store)
    assert [reply.text for reply in second.handle("count")] == ["2"]


def test_a_conversation_is_the_fold_of_its_stored_events():
    store = MemoryStore()
    bot = make(store=store)
    for text in ("hi", "count", "/restart", "count"):
        bot.handle(text)
    bot.append([ConversationPaused()])
    stored = asyncio.run(store.load("default"))
    assert stored == tuple(bot.tracker().events)


def test_a_turn_that_its_caller_leaves_early_leaves_no_trace():
    bot = make()

    async def leave():
        async for step in bot.steps(UserMessage(text="count")):
            if step.replies:
                break

    asyncio.run(leave())
    assert bot.tracker().is_empty
    assert [reply.text for reply in bot.handle("count")] == ["1"]


def test_a_turn_that_cannot_be_stored_leaves_no_trace():
    class Failing(MemoryStore):
        is_full = True

        async def append(self, conversation, events):
            if self.is_full:
                raise OSError("no space left")
            await super().append(conversation, events)

    bot = make(store=Failing())
    with pytest.raises(OSError, match="no space left"):
        bot.handle("count", conversation="ada")
    assert not bot.tracker("ada").events
    bot.store.is_full = False
    bot.handle("count", conversation="ada")
    assert bot.tracker("ada").slots["number"] == 1
    assert asyncio.run(bot.store.load("ada")) == tuple(bot.tracker("ada").events)


def test_replies_come_as_they_are_made():
    gate = threading.Event()

    class Wait(Action):
        name = "action_count"

        def run(self, ctx):
            assert gate.wait(10)
            ctx.say("done")

    bot = Assistant(
        domain=DOMAIN,
        pipeline=Meanings({"hi": "greet"}, domain=DOMAIN),
        ensemble=Script({"greet": ["utter_greet", "action_count"]}),
        actions=[Wait()],
    )

    async def listen():
        heard = []
        async for step in bot.steps(UserMessage(text="hi")):
            heard += [reply.text for reply in step.replies]
            if heard == ["Hi!"]:
                gate.set()
        return heard

    assert asyncio.run(listen()) == ["Hi!", "done"]


def test_the_last_turn_can_be_asked_for():
    bot = make()
    assert bot.explain_last() is None
    bot.handle("hi")
    turn = bot.explain_last()
    assert [reply.text for reply in turn.replies] == ["Hi!"]
    assert turn.tracker == bot.tracker()
    assert turn.before.is_empty


def test_a_bot_that_is_gone_leaves_no_thread_behind():
    bot = make()
    bot.handle("hi")
    threads = {thread for thread in threading.enumerate() if thread.name == "frame-loop"}
    del bot
    gc.collect()
    left = {thread for thread in threads if thread.is_alive()}
    assert len(left) < len(threads)


def test_closing_lets_go_of_the_store():
    class Closing(MemoryStore):
        closed = False

        async def close(self):
            self.closed = True

    store: TrackerStore = Closing()
    asyncio.run(make(store=store).close())
    assert store.closed
