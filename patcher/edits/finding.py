"""`find:` with `insert_before`, `insert_after` or `replace`: the general form."""

from __future__ import annotations

import re
from collections.abc import Callable

from patcher.edits.result import Applies, Present, Result
from patcher.errors import BadDefinition, Unanchored
from patcher.layout import above, below, blank_lines_above, in_layout, layout_of
from patcher.matching import (
    Match,
    Pattern,
    compile_pattern,
    enclosing_statement,
    matches,
    the_one,
)
from patcher.operations import InsertAfter, InsertBefore, Replace
from patcher.scopes import declaration, top_level_names
from patcher.splice import Splice, indent_of, newline_near
from patcher.syntax import Module, Node, children

_Put = Callable[[Module, Node, str, int], Splice]

_HOLE = re.compile(r"\$(?:\.\.\.)?(\w+)")
_SET_OFF = frozenset({"export_statement", "function_declaration", "class_declaration"})


def insert_before(module: Module, edit: InsertBefore) -> Result:
    """Put code above the statement that `find` matches or stands in."""
    return _insert(module, edit, above, 0)


def insert_after(module: Module, edit: InsertAfter) -> Result:
    """Put code below the statement that `find` matches or stands in."""
    return _insert(module, edit, below, -1)


def replace(module: Module, edit: Replace) -> Result:
    """Write `replace` where `find` matches, keeping the text of what holes have matched."""
    scope, where = _scope(module, edit.inside)
    present = matches(module, compile_pattern(edit.code), scope)
    if present:
        return Present(module.line(present[0].nodes[0]))
    match = the_one(module, compile_pattern(edit.find), scope, where)
    code = _filled(module, edit.code, match)
    text = _with_line_ends(module, match.start, in_layout(code, layout_of(module)))
    if not module.source[: match.end].rstrip().endswith(b";"):
        text = text.rstrip(b";")
    return Applies((Splice(match.start, match.end, text),), module.line(match.nodes[0]))


def _insert(module: Module, edit: InsertBefore | InsertAfter, put: _Put, end: int) -> Result:
    scope, where = _scope(module, edit.inside)
    pattern = compile_pattern(edit.code)
    present = matches(module, pattern, scope)
    if present:
        return Present(module.line(present[0].nodes[0]))
    match = the_one(module, compile_pattern(edit.find), scope, where)
    anchor = enclosing_statement(match.nodes[end])
    if anchor.parent == module.root:
        _require_undeclared(module, pattern)
    code = in_layout(edit.code, layout_of(module))
    splice = put(module, anchor, code, _blank_lines(module, anchor, pattern))
    return Applies((splice,), module.line(match.nodes[0]))


def _require_undeclared(module: Module, code: Pattern) -> None:
    """Refuse to declare a name a second time: somebody has one of their own."""
    taken = dict(top_level_names(module))
    for name, _ in top_level_names(code.module):
        if name in taken:
            raise Unanchored(f"line {taken[name]} declares `{name}` already, in another way")


def _scope(module: Module, inside: str) -> tuple[Node | None, str]:
    if not inside:
        return None, ""
    return declaration(module, inside).scope, f" in `{inside}`"


def _blank_lines(module: Module, anchor: Node, code: Pattern) -> int:
    """Declarations are set off from each other as the neighbours are."""
    added = children(code.module.root)
    if anchor.type in _SET_OFF and added and added[0].type in _SET_OFF:
        return blank_lines_above(module, anchor)
    return 0


def _filled(module: Module, code: str, match: Match) -> str:
    def text(hole: re.Match[str]) -> str:
        if hole[1] not in match.captures:
            raise BadDefinition(f"`{hole[0]}` in `replace` is not a hole of `find`")
        nodes = match.captures[hole[1]]
        if not nodes:
            return ""
        return module.source[nodes[0].start_byte : nodes[-1].end_byte].decode()

    return _HOLE.sub(text, code.strip())


def _with_line_ends(module: Module, offset: int, text: str) -> bytes:
    newline = newline_near(module.source, offset)
    indent = indent_of(module.source, offset)
    return (newline + indent).join(line.encode() for line in text.splitlines())
