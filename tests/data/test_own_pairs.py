"""A generator can learn from what the project itself says."""

from framework.data.pairs import pairs
from framework.project.load import load_project

DATA = """
nlu:
- intent: faq/hours
  examples: |
    - when do you open
- intent: greet
  examples: |
    - hi
    - hello
    - hey
- intent: unanswered
  examples: |
    - hm
stories:
- story: greetings
  steps:
  - intent: greet
  - action: utter_greet
- story: end to end
  steps:
  - user: sing a song
  - bot: La la la
rules:
- rule: weather
  steps:
  - intent: unanswered
  - action: utter_named
"""
DOMAIN = """
intents: [faq, greet, unanswered]
responses:
  utter_faq/hours:
  - text: At nine.
  utter_greet:
  - text: Hello!
  - text: Hi there!
  utter_named:
  - text: You are {name}.
"""


def test_examples_responses_and_end_to_end_stories_give_pairs(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "all.yml").write_text(DATA)
    (tmp_path / "domain.yml").write_text(DOMAIN)
    (tmp_path / "config.yml").write_text("language: en\nseq2seq: chat.tsv\n")
    (tmp_path / "chat.tsv").write_text("Who are you?\tA bot.\n")
    project = load_project(tmp_path)
    assert [(p.question, p.answer) for p in pairs(project, own=False)] == [
        ("Who are you?", "A bot.")
    ]
    own = [(p.question, p.answer) for p in pairs(project, own=True)]
    assert own == [
        ("Who are you?", "A bot."),
        ("sing a song", "La la la"),
        ("when do you open", "At nine."),
        ("hi", "Hello!"),
        ("hello", "Hi there!"),
        ("hey", "Hello!"),
    ]
