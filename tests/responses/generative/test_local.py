import asyncio
import threading
import time

import pytest

from framework.responses.generative.base import ModelError, Request
from framework.responses.generative.local import LocalModel
from tests.responses.generative.stand_ins import Lines, local

REQUEST = Request(messages=[{"role": "user", "content": "one two three"}], max_tokens=9)


async def text_of(model, request=REQUEST):
    return "".join([piece.text async for piece in model.stream(request)])


def test_what_the_engine_says_comes_piece_by_piece():
    async def pieces():
        return [piece async for piece in local(Lines("a", "b")).stream(REQUEST)]

    found = asyncio.run(pieces())
    assert [piece.text for piece in found] == ["a ", "b ", ""]
    assert (found[-1].finish, found[-1].usage.output_tokens) == ("stop", 2)


def test_a_model_that_nobody_listens_to_stops():
    engine = Lines(*("word" for _ in range(1000)), pause_seconds=0.02)

    async def listen():
        async with asyncio.timeout(0.15):
            await text_of(local(engine))

    with pytest.raises(TimeoutError):
        asyncio.run(listen())
    assert engine.was_stopped.wait(2)
    assert 0 < engine.said < 50


def test_a_request_that_waits_in_line_is_given_up_with_its_caller():
    engine = Lines(*("word" for _ in range(8)), pause_seconds=0.05)
    model = local(engine)

    async def listen():
        first = asyncio.create_task(text_of(model))
        await asyncio.sleep(0.05)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await text_of(model)
        return await first

    assert asyncio.run(listen()) == "word " * 8
    assert len(engine.requests) == 1


def test_one_model_serves_several_event_loops():
    model = local(Lines("hi"))
    assert [asyncio.run(text_of(model)) for _ in range(2)] == ["hi ", "hi "]


def test_a_model_is_loaded_once_and_only_when_it_is_needed():
    loaded = []
    engine = Lines("hi")
    model = LocalModel(lambda: loaded.append(1) or engine, load_timeout_seconds=5)
    assert loaded == []

    async def both():
        return await asyncio.gather(text_of(model), text_of(model))

    assert asyncio.run(both()) == ["hi ", "hi "]
    assert loaded == [1]
    assert model.context_tokens == engine.context_tokens


def test_loading_has_its_own_time_limit_and_goes_on_after_it():
    ready = threading.Event()
    engine = Lines("hi")
    model = LocalModel(lambda: ready.wait(5) and engine, load_timeout_seconds=0.05)
    with pytest.raises(ModelError, match="still being loaded"):
        asyncio.run(model.prepare())
    ready.set()
    time.sleep(0.05)
    assert asyncio.run(text_of(model)) == "hi "


@pytest.mark.parametrize("when", ["loading", "running"])
def test_what_a_library_raises_becomes_the_reason(when):
    def fail():
        raise RuntimeError("no memory\nat all")

    model = LocalModel(fail, load_timeout_seconds=5)
    if when == "running":
        model = local(Lines("a", error=RuntimeError("no memory\nat all")))
    with pytest.raises(ModelError, match=r"RuntimeError: no memory$"):
        asyncio.run(text_of(model))


def test_prompts_are_counted_by_the_engine():
    assert asyncio.run(local(Lines()).count_tokens(REQUEST.messages)) == 3
