"""Runs a command and takes its time, processor seconds and peak memory."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RASA_FEATURES = """\
- name: WhitespaceTokenizer
- name: RegexFeaturizer
- name: LexicalSyntacticFeaturizer
- name: CountVectorsFeaturizer
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
"""
"""What Rasa's default pipeline reads of a text; the classifiers come below."""

QUIET_RASA = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What a process cost.

    Attributes:
        seconds: on the clock.
        processor_seconds: of all its threads.
        peak_mb: largest resident memory.
    """

    seconds: float
    processor_seconds: float
    peak_mb: float


def run(
    command: Sequence[str], *, cwd: Path, environment: Mapping[str, str] | None = None
) -> Spent:
    """Run a command; its output goes to `log.txt` in the folder.

    Args:
        command: the program and its arguments.
        cwd: the folder in which it runs.
        environment: added to that of this process.

    Raises:
        SystemExit: it failed; with the end of what it said.
    """
    log = cwd / "log.txt"
    started = time.perf_counter()
    with log.open("w") as file:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            stdout=file,
            stderr=subprocess.STDOUT,
            env={**os.environ, **QUIET_RASA, **(environment or {})},
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{log.read_text()[-3000:]}")
    return _spent(usage, seconds=time.perf_counter() - started)


def spent_here(started: float) -> Spent:
    """Give what this process has cost; `started` is the clock's `perf_counter` at its beginning."""
    return _spent(resource.getrusage(resource.RUSAGE_SELF), seconds=time.perf_counter() - started)


def _spent(usage: resource.struct_rusage, *, seconds: float) -> Spent:
    return Spent(
        seconds=seconds,
        processor_seconds=usage.ru_utime + usage.ru_stime,
        peak_mb=usage.ru_maxrss / 1024,
    )
