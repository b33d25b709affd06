"""Settings go into a configuration, and everything else stays as it was."""

from __future__ import annotations

import pytest

from framework.project.schema.config import PartConfig
from framework.project.write.config import WrittenSettings, write_settings

TEXT = """\
# the bot of the shop
language: en   # for now

pipeline:
{dash}- name: bert_tagger  # reads
{dash}  dropout: 0.1  # as in the paper
{dash}- synonyms
{dash}- name: "fallback"
{dash}  threshold: 0.30

policies:   # who decides
{dash}- name: rules
"""
DEFAULT = (PartConfig(name="bert_tagger"), PartConfig(name="fallback", settings={"threshold": 0.3}))


@pytest.mark.parametrize("dash", ["", "  ", "    "])
def test_comments_quotes_and_indents_stay(dash: str):
    text = TEXT.format(dash=dash)

    written = write_settings(
        text,
        "pipeline",
        {"bert_tagger": {"dropout": 0.2, "epochs": 7}, "fallback": {"threshold": 0.42}},
        parts=DEFAULT,
    )

    new = written.text
    assert (written.missing, written.renamed) == ((), ())
    expected = text.replace("dropout: 0.1  #", "dropout: 0.2  #").replace("0.30", "0.42")
    without_new = [line for line in new.splitlines() if "epochs: 7" not in line]
    assert without_new == expected.splitlines()
    assert f"{dash}  epochs: 7" in new.splitlines()


def test_nothing_to_set_changes_nothing():
    text = TEXT.format(dash="  ")

    assert write_settings(text, "pipeline", {}, parts=DEFAULT) == WrittenSettings(text=text)


def test_a_part_written_as_a_bare_name_becomes_a_mapping():
    new = write_settings(
        TEXT.format(dash="  "), "pipeline", {"synonyms": {"fuzzy": True}}, parts=DEFAULT
    ).text

    assert "  - name: synonyms\n    fuzzy: true\n" in new


@pytest.mark.parametrize("text", ["language: en\n", "language: en\npipeline:\n", ""])
def test_a_configuration_without_the_section_gets_the_default_parts(text: str):
    written = write_settings(text, "pipeline", {"bert_tagger": {"dropout": 0.2}}, parts=DEFAULT)

    new = written.text
    assert written.missing == ()
    assert "- name: bert_tagger\n    dropout: 0.2\n" in new
    assert "- name: fallback\n    threshold: 0.3\n" in new


RASA = """\
pipeline:
- name: WhitespaceTokenizer
- name: DIETClassifier  # the best
  epochs: 100
  fast: false
- CRFEntityExtractor
- FallbackClassifier
"""
READ = (
    PartConfig(
        name="bert_tagger",
        settings={"intents": True, "entities": True, "fast": False},
        written_as="DIETClassifier",
    ),
    PartConfig(name="fallback", written_as="FallbackClassifier"),
)


def test_a_part_keeps_the_name_that_rasa_has_for_it():
    found = {"bert_tagger": {"dropout": 0.2}, "fallback": {"threshold": 0.5}}

    written = write_settings(RASA, "pipeline", found, parts=READ)

    assert "- name: DIETClassifier  # the best\n  epochs: 100\n" in written.text
    assert "  dropout: 0.2\n" in written.text
    assert "- name: FallbackClassifier\n  threshold: 0.5\n" in written.text
    assert (written.missing, written.renamed) == ((), ())


def test_a_setting_that_means_another_thing_to_rasa_takes_frames_name():
    written = write_settings(RASA, "pipeline", {"bert_tagger": {"epochs": 9}}, parts=READ)

    assert written.renamed == (("DIETClassifier", "bert_tagger"),)
    assert [line.split() for line in written.text.splitlines()] == [
        ["pipeline:"],
        ["-", "name:", "WhitespaceTokenizer"],
        ["-", "name:", "bert_tagger", "#", "the", "best"],
        ["fast:", "false"],
        ["epochs:", "9"],
        ["-", "FallbackClassifier"],
    ]


def test_a_part_that_is_not_listed_is_told():
    text = "pipeline:\n- name: WhitespaceTokenizer\n"

    written = write_settings(text, "pipeline", {"bert_tagger": {"dropout": 0.2}}, parts=DEFAULT)

    assert written == WrittenSettings(text=text, missing=("bert_tagger",))
