import asyncio

from framework.conversation.locks import ConversationLocks
from framework.conversation.stores.memory import MemoryStore
from framework.testing.stores import StoreContract


class TestMemoryStore(StoreContract):
    def make_store(self):
        return MemoryStore()


def test_turns_of_one_conversation_run_one_after_another_in_order_of_arrival():
    log = []

    async def turn(locks, name, number):
        async with locks.hold(name):
            log.append((name, number, "in"))
            await asyncio.sleep(0.001)
            log.append((name, number, "out"))

    async def play():
        locks = ConversationLocks()
        await asyncio.gather(*(turn(locks, "ada", number) for number in range(20)))

    asyncio.run(play())
    assert log == [("ada", number, way) for number in range(20) for way in ("in", "out")]


def test_other_conversations_do_not_wait():
    async def play():
        locks = ConversationLocks()
        async with locks.hold("ada"), asyncio.timeout(1), locks.hold("bob"):
            return True

    assert asyncio.run(play())


def test_who_gives_up_waiting_does_not_hold_up_the_others():
    async def play():
        locks = ConversationLocks()
        order = []

        async def turn(number):
            async with locks.hold("ada"):
                order.append(number)
                await asyncio.sleep(0)

        async with locks.hold("ada"):
            waiting = [asyncio.create_task(turn(number)) for number in range(4)]
            await asyncio.sleep(0)
            assert locks.waiting("ada") == 4
            waiting[1].cancel()
            await asyncio.sleep(0)
        # given the turn and cancelled in the same moment
        waiting[0].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        assert locks.waiting("ada") == 0
        async with locks.hold("ada"):
            return order

    assert asyncio.run(play()) == [2, 3]


def test_a_turn_that_fails_lets_the_next_one_in():
    async def play():
        locks = ConversationLocks()
        try:
            async with locks.hold("ada"):
                raise ValueError
        except ValueError:
            async with asyncio.timeout(1), locks.hold("ada"):
                return True

    assert asyncio.run(play())
