"""A bot that learned to chat: trained, cached, loaded, talked to and tested as users do it."""

# ruff: noqa: RUF001  # full-width marks are what Chinese is written with

from pathlib import Path

import pytest

from framework.assistant.assistant import Assistant
from framework.assistant.explain import explain, lines
from framework.errors import UsageError
from framework.evaluation.replies import evaluate_replies
from framework.project.load import load_project
from framework.project.schema.pairs import Pair
from framework.training.train import train

CONFIG = """
language: zh
pipeline:
- name: keyword_intents
- name: fallback
policies:
- name: rules
seq2seq:
  data: pairs.tsv
  width: 64
  responses: [utter_chitchat]
"""
DOMAIN = """
intents: [chitchat]
responses:
  utter_default:
  - text: 对不起，我不知道。
  utter_chitchat:
  - text: 我们聊聊吧。
"""
DATA = """
nlu:
- intent: chitchat
  examples: |
    - 明天天气如何
rules:
- rule: chat
  steps: [{intent: nlu_fallback}, {action: action_chat}]
- rule: chitchat
  steps: [{intent: chitchat}, {action: utter_chitchat}]
"""
PAIRS = "今天天气怎么样？\t今天天气晴朗，气温25度。\n明天天气如何？\t明天可能会下雨，记得带伞。\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("chatbot")
    (folder / "data").mkdir()
    contents = {"config.yml": CONFIG, "domain.yml": DOMAIN, "data/all.yml": DATA}
    for name, content in {**contents, "pairs.tsv": PAIRS}.items():
        (folder / name).write_text(content, encoding="utf-8")
    train(load_project(folder), output=folder / "models", seed=1)
    return folder


@pytest.fixture(scope="module")
def bot(project) -> Assistant:
    return Assistant.load(project / "models")


def test_both_weather_questions_are_answered_and_the_reason_is_on_record(bot):
    (reply,) = bot.handle("今天天气怎么样？", conversation="a")
    assert reply.text == "今天天气晴朗，气温25度。"
    told = "\n".join(lines(explain(bot.explain_last("a"))))
    assert "action_chat" in told
    assert "because: the generator is" in told


def test_a_strange_question_gets_the_fallback_and_the_reason_is_on_record(bot):
    (reply,) = bot.handle("你会不会做饭？", conversation="b")
    assert reply.text == "对不起，我不知道。"
    told = "\n".join(lines(explain(bot.explain_last("b"))))
    assert "said instead: the generator is" in told
    assert "threshold 50%" in told


def test_a_listed_response_is_written_by_the_generator_where_it_is_sure(bot):
    (reply,) = bot.handle("明天天气如何", conversation="c")
    assert reply.text == "明天可能会下雨，记得带伞。"
    (reply,) = bot.handle("/chitchat", conversation="c")
    assert reply.text == "我们聊聊吧。"


def test_only_what_training_reads_trains_it_again(project):
    config = project / "config.yml"
    written = config.read_text(encoding="utf-8")
    statuses = []
    for text in (written + "  threshold: 0.9\n  beam: 2\n", written + "  epochs: 2\n"):
        config.write_text(text, encoding="utf-8")
        report = train(load_project(project), output=project / "models", seed=1, name="again")
        statuses.append({part.name: part.status for part in report.parts}["seq2seq"])
    config.write_text(written, encoding="utf-8")
    assert statuses == ["cached", "trained"]


def test_replies_are_scored_by_both_ways_to_search(bot):
    pairs = [Pair(question="今天天气怎么样？", answer="今天天气晴朗，气温25度。")]
    report = evaluate_replies(bot.generator, pairs, threshold=0.5)
    for beam in (1, 4):
        figures = report.figures(beam)
        assert figures["bleu"] == pytest.approx(100)
        assert figures["exact_match"] == figures["said"] == figures["exact_match_said"] == 1


def test_a_bot_without_generator_says_so_when_it_is_to_be_scored():
    with pytest.raises(UsageError, match="no generator"):
        evaluate_replies(None, [Pair(question="a", answer="b")])
