"""The primitive calls, here and as Windows would have them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from patcher.errors import Busy, InputOutput
from patcher.transaction import Kind, RealDisk, open_store
from patcher.transaction.real_disk import PAUSES

from .support import SHAPES, change, plan, snapshot, tree


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tree(tmp_path / "f", {"a": b"a", "sub/b": b"b"})


ME = (os.getuid(), os.getgid())


def test_kinds(folder: Path) -> None:
    (folder / "link").symlink_to("a")
    os.mkfifo(folder / "pipe")
    disk = RealDisk()
    kinds = {
        name: entry.kind for name in disk.names(folder) if (entry := disk.entry(folder / name))
    }
    assert kinds == {"a": Kind.FILE, "link": Kind.LINK, "pipe": Kind.OTHER, "sub": Kind.FOLDER}
    assert disk.entry(folder / "none") is None
    assert disk.entry(folder / "a/below") is None


def test_a_link_is_not_read_and_not_written_through(folder: Path) -> None:
    (folder / "link").symlink_to("a")
    with pytest.raises(OSError):
        RealDisk().read(folder / "link")
    with pytest.raises(FileExistsError):
        RealDisk().write(folder / "link", b"x", 0o644, ME)
    assert (folder / "a").read_bytes() == b"a"


def test_a_foreign_owner_that_may_not_be_given_is_not_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refuse)
    monkeypatch.setattr(os, "chown", refuse)
    disk = RealDisk()
    disk.write(folder / "new", b"x", 0o4755, (ME[0] + 1, ME[1]))
    disk.make_folder(folder / "made", 0o2775, (ME[0] + 1, ME[1]))
    assert (folder / "new").stat().st_mode & 0o7777 == 0o4755
    assert (folder / "made").stat().st_mode & 0o7777 == 0o2775


class Reluctant:
    """`os.replace` of a system where somebody has the target open for some attempts."""

    def __init__(self, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = times
        self.pauses: list[float] = []
        self._real = Path.replace
        monkeypatch.setattr(Path, "replace", lambda source, target: self.replace(source, target))

    def replace(self, source: Path, target: Path) -> Path:
        if self.times:
            self.times -= 1
            raise PermissionError(13, "Permission denied")
        return self._real(source, target)

    def disk(self, posix: bool = False) -> RealDisk:
        return RealDisk(posix=posix, pause=self.pauses.append)


def test_windows_waits_for_whoever_has_the_file_open(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = Reluctant(len(PAUSES), monkeypatch)
    system.disk().replace(folder / "a", folder / "sub/b")
    assert (folder / "sub/b").read_bytes() == b"a"
    assert system.pauses == list(PAUSES)


def test_windows_does_not_wait_for_ever(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = Reluctant(len(PAUSES) + 1, monkeypatch)
    with pytest.raises(PermissionError):
        system.disk().replace(folder / "a", folder / "sub/b")
    assert (folder / "sub/b").read_bytes() == b"b"


def test_only_windows_waits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = Reluctant(1, monkeypatch)
    with pytest.raises(PermissionError):
        system.disk(posix=True).replace(folder / "a", folder / "sub/b")
    assert system.pauses == []


def test_windows_read_only_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = Reluctant(1, monkeypatch)
    disk = system.disk()
    disk.write(folder / "new", b"x", 0o444, ME)
    assert (folder / "new").stat().st_mode & 0o777 == 0o400
    (folder / "a").chmod(0o444)
    disk.replace(folder / "new", folder / "a")
    assert system.pauses == []
    disk.remove(folder / "a")
    system.times = 1
    disk.replace(folder / "sub/b", folder / "a")
    assert system.pauses == [0.03]
    disk.remove(folder / "a")


@pytest.mark.parametrize("shape", SHAPES)
def test_a_commit_and_its_rollback_without_modes(tmp_path: Path, shape: str) -> None:
    files, wanted = SHAPES[shape]
    root = tree(tmp_path / "LibreChat", files)
    before = snapshot(root)
    store = open_store(root, RealDisk(posix=False))
    if shape != "mode":  # Windows has none, so nothing remains to be done
        store.commit(wanted, "")
        for c in wanted.changes:
            path = root / c.path
            assert (path.read_bytes() if path.exists() else None) == c.after
        store.rollback()
    assert {name: data for name, (data, _) in snapshot(root).items()} == {
        name: data for name, (data, _) in before.items()
    }


def test_the_lock_of_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []

    def locking(descriptor: int, how: int, size: int) -> None:
        if held:
            raise PermissionError(13, "Permission denied")
        held.append(descriptor)

    root = tree(tmp_path / "LibreChat", {})
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    with open_store(root).locked(), pytest.raises(Busy):
        open_store(root).locked(wait=0).__enter__()
    names = {path.name for path in (root / ".librechat-patcher").iterdir()}
    assert names == {"lock", ".gitignore"}


def test_a_file_that_does_not_read_back_is_put_back(tmp_path: Path) -> None:
    class Forgetful(RealDisk):
        def replace(self, source: Path, target: Path) -> None:
            super().replace(source, target)
            if target.name == "a.js" and target.read_bytes() == b"new":
                target.write_bytes(b"rewritten by a formatter")

    root = tree(tmp_path / "LibreChat", {"a.js": b"old", "b.js": b"old"})
    wanted = plan(change("b.js", b"old", b"new"), change("a.js", b"old", b"new"))
    with pytest.raises(InputOutput) as caught:
        open_store(root, Forgetful()).commit(wanted, "")
    assert str(caught.value) == (
        "a.js does not read back as it was written; everything was rolled back; "
        "left as somebody changed them meanwhile: a.js"
    )
    assert caught.value.hint == (
        "look for a program that rewrites files in the checkout, or check the disk; "
        "then run the same command again"
    )
    assert (root / "a.js").read_bytes() == b"rewritten by a formatter"
    assert (root / "b.js").read_bytes() == b"old"
