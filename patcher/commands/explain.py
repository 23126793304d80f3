"""`explain`: each edit of a patch on a checkout, for those who fix a patch."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patcher.commands.selection import Selection, chosen
from patcher.commands.workspace import open_workspace
from patcher.model import State
from patcher.plan.explanation import ExplainedEdit, explanations


class Explanation(Struct, frozen=True):
    """A patch on a checkout."""

    id: str
    title: str
    root: Path
    checkout: str
    edits: tuple[ExplainedEdit, ...]

    @property
    def ok(self) -> bool:
        """Whether no edit is blocked."""
        return all(e.state is not State.BLOCKED for e in self.edits)


def explain(root: Path | None, id: str, selection: Selection) -> Explanation:
    """Look at every edit; writes nothing. Raises `BadUsage` for an unknown patch."""
    workspace = open_workspace(root, selection)
    named = chosen(replace(workspace.selection, ids=(id,)))
    patch = next(p for p in named if p.id == id)
    wanted = workspace.components([patch])
    return Explanation(
        id=patch.id,
        title=patch.title,
        root=workspace.root,
        checkout=workspace.checkout.title,
        edits=tuple(explanations(patch, workspace.tree, wanted)),
    )
