import asyncio
import json

import pytest

from framework.conversation.events import BotUttered
from framework.responses.generative.base import CUT_OFF, estimate
from framework.responses.generative.prompt import Task
from framework.responses.generative.settings import LlmSettings
from framework.responses.generative.writer import Writer, shared_writer
from tests.bots import make_domain, said, tracker_of
from tests.responses.generative.stand_ins import Lines, Reply, local

TRACKER = tracker_of(make_domain(intents=("ask",)), said("ask", text="when do you open"))
TASK = Task(reply="We open at 9:00 and close at 17:00.")


def settings(**options):
    return LlmSettings(**{"model": "m", "timeout_seconds": 2, "max_tokens": 40, **options})


def write(model, task=TASK, tracker=TRACKER, **options):
    return asyncio.run(Writer(settings(**options), model=model).write(task, tracker=tracker))


@pytest.mark.parametrize(
    "text",
    [
        "Our doors are open from 9:00 to 17:00.",
        '"Our doors are open from 9:00 to 17:00."',
        "“Our doors are open from 9:00 to 17:00.”",
        "\n\n Our doors are open from 9:00 to 17:00. \n",
        '{"reply": "Our doors are open from 9:00 to 17:00."}',
        "<think>They ask for 3 things.</think>\nOur doors are open from 9:00 to 17:00.",
    ],
)
def test_a_reply_is_said_without_what_models_put_around_it(text):
    outcome = write(Reply(text))
    assert outcome.text == "Our doors are open from 9:00 to 17:00."
    assert outcome.reason == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("<think>I wonder", "it is empty"),
        ('""', "it is empty"),
        ('{"conversation": [], "re', "markup"),
        ('[{"reply": "We open at 9:00."', "markup"),
        ("We open at 8:00.", "the time '8:00'"),
    ],
)
def test_a_reply_that_cannot_be_used_leaves_a_reason(text, reason):
    outcome = write(Reply(text))
    assert (outcome.text, outcome.is_refused) == ("", True)
    assert reason in outcome.reason


def test_a_sign_that_comes_in_two_halves_is_one():
    outcome = write(Reply("We open at 9:00 and close at 17:00 \ud83d\ude00", size=1))
    assert outcome.text == "We open at 9:00 and close at 17:00 \U0001f600"


def test_a_model_that_makes_something_up_is_stopped_at_the_end_of_the_sentence():
    model = Reply("We open at 9:00. Ask for Bob at the desk. " + "And so on. " * 50)
    outcome = write(model, max_tokens=400)
    assert "the name 'bob'" in outcome.reason
    assert len(model.said) < 60


def test_a_reply_ends_at_a_stop_text():
    model = Reply("We open at 9:00.\nuser: and then? " + "word " * 100)
    assert write(model, stop=["\nuser:"], max_tokens=400).text == "We open at 9:00."
    assert len(model.said) < 40
    assert model.requests[0].stop == ("\nuser:",)


def test_a_reply_that_was_cut_off_ends_with_its_last_sentence():
    assert write(Reply("We open at 9:00. We close", finish=CUT_OFF)).text == "We open at 9:00."
    outcome = write(Reply("We open at", finish=CUT_OFF))
    assert "has no end within its tokens" in outcome.reason


def test_a_reply_of_which_the_server_keeps_a_part_back_is_not_said():
    outcome = write(Reply("We open at 9:00.", finish="content_filter"))
    assert (outcome.text, outcome.reason) == (
        "",
        "the language model's server keeps its reply back",
    )


def test_a_reply_without_end_is_stopped():
    outcome = write(Reply("well " * 5000), max_tokens=10)
    assert "doesn't stop" in outcome.reason


def test_a_slow_model_is_stopped_in_time():
    engine = Lines(*("well" for _ in range(500)), pause_seconds=0.05)
    outcome = write(local(engine), timeout_seconds=0.3)
    assert outcome.reason == "the language model took longer than 0.3 s"
    assert engine.was_stopped.wait(2)
    assert outcome.use["output_tokens"] > 0


def test_tokens_are_those_that_the_model_counts_else_estimated():
    counted = write(local(Lines("We", "open", "at", "9:00.")))
    assert counted.use == {"input_tokens": 9, "output_tokens": 4}
    estimated = write(Reply("We open at 9:00."))
    assert estimated.use["output_tokens"] == estimate("We open at 9:00.")


def test_no_model_is_asked_beyond_a_limit():
    model = Reply("We open at 9:00.")
    outcome = write(model, max_tokens_per_day=0)
    assert (outcome.use, model.requests) == (None, [])
    assert "day has used up its tokens" in outcome.reason


def test_the_oldest_turns_are_left_out_of_a_prompt_that_is_too_long():
    engine = Lines("We", "open", "at", "9:00.")
    turns = [said("ask", text=f"turn{number} " + "word " * 50) for number in range(8)]
    tracker = tracker_of(make_domain(intents=("ask",)), *turns)
    outcome = write(
        local(engine),
        tracker=tracker,
        context_turns=50,
        max_context_characters=9000,
        examples=False,
    )
    assert outcome.text == "We open at 9:00."
    asked = engine.requests[0].messages[-1]["content"]
    assert "turn7" in asked
    assert "turn0" not in asked
    assert "We open at 9:00 and close" in asked


def test_the_last_passages_are_left_out_next():
    engine = Lines("We", "open", "at", "9:00.")
    passages = tuple(f"passage{number} " + "word " * 60 for number in range(9))
    task = Task(reply="We open at 9:00.", instructions="Answer.", passages=passages)
    assert write(local(engine), task=task).text == "We open at 9:00."
    asked = engine.requests[0].messages[-1]["content"]
    assert "passage0" in asked
    assert "passage8" not in asked


def test_a_prompt_that_does_not_fit_at_all_is_not_sent():
    engine = Lines("We open.")
    outcome = write(local(engine), task=Task(reply="word " * 500))
    assert "longer than the language model's context of 400 tokens" in outcome.reason
    assert engine.requests == []


def test_local_models_are_shown_examples_and_servers_are_not():
    for options, count in (({}, 6), ({"examples": False}, 2), ({"url": "http://x/v1"}, 2)):
        model = Reply("We open at 9:00.")
        write(model, **options)
        assert len(model.requests[0].messages) == count


@pytest.mark.parametrize(
    ("options", "texts"),
    [
        ({}, ["and close?"]),
        ({"context_turns": 2}, ["We open at 9:00.", "and close?"]),
        ({"examples": False}, ["when do you open", "We open at 9:00.", "and close?"]),
        ({"url": "http://x/v1"}, ["when do you open", "We open at 9:00.", "and close?"]),
    ],
)
def test_a_model_that_is_shown_examples_reads_as_much_of_a_conversation_as_they_have(
    options, texts
):
    said_next = (BotUttered(text="We open at 9:00."), said("ask", text="and close?"))
    tracker = tracker_of(TRACKER.domain, said("ask", text="when do you open"), *said_next)
    model = Reply("We close at 17:00.")
    write(model, tracker=tracker, **options)
    data = json.loads(model.requests[0].messages[-1]["content"])
    assert [one["text"] for one in data["conversation"]] == texts


def test_a_local_model_is_shown_how_to_answer_from_passages():
    task = Task(reply=None, instructions="Answer.", passages=("We open at 9:00.",))
    model = Reply("We open at 9:00.")
    write(model, task=task)
    _, *shown, asked = model.requests[0].messages
    examples = [json.loads(one["content"]) for one in shown if one["role"] == "user"]
    assert len(examples) == 2
    assert all(one.keys() == json.loads(asked["content"]).keys() for one in examples)
    assert all(one["passages"] and one["reply"] is None for one in examples)


def test_what_an_author_asks_for_is_asked_without_examples():
    model = Reply("Ride on!")
    write(model, task=Task(reply=None, instructions="Say something about bicycles."))
    assert [one["role"] for one in model.requests[0].messages] == ["system", "user"]


def test_equal_settings_share_a_model_and_a_budget():
    one, other = (shared_writer({"url": "http://127.0.0.1:1/v1", "model": "m"}) for _ in "ab")
    assert one is other
    assert shared_writer({"url": "http://127.0.0.1:1/v1", "model": "n"}) is not one


def test_what_the_user_said_is_no_ground():
    tracker = tracker_of(make_domain(intents=("ask",)), said("ask", text="do you open at 8:00"))
    assert "8:00" in write(Reply("Yes, we open at 8:00."), tracker=tracker).reason
