import logging
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framework.errors import UsageError
from framework.nlu.component import NluTrainingData
from framework.nlu.entities.duckling import URL_VARIABLE, DucklingEntities, find_faults
from framework.nlu.types import Understanding
from framework.nlu.wire import entity_to_json
from tests.web import LocalServer, send

NOW = datetime(2013, 2, 12, 4, 30, tzinfo=timezone(timedelta(hours=-2)))


class Fixed(DucklingEntities):
    """Lives at one moment."""

    def now(self):
        return NOW


def find(component, text):
    entities = component.process(Understanding(text=text)).entities
    return [(item.entity, item.value) for item in entities]


@pytest.fixture(autouse=True)
def _no_server_by_environment(monkeypatch):
    monkeypatch.delenv(URL_VARIABLE, raising=False)


class Server(LocalServer):
    """A server that answers as Duckling does, and keeps what it was asked."""

    path = ""

    def __init__(self):
        super().__init__()
        self.status, self.reply = 200, []

    def answer(self, handler, body):
        asked = {key: values[0] for key, values in parse_qs(body.decode()).items()}
        self.requests.append((handler.path, asked))
        send(handler, self.reply, status=self.status)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


def close(component):
    if component._client is not None:
        component._client.close()


FIVE = {
    "body": "five",
    "start": 4,
    "end": 8,
    "dim": "number",
    "latent": False,
    "value": {"value": 5, "type": "value"},
}


def test_without_a_server_values_have_ducklings_shape():
    (entity,) = Fixed().process(Understanding(text="for five")).entities
    assert entity_to_json(entity) == {
        "entity": "number",
        "start": 4,
        "end": 8,
        "value": 5,
        "confidence": 1.0,
        "extractor": "DucklingEntityExtractor",
        "text": "five",
        "additional_info": {"value": 5, "type": "value"},
    }


def test_a_stretch_of_time_has_both_ends_as_its_value():
    ((name, value),) = find(Fixed(), "from 3 to 5 pm")
    assert name == "time"
    assert value == {"from": "2013-02-12T15:00:00.000-02:00", "to": "2013-02-12T18:00:00.000-02:00"}


def test_dimensions_limit_what_is_found():
    text = "5 dollars for ada@example.org tomorrow"
    assert [name for name, _ in find(Fixed(dimensions=["email", "number"]), text)] == [
        "number",
        "email",
    ]


@pytest.mark.parametrize(
    ("locale", "month"),
    [(None, 3), ("en_US", 3), ("en_GB", 4), ("de", 4), ("en-US", 3), ("zh_CN", 3), ("en_CA", 3)],
)
def test_the_locale_decides_between_day_and_month(locale, month):
    ((_, value),) = find(Fixed(locale=locale, dimensions=["time"]), "3/4")
    assert datetime.fromisoformat(value).month == month


@pytest.mark.parametrize(
    ("settings", "language", "part_of_message", "part_of_hint"),
    [
        ({"timezone": "Europe/Berlni"}, "en", "no time zone 'Europe/Berlni'", "'Europe/Berlin'"),
        ({"timezone": "Mars"}, "en", "no time zone 'Mars'", "such as"),
        ({"dimensions": ["tiem"]}, "en", "kind 'tiem'", "'time'"),
        ({"dimensions": ["time"]}, "zh", "times are those of America/Los_Angeles", "`timezone`"),
        ({}, "en", "times are those of America/Los_Angeles", "`timezone`"),
        ({"dimensions": ["distance"]}, "en", "'distance' are found by a Duckling server", "`url`"),
        ({"timezone": "UTC"}, "de", "in 'de' those in digits", "`url`"),
        ({"locale": "fr_FR", "dimensions": ["number"]}, "en", "in 'fr' those in digits", "`url`"),
    ],
)
def test_settings_that_find_nothing_are_told(settings, language, part_of_message, part_of_hint):
    (fault,) = find_faults(settings, language=language)
    assert part_of_message in fault.message
    assert part_of_hint in fault.hint


@pytest.mark.parametrize(
    "settings",
    [
        {"dimensions": ["time", "email"], "timezone": "Asia/Shanghai"},
        {"dimensions": ["distance"], "url": "http://localhost:8000", "locale": "de_DE"},
    ],
)
def test_settings_that_can_be_met_are_no_fault(settings):
    assert list(find_faults(settings, language="zh")) == []


def test_a_server_is_asked_as_duckling_expects(server):
    server.reply = [FIVE]
    component = Fixed(
        url=server.url, dimensions=["number"], locale="en_GB", timezone="Europe/Berlin"
    )
    assert find(component, "for five") == [("number", 5)]
    assert server.requests == [
        (
            "/parse",
            {
                "text": "for five",
                "locale": "en_GB",
                "tz": "Europe/Berlin",
                "dims": '["number"]',
                "reftime": str(int(NOW.timestamp()) * 1000),
            },
        )
    ]
    close(component)


def test_the_servers_interval_becomes_both_ends(server):
    value = {"type": "interval", "from": {"value": "a", "grain": "hour"}, "values": []}
    server.reply = [{**FIVE, "dim": "time", "value": value}]
    component = Fixed(url=server.url)
    assert find(component, "for five") == [("time", {"to": None, "from": "a"})]
    close(component)


def test_the_environment_names_the_server(server, monkeypatch):
    server.reply = [FIVE]
    monkeypatch.setenv(URL_VARIABLE, server.url + "/")
    component = Fixed(url="http://elsewhere.invalid")
    assert find(component, "for five") == [("number", 5)]
    close(component)


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, []),
        (200, {"error": "?"}),
        (200, [{"dim": "number"}]),
        (200, [{**FIVE, "end": 99}]),
        (200, [3]),
        (200, [{**FIVE, "value": 3}]),
    ],
)
def test_a_server_that_gives_no_proper_answer_is_replaced(server, status, answer, caplog):
    server.status, server.reply = status, answer
    component = Fixed(url=server.url)
    assert find(component, "for five") == [("number", 5)]
    assert "gives no answer" in caplog.text
    close(component)


def test_a_server_that_is_not_there_is_warned_of_once_and_then_left_alone(caplog):
    component = Fixed(url="http://127.0.0.1:9", timeout_seconds=0.5)
    for _ in range(3):
        assert find(component, "for five") == [("number", 5)]
    assert len([r for r in caplog.records if r.levelno >= logging.WARNING]) == 1
    close(component)


def test_a_time_zone_that_does_not_exist_is_an_error():
    with pytest.raises(UsageError, match="Europe/Nowhere"):
        list(DucklingEntities(timezone="Europe/Nowhere").train(NluTrainingData(utterances=[])))


@pytest.mark.parametrize(
    ("zone", "expected"), [(None, "America/Los_Angeles"), ("Asia/Tokyo", "Asia/Tokyo")]
)
def test_the_present_has_the_users_time_zone_or_ducklings(zone, expected):
    assert str(DucklingEntities(timezone=zone).now().tzinfo) == expected


def test_the_language_is_kept(trained):
    component = trained(DucklingEntities(), DucklingEntities())
    assert component.save() == {"language.json": b'{"language": "en"}'}


@given(st.text())
def test_any_text_gives_true_places(text):
    for item in Fixed().process(Understanding(text=text)).entities:
        assert item.additional["text"] == text[item.start : item.end] != ""
