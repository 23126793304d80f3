"""Patches by id, each read when it is first asked for: most commands mean one of many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from patcher.definition.folder import digest_of

if TYPE_CHECKING:
    from patcher.model import Patch


def shipped_folder() -> Path:
    """The folder of the built-in patches: in the wheel's data, or beside the sources."""
    package = Path(__file__).parents[1]
    bundled = package / "data" / "patches"
    return bundled if bundled.is_dir() else package.parent / "patches"


class Catalog(Mapping[str, "Patch"]):
    """The patches in some folders.

    Asking for a patch raises `BadDefinition` as `load` does; asking which there are reads none.
    """

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders
        self._read: dict[str, Patch] = {}

    def __getitem__(self, id: str) -> Patch:
        folder = self._folders[id]
        if id not in self._read:
            # Imported late (30 ms): to say which patches there are needs no parser of code.
            from patcher.definition.patch import load

            self._read[id] = load(folder)
        return self._read[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)

    def __contains__(self, id: object) -> bool:
        return id in self._folders

    def digest(self, id: str) -> str:
        """The digest of a patch, without making sense of it."""
        return digest_of(self._folders[id])
