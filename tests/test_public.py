"""The public names: one sorted list, each with a home, none of them heavy to import."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import framework

GOLDEN = """\
Action ActionContext ActionError ActionRejected Assistant BotMessage BundleError Component
EncoderError Entity FormValidation FrameError IntentScore Location MissingExtraError NluTrainingData
Policy PolicyTrainingData Prediction Problem Progress Project ProjectError Reason Slot
SlotValidation Tracker TrainingError TrainingReport Understanding UsageError UserMessage events
load_project train
"""


def test_the_list_of_public_names_is_as_agreed():
    assert framework.__all__ == GOLDEN.split()
    assert framework.__all__ == sorted(framework.__all__)


@pytest.mark.parametrize("name", framework.__all__)
def test_every_public_name_can_be_imported_and_is_documented(name: str):
    assert getattr(framework, name).__doc__
    assert name in dir(framework)


def test_type_checkers_see_the_same_names():
    tree = ast.parse(Path(framework.__file__).read_text(encoding="utf-8"))
    [guarded] = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {
        alias.name
        for node in guarded.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == set(framework.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        framework.nonsense  # noqa: B018


def test_importing_the_package_imports_no_stage():
    script = (
        "import sys, framework\n"
        "print(*sorted(name for name in sys.modules if name.startswith('framework')), 'numpy' in"
        " sys.modules)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout.split() == ["framework", "framework.errors", "framework.registry", "False"]
