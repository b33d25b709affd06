"""Prepares a process for training, and tells it from others; must run before torch is imported.

OpenMP's threads spin while they wait for each other. With more runnable threads than processors
(a busy laptop, a CI machine, a container with a share of a core) spinning starves the very thread
that is waited for, and training takes ten times as long. Sleeping costs next to nothing.

oneDNN keeps a compiled kernel for each shape of matrix that it meets, a thousand of them by
default: 200 MB for a bot whose examples are of many lengths.
"""

from __future__ import annotations

import os

_SETTINGS = {
    "OMP_WAIT_POLICY": "passive",
    "KMP_BLOCKTIME": "0",
    "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "128",
}


def prepare_process() -> None:
    """Let threads sleep while they wait and keep few kernels, unless the user chose otherwise."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)


def count_processes() -> int:
    """Count the processes of this training, as `accelerate launch` or `torchrun` say."""
    return _number("WORLD_SIZE", 1)


def process_number() -> int:
    """Give the number of this process among them, from 0."""
    return _number("RANK", 0)


def is_main_process() -> bool:
    """Say whether this is the process that writes and speaks."""
    return process_number() == 0


def _number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    return int(value) if value.isdigit() else default
