"""Loads the trained bot that a command works with."""

from __future__ import annotations

import argparse
from pathlib import Path

from framework.assistant.assistant import Assistant
from framework.assistant.bundle import find
from framework.project.load import load_endpoints


def load_bot(arguments: argparse.Namespace, *, with_actions: bool = True) -> Assistant:
    """Load the bot named by `--model`, with its own code and services unless they aren't needed."""
    model = find(arguments.model)
    if not with_actions:
        return Assistant.load(model)
    code = Path(arguments.actions)
    return Assistant.load(
        model,
        code=code if code.is_dir() else None,
        endpoints=load_endpoints(Path(arguments.endpoints)),
    )
