from pathlib import Path

import pytest

from framework import load_project
from framework.errors import UsageError
from framework.training.folds import train_folds
from tests.training import project as files


def ignore(step):
    pass


def test_every_example_is_understood_by_a_bot_that_has_not_seen_it(tmp_path: Path):
    project = load_project(files.write(tmp_path))

    folds = list(train_folds(project, count=2, on_progress=ignore))

    held_out = [item for fold in folds for item in fold.held_out]
    assert sorted(item.text for item in held_out) == sorted(
        item.text for item in project.nlu.examples
    )
    understood = {
        utterance.text: found.intent
        for fold in folds
        for utterance, found in zip(fold.held_out, fold.understandings, strict=True)
    }
    assert understood["see you"] is None


@pytest.mark.parametrize("count", [1, 0, -3, 6])
def test_a_number_of_folds_that_cannot_be_is_refused(tmp_path: Path, count: int):
    project = load_project(files.write(tmp_path))

    with pytest.raises(UsageError, match="5 examples can't be split"):
        list(train_folds(project, count=count, on_progress=ignore))
