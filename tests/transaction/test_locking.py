"""The moments between looking for the lock and having it."""

from __future__ import annotations

import errno
import fcntl
import shutil
import time
from pathlib import Path

import pytest

from patcher.errors import InputOutput
from patcher.transaction import open_store

from .support import WatchedDisk, tree

pytestmark = pytest.mark.usefixtures("no_fsync")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tree(tmp_path / "LibreChat", {"a.js": b"old"})


def test_whoever_waits_gets_the_lock_when_it_is_free(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = open_store(root).locked()
    holder.__enter__()
    monkeypatch.setattr(time, "sleep", lambda seconds: holder.__exit__(None, None, None))
    with open_store(root).locked():
        assert (root / ".librechat-patcher/lock.json").exists()
    assert not (root / ".librechat-patcher").exists()


def test_a_folder_that_its_last_user_removed_is_made_again(root: Path) -> None:
    state = root / ".librechat-patcher"
    disk = WatchedDisk()
    with open_store(root, disk).locked():
        lock = disk.calls.index("write") + 1
    disk = WatchedDisk(lock, lambda: shutil.rmtree(state))
    with open_store(root, disk).locked():
        assert (state / "lock").exists()


def test_a_lock_that_its_last_user_removed_is_not_taken_for_the_lock(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = root / ".librechat-patcher/lock"
    real = fcntl.flock
    tried: list[int] = []

    def flock(descriptor: int, how: int) -> None:
        if not tried:
            lock.unlink()
        tried.append(descriptor)
        real(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    with open_store(root).locked():
        assert len(tried) == 2
        assert lock.exists()


def test_a_file_system_without_locks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(descriptor: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(InputOutput) as caught:
        open_store(root).locked().__enter__()
    assert str(caught.value) == (".librechat-patcher/lock cannot be locked: no locks available")
