import asyncio

import pytest

from framework.conversation.messages import BotMessage
from framework.project.schema.domain import ResponseVariation
from framework.responses.base import Responder
from framework.responses.templates import Templates
from framework.responses.voice import Voice
from tests.bots import make_domain, tracker_of

DOMAIN = make_domain(
    responses={
        "utter_menu": [ResponseVariation(text="Choose", buttons=({"title": "A", "payload": "/a"},))]
    }
)


def say(response=None, content=None, *, responders=(), **values):
    voice = Voice(domain=DOMAIN, responders=[*responders, Templates()])
    return asyncio.run(
        voice.say(
            response,
            content=content or {},
            values=values,
            tracker=tracker_of(DOMAIN),
            channel="cmdline",
        )
    )


def test_words_alone_are_said_as_they_are():
    event = say(content={"text": "Hi {name}"})
    assert event.text == "Hi {name}"
    assert event.metadata == {}


def test_content_is_laid_over_a_response_and_its_buttons_come_after():
    event = say("utter_menu", {"image": "x.png", "buttons": [{"title": "B", "payload": "/b"}]})
    assert event.text == "Choose"
    assert event.data["image"] == "x.png"
    assert [button["title"] for button in event.data["buttons"]] == ["A", "B"]


def test_metadata_is_added_to_that_of_the_response():
    event = say("utter_menu", {"metadata": {"mood": "good"}})
    assert event.metadata["utter_action"] == "utter_menu"
    assert event.metadata["mood"] == "good"


@pytest.mark.parametrize("content", [{}, {"text": None}, {"text": "", "buttons": []}])
def test_without_words_nothing_is_said(content):
    assert say(content=content) is None


def test_an_unknown_response_says_nothing_and_is_logged(caplog):
    assert say("utter_sing", {"text": "la"}) is None
    assert "utter_sing" in caplog.text


class Shouting(Responder):
    name = "shouting"

    async def respond(self, response, *, tracker, domain, channel, values):
        if response != "utter_sing":
            return None
        return BotMessage(conversation=tracker.conversation, text="LA LA")


def test_the_first_responder_with_something_to_say_is_heard():
    assert say("utter_sing", responders=[Shouting()]).text == "LA LA"
    assert say("utter_menu", responders=[Shouting()]).text == "Choose"
