"""Timing whole processes: wall clock, processor time and peak memory, medians of several runs."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
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


def measure(jobs: Sequence[Job], runs: int, warmups: int = 2) -> Iterator[Cost]:
    """Run all jobs in turn, `warmups + runs` times: what slows the machine slows all of them.

    Each time in another order, so that none always finds what the same one left behind: caches
    that are warm for it, or a processor that has just slept. Raises `RuntimeError` when one does
    not do its work.
    """
    order = random.Random(1)
    samples: dict[str, list[tuple[float, float, float]]] = {job.name: [] for job in jobs}
    for number in range(warmups + runs):
        sys.stderr.write(f"run {number + 1} of {warmups + runs}\n")
        for job in order.sample(jobs, len(jobs)):
            samples[job.name].append(once(job))
    for job in jobs:
        columns = zip(*samples[job.name][warmups:], strict=True)
        wall, cpu, peak = (statistics.median(column) for column in columns)
        yield Cost(job.name, wall, cpu, peak, job.note)


def once(job: Job) -> tuple[float, float, float]:
    """Wall and processor time in seconds and peak memory in MiB of one run."""
    job.prepare()
    os.sync()  # else who brings a file to the disk also waits for what was prepared
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
