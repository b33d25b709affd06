"""Says whether this process has the processors it counts on for itself."""

from __future__ import annotations

import os
import time
from pathlib import Path

_SAMPLES, _PAUSE_S = 12, 0.003
_MOST_OTHERS = 0.3
"""Other threads that want a processor, on average, beside which a machine still counts as quiet."""

_LOAD, _QUOTA = Path("/proc/loadavg"), Path("/sys/fs/cgroup/cpu.max")


def has_quiet_processors(*, load: Path = _LOAD, quota: Path = _QUOTA) -> bool:
    """Say whether all processors are this process's own and next to nothing else runs.

    Looks for a few hundredths of a second. Where the system doesn't tell (all but Linux), the
    answer is no.

    Args:
        load: the kernel's count of runnable threads.
        quota: the processor time that a container may use, and the period for it.
    """
    count = os.cpu_count() or 1
    if _processors_allowed(quota) < count:
        return False
    others = 0
    for _ in range(_SAMPLES):
        running = _runnable(load)
        if running is None:
            return False
        others += running - 1
        time.sleep(_PAUSE_S)
    return others <= _MOST_OTHERS * _SAMPLES


def _runnable(load: Path) -> int | None:
    """Count the threads that run or want to, this one among them (proc(5), `/proc/loadavg`)."""
    try:
        return int(load.read_text().split()[3].partition("/")[0])
    except (OSError, ValueError, IndexError):
        return None


def _processors_allowed(quota: Path) -> float:
    """Give the number of processors whose time this process may use."""
    allowed = float(os.cpu_count() or 1)
    if hasattr(os, "sched_getaffinity"):
        allowed = float(len(os.sched_getaffinity(0)))
    try:
        wanted, period = quota.read_text().split()
        return min(allowed, int(wanted) / int(period))
    except (OSError, ValueError, ZeroDivisionError):  # none, or `max`
        return allowed
