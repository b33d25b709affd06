"""The responder answers what it learned, says how sure it is, and takes sensible settings alone."""

# ruff: noqa: RUF001  # full-width marks are what Chinese is written with

import asyncio
import threading
from dataclasses import fields
from inspect import signature

import pytest

from framework.conversation.events import UserUttered
from framework.conversation.messages import REASONS
from framework.conversation.tracker import Tracker
from framework.errors import TrainingError, UsageError
from framework.nlu.types import Understanding
from framework.project.schema.domain import Domain
from framework.project.schema.pairs import Pair
from framework.responses.base import ReplyTrainingData
from framework.responses.seq2seq.decoding import Decoding
from framework.responses.seq2seq.responder import Seq2seqResponder

WEATHER = (
    Pair(question="今天天气怎么样？", answer="今天天气晴朗，气温25度。"),
    Pair(question="明天天气如何？", answer="明天可能会下雨，记得带伞。"),
)


def data(pairs=WEATHER) -> ReplyTrainingData:
    return ReplyTrainingData(pairs=pairs, seed=3)


def trained(**settings) -> Seq2seqResponder:
    learner = Seq2seqResponder(width=64, **settings)
    for _ in learner.train(data()):
        pass
    return Seq2seqResponder(width=64, **settings).load(learner.save())


@pytest.fixture(scope="module")
def responder() -> Seq2seqResponder:
    return trained(responses=["utter_weather"])


def heard(text: str) -> Tracker:
    said = UserUttered(text=text, understanding=Understanding(text=text))
    return Tracker.replay("ada", Domain(), [said])


def respond(responder, response, text):
    answer = responder.respond(
        response, tracker=heard(text), domain=Domain(), channel="cmdline", values={}
    )
    return asyncio.run(answer)


@pytest.mark.parametrize("beam", [1, 4])
@pytest.mark.parametrize("pair", WEATHER, ids=lambda pair: pair.question)
def test_two_pairs_are_enough_to_answer_both_questions(responder, pair, beam):
    text, confidence = responder.write(pair.question, beam=beam)
    assert text == pair.answer
    assert confidence > 0.9


@pytest.mark.parametrize("text", ["今天天气怎么样", "明天天气如何", "明天天气如何?"])
def test_a_missing_mark_at_the_end_changes_nothing(responder, text):
    wanted = next(pair.answer for pair in WEATHER if pair.question[:2] == text[:2])
    assert responder.attempt(heard(text)).text == wanted


@pytest.mark.parametrize("text", ["你会做饭吗？", "How are you?", "🙂", "ж" * 5000])
def test_a_strange_question_is_left_to_others_with_a_reason(responder, text):
    attempt = responder.attempt(heard(text))
    assert attempt.text is None
    assert "sure of its reply, threshold 50%" in attempt.note


@pytest.mark.parametrize("text", ["", "   ", "/greet"])
def test_a_message_without_words_is_left_to_others(responder, text):
    assert responder.attempt(heard(text)).text is None


def test_only_listed_responses_are_answered_and_only_where_it_is_sure(responder):
    said = respond(responder, "utter_weather", WEATHER[0].question)
    assert said.text == WEATHER[0].answer
    assert said.metadata["written_by"] == "seq2seq"
    assert said.metadata["utter_action"] == "utter_weather"
    assert said.metadata["confidence"] > 0.9
    assert "sure" in said.metadata[REASONS][0]
    assert respond(responder, "utter_weather", "你会做饭吗？") is None
    assert respond(responder, "utter_other", WEATHER[0].question) is None


def test_other_conversations_go_on_while_a_reply_is_written(responder, monkeypatch):
    threads = []
    attempt = responder.attempt

    def watched(tracker):
        threads.append(threading.get_ident())
        return attempt(tracker)

    monkeypatch.setattr(responder, "attempt", watched)
    assert respond(responder, "utter_weather", WEATHER[0].question).text == WEATHER[0].answer
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


@pytest.mark.parametrize(
    ("network", "epochs"),
    [("lstm", 140), pytest.param("transformer", None, marks=pytest.mark.slow)],
)
def test_every_kind_of_network_learns_both_answers(network, epochs):
    responder = trained(network=network, epochs=epochs)
    assert [responder.write(pair.question)[0] for pair in WEATHER] == [
        pair.answer for pair in WEATHER
    ]


def test_drawn_replies_depend_on_the_conversation_alone():
    responder = trained(top_k=3, temperature=0.7, epochs=30)
    drawn = {responder.write("今天天气", draw=seed) for seed in (1, 1, 1)}
    assert len(drawn) == 1


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"width": 20}, "width"),
        ({"layers": 0}, "layers"),
        ({"epochs": 0}, "epochs"),
        ({"beam": 0}, "beam"),
        ({"top_k": -1}, "top_k"),
        ({"top_p": 0}, "top_p"),
        ({"top_p": 1.1}, "top_p"),
        ({"threshold": 2}, "threshold"),
        ({"held_out": 0.9}, "held_out"),
        ({"dropout": 0.95}, "dropout"),
        ({"temperature": 0}, "temperature"),
        ({"learning_rate": -1}, "learning_rate"),
        ({"vocabulary": 3}, "vocabulary"),
        ({"patience": -1}, "patience"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"teacher_forcing": 1.5}, "teacher_forcing"),
    ],
)
def test_a_setting_out_of_its_range_is_refused_by_name(settings, named):
    with pytest.raises(UsageError, match=f"`{named}` of `seq2seq`"):
        Seq2seqResponder(**settings)


def test_there_is_nothing_to_learn_without_pairs():
    with pytest.raises(TrainingError, match="no questions and answers"):
        list(Seq2seqResponder().train(data(())))


def test_confidence_is_weighed_on_replies_that_are_chosen_as_those_that_are_said():
    judged = {field.name: field.default for field in fields(Decoding)}
    settings = signature(Seq2seqResponder).parameters
    said = {name: setting.default for name, setting in settings.items()}

    assert judged.pop("most") == said["max_tokens"]
    assert judged == {name: said[name] for name in judged}
