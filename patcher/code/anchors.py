"""The one place that an anchor names, or why there is no such place."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from patcher.code.patterns import Match, Pattern
from patcher.code.syntax import Module, Node, statements_below
from patcher.errors import AnchorNotFound


def the_one(
    module: Module, pattern: Pattern, found: Sequence[Match], scope: Node | None, where: str
) -> Match:
    """The only match; raises `AnchorNotFound` for none (naming the nearest code) or several."""
    if len(found) == 1:
        return found[0]
    if found:
        raise several(pattern.text, where, [module.line_at(m.start) for m in found])
    raise missing(pattern.text, where, nearest(module, pattern.text, scope))


def several(anchor: str, where: str, lines: Sequence[int]) -> AnchorNotFound:
    """The error for an anchor that matches more than once."""
    places = ", ".join(map(str, lines))
    return AnchorNotFound(
        f"the anchor `{anchor}` matches {len(lines)} places{where}: lines {places}"
    )


def missing(anchor: str, where: str, near: str = "") -> AnchorNotFound:
    """The error for an anchor that matches nowhere."""
    return AnchorNotFound(f"the anchor `{anchor}` matches nothing{where}" + (near and f"; {near}"))


def nearest(module: Module, text: str, scope: Node | None = None) -> str:
    """`nearest: line 7, …`: the statement most like `text`, or nothing when none is alike."""
    shown: dict[str, Node] = {}
    for node in statements_below(scope or module.root):
        shown.setdefault(module.first_line(node), node)
    close = difflib.get_close_matches(text.splitlines()[0].strip(), shown, 1, 0.5)
    return found_near(module, shown[close[0]]) if close else ""


def found_near(module: Module, node: Node) -> str:
    """How to point at code that may be what was looked for."""
    return f"nearest: line {module.line(node)}, `{module.first_line(node)}`"
