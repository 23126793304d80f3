"""Small trees, plans and disks for the tests of the transaction."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from patcher.model import Change, PatchRef, Plan
from patcher.transaction import STATE_FOLDER, Entry, RealDisk
from patcher.transaction.disk import Owner

T = TypeVar("T")
Snapshot = dict[str, tuple[bytes, int]]


def tree(root: Path, files: Mapping[str, bytes]) -> Path:
    """A folder with these files; a path that ends in `/` is an empty folder."""
    root.mkdir(exist_ok=True)
    for name, data in files.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(0o644)
    return root


def snapshot(root: Path) -> Snapshot:
    """Every file and folder below `root` with bytes and mode, except the state folder."""
    found: Snapshot = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if name.split("/")[0] == STATE_FOLDER:
            continue
        mode = path.lstat().st_mode
        found[name] = (path.read_bytes() if stat.S_ISREG(mode) else b"", mode)
    return found


def change(path: str, before: bytes | None, after: bytes | None, mode: int | None = None) -> Change:
    return Change(path, "backend", before, after, mode)


def plan(*changes: Change) -> Plan:
    return Plan((PatchRef("dynamic-models", "d" * 64),), ("backend",), changes, ())


class WatchedDisk(RealDisk):
    """A real disk that counts its calls and does something at one of them.

    `when` is `before` or `after` the call, or `during` it, which differs only for `write`:
    half of the bytes are there.
    """

    def __init__(
        self, at: int = 0, act: Callable[[], None] = lambda: None, when: str = "before"
    ) -> None:
        super().__init__()
        self.calls: list[str] = []
        self._at = at
        self._act = act
        self._when = when

    def _call(self, name: str, do: Callable[[], T]) -> T:
        self.calls.append(name)
        if len(self.calls) != self._at:
            return do()
        if self._when == "before":
            self._act()
        result = do()
        if self._when == "after":
            self._act()
        return result

    def entry(self, path: Path) -> Entry | None:
        return self._call("entry", lambda: super(WatchedDisk, self).entry(path))

    def names(self, folder: Path) -> list[str]:
        return self._call("names", lambda: super(WatchedDisk, self).names(folder))

    def read(self, path: Path) -> bytes:
        return self._call("read", lambda: super(WatchedDisk, self).read(path))

    def write(self, path: Path, data: bytes, mode: int, owner: Owner) -> None:
        if self._when == "during" and len(self.calls) + 1 == self._at:
            self.calls.append("write")
            path.write_bytes(data[: len(data) // 2])
            self._act()
        self._call("write", lambda: super(WatchedDisk, self).write(path, data, mode, owner))

    def replace(self, source: Path, target: Path) -> None:
        self._call("replace", lambda: super(WatchedDisk, self).replace(source, target))

    def remove(self, path: Path) -> None:
        self._call("remove", lambda: super(WatchedDisk, self).remove(path))

    def make_folder(self, folder: Path, mode: int, owner: Owner) -> None:
        self._call("make_folder", lambda: super(WatchedDisk, self).make_folder(folder, mode, owner))

    def remove_folder(self, folder: Path) -> None:
        self._call("remove_folder", lambda: super(WatchedDisk, self).remove_folder(folder))

    def sync_folder(self, folder: Path) -> None:
        self._call("sync_folder", lambda: super(WatchedDisk, self).sync_folder(folder))


WRITING = ("write", "replace", "remove", "make_folder", "remove_folder", "sync_folder")
