"""Two sources of bytes for planning: a folder on disk, and one commit of a git repository."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from patcher.errors import AnchorNotFound, InputOutput

if TYPE_CHECKING:
    from patcher.releases.git_objects import Entry, Objects

MAX_SOURCE = 4 << 20
"""Bytes. The largest target file of any LibreChat release has 38 KiB; a file of megabytes is
no source that was written by hand, and parsing it would take seconds and hundreds of MiB."""


def too_large(size: int) -> AnchorNotFound:
    """The error for a file of more than `MAX_SOURCE` bytes."""
    return AnchorNotFound(
        f"the file has {size:,} bytes: larger than source code is (limit {MAX_SOURCE:,})"
    )


class FolderTree:
    """A checkout on disk. Nothing outside `root` is read: links are refused on the way."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._without_links: set[str] = set()
        """Folders that were seen to be none, nor to lie behind one."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a plain file, None without one; else raises `AnchorNotFound`."""
        place = self._safe(path)
        try:
            found = place.lstat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if not stat.S_ISREG(found.st_mode):
            raise AnchorNotFound(f"{path} is {_kind(found.st_mode)}, not a plain file")
        if found.st_size > MAX_SOURCE:
            raise too_large(found.st_size)
        try:
            return place.read_bytes()
        except OSError as error:
            raise InputOutput(
                f"{place}: cannot be read: {error.strerror}",
                "run as the user who owns the checkout",
            ) from error

    def mode(self, path: str) -> int | None:
        """The permission bits of the file at `path`; None without one, or where none are kept."""
        place = self._safe(path)
        if os.name == "nt" or not place.is_file():
            return None
        return stat.S_IMODE(place.lstat().st_mode)

    def has_folder(self, path: str) -> bool:
        """Whether there is a folder at `path`."""
        return (self.root / path).is_dir()

    def _safe(self, path: str) -> Path:
        folder = path.rpartition("/")[0]
        if folder and folder not in self._without_links:
            if self._safe(folder).is_symlink():
                raise AnchorNotFound(f"{folder} is a symbolic link")
            self._without_links.add(folder)
        return self.root / path


def _kind(mode: int) -> str:
    kinds = {stat.S_IFLNK: "a symbolic link", stat.S_IFDIR: "a folder", 0o160000: "a submodule"}
    return kinds.get(stat.S_IFMT(mode), "a device, a pipe or a socket")


class RevisionTree:
    """One commit of a git repository; nothing is checked out."""

    def __init__(self, objects: Objects, commit: str) -> None:
        self.objects = objects
        self.commit = commit
        self._known: dict[str, Entry | None] = {}

    def entry(self, path: str) -> Entry | None:
        """What is at `path`; None when there is nothing."""
        if path not in self._known:
            parent, _, name = path.rpartition("/")
            folder = self.entry(parent) if parent else self.objects.root(self.commit)
            self._known[path] = None if folder is None else self.objects.inside(folder, name)
        return self._known[path]

    def read(self, path: str) -> bytes | None:
        """The bytes of a plain file, None without one; else raises `AnchorNotFound`."""
        entry = self.entry(path)
        if entry is None:
            return None
        if not entry.is_file:
            kind = _kind(int(entry.mode, 8))
            raise AnchorNotFound(f"{path} is {kind}, not a plain file")
        content = self.objects.blob(entry.id)
        if isinstance(content, bytes):
            return content
        raise too_large(content)

    def mode(self, path: str) -> int | None:
        """0o644 or 0o755, which is all that git keeps; None without a file."""
        entry = self.entry(path)
        return int(entry.mode, 8) & 0o777 if entry is not None and entry.is_file else None

    def has_folder(self, path: str) -> bool:
        """Whether there is a folder at `path`."""
        entry = self.entry(path)
        return entry is not None and entry.is_folder
