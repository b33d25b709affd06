"""A search among settings with Optuna: kept on disk, pruned, never worse than where it began.

It knows neither bots nor scores: a caller gives the settings to try and a generator of scores, one
for each part of the data that is held out in turn. The first trial is always what is set already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framework.errors import MissingExtraError
from framework.registry import load_object

Value = str | int | float | bool | None
Settings = Mapping[str, Value]
Evaluate = Callable[[Settings], Iterator[float]]
"""Gives the score of each held-out part in turn, 0 to 1; the mean of all is what counts."""

_UNPRUNED_TRIALS = 4
_JOURNAL = "tune.journal"


@dataclass(frozen=True, kw_only=True)
class Range:
    """A setting that is a number.

    Attributes:
        name: part and setting: `bert_tagger.learning_rate`.
        low: the least value tried.
        high: the greatest value tried.
        is_log: whether factors matter rather than differences.
        start: the value that is set already, which widens the range where it lies outside.
    """

    name: str
    low: float
    high: float
    is_log: bool = False
    start: float

    def suggest(self, trial: Any) -> Value:
        """Let a trial choose, to three digits."""
        low, high = min(self.low, self.start), max(self.high, self.start)
        value = trial.suggest_float(self.name, low, high, log=self.is_log and low > 0)
        return value if value == self.start else float(f"{value:.3g}")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A setting with a few values.

    Attributes:
        name: part and setting.
        values: what is tried.
        start: the value that is set already, which is tried in any case.
    """

    name: str
    values: tuple[Value, ...]
    start: Value

    def suggest(self, trial: Any) -> Value:
        """Let a trial choose."""
        values = list(dict.fromkeys((self.start, *self.values)))
        chosen: Value = trial.suggest_categorical(self.name, values)
        return chosen


Space = Sequence[Range | Choice]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One trial of a search.

    Attributes:
        number: from 1.
        settings: what was tried.
        score: the mean over all held-out parts; None where the trial was given up.
        best: the best score so far.
    """

    number: int
    settings: Settings
    score: float | None
    best: float


@dataclass(frozen=True, kw_only=True)
class Found:
    """The end of a search.

    Attributes:
        start: score of what was set already.
        score: the best score.
        settings: those of the best trial; empty where nothing beat the start.
        trials: how many there were, those of earlier calls included.
        pruned: how many of them were given up early.
    """

    start: float
    score: float
    settings: Settings
    trials: int
    pruned: int


class Search:
    """A search that goes on where an earlier one of the same name and folder stopped."""

    def __init__(self, name: str, space: Space, *, folder: Path, seed: int = 0) -> None:
        """Open or begin it.

        Args:
            name: tells searches in the folder apart; equal names are one search.
            space: the settings.
            folder: keeps the journal.
            seed: what is tried follows from it.

        Raises:
            MissingExtraError: the package optuna is not installed.
        """
        try:
            self._optuna: Any = load_object("optuna")
        except ImportError as error:
            raise MissingExtraError(
                "the search for settings needs the package optuna",
                hint="pip install 'frame-dialogue[tune]'",
            ) from error
        self._optuna.logging.set_verbosity(self._optuna.logging.WARNING)
        folder.mkdir(parents=True, exist_ok=True)
        journal = load_object("optuna.storages.journal:JournalFileBackend")
        storage = self._optuna.storages.JournalStorage(journal(str(folder / _JOURNAL)))
        self._space = space
        self._study = self._optuna.create_study(
            study_name=name,
            storage=storage,
            load_if_exists=True,
            direction="maximize",
            sampler=self._optuna.samplers.TPESampler(seed=seed + self._count(storage, name)),
            pruner=self._optuna.pruners.MedianPruner(n_startup_trials=_UNPRUNED_TRIALS),
        )
        if not self._finished():
            self._study.enqueue_trial({setting.name: setting.start for setting in space})

    def run(
        self,
        evaluate: Evaluate,
        *,
        trials: int,
        seconds: float | None = None,
        on_trial: Callable[[Trial], None],
    ) -> Found:
        """Try settings until there were so many trials, or the time is over.

        Args:
            evaluate: scores settings.
            trials: in all, those of earlier calls included.
            seconds: after which no further trial begins; None for no limit.
            on_trial: called after each trial.
        """
        wanted = max(0, trials - len(self._finished()))
        self._study.optimize(
            lambda trial: self._try(trial, evaluate),
            n_trials=wanted,
            timeout=seconds,
            callbacks=[lambda study, trial: on_trial(self._told(trial))],
        )
        return self._found()

    def _try(self, trial: Any, evaluate: Evaluate) -> float:
        settings = {setting.name: setting.suggest(trial) for setting in self._space}
        scores: list[float] = []
        for score in evaluate(settings):
            scores.append(score)
            trial.report(sum(scores) / len(scores), step=len(scores))
            if trial.should_prune():
                raise self._optuna.TrialPruned
        trial.set_user_attr("settings", settings)
        return sum(scores) / len(scores)

    def _finished(self) -> list[Any]:
        states = self._optuna.trial.TrialState
        wanted = (states.COMPLETE, states.PRUNED)
        return [trial for trial in self._study.trials if trial.state in wanted]

    def _told(self, trial: Any) -> Trial:
        is_complete = trial.state == self._optuna.trial.TrialState.COMPLETE
        return Trial(
            number=trial.number + 1,
            settings=dict(trial.params),
            score=trial.value if is_complete else None,
            best=self._study.best_value,
        )

    def _found(self) -> Found:
        finished = self._finished()
        complete = [trial for trial in finished if "settings" in trial.user_attrs]
        start = complete[0].value if complete else 0.0
        best = self._study.best_trial if complete else None
        is_better = best is not None and best.value > start
        return Found(
            start=start,
            score=best.value if best is not None else 0.0,
            settings=dict(best.user_attrs["settings"]) if best is not None and is_better else {},
            trials=len(finished),
            pruned=len(finished) - len(complete),
        )

    def _count(self, storage: Any, name: str) -> int:
        """Count the trials that a study has, so that a search that goes on tries other values."""
        try:
            return len(self._optuna.load_study(study_name=name, storage=storage).trials)
        except KeyError:
            return 0
