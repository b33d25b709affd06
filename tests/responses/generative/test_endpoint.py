import asyncio
import gc
import json
import socket
import ssl
import sys
import time
from contextlib import aclosing

import pytest

from framework.responses.generative.base import ModelError, Request, UnusedModelError, Usage
from framework.responses.generative.endpoint import Endpoint
from framework.responses.generative.settings import LlmSettings
from tests.responses.generative.stand_ins import Server

REQUEST = Request(messages=[{"role": "user", "content": "hello"}], max_tokens=20)


@pytest.fixture
def server():
    server = Server(lambda messages: "all is well")
    yield server
    server.close()


def ask(server, request=REQUEST, **options):
    settings = LlmSettings(url=server.url, model="m", **{"timeout_seconds": 3, **options})

    async def listen():
        return [piece async for piece in Endpoint(settings).stream(request)]

    return asyncio.run(listen())


def text_of(pieces):
    return "".join(piece.text for piece in pieces).strip()


@pytest.mark.parametrize("streams", [True, False])
def test_the_reply_the_end_and_the_usage_are_read(server, streams):
    server.streams, server.finish = streams, "length"
    server.usage = {"prompt_tokens": 7, "completion_tokens": 3}
    pieces = ask(server)
    assert text_of(pieces) == "all is well"
    assert pieces[-1].finish == "length"
    assert pieces[-1].usage == Usage(input_tokens=7, output_tokens=3)


def test_seed_and_stop_are_sent_where_they_are_set(server):
    ask(server, Request(messages=REQUEST.messages, max_tokens=5, stop=("X",), seed=4))
    assert server.requests[0]["stop"] == ["X"]
    assert server.requests[0]["seed"] == 4
    ask(server)
    assert {"stop", "seed"}.isdisjoint(server.requests[1])


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_knows_fewer_parameters_is_asked_again_with_fewer(server, status):
    server.answers = [(status, {})]
    assert text_of(ask(server, retries=0)) == "all is well"
    assert "stream_options" in server.requests[0]
    assert "stream_options" not in server.requests[1]


@pytest.mark.parametrize(
    ("error", "parameter"),
    [
        (
            {
                "message": "Unsupported value: 'temperature' does not support 0.3 with this model.",
                "param": "temperature",
            },
            "temperature",
        ),
        ({"message": "Unknown argument stop", "param": None}, "stop"),
        ([{"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Unexpected seed"}], "seed"),
    ],
)
def test_a_parameter_that_the_server_says_it_does_not_take_is_left_out_alone(
    server, error, parameter
):
    key = "error" if isinstance(error, dict) else "detail"
    server.answers = [(400, {}, json.dumps({key: error}).encode())]
    request = Request(messages=REQUEST.messages, max_tokens=5, stop=("X",), seed=4)
    assert text_of(ask(server, request, retries=0)) == "all is well"
    assert server.requests[0].keys() - server.requests[1].keys() == {parameter}


def test_a_length_that_goes_by_a_newer_name_is_sent_by_that(server):
    told = "Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens'."
    error = {"error": {"message": told, "param": "max_tokens"}}
    server.answers = [(400, {}, json.dumps(error).encode())]
    assert text_of(ask(server, retries=0)) == "all is well"
    assert server.requests[1]["max_completion_tokens"] == REQUEST.max_tokens
    assert "max_tokens" not in server.requests[1]


def test_a_server_that_takes_nothing_is_asked_a_few_times(server):
    told = "unsupported: max_tokens, max_completion_tokens, temperature, model, messages, stream"
    server.answers = [(400, {}, json.dumps({"error": told}).encode())] * 20
    with pytest.raises(ModelError, match="answered 400: unsupported"):
        ask(server, retries=0)
    assert len(server.requests) < 6


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"error": {"message": "model \'m\' not found"}}', "answered 404: model 'm' not found$"),
        (b'{"error": "no\\nmodel"}', "answered 404: no model$"),
        (b'{"detail": [{"msg": "no model", "input": "secret"}]}', "answered 404: no model$"),
        (b'{"message": "no model"}', "answered 404: no model$"),
        (b"<html>nothing here</html>", "answered 404$"),
        (b'{"error": {"code": 7}}', "answered 404$"),
        (b"[" * 100_000, "answered 404$"),
        (b'"' + b"x" * 5000 + b'"', "answered 404: x{200}…$"),
        (b" " * 1_100_000, "answered 404$"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_a_server_says_of_an_error_is_told(server, body, told):
    server.answers = [(404, {}, body)]
    with pytest.raises(UnusedModelError, match=told):
        ask(server)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529])
def test_a_server_that_is_busy_is_asked_again(server, status):
    server.answers = [(status, {})]
    assert text_of(ask(server)) == "all is well"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_server_that_refuses_is_not_asked_again(server, status):
    server.answers = [(status, {})]
    with pytest.raises(ModelError, match=f"answered {status}"):
        ask(server, retries=3)
    assert len(server.requests) == 1


def test_the_server_says_how_long_to_wait(server):
    server.answers = [(429, {"Retry-After": "0.6"})]
    started = time.monotonic()
    assert text_of(ask(server)) == "all is well"
    assert time.monotonic() - started >= 0.6


@pytest.mark.parametrize("wait", ["60", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_a_wait_beyond_the_time_limit_is_not_begun(server, wait):
    server.answers = [(429, {"Retry-After": wait})]
    started = time.monotonic()
    with pytest.raises(ModelError, match="answered 429 and asks to wait"):
        ask(server)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("wait", ["soon", "-5", "Wed, 21 Oct 2015 07:28:00 GMT", ""])
def test_a_wait_that_makes_no_sense_is_a_short_one(server, wait):
    server.answers = [(503, {"Retry-After": wait})]
    assert text_of(ask(server)) == "all is well"


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"data: {}\n\n", "nonsense"),
        (b"data: [1, 2]\n\n", "nonsense"),
        (b"data: null\n\n", "nonsense"),
        (b"data: {{{\n\n", "nonsense"),
        (b"data: " + b"[" * 100_000 + b"\n\n", "nonsense"),
        (b'data: {"choices": [{"delta": {"content": 7}}]}\n\n', "nonsense"),
        (b'data: {"choices": [{"text": "x"}]}\n\n', "nonsense"),
        (b'data: {"choices": 5}\n\n', "nonsense"),
        (b'data: {"error": {"message": "overloaded"}}\n\n', "reports an error: overloaded"),
        (b"x" * 1_100_000, "without end"),
        (b"", "breaks off"),
        (b'data: {"choices": [{"delta": {"content": "all is"}}]}\n\n', "breaks off"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_an_answer_that_is_none_is_told(server, raw, message):
    server.raw = raw
    with pytest.raises(ModelError, match=message):
        ask(server)


def test_comments_empty_choices_and_binary_between_the_events_do_no_harm(server):
    said = json.dumps({"choices": [{"delta": {"content": "fine"}}]}).encode()
    server.raw = (
        b': ping\n\nevent: x\n\xff\xfe\ndata: {"choices": []}\n\ndata: '
        + said
        + b"\r\n\ndata: [DONE]"
    )
    assert text_of(ask(server)) == "fine"


def test_a_reply_ends_with_its_reason_where_no_end_of_the_stream_is_told(server):
    server.raw = b'data: {"choices": [{"delta": {"content": "fine"}, "finish_reason": "stop"}]}\n\n'
    assert text_of(ask(server)) == "fine"


@pytest.mark.parametrize(("scheme", "times"), [("http", 0), ("https", 1)])
def test_certificates_are_read_once_and_only_where_they_are_needed(monkeypatch, scheme, times):
    read, create = [], ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda **at: read.append(at) or create(**at))
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"{scheme}://127.0.0.1:{unused.getsockname()[1]}/v1"
    endpoint = Endpoint(LlmSettings(url=url, model="m", retries=2))

    async def listen():
        return [piece async for piece in endpoint.stream(REQUEST)]

    with pytest.raises(ModelError, match="can't be reached"):
        asyncio.run(listen())
    assert len(read) == times


def test_nothing_is_read_after_the_end(server):
    server.raw = b"data: [DONE]\n\ndata: {{{\n\n"
    assert ask(server) == []


@pytest.mark.parametrize("is_heard_out", [True, False])
def test_nothing_is_left_open_when_the_answer_ends_or_nobody_listens_any_more(server, is_heard_out):
    settings = LlmSettings(url=server.url, model="m", timeout_seconds=3)
    left = []

    async def listen():
        hooks = sys.get_asyncgen_hooks()
        sys.set_asyncgen_hooks(firstiter=hooks.firstiter, finalizer=left.append)
        async with aclosing(Endpoint(settings).stream(REQUEST)) as stream:
            async for _ in stream:
                if not is_heard_out:
                    break
        gc.collect()

    asyncio.run(listen())
    assert [one.__qualname__ for one in left if "framework" in one.ag_code.co_filename] == []
