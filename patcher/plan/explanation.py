"""Each edit of a patch on a tree: what it looks for, where that is, what is nearest. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct
from msgspec.structs import replace

from patcher.errors import PatcherError
from patcher.model import Edit, Outcome, Patch, State, Tree
from patcher.plan.near_misses import NearMiss, anchor_of, near_misses
from patcher.plan.planner import plan
from patcher.trees import with_changes

_AROUND = 2


class ExplainedEdit(Struct, frozen=True):
    """One edit."""

    place: str
    """File and line of the definition."""
    path: str
    title: str
    anchor: str
    state: State
    line: int | None
    """Where the anchor is, in the file as the edits above have left it."""
    code: tuple[str, ...]
    """The lines around it."""
    first: int
    """The number of the first of these lines."""
    reason: str
    nearest: tuple[NearMiss, ...]


def explanations(patch: Patch, tree: Tree, components: Collection[str]) -> Iterator[ExplainedEdit]:
    """Every edit in the order of the definition; each on what those above it have made."""
    outcomes = plan([patch], tree, components).outcomes
    for index, edit in enumerate(patch.edits):
        above = replace(patch, edits=patch.edits[:index], files=())
        before = with_changes(tree, plan([above], tree, components).changes)
        yield _explained_edit(edit, outcomes[index], _read(before, edit.path))


def _read(tree: Tree, path: str) -> bytes | None:
    try:
        return tree.read(path)
    except PatcherError:
        return None


def _explained_edit(edit: Edit, outcome: Outcome, source: bytes | None) -> ExplainedEdit:
    is_blocked = outcome.state is State.BLOCKED
    lines = _lines(source) if source is not None and not is_blocked else []
    first = max((outcome.line or 1) - _AROUND, 1)
    code = lines[first - 1 : (outcome.line or 0) + _AROUND] if outcome.line else []
    return ExplainedEdit(
        place=str(edit.place),
        path=edit.path,
        title=outcome.title,
        anchor=anchor_of(edit.operation),
        state=outcome.state,
        line=outcome.line,
        code=tuple(code),
        first=first,
        reason=outcome.reason,
        nearest=near_misses(source, edit.operation) if is_blocked and source is not None else (),
    )


def _lines(source: bytes) -> list[str]:
    return [line.rstrip("\r") for line in source.decode(errors="replace").split("\n")]
