"""Fixtures of these tests, and the figures that they print at the end."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from patcher.transaction import Store, open_store

from .support import COUNTS, MEMORY, tree


@pytest.fixture
def no_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process loses nothing that it wrote; only a power cut does (`test_power.py`)."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in memory where there is one: these tests make and remove many small files."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tree(tmp_path / "LibreChat", {"api/a.js": b"old", "api/c.js": b"c"})


@pytest.fixture
def store(root: Path) -> Store:
    return open_store(root)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, number in sorted(COUNTS.items()):
        terminalreporter.write_line(f"transaction: {number} {what}")
