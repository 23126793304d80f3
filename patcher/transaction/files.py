"""The files of a checkout, seen and reached without ever following a symbolic link."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from patcher.model import ABSENT, FileState
from patcher.transaction.disk import Disk, Kind, Owner
from patcher.transaction.paths import folders_above
from patcher.transaction.problems import explained
from patcher.values import dataclass


@dataclass(frozen=True)
class Seen:
    """What lies at a path of the checkout."""

    state: FileState | None
    """None: something that is not a plain file, or that only a symbolic link leads to."""
    problem: str = ""
    """What it is instead, as the end of a sentence about the path."""
    reachable: bool = True
    """Whether real folders lead to it."""
    data: bytes = b""
    owner: Owner = (0, 0)


def sha256(data: bytes) -> str:
    """The hash that receipts use."""
    return hashlib.sha256(data).hexdigest()


class Files:
    """The checkout at `root`. All paths are relative to it and have passed `paths.objection`.

    Everything here raises `InputOutput`, with the path and the next step, when the disk says no.
    """

    def __init__(self, root: Path, disk: Disk) -> None:
        self.root = root
        self.disk = disk
        self._places: dict[str, Path] = {}

    def see(self, path: str) -> Seen:
        """What lies at `path`. Changes nothing."""
        return self.see_all([path])[path]

    def _see(self, path: str) -> Seen:
        with explained(path, "read"):
            entry = self.disk.entry(self._at(path))
            if entry is None:
                return Seen(ABSENT)
            if entry.kind is not Kind.FILE:
                return Seen(None, f"is {entry.kind.value}")
            data = self.disk.read(self._at(path))
        return Seen(FileState(sha256(data), entry.mode), "", True, data, entry.owner)

    def see_all(self, paths: Iterable[str]) -> dict[str, Seen]:
        """What lies at each of `paths`; a folder that several of them lie in is looked at once."""
        above: dict[str, Seen | None] = {}
        found = {}
        for path in paths:
            folder = path.rpartition("/")[0]
            if folder not in above:
                with explained(path, "read"):
                    above[folder] = self._look_above(path)
            found[path] = above[folder] or self._see(path)
        return found

    def obstacle(self, path: str) -> str:
        """What stands where a folder above `path` belongs, as the end of a sentence; or nothing."""
        with explained(path, "read"):
            above = self._look_above(path)
        return above.problem if above else ""

    def is_free(self, path: str) -> bool:
        """Whether nothing lies at `path`, not even a broken symbolic link."""
        with explained(path, "read"):
            return self._look_above(path) is None and self.disk.entry(self._at(path)) is None

    def _look_above(self, path: str) -> Seen | None:
        """What hides `path`, None when real folders lead to it."""
        for folder in folders_above(path):
            above = self.disk.entry(self._at(folder))
            if above is None:
                return Seen(ABSENT)
            if above.kind is not Kind.FOLDER:
                return Seen(None, f"lies behind {folder}, which is {above.kind.value}", False)
        return None

    def missing_folders(self, paths: Iterable[str]) -> tuple[str, ...]:
        """The folders that `paths` need and that are not there, outermost first."""
        wanted = dict.fromkeys(folder for path in paths for folder in folders_above(path))
        missing = []
        for folder in wanted:
            with explained(folder, "read"):
                if not self._is_there(folder):
                    missing.append(folder)
        return tuple(missing)

    def make_folder(self, folder: str) -> None:
        """Make one folder with the mode and the owner of the folder above it."""
        with explained(folder, "made"):
            above = self.disk.entry(self._at(folder).parent)
            if above is None:
                raise FileNotFoundError(2, "the folder above it is gone")
            self.disk.make_folder(self._at(folder), above.mode, above.owner)

    def remove_folder_if_empty(self, folder: str) -> None:
        """Remove `folder` when it is a folder with nothing in it."""
        path = self._at(folder)
        with explained(folder, "removed"):
            entry = self.disk.entry(path)
            if entry and entry.kind is Kind.FOLDER and not self.disk.names(path):
                self.disk.remove_folder(path)

    def write(self, path: str, data: bytes, mode: int, owner: Owner, told: str = "") -> None:
        """Make the new file `path`; `told` is the name for messages. A part may stay behind.

        A power cut may take its bytes until `sync_files`.
        """
        with explained(told or path, "written"):
            self.disk.write(self._at(path), data, mode, owner)

    def sync_files(self, told: Mapping[str, str]) -> None:
        """Bring the bytes of new files to the disk: path, and the name for messages."""
        places = {str(self._at(path)): name for path, name in told.items()}
        try:
            self.disk.sync_files([Path(place) for place in places])
        except OSError as error:
            with explained(places.get(error.filename, next(iter(places))), "written"):
                raise

    def replace(self, source: str, target: str) -> None:
        """Give `source` the name `target`; both are as they were if this raises."""
        with explained(target, "replaced"):
            self.disk.replace(self._at(source), self._at(target))

    def remove(self, path: str) -> None:
        """Remove one file."""
        with explained(path, "removed"):
            self.disk.remove(self._at(path))

    def remove_if_there(self, path: str) -> None:
        """Remove the file `path`, when real folders lead to it and it is there."""
        with explained(path, "removed"):
            if self._look_above(path) is None and self._is_there(path):
                self.disk.remove(self._at(path))

    def names(self, folder: str) -> list[str]:
        """The names in `folder`; none when it is not there."""
        with explained(folder, "read"):
            return self.disk.names(self._at(folder)) if self._is_there(folder) else []

    def owner_above(self, path: str) -> Owner:
        """The owner of the nearest folder above `path`: what is new belongs to the same user."""
        with explained(path, "read"):
            for folder in reversed(folders_above(path)):
                if (above := self.disk.entry(self._at(folder))) is not None:
                    return above.owner
            above = self.disk.entry(self.root)
        return above.owner if above else (0, 0)

    def sync(self, paths: Iterable[str]) -> None:
        """Bring the names of `paths` to the disk: each folder once, innermost first."""
        folders = {path.rpartition("/")[0] for path in paths}
        for folder in sorted(folders, reverse=True):
            with explained(folder or ".", "brought to the disk"):
                if self._is_there(folder):
                    self.disk.sync_folder(self._at(folder))

    def _at(self, path: str) -> Path:
        # Remembered: to put a path together takes as long as to look at what lies there.
        if path not in self._places:
            self._places[path] = self.root / path
        return self._places[path]

    def _is_there(self, path: str) -> bool:
        return self.disk.entry(self._at(path)) is not None
