"""What an edit looks for, in words, and the code that is most like it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from msgspec import Struct

from patcher.code.syntax import Module, Node, parse, statements_below
from patcher.diffs.git_format import parse_diff
from patcher.diffs.lines import split_lines
from patcher.diffs.parts import FileDiff, Hunk
from patcher.diffs.places import placed
from patcher.edits.operations import AddModule, Diff
from patcher.errors import AnchorNotFound
from patcher.model import Operation

_SHOWN_LINES = 5
_LEAST_LIKE = 0.4
_NAMED = frozenset(
    {
        "function_declaration",
        "method_definition",
        "variable_declarator",
        "pair",
        "class_declaration",
    }
)


class NearMiss(Struct, frozen=True):
    """Code that is like what an edit looks for."""

    line: int
    code: tuple[str, ...]
    inside: str = ""
    """The functions and values that it stands in, outermost first."""
    note: str = ""
    """What would have to be different."""


def anchor_of(operation: Operation) -> str:
    """What an edit looks for."""
    inside = getattr(operation, "inside", "")
    where = f", inside {inside}" if inside else ""
    return operation.sought().words + where


def near_misses(source: bytes, operation: Operation, limit: int = 3) -> tuple[NearMiss, ...]:
    """The places that are most like what a blocked edit looks for, best first."""
    if isinstance(operation, Diff):
        return tuple(_of_hunks(source, parse_diff(operation.text, "")))[:limit]
    if isinstance(operation, FileDiff):
        return tuple(_of_hunks(source, operation))[:limit]
    if isinstance(operation, AddModule):
        return ()
    module = parse(source)
    wanted = operation.sought().code
    scored = [
        (SequenceMatcher(None, wanted, module.first_line(node)).ratio(), -module.line(node), node)
        for node in statements_below(module.root)
    ]
    best = sorted(scored, key=lambda s: s[:2], reverse=True)
    likely = [node for score, _, node in best if score >= _LEAST_LIKE]
    return tuple(_near_miss(module, node) for node in _one_a_line(module, likely))[:limit]


def _one_a_line(module: Module, nodes: list[Node]) -> Iterator[Node]:
    seen: set[int] = set()
    for node in nodes:
        if module.line(node) not in seen:
            seen.add(module.line(node))
            yield node


def _near_miss(module: Module, node: Node) -> NearMiss:
    code = tuple(module.text(node).splitlines())
    shown = (*code[:_SHOWN_LINES], "…") if len(code) > _SHOWN_LINES + 1 else code
    return NearMiss(module.line(node), shown, " > ".join(_above(module, node)))


def _above(module: Module, node: Node) -> list[str]:
    names: list[str] = []
    parent = node.parent
    while parent is not None:
        name = parent.child_by_field_name("name") or parent.child_by_field_name("key")
        if parent.type in _NAMED and name is not None:
            names.insert(0, module.text(name))
        parent = parent.parent
    return names


def _of_hunks(source: bytes, file: FileDiff) -> Iterator[NearMiss]:
    for hunk in file.hunks:
        try:
            placed(source, FileDiff(file.old, file.new, (hunk,)))
        except AnchorNotFound:
            yield from _like(split_lines(source), hunk)


def _like(lines: list[bytes], hunk: Hunk) -> Iterator[NearMiss]:
    """Where most lines of a hunk stand, and the first one that is different there."""
    old = hunk.old
    if not old or not lines:
        return
    starts = range(max(len(lines) - len(old), 0) + 1)
    best = max(starts, key=lambda s: sum(a == b for a, b in zip(lines[s:], old, strict=False)))
    part = lines[best : best + len(old)]
    wrong = next((i for i, line in enumerate(part) if line != old[i]), None)
    note = ""
    if wrong is not None:
        wanted = old[wrong].decode(errors="replace").rstrip("\r\n")
        note = f"line {best + wrong + 1} would have to be `{wanted}`"
    yield NearMiss(
        best + 1, tuple(x.decode(errors="replace").rstrip("\r\n") for x in part), "", note
    )
