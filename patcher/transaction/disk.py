"""The primitive calls that everything else is made of, so that a test can fail any one of them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Protocol

from msgspec import Struct

Owner = tuple[int, int]
"""User and group id."""


class Kind(Enum):
    """What lies at a path, without following a symbolic link."""

    FILE = "a file"
    FOLDER = "a folder"
    LINK = "a symbolic link"
    OTHER = "neither a file nor a folder"


class Entry(Struct, frozen=True):
    """What a look at a path tells, without opening it."""

    kind: Kind
    mode: int
    owner: Owner


class Disk(Protocol):
    """One call, one effect. Every call may raise `OSError`."""

    @property
    def keeps_modes(self) -> bool:
        """Whether files have permission bits and owners (not on Windows)."""

    def entry(self, path: Path) -> Entry | None:
        """What lies at `path`; None when there is nothing."""

    def names(self, folder: Path) -> list[str]:
        """The names in `folder`, sorted."""

    def read(self, path: Path) -> bytes:
        """The bytes of the file at `path`; a symbolic link is refused."""

    def write(self, path: Path, data: bytes, mode: int, owner: Owner) -> None:
        """Make a new file; `path` must be free. Its bytes are safe only after `sync_files`.

        If this raises, part of the file may lie at `path`.
        """

    def sync_files(self, paths: Sequence[Path]) -> None:
        """Bring the bytes of new files to the disk.

        What it raises has the path as its `filename`; then any of them may not be there yet.
        """

    def replace(self, source: Path, target: Path) -> None:
        """Give `source` the name `target` in one step; what was there is gone afterwards.

        A hard link to the old `target` keeps the old bytes: only the name moves to a new inode.
        """

    def remove(self, path: Path) -> None:
        """Remove one file."""

    def make_folder(self, folder: Path, mode: int, owner: Owner) -> None:
        """Make one folder; the one above it must be there."""

    def remove_folder(self, folder: Path) -> None:
        """Remove one empty folder."""

    def sync_folders(self, folders: Sequence[Path]) -> None:
        """Bring the names in folders to the disk; what is not there has none.

        What it raises has the folder as its `filename`, as with `sync_files`.
        """
