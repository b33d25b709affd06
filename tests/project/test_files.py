"""Folders that hold what nobody expects: links, pipes, folders named as files, files too large."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from framework.errors import Problem, UsageError
from framework.project.checks import inspect
from framework.project.code import load_code
from framework.project.files import walk
from framework.project.yaml import source
from tests.project.projects import write_minimal


def errors(root: Path) -> list[Problem]:
    return [problem for problem in inspect(root) if problem.severity == "error"]


def link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def link_to_nothing(path: Path) -> None:
    path.symlink_to("nowhere.yml")


def link_to_endless_file(path: Path) -> None:
    path.symlink_to("/dev/zero")


@pytest.mark.parametrize(
    ("make", "id"),
    [
        (os.mkfifo, "not-a-file"),
        (link_to_endless_file, "not-a-file"),
        (link_to_itself, "unreadable-file"),
        (link_to_nothing, "missing-file"),
        (Path.mkdir, "not-a-file"),
    ],
    ids=["pipe", "device", "link to itself", "link to nothing", "folder"],
)
@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "endpoints.yml", "credentials.yml"])
def test_what_is_no_readable_file_is_named_and_nothing_waits_for_it(
    tmp_path: Path, make: object, id: str, name: str
) -> None:
    root = write_minimal(tmp_path, {name: None})
    assert callable(make)
    make(root / name)

    assert [(one.id, str(one.where)) for one in errors(root)] == [(id, name)]


@pytest.mark.parametrize(
    ("make", "id"),
    [
        (os.mkfifo, "not-a-file"),
        (link_to_itself, "unreadable-file"),
        (link_to_nothing, "missing-file"),
    ],
)
@pytest.mark.parametrize("name", ["data/more.yml", "actions/more.py", "stories/more.yml"])
def test_the_same_is_so_inside_of_folders(tmp_path: Path, make: object, id: str, name: str) -> None:
    root = write_minimal(tmp_path, {})
    (root / name).parent.mkdir(exist_ok=True)
    assert callable(make)
    make(root / name)

    (problem,) = errors(root)

    assert (problem.id, str(problem.where)) == (id, name)
    assert problem.hint


def test_links_in_circles_are_walked_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.yml").touch()
        for circle in ("one", "two", "three"):
            (tmp_path / name / circle).symlink_to("..")

    assert list(walk(tmp_path, [".yml"])) == [tmp_path / "a/x.yml", tmp_path / "b/x.yml"]


def test_a_linked_folder_is_read_under_the_name_of_the_link(tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "more.yml").write_text('version: "3.1"\nnlu: 5\n', encoding="utf-8")
    root = write_minimal(tmp_path / "bot", {})
    (root / "data" / "shared").symlink_to(tmp_path / "shared")

    assert [str(problem.where) for problem in errors(root)] == ["data/shared/more.yml:2:6"]


@pytest.mark.parametrize(
    ("name", "severity"), [("data", "error"), ("actions", "warning"), ("stories", "warning")]
)
def test_a_file_in_the_place_of_a_folder_is_reported(
    tmp_path: Path, name: str, severity: str
) -> None:
    changes = {"data/nlu.yml": None, "data/stories.yml": None} if name == "data" else {}
    root = write_minimal(tmp_path, {name: "", **changes})

    found = [problem for problem in inspect(root) if problem.id == "not-a-folder"]

    assert [(one.severity, str(one.where)) for one in found] == [(severity, name)]


def test_a_file_too_large_to_be_meant_is_refused_unread(tmp_path: Path) -> None:
    root = write_minimal(tmp_path, {})
    with (root / "data" / "huge.yml").open("wb") as file:
        file.truncate(source.MAX_BYTES + 1)

    (problem,) = errors(root)

    assert (problem.id, str(problem.where)) == ("too-large", "data/huge.yml")


def test_code_in_an_encoding_that_it_declares_is_read(tmp_path: Path) -> None:
    root = write_minimal(tmp_path, {})
    (root / "actions").mkdir()
    code = "# -*- coding: latin-1 -*-\nGREETING = 'Grüß Gott'\n"
    (root / "actions" / "greet.py").write_bytes(code.encode("latin-1"))

    assert not [one for one in inspect(root) if str(one.where).startswith("actions")]


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\x00", b"x = (", b"# coding: nonsense\n"])
def test_code_that_is_no_python_is_a_warning(tmp_path: Path, content: bytes) -> None:
    root = write_minimal(tmp_path, {})
    (root / "actions").mkdir()
    (root / "actions" / "greet.py").write_bytes(content)

    (problem,) = (one for one in inspect(root) if str(one.where).startswith("actions"))

    assert (problem.id, problem.severity) == ("broken-code", "warning")


def close(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody look into a folder; taking the right away would not keep root out."""
    scan = os.scandir

    def refuse(place: str | Path = ".") -> object:
        if Path(place) == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(place))
        return scan(place)

    monkeypatch.setattr(os, "scandir", refuse)


@pytest.mark.parametrize("name", ["data", "data/more", "actions", "tests", "stories/old"])
def test_a_folder_that_is_closed_is_an_error_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    root = write_minimal(tmp_path, {})
    (root / name).mkdir(parents=True, exist_ok=True)
    close(root / name, monkeypatch)

    (problem,) = inspect(root)

    assert (problem.id, problem.severity, str(problem.where)) == (
        "unreadable-folder",
        "error",
        name,
    )
    assert problem.message == f"the folder {name!r} can't be looked into: Permission denied"


def test_code_in_a_closed_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "actions" / "more").mkdir(parents=True)
    close(tmp_path / "actions" / "more", monkeypatch)

    with pytest.raises(UsageError, match="can't be looked into"):
        load_code(tmp_path)
