"""Each anchor of the dynamic-models patch, on each era: gone or doubled, the patch is blocked.

The anchor of an edit is found through the edit itself: the line that planning it alone reports,
and the function that it is to be looked for in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from patcher.code.scopes import declaration
from patcher.code.splice import Splice, splice
from patcher.code.syntax import BLOCKS, Module, Node, all_below, enclosing_statement, parse
from patcher.edits.operations import AddExport, AddImport, AddModule, SetRevision
from patcher.model import Edit, State
from patcher.plan.planner import holds, plan

from .support import DYNAMIC_MODELS, ERAS, MemoryTree, edit_of, fixture, patch_of

_LISTS = BLOCKS | {"object", "array", "arguments"}
_NO_ANCHOR = (AddImport, AddExport, AddModule, SetRevision)
"""The last two have tests of their own, on pages."""
"""Imports and exports have no anchor of their own: any place among the imports does."""
_TRAITS = {t.path for t in DYNAMIC_MODELS.traits.values()}


@dataclass(frozen=True)
class Anchor:
    """A piece of code that an edit leans on."""

    era: str
    edit: Edit
    name: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.era}, {self.edit.path.rpartition('/')[2]}: {self.name}"


def _anchors(folder: Path) -> Iterator[Anchor]:
    tree = fixture(folder)
    for edit in DYNAMIC_MODELS.edits:
        operation = edit.operation
        # Alone, so that the line is one of the original file.
        alone = patch_of(edit_of(operation, edit.path))
        (outcome,) = plan([alone], tree, ["all"]).outcomes
        wanted = _is_wanted(edit, tree)
        if outcome.state is not State.APPLIES or isinstance(operation, _NO_ANCHOR) or not wanted:
            continue
        module = parse(tree.files[edit.path])
        node = _on_line(module, outcome.line or 0)
        yield Anchor(folder.name, edit, str(operation), node.start_byte, node.end_byte)
        scope = getattr(operation, "inside", "") or getattr(operation, "function", "")
        if scope:
            node = enclosing_statement(declaration(module, scope).node)
            yield Anchor(folder.name, edit, scope, node.start_byte, node.end_byte)


def _is_wanted(edit: Edit, tree: MemoryTree) -> bool:
    return not edit.when or holds(tree, DYNAMIC_MODELS.traits[edit.when.trait])


def _on_line(module: Module, line: int) -> Node:
    """The outermost statement or list item that begins on a line."""
    return next(
        n
        for n in sorted(all_below(module.root), key=lambda n: (n.start_byte, -n.end_byte))
        if module.line(n) == line and n.is_named and n.parent and n.parent.type in _LISTS
    )


ANCHORS = [anchor for folder in ERAS for anchor in _anchors(folder)]
each_anchor = pytest.mark.parametrize("anchor", ANCHORS, ids=str)


def _source(anchor: Anchor) -> tuple[MemoryTree, bytes]:
    tree = fixture(next(e for e in ERAS if e.name == anchor.era))
    return tree, tree.files[anchor.edit.path]


def _assert_blocked(tree: MemoryTree, anchor: Anchor, source: bytes) -> None:
    changed = MemoryTree({**tree.files, anchor.edit.path: source})
    blocked = plan([DYNAMIC_MODELS], changed, DYNAMIC_MODELS.components).blocked
    mine = [o for o in blocked if o.path == anchor.edit.path]
    assert mine, "the patch would be applied"
    # The reason names the anchor, or the function in which it must stand.
    words = str(anchor.edit.operation).replace("`", " ").split()
    assert any("anchor" in o.reason or any(w in o.reason for w in words) for o in mine)


@each_anchor
def test_anchor_that_is_gone_blocks(anchor: Anchor) -> None:
    tree, source = _source(anchor)
    if anchor.edit.when and anchor.name == "loadConfigModels":
        pytest.skip("without it the trait does not hold, and the edit is for another variant")
    end = anchor.end + (source[anchor.end : anchor.end + 1] == b",")
    _assert_blocked(tree, anchor, splice(source, [Splice(anchor.start, end, b"")]))


@each_anchor
def test_anchor_that_is_doubled_blocks(anchor: Anchor) -> None:
    tree, source = _source(anchor)
    code = source[anchor.start : anchor.end]
    separator = b",\n" if source[anchor.end : anchor.end + 1] == b"," else b"\n"
    twice = splice(source, [Splice(anchor.end, anchor.end, separator + code)])
    _assert_blocked(tree, anchor, twice)


def test_every_edit_with_an_anchor_is_covered_on_every_era() -> None:
    per_era = {e.name: {a.edit.place for a in ANCHORS if a.era == e.name} for e in ERAS}
    print(f"\nanchors removed and doubled: {len(ANCHORS)} on {len(ERAS)} eras")
    # The oldest eras need every edit but those for native fetching; the newest has some already.
    anchored = {
        e.place
        for e in DYNAMIC_MODELS.edits
        if not isinstance(e.operation, _NO_ANCHOR) and not e.when
    }
    assert anchored <= per_era["e1-v0.7.0"] & per_era["e6-v0.8.4"]
    assert len(per_era["e7-v0.8.8-rc1"]) >= len(anchored) - 1
