"""Keeps freed memory at hand while training, which spares the system from clearing it again.

Each training step makes and drops the same large arrays. The C library of Linux gives those back
to the system at once by default, and every page of the next array then costs a fault: a third of
the time of a step.
"""

from __future__ import annotations

import ctypes
import platform
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT_BYTES = 1 << 27


@cache
def keep_freed_memory() -> bool:
    """Tell the C library to keep freed memory of this process; says whether it could."""
    if platform.libc_ver()[0] != "glibc":
        return False
    library = ctypes.CDLL(None)
    set_option = library.mallopt
    return bool(
        set_option(_MMAP_THRESHOLD, _KEPT_BYTES) and set_option(_TRIM_THRESHOLD, _KEPT_BYTES)
    )


def release_freed_memory() -> None:
    """Give freed memory back to the system, between the phases of a training."""
    if platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)
