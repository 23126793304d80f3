"""Patches by id, each read when it is first asked for: most commands mean one of many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from patcher.definition.definitions import DEFINITION, load
from patcher.patches import Patch


class Shelf(Mapping[str, Patch]):
    """The patches of a folder, one folder each, and others that are read already.

    Asking for a patch raises `BadDefinition` as `load` does; asking which there are reads none.
    """

    def __init__(self, folder: Path, read: Mapping[str, Patch]) -> None:
        found = sorted(p.parent for p in folder.glob(f"*/{DEFINITION}"))
        self._folders = {p.name: p for p in found}
        self._read = dict(read)

    def __getitem__(self, id: str) -> Patch:
        if id not in self._read:
            self._read[id] = load(self._folders[id])
        return self._read[id]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._folders, *self._read)))

    def __len__(self) -> int:
        return len(self._folders.keys() | self._read.keys())

    def __contains__(self, id: object) -> bool:
        return id in self._folders or id in self._read

    def place_of(self, id: str) -> str:
        """Where the patch is defined, for messages, without reading it."""
        return f"{self._folders[id] / DEFINITION}:1" if id in self._folders else ""
