"""Several processes train one bot: only the first writes, and it is the bot one would have made."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from framework import Assistant
from framework.testing.encoder import write_tiny_encoder
from tests.training import project as files

TEXTS = ("hello", "good day", "bye", "off to paris", "see you", "what is this")


def train(root: Path, out: str, *launcher: str) -> list[float]:
    """Train in a process or several; gives how sure the bot is of all intents of some texts."""
    call = [sys.executable, *launcher, "-m", "framework", "--project", str(root), "train"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [*call, "--out", out], capture_output=True, text=True, env=environment, timeout=240
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("trained in") == 1
    (path,) = (root / out).iterdir()
    ranking = [sorted(Assistant.load(path).parse(text).ranking, key=str) for text in TEXTS]
    return [score.confidence for scores in ranking for score in scores]


@pytest.mark.slow
def test_two_processes_learn_what_one_learns(tmp_path: Path):
    pytest.importorskip("accelerate")
    encoder = write_tiny_encoder(tmp_path / "tiny")
    root = files.write(
        tmp_path / "bot",
        config=f"language: en\nencoder: {encoder}\npipeline: [{{name: bert_tagger, epochs: 20, "
        "precision: float32, dropout: 0.0}]\npolicies: [{name: rules}]\n",
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    alone = train(root, "alone")
    launch = ("-m", "torch.distributed.run", "--nproc-per-node=2", f"--master-port={port}")
    together = train(root, "together", *launch)

    assert together == pytest.approx(alone, abs=1e-3)
