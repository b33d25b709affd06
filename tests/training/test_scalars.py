"""Loss and scores reach the files that TensorBoard reads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from framework.learning.progress import Progress
from framework.training.scalars import ScalarLog

READ = """
import sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
log = EventAccumulator(sys.argv[1])
log.Reload()
for tag in sorted(log.Tags()["scalars"]):
    print(tag, [(event.step, round(event.value, 3)) for event in log.Scalars(tag)])
"""


def test_scalars_are_written_when_they_change(tmp_path: Path):
    pytest.importorskip("tensorboard")
    with ScalarLog(tmp_path / "logs") as log:
        for done, loss in enumerate([0.5, 0.25, 0.25], start=1):
            scores = {"loss": loss, "intent_accuracy": 0.9}
            log.write(Progress(part="intents and entities", done=done, total=3, scores=scores))

    read = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path / "logs")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert read.stdout.splitlines() == [
        "intents and entities/intent_accuracy [(1, 0.9)]",
        "intents and entities/loss [(1, 0.5), (2, 0.25)]",
    ]
