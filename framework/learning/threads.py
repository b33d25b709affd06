"""Asks the threads of matrix products to wait politely; imports no torch, and must run before it.

OpenMP's threads spin while they wait for each other. With more runnable threads than processors
(a busy laptop, a CI machine, a container with a share of a core) spinning starves the very thread
that is waited for, and training takes ten times as long. Sleeping costs next to nothing.
"""

from __future__ import annotations

import os

_POLITE = {"OMP_WAIT_POLICY": "passive", "KMP_BLOCKTIME": "0"}


def wait_politely() -> None:
    """Set OpenMP's waiting to sleep, unless the user chose otherwise."""
    for name, value in _POLITE.items():
        os.environ.setdefault(name, value)
