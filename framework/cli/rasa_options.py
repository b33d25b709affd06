"""What Rasa's options and commands are here, for those who type them by habit."""

from __future__ import annotations

from collections.abc import Sequence

_INSTEAD = {
    ("train", "nlu"): "leave it out: `frame train` trains again only what changed",
    ("train", "core"): "leave it out: `frame train` trains again only what changed",
    ("shell", "nlu"): "`frame parse` shows what the bot understands, line by line",
    ("train", "--nlu"): "give training data of all kinds with `--data`",
    ("train", "--stories"): "give training data of all kinds with `--data`",
    ("train", "--augmentation"): "leave it out: stories are glued as far as that helps",
    ("train", "--dry-run"): "leave it out: `frame train` says what it took as it was",
    ("train", "--num-threads"): "leave it out: all processors that are free are used",
    ("train", "--debug-plots"): "leave it out",
    ("train", "--skip-validation"): "leave it out: the checks take a second",
    ("test", "--no-plot"): "leave it out: drawing takes a second",
    ("test", "--successes"): "leave it out: `intent_successes.json` is always written",
    ("test", "--errors"): "leave it out: `intent_errors.json` is always written",
    ("test", "--no-errors"): "leave it out: errors are always written to files of their own",
    ("test", "--no-warnings"): "use `-q` for less",
    ("test", "--fail-on-prediction-errors"): "leave it out: `frame test` exits 1 on a failure",
    ("test", "--runs"): "run `frame test nlu --cross-validation` with each configuration in turn",
    ("test", "--percentages"): "split with `frame data split nlu --training-fraction` and train",
}
_INSTEAD_OF_ACTIONS = {
    "validate": "`frame check` reports every problem of the project",
    "convert": "Rasa's YAML, its JSON and version 2.0 files are read as they are",
    "migrate": "version 2.0 files are read as they are",
}


def instead_of(command: str, words: Sequence[str]) -> str:
    """Give what to do instead of words that a command doesn't know; empty where nothing fits."""
    for word in words:
        hint = _INSTEAD.get((command, word.partition("=")[0]))
        if hint is not None:
            return hint
    return ""


def instead_of_action(action: str) -> str:
    """Give what to do instead of `rasa data` with an action; empty where nothing fits."""
    return _INSTEAD_OF_ACTIONS.get(action, "")
