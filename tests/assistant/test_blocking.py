"""Coroutines run in a loop of its own, which leaves nothing behind when it is closed."""

from __future__ import annotations

import asyncio
import gc

import pytest

from framework.assistant.blocking import BackgroundLoop


async def answer() -> int:
    return 42


def test_the_result_is_given_and_a_closed_loop_starts_anew():
    loop = BackgroundLoop()

    assert loop.run(answer()) == 42
    loop.close()
    assert loop.run(answer()) == 42
    loop.close()


def test_tasks_and_generators_that_are_left_get_to_their_ends(caplog: pytest.LogCaptureFixture):
    ended: list[str] = []

    async def wait_for_long() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("task")

    async def count() -> object:
        try:
            yield 1
            yield 2
        finally:
            await asyncio.sleep(0)
            ended.append("generator")

    kept: list[object] = []

    async def leave_open() -> None:
        numbers = count()
        kept.extend((asyncio.ensure_future(wait_for_long()), numbers))
        await anext(numbers)
        await asyncio.sleep(0)

    loop = BackgroundLoop()
    loop.run(leave_open())
    loop.close()
    kept.clear()
    gc.collect()

    assert sorted(ended) == ["generator", "task"]
    assert caplog.text == ""


def test_an_error_reaches_the_caller_and_the_loop_goes_on():
    async def fail() -> None:
        raise ValueError("no")

    loop = BackgroundLoop()
    with pytest.raises(ValueError, match="no"):
        loop.run(fail())
    assert loop.run(answer()) == 42
    loop.close()
