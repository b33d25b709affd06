from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from framework.errors import ProjectError
from framework.project.code import load_classes, load_code
from tests.project.projects import write


class Base:
    """What the bots of these tests subclass."""

    name: str

    def answer(self) -> object:
        raise NotImplementedError


IMPORT = f"from {__name__} import Base\n"


def bot(answer: str) -> dict[str, str]:
    return {
        "actions/__init__.py": "",
        "actions/deep/facts.py": f"ANSWER = {answer!r}\n",
        "actions/main.py": IMPORT
        + "from .deep.facts import ANSWER\n"
        + "import actions.deep.facts as facts\n"
        + "from actions.deep import facts as again\n"
        + "import beside\n\n"
        + "class Answer(Base):\n"
        + "    name = 'action_answer'\n"
        + "    def answer(self):\n"
        + "        from actions.deep.facts import ANSWER as late\n"
        + "        import actions.deep\n"
        + "        assert actions.deep.facts is facts is again\n"
        + "        return late, ANSWER, beside.NAME\n\n"
        + "class Unnamed(Base):\n    pass\n\n"
        + "class Other:\n    pass\n",
        "beside.py": f"NAME = {answer + '!'!r}\n",
    }


def test_classes_are_found_without_registration(tmp_path: Path) -> None:
    classes = load_classes(write(tmp_path, bot("yes")) / "actions", Base)

    assert sorted(classes) == ["Unnamed", "action_answer"]
    assert classes["action_answer"]().answer() == ("yes", "yes", "yes!")


def test_two_bots_in_one_process_do_not_meet(tmp_path: Path) -> None:
    before = list(sys.path)
    first = load_classes(write(tmp_path / "a", bot("one")) / "actions", Base)
    second = load_classes(write(tmp_path / "b", bot("two")) / "actions", Base)

    assert first["action_answer"]().answer() == ("one", "one", "one!")
    assert second["action_answer"]().answer() == ("two", "two", "two!")
    assert sys.path == before
    assert not {"actions", "beside", "actions.main"} & set(sys.modules)


def test_a_folder_is_imported_once_until_it_changes(tmp_path: Path) -> None:
    folder = write(tmp_path, bot("old")) / "actions"
    first = load_classes(folder, Base)["action_answer"]

    assert load_classes(folder, Base)["action_answer"] is first
    write(tmp_path, {"actions/deep/facts.py": "ANSWER = 'brand new'\n"})
    assert load_classes(folder, Base)["action_answer"]().answer()[0] == "brand new"  # type: ignore[index]


def test_the_code_may_be_one_file_or_be_named_by_its_project(tmp_path: Path) -> None:
    text = IMPORT + "class One(Base):\n    name = 'action_one'\n"
    project = write(tmp_path, {"actions.py": text, "domain.yml": "", "setup.py": "1 / 0\n"})

    assert list(load_classes(project / "actions.py", Base)) == ["action_one"]
    assert list(load_classes(project, Base)) == ["action_one"]


def test_a_script_beside_the_code_does_not_hide_the_standard_library(tmp_path: Path) -> None:
    files = {
        "actions/a.py": "from email.mime.text import MIMEText\nimport random\nrandom.random()\n",
        "email.py": "1 / 0\n",
        "random.py": "1 / 0\n",
    }

    assert load_code(write(tmp_path, files) / "actions").problems == ()


def test_two_classes_of_one_name_are_pointed_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = IMPORT + "class {}(Base):\n    name = 'action_x'\n"
    files = {"actions/a.py": text.format("First"), "actions/b.py": text.format("Second")}

    classes = load_classes(write(tmp_path, files) / "actions", Base)

    assert classes["action_x"].__name__ == "Second"
    assert "two classes are named 'action_x': First in a.py is not used" in caplog.text


def test_no_code_gives_no_classes(tmp_path: Path) -> None:
    assert load_classes(tmp_path / "actions", Base) == {}


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("x = 1\nclass X(:\n    pass\n", "actions/bad.py:2:9", "SyntaxError"),
        ("x = 1\n\ny = z\n", "actions/bad.py:3", "NameError: name 'z' is not defined"),
        ("import no_such_package\n", "actions/bad.py:1", "No module named 'no_such_package'"),
        ("import sys\nsys.exit(1)\n", "actions/bad.py:2", "SystemExit"),
        ("from . import worse\n", "actions/worse.py:2", "ZeroDivisionError"),
    ],
)
def test_code_that_can_not_be_imported_is_an_error_with_its_line(
    tmp_path: Path, text: str, place: str, said: str
) -> None:
    files = {"actions/bad.py": text}
    if "worse" in text:
        files["actions/worse.py"] = "\n1 / 0\n"

    with pytest.raises(ProjectError) as raised:
        load_classes(write(tmp_path, files) / "actions", Base)

    problem = raised.value.found[0]
    assert (problem.id, str(problem.where)) == ("broken-code", place)
    assert said in problem.message


def test_all_broken_modules_are_reported(tmp_path: Path) -> None:
    files = {"actions/a.py": "1 / 0\n", "actions/b.py": "import nothing_like_it\n"}

    code = load_code(write(tmp_path, files) / "actions")

    assert [str(problem.where) for problem in code.problems] == ["actions/a.py:1", "actions/b.py:1"]
    assert code.problems[1].hint == "install it: `pip install nothing_like_it`"


def test_actions_for_a_missing_sdk_are_left_to_the_action_server(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framework.project.code.SDK", "sdk_that_is_not_there")
    files = {
        "actions/sdk.py": "from sdk_that_is_not_there import Action\n",
        "actions/own.py": IMPORT + "class One(Base):\n    name = 'action_one'\n",
    }

    with caplog.at_level(logging.WARNING):
        classes = load_classes(write(tmp_path, files) / "actions", Base)

    assert list(classes) == ["action_one"]
    assert "action server" in caplog.text


@pytest.mark.parametrize(
    "text",
    ["from . import sdk\n", "from actions.sdk import Action\n", "import no_such_database\n"],
)
def test_what_supports_the_actions_of_the_server_may_need_what_only_the_server_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr("framework.project.code.SDK", "sdk_that_is_not_there")
    files = {
        "actions/__init__.py": text,
        "actions/helper.py": text,
        "actions/sdk.py": "from sdk_that_is_not_there import Action\n",
    }

    code = load_code(write(tmp_path, files) / "actions")

    assert [(p.severity, p.id) for p in code.problems] == [("warning", "needs-action-server")]


def test_own_actions_beside_those_of_the_server_must_be_importable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("framework.project.code.SDK", "sdk_that_is_not_there")
    files = {
        "actions/own.py": "import framework\nimport no_such_database\n",
        "actions/sdk.py": "from sdk_that_is_not_there import Action\n",
    }

    code = load_code(write(tmp_path, files) / "actions")

    assert [(p.severity, str(p.where)) for p in code.problems] == [
        ("error", "actions/own.py:2"),
        ("warning", "actions/sdk.py"),
    ]
