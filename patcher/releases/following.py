"""Parsing the same files of one revision after the other, each from the tree of the one before."""

from __future__ import annotations

from collections.abc import Iterable

from patcher.code.splice import difference
from patcher.code.syntax import Module, parse, parse_edited
from patcher.errors import AnchorNotFound
from patcher.model import Tree


class Follower:
    """Holds the trees of some files; only for speed: `parse` answers the same without it."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = tuple(dict.fromkeys(paths))
        self._last: dict[str, Module] = {}

    def follow(self, tree: Tree) -> None:
        """Parse what differs from the revision before, so that `parse` finds it done."""
        for path in self._paths:
            try:
                source = tree.read(path)
            except AnchorNotFound:
                continue  # planning says why
            before = self._last.get(path)
            if source is None or (before is not None and before.source is source):
                continue
            if before is None:
                self._last[path] = parse(source)
            else:
                edit = difference(before.source, source)
                self._last[path] = parse_edited(before, [edit], source)
