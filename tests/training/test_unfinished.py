"""An interrupted training loses little: finished parts and checkpoints serve the next one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from framework import load_project, train
from framework.learning.progress import Progress
from framework.testing.encoder import write_tiny_encoder
from framework.training.unfinished import FOLDER, Unfinished
from tests.training import project as files

STATE = {"model.weight": b"weights", "place": b"5"}

SLOW_COMPONENT = """\
import time
from framework import Component
from framework.learning.progress import Progress

class Slow(Component):
    name = "slow"
    trainable = True

    def train(self, data):
        time.sleep({seconds})
        yield Progress(part="slow", done=1, total=1, scores={{"score": 0.5}})

    def save(self):
        return {{"learned.txt": b"much"}}

    def process(self, understanding):
        return understanding
"""


def test_a_finished_part_is_found_again(tmp_path: Path):
    unfinished = Unfinished(tmp_path)
    assert not unfinished.is_there

    unfinished.keep("abc", {"a.json": b"1", "b.bin": b"2"}, {"loss": 0.5})

    assert unfinished.is_there
    assert unfinished.find("abc") == ({"a.json": b"1", "b.bin": b"2"}, {"loss": 0.5})
    assert unfinished.find("other") is None


def test_a_finished_part_takes_the_place_of_its_checkpoints(tmp_path: Path):
    unfinished = Unfinished(tmp_path)
    store = unfinished.checkpoint("abc")
    store.write("fit1", STATE)
    assert unfinished.checkpoint("abc").read("fit1") == STATE

    unfinished.keep("abc", {}, {})

    assert store.read("fit1") is None


@pytest.mark.parametrize("damage", [lambda b: b[:-5], lambda b: b"", lambda b: b"x" + b[1:]])
def test_a_damaged_file_is_passed_over(tmp_path: Path, damage, caplog: pytest.LogCaptureFixture):
    unfinished = Unfinished(tmp_path)
    unfinished.keep("abc", {"a.json": b"1"}, {})
    unfinished.checkpoint("def").write("fit1", STATE)
    for path in (tmp_path / FOLDER).iterdir():
        path.write_bytes(damage(path.read_bytes()))

    assert unfinished.find("abc") is None
    assert unfinished.checkpoint("def").read("fit1") is None
    assert "can't go on" in caplog.text


def test_what_cannot_be_written_stops_no_training(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / FOLDER).write_text("a file where the folder should be")

    Unfinished(tmp_path).checkpoint("abc").write("fit1", STATE)

    assert "would lose" in caplog.text


def test_everything_is_forgotten_at_once(tmp_path: Path):
    unfinished = Unfinished(tmp_path)
    unfinished.keep("abc", {"a.json": b"1"}, {})
    unfinished.checkpoint("def").write("fit1", STATE)

    unfinished.forget()

    assert not list(tmp_path.iterdir())


def test_a_training_that_begins_meanwhile_keeps_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Between looking whether the folder is empty and removing it, another one writes there."""
    unfinished = Unfinished(tmp_path)
    unfinished.keep("a", {"x": b"1"}, {})
    remove = Path.rmdir

    def write_first(folder: Path) -> None:
        (folder / "b.part").write_bytes(b"")
        remove(folder)

    monkeypatch.setattr(Path, "rmdir", write_first)

    unfinished.forget()

    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["b.part"]


def test_finished_parts_of_an_interrupted_training_are_kept(tmp_path: Path):
    parts = "- name: slow\n  - name: later\n  - name: keyword_intents"
    config = files.CONFIG.replace("- name: keyword_intents", parts)
    root = files.write(tmp_path / "bot", config=config, actions_slow="")
    (root / "actions").mkdir(exist_ok=True)
    slow = SLOW_COMPONENT.format(seconds=1.1)
    later = SLOW_COMPONENT.format(seconds=0).replace("Slow", "Later").replace('"slow"', '"later"')
    (root / "actions" / "slow.py").write_text(slow)
    (root / "actions" / "later.py").write_text(later)
    output = root / "models"

    def interrupt(step: Progress) -> None:
        if step.part == "later":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(load_project(root), output=output, on_progress=interrupt)
    assert [path.name for path in output.iterdir()] == [FOLDER]
    report = train(load_project(root), output=output)

    by_name = {part.name: (part.status, dict(part.scores)) for part in report.parts}
    assert by_name["slow"] == ("cached", {"score": 0.5})
    assert by_name["later"][0] == "trained"
    assert not (output / FOLDER).exists()


def test_force_forgets_what_an_interrupted_training_left(tmp_path: Path):
    root = files.write(tmp_path / "bot")
    unfinished = Unfinished(root / "models")
    unfinished.keep("abc", {"a.json": b"1"}, {})

    train(load_project(root), output=root / "models", force=True)

    assert not unfinished.is_there


@pytest.fixture(scope="module")
def long_training(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], dict[str, float]]:
    """Give the call of a training that takes long enough for a checkpoint, and what it comes to."""
    folder = tmp_path_factory.mktemp("long")
    encoder = write_tiny_encoder(folder / "tiny")
    config = (
        f"language: en\nencoder: {encoder}\n"
        "pipeline: [{name: bert_tagger, epochs: 6000, precision: float32}]\n"
        "policies: [{name: rules}]\n"
    )
    root = files.write(folder / "bot", config=config)
    call = [sys.executable, "-m", "framework", "--project", str(root), "train"]
    done = subprocess.run([*call, "--format", "json"], capture_output=True, check=True)
    return call, _steps(done)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGKILL, -9), (signal.SIGTERM, 143)],
    ids=["killed", "asked to end"],
)
def test_a_stopped_training_goes_on_where_it_was(
    tmp_path: Path, long_training: tuple[list[str], dict[str, float]], number: int, code: int
):
    call, whole = long_training

    with subprocess.Popen([*call, "--force", "--out", str(tmp_path)]) as process:
        _wait_for(tmp_path / FOLDER)
        process.send_signal(number)
    assert process.returncode == code
    assert {path.name for path in tmp_path.iterdir()} == {FOLDER}
    done = subprocess.run(
        [*call, "--out", str(tmp_path), "--format", "json", "-v"], capture_output=True, check=True
    )

    assert b"training goes on in epoch" in done.stderr
    assert _steps(done) == whole
    assert [path.suffix for path in tmp_path.iterdir()] == [".frame"]


def _steps(done: subprocess.CompletedProcess[bytes]) -> dict[str, float]:
    part = json.loads(done.stdout)["parts"][0]
    return {name: value for name, value in part["scores"].items()}


def _wait_for(folder: Path) -> None:
    deadline = time.monotonic() + 120
    while not list(folder.glob("*.checkpoint")):
        assert time.monotonic() < deadline, "no checkpoint was written"
        time.sleep(0.1)
