"""What all tests share: the given corpora, and the starter trained once for the slow ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the tests that read `../shared` where that folder is absent."""
    if SHARED.is_dir():
        return
    skip = pytest.mark.skip(reason="there is no folder ../shared")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def trained_starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as `frame init` writes it, trained; copy it before changing anything."""
    project = tmp_path_factory.mktemp("starter") / "mybot"
    for call in (["init", str(project), "--no-prompt"], ["--project", str(project), "train"]):
        subprocess.run([sys.executable, "-m", "framework", *call], check=True, timeout=300)
    return project
