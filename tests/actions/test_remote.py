import json
import socket
import zlib

import pytest

from framework.actions.remote import effects_of
from framework.actions.server import ActionServer
from framework.conversation.events import SlotSet
from framework.errors import ActionError, ActionRejected, UsageError
from framework.project.schema.config import Endpoint
from framework.project.schema.domain import ActionDeclaration
from tests.bots import form, in_form, make_domain, mapping, run, said, shown, slot
from tests.web import LocalServer, send


class Server(LocalServer):
    """An action server that gives prepared answers and remembers what it was asked."""

    path = "/webhook"

    def __init__(self):
        super().__init__()
        self.answers = {}

    def answer(self, handler, body):
        if handler.headers.get("Content-Encoding") == "deflate":
            body = zlib.decompress(body)
        call = json.loads(body)
        self.requests.append((handler.path, dict(handler.headers), call))
        status, answer = self.answers.get(call["next_action"], (404, {}))
        send(handler, answer, status=status)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


DOMAIN = make_domain(
    intents=("book",),
    entities=("city",),
    slots=[slot("city", mapping("from_entity", entity="city"))],
    forms=[form("trip", "city")],
    responses={"utter_found": "Found {number} in {city}.", "utter_ask_city": "Where?"},
    actions=("action_find", "validate_trip"),
)


def ask(server, *events, action="action_find", domain=DOMAIN, **options):
    endpoint = Endpoint(url=server.url, options=options)
    return run(action, domain, *events, server=ActionServer(endpoint))


def test_replies_and_events_come_back_in_rasas_order(server):
    server.answers["action_find"] = (
        200,
        {
            "events": [{"event": "slot", "name": "city", "value": "Oslo", "timestamp": None}],
            "responses": [
                {"text": "One moment.", "buttons": [], "elements": [], "custom": {}, "image": None},
                {"response": "utter_found", "template": "utter_found", "text": None, "number": 3},
            ],
        },
    )
    events = ask(server, SlotSet(name="city", value="Rome"), said("book"))
    assert shown(events) == [
        ("bot", "One moment."),
        ("bot", "Found 3 in Rome."),
        ("slot", "city", "Oslo"),
    ]


def test_an_action_that_only_a_slot_mapping_names_is_asked_of_the_server(server):
    domain = make_domain(slots=[slot("city", mapping("custom", action="action_guess_city"))])
    event = {"event": "slot", "name": "city", "value": "Oslo"}
    server.answers["action_guess_city"] = 200, {"events": [event], "responses": []}

    events = ask(server, said("hello"), action="action_extract_slots", domain=domain)

    assert shown(events) == [("slot", "city", "Oslo")]


def test_a_number_as_text_is_said_as_text():
    (said,) = effects_of([{"text": 5}], [])

    assert said.content == {"text": "5"}


def test_the_request_holds_the_tracker_and_the_domain(server):
    server.answers["action_find"] = 200, {"events": [], "responses": []}
    ask(server, said("book", ("city", "Rome"), text="to Rome"))
    (path, headers, call) = server.requests[0]
    assert path == "/webhook"
    assert headers["Content-Type"] == "application/json"
    assert sorted(call) == ["domain", "next_action", "sender_id", "tracker", "version"]
    assert call["sender_id"] == call["tracker"]["sender_id"] == "test"
    assert call["tracker"]["latest_message"]["intent"]["name"] == "book"
    assert [event["event"] for event in call["tracker"]["events"]] == ["action", "user"]
    assert call["domain"]["forms"] == {"trip": {"required_slots": ["city"]}}
    assert call["domain"]["slots"]["city"]["mappings"] == [
        {"type": "from_entity", "entity": "city"}
    ]


def test_the_domain_is_left_out_where_that_is_wished(server):
    server.answers["action_find"] = 200, {}
    ask(server, enable_selective_domain=True)
    wants = ActionDeclaration(name="action_find", send_domain=True)
    ask(server, domain=make_domain_with(wants), enable_selective_domain=True)
    assert ["domain" in call for _, _, call in server.requests] == [False, True]


def make_domain_with(declaration):
    domain = make_domain()
    object.__setattr__(domain, "actions", {declaration.name: declaration})
    return domain


def test_options_of_the_endpoint_are_used(server, monkeypatch):
    monkeypatch.setenv("COMPRESS_ACTION_SERVER_REQUEST", "true")
    server.answers["action_find"] = 200, {}
    ask(
        server,
        headers={"X-Bot": 1},
        params={"a": "b"},
        token="secret",
        token_name="key",
        basic_auth={"username": "u", "password": "p"},
    )
    (path, headers, _) = server.requests[0]
    assert path == "/webhook?a=b&key=secret"
    assert headers["X-Bot"] == "1"
    assert headers["Authorization"] == "Basic dTpw"
    assert headers["Content-Encoding"] == "deflate"


def test_a_400_with_the_actions_name_is_a_rejection(server):
    server.answers["action_find"] = 400, {"action_name": "action_find", "error": "not now"}
    with pytest.raises(ActionRejected, match="not now"):
        ask(server)


def test_a_form_is_rejected_when_its_validation_is(server):
    server.answers["validate_trip"] = 400, {"action_name": "validate_trip", "error": "no"}
    message = (said("book", ("city", "Rome")), SlotSet(name="city", value="Rome"))
    with pytest.raises(ActionRejected):
        ask(server, *in_form("trip", "city"), *message, action="trip")


def test_a_form_is_validated_by_the_server(server):
    server.answers["validate_trip"] = (
        200,
        {
            "events": [{"event": "slot", "name": "city", "value": None}],
            "responses": [{"text": "Unknown city."}],
        },
    )
    message = (said("book", ("city", "Rome")), SlotSet(name="city", value="Rome"))
    events = ask(server, *in_form("trip", "city"), *message, action="trip")
    assert shown(events) == [
        ("bot", "Unknown city."),
        ("slot", "city", None),
        ("slot", "requested_slot", "city"),
        ("bot", "Where?"),
    ]
    candidates = server.requests[0][2]["tracker"]["events"][-2:]
    assert [(event["event"], event["name"]) for event in candidates] == [
        ("action", "trip"),
        ("slot", "city"),
    ]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((404, {"error": "?", "action_name": "action_find"}), "has no action 'action_find'"),
        ((500, {"error": "boom"}), "answered 500"),
        ((503, b"<html>"), "answered 503"),
        ((400, {"error": "Invalid body request"}), "refused the request"),
        ((200, b"not json"), "not JSON"),
        ((200, [1, 2]), "not an object"),
        ((200, {"events": {}, "responses": "x"}), "no lists"),
        ((200, {"events": [{"event": "slot"}], "responses": []}), "is wrong"),
        ((200, {"events": ["slot"], "responses": []}), "is wrong"),
        ((200, {"events": [], "responses": ["hi"]}), "is wrong"),
    ],
)
def test_a_bad_answer_is_an_error_that_says_so(server, answer, message):
    server.answers["action_find"] = answer
    with pytest.raises(ActionError, match=message):
        ask(server)


@pytest.mark.parametrize("answer", [None, {}, {"events": None, "responses": None}])
def test_an_empty_answer_is_fine(server, answer):
    server.answers["action_find"] = 200, answer
    assert ask(server) == ()


def test_an_unreachable_server_is_an_error_with_a_hint():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = Endpoint(url=f"http://127.0.0.1:{free.getsockname()[1]}/webhook")
    with pytest.raises(ActionError, match="can't be reached") as caught:
        run("action_find", DOMAIN, server=ActionServer(endpoint))
    assert "endpoints.yml" in caught.value.hint


def test_a_server_that_takes_too_long_is_an_error():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/webhook"
        endpoint = Endpoint(url=url, options={"timeout_seconds": 0.1})
        with pytest.raises(ActionError, match="too long"):
            run("action_find", DOMAIN, server=ActionServer(endpoint))


def test_an_endpoint_needs_an_address_and_readable_certificates(tmp_path):
    with pytest.raises(UsageError, match="no `url`"):
        ActionServer(Endpoint())
    missing = str(tmp_path / "ca.pem")
    with pytest.raises(UsageError, match=r"ca\.pem"):
        ActionServer(Endpoint(url="https://x", options={"cafile": missing}))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"headers": "X-Bot: 1"}, "`headers` of `action_endpoint` must be a mapping"),
        ({"params": ["a"]}, "`params` of `action_endpoint` must be a mapping"),
        ({"basic_auth": {"username": "u"}}, "needs `username` and `password`"),
        ({"basic_auth": "u:secret"}, "needs `username` and `password`"),
        ({"timeout_seconds": "soon"}, "must be a number above 0"),
    ],
)
def test_an_option_that_cannot_be_used_is_told_with_a_hint_and_no_secret(options, says):
    with pytest.raises(UsageError, match=says) as caught:
        ActionServer(Endpoint(url="http://x", options=options))
    assert caught.value.hint
    assert "secret" not in str(caught.value)
