"""Prepares a process for training, and tells it from others; must run before torch is imported.

OpenMP's threads spin while they wait for each other. With more runnable threads than processors
(a busy laptop, a CI machine, a container with a share of a core) spinning starves the very thread
that is waited for, and training takes ten times as long. Sleeping at once wastes what a second
thread gains, because small matrices follow each other quickly. So threads sleep, and where nothing
else runs they spin for a tenth of a millisecond before, longer than from one matrix to the next.

oneDNN keeps a compiled kernel for each shape of matrix that it meets, a thousand of them by
default: 200 MB for a bot whose examples are of many lengths.
"""

from __future__ import annotations

import os

from framework.learning.load import has_quiet_processors

_POLICY = "OMP_WAIT_POLICY"

_SETTINGS = {
    _POLICY: "passive",
    "KMP_BLOCKTIME": "0",
    "ONEDNN_PRIMITIVE_CACHE_CAPACITY": "128",
}

_SPINS, _SHORT = "GOMP_SPINCOUNT", "10000"
"""About a tenth of a millisecond; GNU's OpenMP heeds it before the policy."""


def prepare_process() -> None:
    """Let threads wait without harm and keep few kernels; what the user chose stays."""
    is_first = not {_POLICY, _SPINS} & os.environ.keys()
    if is_first and has_quiet_processors():
        os.environ[_SPINS] = _SHORT
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
