"""The files of a checkout, seen and reached without ever following a symbolic link."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from patcher.model import ABSENT, FileState
from patcher.paths import folders_above
from patcher.transaction.disk import Disk, Kind, Owner
from patcher.transaction.problems import explained


class Seen(Struct, frozen=True):
    """What lies at a path of the checkout."""

    state: FileState | None
    """None: something that is not a plain file, or that only a symbolic link leads to."""
    problem: str = ""
    """What it is instead, as the end of a sentence about the path."""
    reachable: bool = True
    """Whether real folders lead to it."""
    data: bytes = b""
    owner: Owner = (0, 0)
    """Of the file; where there is none, of the nearest folder above, whose new files will be."""


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

    def see_all(self, paths: Iterable[str]) -> dict[str, Seen]:
        """What lies at each of `paths`."""
        return dict(self.see_each(paths))

    def see_each(self, paths: Iterable[str]) -> Iterator[tuple[str, Seen]]:
        """Each path with what lies there when its turn comes; folders are looked at once."""
        ways: dict[str, Owner | Seen] = {}
        for path in paths:
            with explained(path, "read"):
                way = self._way_to(path, ways)
                seen = way if isinstance(way, Seen) else self._look(path, way)
            yield path, seen

    def _look(self, path: str, above: Owner) -> Seen:
        entry = self.disk.entry(self._at(path))
        if entry is None:
            return Seen(ABSENT, owner=above)
        if entry.kind is not Kind.FILE:
            return Seen(None, f"is {entry.kind.value}")
        data = self.disk.read(self._at(path))
        return Seen(FileState(sha256(data), entry.mode), "", True, data, entry.owner)

    def _way_to(self, path: str, ways: dict[str, Owner | Seen]) -> Owner | Seen:
        """The owner of the folder of `path`; or what hides it, where no real folders lead there.

        `ways` remembers both for each folder on the way.
        """
        folder = path.rpartition("/")[0]
        if folder not in ways:
            above = self._way_to(folder, ways) if folder else (0, 0)
            ways[folder] = above if isinstance(above, Seen) else self._step_into(folder, above)
        return ways[folder]

    def _step_into(self, folder: str, above: Owner) -> Owner | Seen:
        entry = self.disk.entry(self._at(folder))
        if entry is None:
            return Seen(ABSENT, owner=above)
        if entry.kind is Kind.FOLDER or not folder:  # the root may well be a link
            return entry.owner
        return Seen(None, f"lies behind {folder}, which is {entry.kind.value}", False)

    def obstacle(self, path: str) -> str:
        """What stands where a folder above `path` belongs, as the end of a sentence; or nothing."""
        with explained(path, "read"):
            way = self._way_to(path, {})
        return way.problem if isinstance(way, Seen) else ""

    def is_free(self, path: str) -> bool:
        """Whether nothing lies at `path`, not even a broken symbolic link."""
        with explained(path, "read"):
            return self._is_reached(path) and not self._is_there(path)

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

    def rewrite(self, path: str, data: bytes) -> None:
        """Let the file `path`, which may be there, hold `data`.

        If this raises the old bytes or the new ones are there, whole.
        """
        fresh = f"{path}.new"
        self.remove_if_there(fresh)
        self.write(fresh, data, 0o644, self.owner_above(fresh), path)
        self.sync_files({fresh: path})
        self.replace(fresh, path)
        self.sync([path])

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
            if self._is_reached(path) and self._is_there(path):
                self.disk.remove(self._at(path))

    def names(self, folder: str) -> list[str]:
        """The names in `folder`; none when it is not there."""
        with explained(folder, "read"):
            return self.disk.names(self._at(folder)) if self._is_there(folder) else []

    def owner_above(self, path: str) -> Owner:
        """The owner of the nearest folder above `path`: what is new belongs to the same user."""
        with explained(path, "read"):
            way = self._way_to(path, {})
        return way.owner if isinstance(way, Seen) else way

    def sync(self, paths: Iterable[str]) -> None:
        """Bring the names of `paths` to the disk, in those of their folders that are there."""
        folders = {str(self._at(f)): f for f in sorted({p.rpartition("/")[0] for p in paths})}
        try:
            self.disk.sync_folders([Path(place) for place in folders])
        except OSError as error:
            first = next(iter(folders.values()))
            with explained(folders.get(error.filename, first) or ".", "brought to the disk"):
                raise

    def _at(self, path: str) -> Path:
        # Remembered: to put a path together takes as long as to look at what lies there.
        if path not in self._places:
            self._places[path] = self.root / path
        return self._places[path]

    def _is_reached(self, path: str) -> bool:
        return not isinstance(self._way_to(path, {}), Seen)

    def _is_there(self, path: str) -> bool:
        return self.disk.entry(self._at(path)) is not None
