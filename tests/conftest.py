"""What all tests share: trees to work on, and a guard over everything outside them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from patcher.checkout import SEARCH_VARIABLE, USUAL_PLACES

PROJECT = Path(__file__).parent.parent
PAGES = [*sorted(PROJECT.glob("*.md")), *sorted((PROJECT / "docs").glob("*.md"))]
FIXTURES = PROJECT / "fixtures"
ERAS = sorted(p.name for p in (FIXTURES / "eras").iterdir() if p.is_dir())
DEVIATIONS = sorted(p.name for p in (FIXTURES / "deviations").iterdir() if p.is_dir())
STATE_FOLDER = ".librechat-patcher"


def fixture_folder(name: str) -> Path:
    """The folder of an era or a deviation."""
    return next(p for p in FIXTURES.glob(f"*/{name}") if p.is_dir())


def contents(root: Path) -> Mapping[str, tuple[int, bytes]]:
    """Path to mode and bytes of every file below `root`, without the tool's own folder."""
    return {
        path.relative_to(root).as_posix(): (path.stat().st_mode, path.read_bytes())
        for path in sorted(root.rglob("*"))
        if path.is_file() and STATE_FOLDER not in path.parts
    }


def git(root: Path, *arguments: str) -> None:
    """Git in a checkout, as somebody who keeps it under version control."""
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.com"]
    command = ["git", *identity, "-c", "core.autocrlf=false", *arguments]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


def committed(root: Path) -> Path:
    """`root`, with all that is in it in a git repository of its own."""
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "LibreChat")
    return root


@pytest.fixture
def copy_of(tmp_path: Path) -> Iterator[object]:
    """A function that gives a fresh copy of a fixture tree."""

    def copy(name: str) -> Path:
        return shutil.copytree(fixture_folder(name), tmp_path / "trees" / name)

    yield copy


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """What stands for the root of this machine's disk wherever a checkout is searched for."""
    return tmp_path / "machine"


def usual_places(machine: Path) -> str:
    """The usual places, none of them on the disk of the machine that runs the tests."""
    return os.pathsep.join(
        place if place.startswith("~") else f"{machine}{place}" for place in USUAL_PLACES
    )


@pytest.fixture(autouse=True)
def _no_checkout_around(tmp_path: Path, machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test starts in an empty folder, with no LibreChat in home, environment or machine."""
    empty = tmp_path / "empty"
    home = tmp_path / "home"
    empty.mkdir()
    home.mkdir()
    monkeypatch.chdir(empty)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, os.fspath(home))
    monkeypatch.setenv(SEARCH_VARIABLE, usual_places(machine))
    for name in ("LIBRECHAT_ROOT", "LIBRECHAT_PATCHER_WRAPPER_DIR"):
        monkeypatch.delenv(name, raising=False)
