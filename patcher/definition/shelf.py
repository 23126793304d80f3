"""Patches by id, each read when it is first asked for: most commands mean one of many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from patcher.definition.patch_folder import digest_of

if TYPE_CHECKING:
    from patcher.model import Patch


class Shelf(Mapping[str, "Patch"]):
    """The patches in some folders.

    Asking for a patch raises `BadDefinition` as `load` does; asking which there are reads none.
    """

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders
        self._read: dict[str, Patch] = {}

    def __getitem__(self, id: str) -> Patch:
        folder = self._folders[id]
        if id not in self._read:
            # Imported late: to say which patches there are needs no YAML, and no parser of code.
            from patcher.definition.definitions import load

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
