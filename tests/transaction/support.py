"""Small trees, plans and disks for the tests of the transaction."""

from __future__ import annotations

import os
import shutil
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from patcher.model import Change, PatchRef, Plan
from patcher.paths import STATE_FOLDER
from patcher.transaction import Entry, RealDisk, Store, open_store
from patcher.transaction.disk import Owner

T = TypeVar("T")
Command = Callable[[Store], object]
Point = tuple[int, str]
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


def points(calls: list[str], names: tuple[str, ...] = ()) -> Iterator[Point]:
    """Before every call (or those with these names), and in the middle of every write."""
    for number, name in enumerate(calls, 1):
        if not names or name in names:
            yield number, "before"
        if name == "write":
            yield number, "during"
    yield len(calls), "after"


class Lab:
    """One prepared checkout, to be ruined again and again."""

    def __init__(self, root: Path, pristine: Path) -> None:
        self.root = root
        self._pristine = pristine

    def keep(self) -> None:
        """What is there now is what every try starts from."""
        shutil.rmtree(self._pristine, ignore_errors=True)
        shutil.copytree(self.root, self._pristine, symlinks=True)

    def reset(self) -> None:
        shutil.rmtree(self.root)
        shutil.copytree(self._pristine, self.root, symlinks=True)

    def calls(self, command: Command) -> list[str]:
        """The names of the calls that `command` makes when nothing happens to it."""
        disk = WatchedDisk()
        command(open_store(self.root, disk))
        return disk.calls


def change(path: str, before: bytes | None, after: bytes | None, mode: int | None = None) -> Change:
    return Change(path, "backend", before, after, mode)


def plan(*changes: Change) -> Plan:
    return Plan((PatchRef("dynamic-models", "d" * 64),), ("backend",), changes, ())


class WatchedDisk(RealDisk):
    """A real disk that counts its calls and does something at one of them.

    `when` is `before` or `after` the call, or `during` it, which differs only for `write`:
    half of the bytes are there. With `always` it does so at all later calls of these names, too.
    """

    def __init__(
        self,
        at: int = 0,
        act: Callable[[], None] = lambda: None,
        when: str = "before",
        always: tuple[str, ...] = (),
    ) -> None:
        super().__init__()
        self.calls: list[str] = []
        self._at = at
        self._act = act
        self._when = when
        self._always = always

    def rearm(self, at: int, act: Callable[[], None]) -> None:
        """Do something else at another call."""
        self._at, self._act = at, act

    def _call(self, name: str, do: Callable[[], T]) -> T:
        self.calls.append(name)
        later = name in self._always and 0 < self._at <= len(self.calls)
        if len(self.calls) != self._at and not later:
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

    def sync_files(self, paths: Sequence[Path]) -> None:
        self._call("sync_files", lambda: super(WatchedDisk, self).sync_files(paths))

    def replace(self, source: Path, target: Path) -> None:
        self._call("replace", lambda: super(WatchedDisk, self).replace(source, target))

    def remove(self, path: Path) -> None:
        self._call("remove", lambda: super(WatchedDisk, self).remove(path))

    def make_folder(self, folder: Path, mode: int, owner: Owner) -> None:
        self._call("make_folder", lambda: super(WatchedDisk, self).make_folder(folder, mode, owner))

    def remove_folder(self, folder: Path) -> None:
        self._call("remove_folder", lambda: super(WatchedDisk, self).remove_folder(folder))

    def sync_folders(self, folders: Sequence[Path]) -> None:
        self._call("sync_folders", lambda: super(WatchedDisk, self).sync_folders(folders))


WRITING = (
    "write",
    "sync_files",
    "replace",
    "remove",
    "make_folder",
    "remove_folder",
    "sync_folders",
)

MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

COUNTS: Counter[str] = Counter()
"""What the tests did, printed at the end of the run."""

OTHER = {"untouched.js": b"nobody plans to change this\n"}

SHAPES: dict[str, tuple[dict[str, bytes], Plan]] = {
    "modify": ({"api/a.js": b"old"}, plan(change("api/a.js", b"old", b"new"))),
    "create in new folders": ({}, plan(change("api/x/y/a.js", None, b"new"))),
    "delete": ({"api/a.js": b"old"}, plan(change("api/a.js", b"old", None))),
    "mode": ({"run.sh": b"#!"}, plan(change("run.sh", b"#!", b"#!", 0o755))),
    "empty files": (
        {"was.txt": b"", "is.txt": b"x"},
        plan(
            change("was.txt", b"", b"x"),
            change("is.txt", b"x", b""),
            change("new.txt", None, b""),
        ),
    ),
    "line ends and BOM": (
        {"crlf.js": b"a\r\nb\r\n", "bom.js": b"\xef\xbb\xbfa\n", "mixed.js": b"a\r\nb\nc"},
        plan(
            change("crlf.js", b"a\r\nb\r\n", b"a\r\nx\r\nb\r\n"),
            change("bom.js", b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfb\n"),
            change("mixed.js", b"a\r\nb\nc", b"a\r\nb\nc\r\n\xff\x00"),
        ),
    ),
    "everything": (
        {"api/a.js": b"old a", "api/b.js": b"old b", "run.sh": b"#!"},
        plan(
            change("api/a.js", b"old a", b"new a", 0o600),
            change("api/b.js", b"old b", None),
            change("api/x/c.js", None, b"new c"),
            change("run.sh", b"#!", b"#!", 0o755),
        ),
    ),
    "a few": (
        {"a.js": b"old a", "gone.js": b""},
        plan(
            change("a.js", b"old a", b"new a", 0o600),
            change("gone.js", b"", None),
            change("x/c.js", None, b"new c"),
        ),
    ),
    "20 files": (
        {f"client/{n % 4}/{n}.ts": b"%d\n" % n for n in range(20)},
        plan(
            *(change(f"client/{n % 4}/{n}.ts", b"%d\n" % n, b"x%d\n" % n) for n in range(18)),
            change("client/new/18.ts", None, b"18"),
            change("client/new/19.ts", None, b"19"),
        ),
    ),
}


def lab_with(place: Path, shape: str) -> Lab:
    """A checkout with the files of `shape`."""
    return Lab(tree(place / "LibreChat", {**SHAPES[shape][0], **OTHER}), place / "pristine")


def applying(shape: str) -> Command:
    return lambda store: store.commit(SHAPES[shape][1], "v0.8.4")


def roll_back(store: Store) -> object:
    return store.rollback()


def roll_back_by_force(store: Store) -> object:
    return store.rollback(force=True)


def recover(store: Store) -> object:
    return store.recover()
