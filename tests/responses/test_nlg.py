import json
import socket
import time

import pytest

from framework.assistant.explain import explain, lines
from framework.conversation.events import SlotSet
from framework.errors import UsageError
from framework.project.schema.config import Endpoint, Endpoints
from framework.project.schema.domain import ResponseVariation, SlotCondition
from framework.testing.conversation import Conversation, Script
from tests.bots import make_domain, slot
from tests.web import LocalServer, send


class Server(LocalServer):
    """An NLG server that gives one prepared answer and remembers what it was asked."""

    path = "/nlg"

    def __init__(self):
        super().__init__()
        self.status, self.reply, self.pause_seconds = 200, {"text": "From afar."}, 0.0

    def answer(self, handler, body):
        self.requests.append((handler.path, json.loads(body)))
        if not self.pause_seconds:
            send(handler, self.reply, status=self.status)
            return
        handler.send_response(self.status)
        handler.end_headers()
        for byte in json.dumps(self.reply).encode():
            time.sleep(self.pause_seconds)
            handler.wfile.write(bytes([byte]))


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


DOMAIN = make_domain(
    intents=("greet",),
    slots=[slot("name")],
    responses={
        "utter_greet": [
            ResponseVariation(text="Hello {name}!", id="plain"),
            ResponseVariation(text="Hello on Slack!", id="slack", channel="slack"),
        ]
    },
)


def talk_with(url, **options):
    services = {"nlg": Endpoint(url=url, options=options)}
    return Conversation(
        domain=DOMAIN,
        policies=Script({"greet": ["utter_greet"], "session_start": ["utter_elsewhere"]}),
        endpoints=Endpoints(services=services),
    )


def test_a_reply_is_what_the_server_writes(server):
    server.reply = {
        "text": "Good day!",
        "buttons": [{"title": "Go", "payload": "/go"}],
        "image": "https://x/y.png",
        "custom": {"a": 1},
        "tone": "formal",
    }
    (reply,) = talk_with(server.url).send("/greet")
    assert (reply.text, reply.image, reply.custom) == ("Good day!", "https://x/y.png", {"a": 1})
    assert reply.buttons == ({"title": "Go", "payload": "/go"},)
    assert reply.metadata["tone"] == "formal"
    assert reply.metadata["utter_action"] == "utter_greet"


def test_the_request_is_that_of_rasas_protocol(server):
    talk = talk_with(server.url, token="secret")
    talk.append(SlotSet(name="name", value="Ada"))
    talk.send("/greet", channel="slack")
    (path, request) = server.requests[0]
    assert path == "/nlg?token=secret"
    assert sorted(request) == ["arguments", "channel", "id", "response", "tracker"]
    assert (request["response"], request["id"]) == ("utter_greet", "slack")
    assert (request["arguments"], request["channel"]) == ({}, {"name": "slack"})
    assert request["tracker"]["slots"]["name"] == "Ada"
    assert request["tracker"]["events"][-1]["event"] == "user"


@pytest.mark.parametrize(
    ("variations", "id"),
    [
        ((("a", None), ("b", None)), "a"),
        ((("a", None), ("b", "Ada"), ("c", "Ada")), "b"),
        (((None, None), ("b", None)), None),
        ((("a", None), ("a", None)), None),
        ((), None),
    ],
)
def test_the_id_is_that_of_the_first_variation_that_fits(server, variations, id):
    made = [
        ResponseVariation(
            text="x", id=id, conditions=(SlotCondition(slot="name", value=name),) if name else ()
        )
        for id, name in variations
    ]
    domain = make_domain(
        intents=("greet",), slots=[slot("name")], responses={"utter_greet": made} if made else {}
    )
    services = Endpoints(services={"nlg": Endpoint(url=server.url)})
    script = Script({"greet": ["utter_greet"]})
    for name in ("ada", "bo", "cy"):  # a choice by lot would differ
        talk = Conversation(domain=domain, policies=script, endpoints=services, name=name)
        talk.append(SlotSet(name="name", value="Ada"))
        talk.send("/greet")
    assert {request["id"] for _, request in server.requests} == ({id} if made else set())


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (500, {}, "answered 500"),
        (404, b"<html>", "answered 404"),
        (302, b"", "answered 302"),
        (200, b"not json", "gave no message"),
        (200, b"", "gave no message"),
        (200, None, "gave no message"),
        (200, [1], "gave no message"),
        (200, {"text": 7}, "text: "),
        (200, {"text": "x", "buttons": ["y"]}, "buttons.0: "),
    ],
)
def test_a_failing_server_is_replaced_by_the_domain_and_the_reason_is_told(
    server, status, answer, reason
):
    server.status, server.reply = status, answer
    talk = talk_with(server.url)
    talk.append(SlotSet(name="name", value="Ada"))
    (reply,) = talk.send("/greet")
    assert reply.text == "Hello Ada!"
    assert reason in reply.metadata["said_instead"]
    assert any("said instead: " in line and reason in line for line in lines(explain(talk.turn)))


def test_a_server_that_dawdles_is_not_waited_for(server):
    server.pause_seconds = 0.05  # each byte comes in time, the whole does not
    server.reply = {"text": "x" * 1000}
    talk = talk_with(server.url, timeout_seconds=0.2)
    started = time.monotonic()
    (reply,) = talk.send("/greet")
    assert time.monotonic() - started < 2
    assert "took too long" in reply.metadata["said_instead"]


def test_a_server_that_is_down_is_replaced_by_the_domain():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/nlg"
    (reply,) = talk_with(url).send("/greet")
    assert "can't be reached" in reply.metadata["said_instead"]


def test_a_service_of_type_response_is_the_domain(server):
    (reply,) = talk_with(server.url, type="response").send("/greet")
    assert reply.text == "Hello None!"
    assert server.requests == []


@pytest.mark.parametrize(
    ("url", "options", "message"),
    [
        (None, {}, "`nlg` has no `url`"),
        ("http://x", {"type": "my.Generator"}, "no NLG service of type 'my.Generator'"),
        ("http://x", {"timeout_seconds": "soon"}, "must be a number above 0, not 'soon'"),
        ("http://x", {"timeout_seconds": 0}, "must be a number above 0"),
    ],
)
def test_a_service_that_cannot_be_used_is_refused(url, options, message):
    with pytest.raises(UsageError, match=message):
        talk_with(url, **options)
