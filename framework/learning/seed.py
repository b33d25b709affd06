"""Where and how reproducibly training computes: device, threads, random numbers.

One seed on one machine gives equal weights. All operations that the training modules use on a CPU
give equal results from run to run; torch's own switch for it is left alone because setting it
imports the compiler, which costs more than training a small bot.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch

MAX_THREADS = 8
"""More threads than this slow the small matrices of a bot down."""


def pick_device() -> torch.device:
    """Give the GPU when there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def has_fast_bfloat16(device: torch.device) -> bool:
    """Say whether a device multiplies 16-bit floats in hardware."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    probe = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return bool(probe is not None and probe())


def available_threads() -> int:
    """Count the processors this process may use, at most `MAX_THREADS`; OMP_NUM_THREADS wins."""
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    if wanted.isdigit() and int(wanted) > 0:
        return int(wanted)
    if hasattr(os, "sched_getaffinity"):
        return min(MAX_THREADS, len(os.sched_getaffinity(0)))
    return min(MAX_THREADS, os.cpu_count() or 1)


@contextmanager
def reproducible(seed: int, *, threads: int | None = None) -> Iterator[torch.Generator]:
    """Seed torch and set its threads for the time of a training.

    The state of the caller's random numbers and threads comes back afterwards.

    Args:
        seed: everything random inside follows from it.
        threads: threads of matrix products; None for all available.

    Yields:
        A generator of the CPU for shuffling, seeded alike.
    """
    threads_before = torch.get_num_threads()
    with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
        torch.manual_seed(seed)
        torch.set_num_threads(threads or available_threads())
        try:
            yield torch.Generator().manual_seed(seed)
        finally:
            torch.set_num_threads(threads_before)
