from __future__ import annotations

import resource
from pathlib import Path

import pytest

from framework.errors import UsageError
from framework.project.checks import inspect
from framework.project.scaffold import available, create


@pytest.mark.parametrize("template", available())
def test_a_template_writes_a_project_without_errors(tmp_path: Path, template: str) -> None:
    files = create(tmp_path / "new" / "bot", template=template)

    assert tmp_path / "new" / "bot" / "domain.yml" in files
    assert all(file.is_file() for file in files)
    problems = inspect(tmp_path / "new" / "bot")
    assert [problem for problem in problems if problem.severity == "error"] == []


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("mine")

    with pytest.raises(UsageError, match="already has domain") as raised:
        create(tmp_path)

    assert raised.value.hint
    assert [path.name for path in tmp_path.iterdir()] == ["domain.yml"]
    assert (tmp_path / "domain.yml").read_text() == "mine"


def test_other_files_of_the_folder_may_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    assert create(tmp_path)


def test_an_unknown_template_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no template 'startr'") as raised:
        create(tmp_path, template="startr")

    assert raised.value.hint == "did you mean 'starter'?"


def test_a_file_is_no_place_for_a_project(tmp_path: Path) -> None:
    (tmp_path / "bot").write_text("")

    with pytest.raises(UsageError, match="is a file"):
        create(tmp_path / "bot")


def test_a_disk_that_is_full_halfway_keeps_nothing(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    try:
        with pytest.raises(UsageError, match="nothing was kept") as caught:
            create(tmp_path / "bot")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert caught.value.id == "unwritable"
    assert list(tmp_path.iterdir()) == []
