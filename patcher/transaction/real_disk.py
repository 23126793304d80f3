"""The disk of this machine, as Linux, macOS and Windows have it."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Thread

from patcher.transaction.disk import Entry, Kind, Owner

PAUSES = (0.03, 0.06, 0.12, 0.24, 0.48)
"""Seconds to wait on Windows for an editor or a virus scanner that has the file open."""
_AT_ONCE = 4
"""Files or folders that are brought to the disk at the same time."""


class RealDisk:
    """The disk of this machine."""

    def __init__(
        self, posix: bool = os.name == "posix", pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._posix = posix
        self._pause = pause

    @property
    def keeps_modes(self) -> bool:
        """See `Disk`."""
        return self._posix

    def entry(self, path: Path) -> Entry | None:
        """See `Disk`."""
        try:
            found = path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        return Entry(
            _kind(found.st_mode), stat.S_IMODE(found.st_mode), (found.st_uid, found.st_gid)
        )

    def names(self, folder: Path) -> list[str]:
        """See `Disk`."""
        return sorted(os.listdir(folder))  # noqa: PTH208 - a list of names is what is wanted

    def read(self, path: Path) -> bytes:
        """See `Disk`. Does not wait for a writer when a FIFO has taken the file's place."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with open(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb") as file:  # noqa: PTH123
            return file.read()

    def write(self, path: Path, data: bytes, mode: int, owner: Owner) -> None:
        """See `Disk`. The owner is kept as far as this user may; the mode always."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags, 0o600), "wb") as file:  # noqa: PTH123
            file.write(data)
            file.flush()
            if self._posix:
                made = os.fstat(file.fileno())
                if (made.st_uid, made.st_gid) != owner:
                    with suppress(PermissionError):
                        os.fchown(file.fileno(), *owner)
                os.fchmod(file.fileno(), mode)  # after chown, which clears setuid and setgid
            else:
                os.fsync(file.fileno())  # Windows syncs only what is open for writing
        if not self._posix and not mode & stat.S_IWRITE:
            path.chmod(stat.S_IREAD)

    def sync_files(self, paths: Sequence[Path]) -> None:
        """See `Disk`."""
        if self._posix:
            _at_once(_sync, paths)

    def replace(self, source: Path, target: Path) -> None:
        """See `Disk`. On Windows: lifts a read-only mark, and waits up to a second for others."""
        if self._posix:
            source.replace(target)
            return
        for seconds in PAUSES:
            try:
                source.replace(target)
                return
            except PermissionError:
                if _is_read_only(target):
                    target.chmod(stat.S_IWRITE)
                else:
                    self._pause(seconds)
        source.replace(target)

    def remove(self, path: Path) -> None:
        """See `Disk`. On Windows a read-only mark is lifted first."""
        if not self._posix and _is_read_only(path):
            path.chmod(stat.S_IWRITE)
        path.unlink()

    def make_folder(self, folder: Path, mode: int, owner: Owner) -> None:
        """See `Disk`. The owner is kept as far as this user may."""
        folder.mkdir()
        if self._posix:
            made = folder.lstat()
            if (made.st_uid, made.st_gid) != owner:
                with suppress(PermissionError):
                    os.chown(folder, *owner, follow_symlinks=False)
            folder.chmod(mode)

    def remove_folder(self, folder: Path) -> None:
        """See `Disk`."""
        folder.rmdir()

    def sync_folders(self, folders: Sequence[Path]) -> None:
        """See `Disk`. Windows has no such call and needs none."""
        if self._posix:
            _at_once(_sync_if_there, folders)


def _at_once(sync: Callable[[Path], None], paths: Sequence[Path]) -> None:
    """Several at a time: a disk takes them together in the time of a few."""
    waiting = iter(tuple(paths))
    errors: list[OSError] = []

    def work() -> None:
        for path in waiting:
            try:
                sync(path)
            except OSError as error:
                errors.append(OSError(error.errno, error.strerror, str(path)))

    # For two or three files a thread takes longer to start than it saves.
    others = [Thread(target=work) for _ in range(min(_AT_ONCE, len(paths) // 3) - 1)]
    for other in others:
        other.start()
    work()
    for other in others:
        other.join()
    if errors:
        raise errors[0]


def _sync_if_there(folder: Path) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _kind(mode: int) -> Kind:
    if stat.S_ISREG(mode):
        return Kind.FILE
    if stat.S_ISDIR(mode):
        return Kind.FOLDER
    return Kind.LINK if stat.S_ISLNK(mode) else Kind.OTHER


def _is_read_only(path: Path) -> bool:
    try:
        return not path.lstat().st_mode & stat.S_IWRITE
    except FileNotFoundError:
        return False
