"""The files of a plan in the making. Pure: reads through a `Tree`, keeps results in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from patcher.model import Change, Tree


@dataclass
class Draft:
    """The files of a plan in the making."""

    tree: Tree
    before: dict[str, bytes | None] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    component: dict[str, str] = field(default_factory=dict)

    def source(self, path: str) -> bytes | None:
        """The file as the edits so far have left it; None when there is none."""
        if path in self.after:
            return self.after[path]
        if path not in self.before:
            self.before[path] = self.tree.read(path)
        return self.before[path]

    def write(self, path: str, component: str, content: bytes) -> None:
        """Let the file be `content` from here on."""
        self.after[path] = content
        self.component[path] = component

    def changes(self) -> Iterable[Change]:
        """What differs from the tree, in the order in which it came to."""
        for path, content in self.after.items():
            if content != self.before[path]:
                yield Change(path, self.component[path], self.before[path], content)
