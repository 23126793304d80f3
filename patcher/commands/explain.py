"""`explain`: each edit of a patch on a checkout, for those who mend a patch."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patcher.commands.selection import Selection, chosen, components
from patcher.commands.settings import configured
from patcher.commands.target import open_target
from patcher.model import State
from patcher.plan.explanation import Explained, explanations


class Explanation(Struct, frozen=True):
    """A patch on a checkout."""

    id: str
    title: str
    root: Path
    checkout: str
    edits: tuple[Explained, ...]

    @property
    def ok(self) -> bool:
        """Whether no edit is blocked."""
        return all(e.state is not State.BLOCKED for e in self.edits)


def explain(root: Path | None, id: str, selection: Selection) -> Explanation:
    """Look at every edit; writes nothing. Raises `BadUsage` for an unknown patch."""
    target = open_target(root)
    named = replace(configured(selection, target.root), ids=(id,))
    patch = next(p for p in chosen(named) if p.id == id)
    wanted = components(named, [patch], target.checkout)
    return Explanation(
        id=patch.id,
        title=patch.title,
        root=target.root,
        checkout=target.checkout.title,
        edits=tuple(explanations(patch, target.tree, wanted)),
    )
