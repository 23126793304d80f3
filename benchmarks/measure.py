"""Timing whole processes: wall clock, processor time and peak memory, medians of several runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """Medians over the runs of one command."""

    name: str
    wall: float
    """Seconds."""
    cpu: float
    """Seconds, user and system together."""
    peak: float
    """MiB, largest resident set."""
    note: str = ""


@dataclass(frozen=True)
class Job:
    """A command to be measured, and how to make its starting point anew (outside the clock)."""

    name: str
    command: Sequence[str | Path]
    folder: Path
    prepare: Callable[[], None]
    note: str = ""
    environment: Mapping[str, str] | None = None
    ok: tuple[int, ...] = (0,)
    """Exit codes that count as done."""


def measure(job: Job, runs: int, warmups: int = 2) -> Cost:
    """Run a job `warmups + runs` times; raises `RuntimeError` when it does not do its work."""
    samples = [_once(job) for _ in range(warmups + runs)][warmups:]
    wall, cpu, peak = (statistics.median(column) for column in zip(*samples, strict=True))
    return Cost(job.name, wall, cpu, peak, job.note)


def _once(job: Job) -> tuple[float, float, float]:
    job.prepare()
    started = time.perf_counter()
    process = subprocess.Popen(
        list(map(str, job.command)),
        cwd=job.folder,
        env={**os.environ, **(job.environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    error = process.stderr.read().decode(errors="replace") if process.stderr else ""
    if process.stderr:
        process.stderr.close()
    if process.returncode not in job.ok:
        raise RuntimeError(f"{job.name} left with {process.returncode}: {error[-500:]}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
