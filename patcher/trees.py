"""Two sources of bytes for planning: a folder on disk, and one commit of a git repository."""

from __future__ import annotations

import os
import stat
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING

from patcher.errors import InputOutput, Unanchored
from patcher.values import dataclass

if TYPE_CHECKING:
    from patcher.releases.git_objects import Entry, Objects

MAX_SOURCE = 4 << 20
"""Bytes. The largest target file of any LibreChat release has 38 KiB; a file of megabytes is
no source that was written by hand, and parsing it would take seconds and hundreds of MiB."""


def too_large(size: int) -> Unanchored:
    """The error for a file of more than `MAX_SOURCE` bytes."""
    return Unanchored(
        f"the file has {size:,} bytes: larger than source code is (limit {MAX_SOURCE:,})"
    )


@dataclass(frozen=True)
class FolderTree:
    """A checkout on disk. Nothing outside `root` is read: links are refused on the way.

    Raises `InputOutput` for what this user may not read, or not even see.
    """

    root: Path
    _without_links: set[str] = field(default_factory=set, repr=False, compare=False)
    """Folders that were seen to be none, nor to lie behind one."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a plain file, None without one; raises `Unanchored` for anything else."""
        place = self._safe(path)
        found = _status(place)
        if found is None:
            return None
        if not stat.S_ISREG(found.st_mode):
            raise Unanchored(f"{path} is {_kind(found.st_mode)}, not a plain file")
        if found.st_size > MAX_SOURCE:
            raise too_large(found.st_size)
        try:
            return place.read_bytes()
        except OSError as error:
            raise _unreadable(place, error) from error

    def mode(self, path: str) -> int | None:
        """The permission bits of the file at `path`; None without one, or where none are kept."""
        found = _status(self._safe(path))
        if os.name == "nt" or found is None or not stat.S_ISREG(found.st_mode):
            return None
        return stat.S_IMODE(found.st_mode)

    def has_folder(self, path: str) -> bool:
        """Whether there is a folder at `path`, through links."""
        found = _status(self.root / path, through_links=True)
        return found is not None and stat.S_ISDIR(found.st_mode)

    def _safe(self, path: str) -> Path:
        folder = path.rpartition("/")[0]
        if folder and folder not in self._without_links:
            found = _status(self._safe(folder))
            if found is not None and stat.S_ISLNK(found.st_mode):
                raise Unanchored(f"{folder} is a symbolic link")
            self._without_links.add(folder)
        return self.root / path


def _status(place: Path, through_links: bool = False) -> os.stat_result | None:
    """What is at `place`; None for nothing. Raises `InputOutput` where this user may not look."""
    try:
        return place.stat(follow_symlinks=through_links)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unreadable(place, error) from error


def _unreadable(place: Path, error: OSError) -> InputOutput:
    return InputOutput(
        f"{place}: cannot be read: {error.strerror}", "run as the user who owns the checkout"
    )


def _kind(mode: int) -> str:
    kinds = {stat.S_IFLNK: "a symbolic link", stat.S_IFDIR: "a folder", 0o160000: "a submodule"}
    return kinds.get(stat.S_IFMT(mode), "a device, a pipe or a socket")


@dataclass(frozen=True)
class RevisionTree:
    """One commit of a git repository; nothing is checked out."""

    objects: Objects
    commit: str
    _known: dict[str, Entry | None] = field(default_factory=dict, repr=False, compare=False)

    def entry(self, path: str) -> Entry | None:
        """What is at `path`; None when there is nothing."""
        if path not in self._known:
            parent, _, name = path.rpartition("/")
            folder = self.entry(parent) if parent else self.objects.root(self.commit)
            self._known[path] = None if folder is None else self.objects.inside(folder, name)
        return self._known[path]

    def read(self, path: str) -> bytes | None:
        """The bytes of a plain file, None without one; raises `Unanchored` for anything else."""
        entry = self.entry(path)
        if entry is None:
            return None
        if not entry.is_file:
            kind = _kind(int(entry.mode, 8))
            raise Unanchored(f"{path} is {kind}, not a plain file")
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
