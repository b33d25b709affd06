from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from framework.project.yaml.scalars import expand, resolve

PLAIN = (  # noqa: SIM905 - a list of quoted texts is harder to read
    "12 -12 +12 0123 089 1_000 1__2 _ 0x1F 0o17 0b101 1.5 1. .5 +.5 1e3 1.5e-3 3e - 1.2.3 12:30 "
    "true True TRUE tRue false yes no on off null Null NULL ~ nil .inf -.inf +.INF 0x 0b2 1a a1"
).split()


def by_ruamel(text: str) -> object:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = (1, 2)
    return yaml.load(f"key: {text}\n")["key"]


@pytest.mark.parametrize("text", [text for text in PLAIN if text != "-"])
def test_plain_scalars_mean_what_ruamel_reads(text: str) -> None:
    expected = by_ruamel(text)

    assert resolve(text) == expected
    assert type(resolve(text)) is type(expected)


@given(st.text(alphabet="0123456789+-._eExob", min_size=1, max_size=8))
def test_anything_like_a_number_resolves_without_raising(text: str) -> None:
    assert isinstance(resolve(text), str | int | float)


@pytest.mark.parametrize("text", ["2020-01-01", "2020-01-01T10:00:00Z", "="])
def test_dates_and_marks_stay_texts(text: str) -> None:
    assert resolve(text) == text


def test_a_number_of_many_digits_stays_a_text() -> None:
    assert resolve("1" * 5000) == "1" * 5000


def test_variables_expand_anywhere_in_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAME_HOST", "example.org")

    assert expand("http://${FRAME_HOST}/${FRAME_NOTHING}") == (
        "http://example.org/${FRAME_NOTHING}",
        ("FRAME_NOTHING",),
    )
