import asyncio
import itertools
import logging

import pytest

from framework.conversation.events import BotUttered, SlotSet
from framework.conversation.replies import to_event
from framework.project.schema.domain import ResponseVariation, SlotCondition
from framework.responses.templates import Templates, interpolate, suitable
from tests.bots import make_domain, slot, tracker_of


def variation(text="hi", *, channel=None, conditions=None, **options):
    wanted = tuple(SlotCondition(slot=name, value=v) for name, v in (conditions or {}).items())
    return ResponseVariation(text=text, channel=channel, conditions=wanted, **options)


def respond(domain, *events, seed=0, channel="cmdline", values=None, response="utter_greet"):
    tracker = tracker_of(domain, *events)
    return asyncio.run(
        Templates(seed=seed).respond(
            response, tracker=tracker, domain=domain, channel=channel, values=values or {}
        )
    )


def texts(variations, *, slots=None, channel="rest"):
    return [item.text for item in suitable(variations, slots=slots or {}, channel=channel)]


class TestChoice:
    BOTH = variation("both", channel="rest", conditions={"vip": True})
    CHANNEL = variation("channel", channel="rest")
    CONDITION = variation("condition", conditions={"vip": True})
    DEFAULT = variation("default")
    OTHER = variation("other", channel="slack")

    def test_channel_and_condition_together_come_first(self):
        every = [self.DEFAULT, self.CONDITION, self.CHANNEL, self.BOTH, self.OTHER]
        assert texts(every, slots={"vip": True}) == ["both"]

    def test_a_default_for_the_channel_beats_a_condition_without_one(self):
        every = [self.DEFAULT, self.CONDITION, self.CHANNEL]
        assert texts(every, slots={"vip": True}) == ["channel"]

    def test_a_condition_beats_the_default(self):
        assert texts([self.DEFAULT, self.CONDITION], slots={"vip": True}) == ["condition"]
        assert texts([self.DEFAULT, self.CONDITION], slots={"vip": False}) == ["default"]

    def test_a_variation_for_another_channel_is_never_said(self):
        assert texts([self.OTHER]) == []
        assert texts([self.OTHER, self.DEFAULT]) == ["default"]

    @pytest.mark.parametrize(
        ("value", "wanted", "holds"),
        [
            ("Gold", "gold", True),
            ("gold", "silver", False),
            (1.0, 1, True),
            ("1", 1, False),
            (True, True, True),
            (None, None, True),
            (["a"], ["a"], True),
        ],
    )
    def test_texts_are_compared_without_case_and_all_else_by_value(self, value, wanted, holds):
        found = texts([variation("yes", conditions={"tier": wanted})], slots={"tier": value})
        assert found == (["yes"] if holds else [])

    def test_all_conditions_must_hold(self):
        both = [variation("yes", conditions={"a": 1, "b": 2})]
        assert texts(both, slots={"a": 1, "b": 2}) == ["yes"]
        assert texts(both, slots={"a": 1}) == []

    def test_the_conversations_language_is_preferred(self):
        every = [
            variation("hallo", language="de"),
            variation("hi"),
            variation("ciao", language="it"),
        ]
        assert texts(every, slots={"language": "de"}) == ["hallo"]
        assert texts(every, slots={"language": "fr"}) == ["hi"]
        assert texts(every) == ["hi"]

    @pytest.mark.parametrize(
        ("wanted", "said"),
        [
            ("de", ["hallo"]),
            ("DE", ["hallo"]),
            ("de-AT", ["servus"]),
            ("de_CH", ["hallo"]),
            ("en-GB", ["hi", "hello"]),
            ("en", ["hi", "hello"]),
            ("fr", ["hi", "hello"]),
            (None, ["hi", "hello"]),
        ],
    )
    def test_a_language_nobody_wrote_for_falls_back_to_the_bots(self, wanted, said):
        every = [
            variation("hallo", language="de"),
            variation("servus", language="de-AT"),
            variation("hi"),
            variation("hello", language="en"),
        ]
        found = suitable(every, slots={"language": wanted}, channel="rest", language="en")
        assert [item.text for item in found] == said

    @pytest.mark.parametrize(
        ("wanted", "vip", "channel", "said"),
        [
            ("zh", True, "rest", "你好"),
            ("zh", True, "slack", "hello"),
            ("de-AT", True, "slack", "servus"),
            ("de-AT", False, "slack", "hallo"),
            ("it", False, "slack", "hello"),
            ("it", True, "slack", "ciao"),
        ],
    )
    def test_a_language_whose_variations_do_not_fit_is_passed_over(
        self, wanted, vip, channel, said
    ):
        every = [
            variation("你好", language="zh", channel="rest"),
            variation("servus", language="de-AT", conditions={"vip": True}),
            variation("hallo", language="de"),
            variation("ciao", language="it", conditions={"vip": True}),
            variation("hello"),
        ]
        slots = {"language": wanted, "vip": vip}
        [found] = suitable(every, slots=slots, channel=channel, language="en")
        assert found.text == said

    def test_without_a_variation_in_the_bots_language_any_is_better_than_silence(self):
        every = [variation("hallo", language="de"), variation("ciao", language="it")]
        found = suitable(every, slots={"language": "fr"}, channel="rest", language="en")
        assert [item.text for item in found] == ["hallo", "ciao"]


class TestVariety:
    DOMAIN = make_domain(responses={"utter_greet": ["a", "b", "c"]})

    def test_equal_seeds_and_conversations_give_equal_choices(self):
        assert respond(self.DOMAIN, seed=3) == respond(self.DOMAIN, seed=3)

    def test_every_variation_is_said_sooner_or_later(self):
        assert {respond(self.DOMAIN, seed=seed).text for seed in range(40)} == {"a", "b", "c"}

    def test_the_same_words_are_not_said_twice_in_a_row(self):
        events = []
        for _ in range(30):
            events.append(to_event(respond(self.DOMAIN, *events)))
        said = [event.text for event in events]
        assert all(first != second for first, second in itertools.pairwise(said))

    def test_an_unknown_response_says_nothing(self):
        assert respond(self.DOMAIN, response="utter_sing") is None


class TestPlaceholders:
    def test_slots_are_filled_in_wherever_a_text_may_stand(self):
        rich = ResponseVariation(
            text="{name}!",
            image="https://x/{name}.png",
            buttons=({"title": "I am {name}", "payload": '/me{{"name": "{name}"}}'},),
            quick_replies=({"title": "{name}?"},),
            elements=({"card": {"title": "{name}"}},),
            attachment={"type": "t", "payload": {"src": "{name}"}},
            custom={"deep": [{"er": "{name}"}], "number": 1},
        )
        domain = make_domain(slots=[slot("name")], responses={"utter_greet": [rich]})
        message = respond(domain, SlotSet(name="name", value="Ada"))
        assert message.text == "Ada!"
        assert message.image == "https://x/Ada.png"
        assert message.buttons == ({"title": "I am Ada", "payload": '/me{"name": "Ada"}'},)
        assert message.quick_replies == ({"title": "Ada?"},)
        assert message.elements == ({"card": {"title": "Ada"}},)
        assert message.attachment == {"type": "t", "payload": {"src": "Ada"}}
        assert message.custom == {"deep": [{"er": "Ada"}], "number": 1}

    def test_values_of_the_action_go_before_slots(self):
        domain = make_domain(slots=[slot("name")], responses={"utter_greet": "{name} {x}"})
        ada = SlotSet(name="name", value="Ada")
        assert respond(domain, ada, values={"name": "Bob", "x": 1}).text == "Bob 1"

    @pytest.mark.parametrize(
        ("text", "result"),
        [
            ("{a}", "1"),
            ("{{a}}", "{a}"),
            ("{{{a}}}", "{1}"),
            ("{a}{b}", "1None"),
            ("one { brace", "one { brace"),
            ("{}", "{}"),
            ("{a b}", "x"),
            ("{a\n}", "{a\n}"),
            ("100%", "100%"),
            ("{a.b}", "dotted"),
        ],
    )
    def test_braces(self, text, result):
        assert interpolate(text, {"a": 1, "b": None, "a b": "x", "a.b": "dotted"}) == result

    def test_a_text_with_an_unknown_name_stays_unfilled_and_that_is_logged(self, caplog):
        with caplog.at_level(logging.WARNING):
            assert interpolate("{known} {unknown}", {"known": 1}) == "{known} {unknown}"
        assert "{unknown}" in caplog.text

    def test_a_value_is_not_read_for_placeholders_itself(self):
        assert interpolate("{a}", {"a": "{b}", "b": "secret"}) == "{b}"


def test_a_reply_survives_being_an_event():
    domain = make_domain(
        responses={
            "utter_greet": [
                ResponseVariation(
                    text="hi", image="i.png", buttons=({"title": "A", "payload": "/a"},)
                )
            ]
        }
    )
    event = to_event(respond(domain))
    assert isinstance(event, BotUttered)
    assert event.data["attachment"] == event.data["image"] == "i.png"
    assert event.data["buttons"] == [{"title": "A", "payload": "/a"}]
    assert event.metadata["utter_action"] == "utter_greet"
