"""The files of a plan in the making. Pure: reads through a `Tree`, keeps results in memory."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, field

from patcher.model import Change, ModedTree, Tree


class Draft(Struct):
    """The files of a plan in the making."""

    tree: Tree
    before: dict[str, bytes | None] = field(default_factory=dict)
    after: dict[str, bytes | None] = field(default_factory=dict)
    component: dict[str, str] = field(default_factory=dict)
    modes: dict[str, int] = field(default_factory=dict)

    def source(self, path: str) -> bytes | None:
        """The file as the edits so far have left it; None when there is none."""
        if path in self.after:
            return self.after[path]
        if path not in self.before:
            self.before[path] = self.tree.read(path)
        return self.before[path]

    def mode(self, path: str) -> int | None:
        """The permission bits of a file; None for a tree that does not tell them."""
        if path in self.modes or not isinstance(self.tree, ModedTree):
            return self.modes.get(path)
        return self.tree.mode(path)

    def write(
        self, path: str, component: str, content: bytes | None, mode: int | None = None
    ) -> None:
        """Let the file be `content` from here on (None: be gone), with `mode` if one is given.

        The file must have been looked at with `source`.
        """
        self.after[path] = content
        self.component[path] = component
        if mode is not None:
            self.modes[path] = mode

    def changes(self) -> Iterable[Change]:
        """What differs from the tree, in the order in which it came to."""
        for path, content in self.after.items():
            before, mode = self.before[path], self.modes.get(path)
            if content != before or mode is not None:
                yield Change(path, self.component[path], before, content, mode)
