"""What the tests of refusals share: one plan, its calls, and what happens to a file meanwhile."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.errors import InputOutput
from patcher.model import Plan
from patcher.transaction import Store, open_store

from .support import Command, WatchedDisk, change, plan, tree

PLAN = plan(change("api/a.js", b"old", b"new"), change("api/x/b.js", None, b"b"))
RUN = "RUN"


def fail(number: int) -> Callable[[], None]:
    def raise_it() -> None:
        raise OSError(number, os.strerror(number))

    return raise_it


def numbers(plan: Plan, name: str, then: Command | None = None) -> list[int]:
    """Which calls of committing `plan`, or of `then` afterwards, are calls of `name`."""
    with tempfile.TemporaryDirectory() as folder:
        disk = WatchedDisk()
        store = open_store(tree(Path(folder) / "twin", {"api/a.js": b"old"}), disk)
        store.commit(plan, "")
        if then is not None:
            disk.calls.clear()
            then(store)
    return [number for number, call in enumerate(disk.calls, 1) if call == name]


def said(error: pytest.ExceptionInfo[InputOutput], store: Store) -> tuple[str, str]:
    """Message and hint, with RUN in the place of the run's id."""
    message, hint = str(error.value), error.value.hint
    for run in (store.folder / "runs").glob("*"):
        message, hint = message.replace(run.name, RUN), hint.replace(run.name, RUN)
    return message, hint


def deleted(path: Path) -> None:
    path.unlink()


def a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")
