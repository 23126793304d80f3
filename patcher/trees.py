"""Where bytes are read from: a folder, one commit of a git repository, or either with some files
replaced. Planning, `diff`, `verify`, `capture` and `matrix` are the same code on all three."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from patcher.errors import AnchorNotFound, InputOutput
from patcher.model import Change, ModedTree, Tree

MAX_SOURCE = 4 << 20
"""Bytes. The largest target file of any LibreChat release has 38 KiB; a file of megabytes is
no source that was written by hand, and parsing it would take seconds and hundreds of MiB."""

_FOLDER = b"40000"


def too_large(size: int) -> AnchorNotFound:
    """The error for a file of more than `MAX_SOURCE` bytes."""
    return AnchorNotFound(
        f"the file has {size:,} bytes: larger than source code is (limit {MAX_SOURCE:,})"
    )


class Folder:
    """A checkout on disk. Nothing outside `root` is read: links are refused on the way.

    Raises `InputOutput` for what this user may not read, or not even see.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._without_links: set[str] = set()
        """Folders that were seen to be none, nor to lie behind one."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a plain file, None without one; `AnchorNotFound` for anything else."""
        place = self._safe(path)
        found = _status(place)
        if found is None:
            return None
        if not stat.S_ISREG(found.st_mode):
            raise AnchorNotFound(f"{path} is {_kind(found.st_mode)}, not a plain file")
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
                raise AnchorNotFound(f"{folder} is a symbolic link")
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


class GitEntry(Struct, frozen=True):
    """What a folder of a commit says of a name."""

    mode: bytes
    id: str

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return self.mode == _FOLDER

    @property
    def is_file(self) -> bool:
        """Whether it is a plain file: no link, no submodule."""
        return self.mode.startswith(b"100")

    @classmethod
    def folder(cls, id: str) -> GitEntry:
        """The entry of a folder."""
        return cls(_FOLDER, id)


class GitObjects(Protocol):
    """What a commit is read through: `releases.git_objects.Objects`."""

    def root(self, commit: str) -> GitEntry:
        """The folder that holds everything of a commit."""

    def inside(self, folder: GitEntry, name: str) -> GitEntry | None:
        """What a folder has by this name; None when there is nothing, or no folder."""

    def blob(self, id: str) -> bytes | int:
        """The bytes of a blob, or only their number when there are too many."""


class Revision:
    """One commit of a git repository; nothing is checked out."""

    def __init__(self, objects: GitObjects, commit: str) -> None:
        self.commit = commit
        self._objects = objects
        self._known: dict[str, GitEntry | None] = {}

    def entry(self, path: str) -> GitEntry | None:
        """What is at `path`; None when there is nothing."""
        if path not in self._known:
            parent, _, name = path.rpartition("/")
            folder = self.entry(parent) if parent else self._objects.root(self.commit)
            self._known[path] = None if folder is None else self._objects.inside(folder, name)
        return self._known[path]

    def read(self, path: str) -> bytes | None:
        """The bytes of a plain file, None without one; `AnchorNotFound` for anything else."""
        entry = self.entry(path)
        if entry is None:
            return None
        if not entry.is_file:
            kind = _kind(int(entry.mode, 8))
            raise AnchorNotFound(f"{path} is {kind}, not a plain file")
        content = self._objects.blob(entry.id)
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


class File(Struct, frozen=True):
    """A file of an overlay."""

    content: bytes | None
    """None where there is no file."""
    mode: int | None = None
    """Its permission bits; None for those of the file below, if there is one."""


class Overlay:
    """A tree with some of its files replaced: as edits leave them, or as they once were.

    The tree below is never written to. What is read of it is read once, so that what was judged
    and what a change calls `before` are the same bytes.
    """

    def __init__(self, below: Tree, files: Mapping[str, File] | None = None) -> None:
        self._below = below
        self._before: dict[str, bytes | None] = {}
        self.files: dict[str, File] = dict(files or {})
        """What lies over the tree, in the order in which it came to."""

    def before(self, path: str) -> bytes | None:
        """The bytes of the tree below; raises what it raises."""
        if path not in self._before:
            self._before[path] = self._below.read(path)
        return self._before[path]

    def read(self, path: str) -> bytes | None:
        """The bytes as they are now; None for no file."""
        return self.files[path].content if path in self.files else self.before(path)

    def mode(self, path: str) -> int | None:
        """The permission bits as they are now; None for no file, or when they are not known."""
        file = self.files.get(path)
        if file is not None and file.content is None:
            return None
        if file is not None and file.mode is not None:
            return file.mode
        return self._below.mode(path) if isinstance(self._below, ModedTree) else None

    def has_folder(self, path: str) -> bool:
        """Whether the tree below has the folder."""
        return self._below.has_folder(path)

    def write(self, path: str, content: bytes | None, mode: int | None = None) -> None:
        """Let the file be `content` from here on (None: be gone); with `mode`, if one is given."""
        known = self.files.get(path)
        self.files[path] = File(content, known.mode if mode is None and known else mode)


class Switched:
    """A checkout once git has moved it: some files are those of a commit, the others stay."""

    def __init__(self, here: Tree, there: Revision, moved: Collection[str]) -> None:
        self._here = here
        self._there = there
        self._moved = moved
        """The files that are those of the commit afterwards."""

    def read(self, path: str) -> bytes | None:
        """The bytes of a plain file, None without one; raises what the two trees raise."""
        return self._tree_of(path).read(path)

    def mode(self, path: str) -> int | None:
        """The permission bits of the file at `path`; None when they are not known."""
        tree = self._tree_of(path)
        return tree.mode(path) if isinstance(tree, ModedTree) else None

    def has_folder(self, path: str) -> bool:
        """Whether the commit has the folder."""
        return self._there.has_folder(path)

    def _tree_of(self, path: str) -> Tree:
        return self._there if path in self._moved else self._here


def with_changes(tree: Tree, changes: Iterable[Change]) -> Overlay:
    """`tree` as it will be once `changes` are carried out."""
    return Overlay(tree, {c.path: File(c.after, c.mode) for c in changes})
