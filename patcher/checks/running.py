"""Running a program of the checkout, and reading what it answers. Writes nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

_TIMEOUT = 900
"""Seconds. A type check of LibreChat's client takes one to two minutes on two cores."""

Done = subprocess.CompletedProcess[bytes]


class ToolFailed(Exception):
    """A tool could not do its work; the text says why."""


def run(command: list[str], root: Path, text: bytes | None = None) -> Done:
    """Run `command` in `root` with `text` as its input.

    One that cannot be started, or that does not end in time, counts as ended with 127.
    """
    try:
        return subprocess.run(
            command, cwd=root, input=text or b"", capture_output=True, timeout=_TIMEOUT, check=False
        )
    except OSError as error:
        why = str(error)
    except subprocess.TimeoutExpired:
        why = f"it did not end within {_TIMEOUT} s"
    return subprocess.CompletedProcess(command, 127, b"", why.encode())


def words(done: Done) -> str:
    """What a tool that failed has said; its exit code where it said nothing."""
    said = done.stderr.decode(errors="replace").strip()[:300]
    return said or f"it ended with {done.returncode}"


def listed(done: Done) -> list[dict[str, object]]:
    """The JSON list that a tool has written; raises `ToolFailed` for anything else."""
    try:
        found = json.loads(done.stdout)
    except ValueError as error:
        raise ToolFailed(words(done)) from error
    if not isinstance(found, list):
        raise ToolFailed("its output is not a list")
    return found
