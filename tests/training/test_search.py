"""A search tries what is set first, gives up on bad trials, and goes on where it stopped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("optuna")

from framework.project.schema.config import PartConfig
from framework.training.search import Choice, Found, Range, Search, Settings, Trial
from framework.training.spaces import settings_of_part, space_of

SPACE = (
    Range(name="part.rate", low=0.1, high=1.0, start=0.3),
    Choice(name="part.kind", values=("a", "b"), start="a"),
)


def score(settings: Settings) -> Iterator[float]:
    """Score the best at a rate of 0.8 with kind b; three parts of the data agree."""
    rate = settings["part.rate"]
    assert isinstance(rate, float)
    for _ in range(3):
        yield 0.9 - abs(rate - 0.8) + (0.05 if settings["part.kind"] == "b" else 0.0)


def search(folder: Path, trials: int, told: list[Trial] | None = None, **options) -> Found:
    told = [] if told is None else told
    opened = Search("test", SPACE, folder=folder, seed=1)
    return opened.run(score, trials=trials, on_trial=told.append, **options)


def test_the_first_trial_is_what_is_set(tmp_path: Path):
    told: list[Trial] = []

    found = search(tmp_path, 1, told)

    assert dict(told[0].settings) == {"part.rate": 0.3, "part.kind": "a"}
    assert found.start == found.score == pytest.approx(0.4)
    assert found.settings == {}


def test_better_settings_are_found_and_bad_trials_given_up(tmp_path: Path):
    told: list[Trial] = []

    found = search(tmp_path, 30, told)

    assert found.score > 0.85
    assert found.settings["part.kind"] == "b"
    assert found.trials == 30
    assert found.pruned == sum(trial.score is None for trial in told) > 0


def test_a_search_goes_on_where_it_stopped(tmp_path: Path):
    search(tmp_path, 5)
    told: list[Trial] = []

    found = search(tmp_path, 8, told)

    assert [trial.number for trial in told] == [6, 7, 8]
    assert found.trials == 8
    assert search(tmp_path, 8).trials == 8


def test_an_interrupted_search_keeps_its_trials(tmp_path: Path):
    def interrupted(settings: Settings) -> Iterator[float]:
        yield from score(settings)
        if settings["part.rate"] != 0.3:
            raise KeyboardInterrupt

    opened = Search("test", SPACE, folder=tmp_path, seed=1)
    with pytest.raises(KeyboardInterrupt):
        opened.run(interrupted, trials=5, on_trial=lambda _: None)

    assert search(tmp_path, 3).start == pytest.approx(0.4)


def test_no_trial_begins_when_the_time_is_over(tmp_path: Path):
    assert search(tmp_path, 50, seconds=0).trials <= 1


def test_a_value_outside_the_usual_range_is_tried_all_the_same():
    setting = Range(name="part.rate", low=0.1, high=1.0, start=3.0)

    class Chosen:
        def suggest_float(self, name: str, low: float, high: float, log: bool) -> float:
            assert (low, high) == (0.1, 3.0)
            return 0.123456

    assert setting.suggest(Chosen()) == 0.123


def test_the_space_begins_with_the_settings_of_the_configuration():
    tagger = PartConfig(name="bert_tagger", settings={"dropout": 0.25})

    starts = {setting.name: setting.start for setting in space_of([tagger])}

    assert starts["bert_tagger.dropout"] == 0.25
    assert starts["bert_tagger.learning_rate"] == 2e-4
    assert space_of([PartConfig(name="rules")]) == []


def test_settings_of_one_part_are_found_by_its_name():
    settings = {"a.x": 1, "b.x": 2, "a.y": 3}

    assert settings_of_part(settings, "a") == {"x": 1, "y": 3}
