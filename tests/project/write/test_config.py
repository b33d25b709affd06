"""Settings go into a configuration, and everything else stays as it was."""

from __future__ import annotations

import pytest

from framework.project.schema.config import PartConfig
from framework.project.write.config import write_settings

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

    new, missing = write_settings(
        text,
        "pipeline",
        {"bert_tagger": {"dropout": 0.2, "epochs": 7}, "fallback": {"threshold": 0.42}},
        default=DEFAULT,
    )

    assert missing == ()
    expected = text.replace("dropout: 0.1  #", "dropout: 0.2  #").replace("0.30", "0.42")
    without_new = [line for line in new.splitlines() if "epochs: 7" not in line]
    assert without_new == expected.splitlines()
    assert f"{dash}  epochs: 7" in new.splitlines()


def test_nothing_to_set_changes_nothing():
    text = TEXT.format(dash="  ")

    assert write_settings(text, "pipeline", {}, default=DEFAULT) == (text, ())


def test_a_part_written_as_a_bare_name_becomes_a_mapping():
    new, _ = write_settings(
        TEXT.format(dash="  "), "pipeline", {"synonyms": {"fuzzy": True}}, default=DEFAULT
    )

    assert "  - name: synonyms\n    fuzzy: true\n" in new


@pytest.mark.parametrize("text", ["language: en\n", "language: en\npipeline:\n", ""])
def test_a_configuration_without_the_section_gets_the_default_parts(text: str):
    new, missing = write_settings(
        text, "pipeline", {"bert_tagger": {"dropout": 0.2}}, default=DEFAULT
    )

    assert missing == ()
    assert "- name: bert_tagger\n    dropout: 0.2\n" in new
    assert "- name: fallback\n    threshold: 0.3\n" in new


def test_a_part_of_another_name_is_told():
    text = "pipeline:\n- name: DIETClassifier\n  epochs: 100\n"

    new, missing = write_settings(
        text, "pipeline", {"bert_tagger": {"dropout": 0.2}}, default=DEFAULT
    )

    assert (new, missing) == (text, ("bert_tagger",))
