"""`find:` with `replace`: write something else, keeping what holes have matched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patcher.code.layout import in_layout, layout_of
from patcher.code.patterns import GAP, Match, compile_pattern, matches, the_one
from patcher.code.scopes import named_scope
from patcher.code.splice import Splice, indent_of, newline_near
from patcher.code.syntax import Module, Node, parse
from patcher.edits.holes import is_at_risk
from patcher.edits.operations import Applies, Present, Replace, Result
from patcher.errors import AnchorNotFound, BadDefinition

_HOLE = re.compile(rb"\$(?:\$\$)?([A-Za-z_]\w*)")


def replace(module: Module, edit: Replace) -> Result:
    """Write `replace` where `find` matches, keeping the text of what holes have matched."""
    scope, where = named_scope(module, edit.inside)
    find = compile_pattern(edit.find)
    done = matches(module, compile_pattern(edit.code), scope)
    left = [m for m in matches(module, find, scope) if not _is_inside(m, done)]
    if done:
        line = module.line_at(done[0].start)
        if not left:
            return Present(line)
        lines = ", ".join(str(module.line_at(m.start)) for m in left)
        raise AnchorNotFound(
            f"line {line} is replaced already, but the anchor `{find.text}` still matches: "
            f"line {lines}"
        )
    match = the_one(module, find, left, scope, where)
    _require_kept(module, match)
    text = _filled(module, edit.code, match)
    if not module.source[: match.end].endswith(b";"):
        text = text.rstrip(b";")
    return Applies((Splice(match.start, match.end, text),), module.line_at(match.start))


def _is_inside(match: Match, others: Sequence[Match]) -> bool:
    return any(o.start <= match.start and match.end <= o.end for o in others)


def _require_kept(module: Module, match: Match) -> None:
    """Refuse to drop somebody's comment: only those within holes are carried over."""
    carried = [(n[0].start_byte, n[-1].end_byte) for n in match.captures.values() if n]
    for comment in _comments(match.nodes):
        if not any(start <= comment.start_byte < end for start, end in carried):
            raise AnchorNotFound(f"the comment on line {module.line(comment)} would be lost")


def _comments(nodes: Sequence[Node]) -> Iterator[Node]:
    """Comments in the code that a match covers, between its statements too."""
    last = nodes[-1]
    sibling: Node | None = nodes[0]
    stack: list[Node] = []
    while sibling is not None:
        stack.append(sibling)
        sibling = None if sibling == last else sibling.next_sibling
    while stack:
        node = stack.pop()
        if node.type == "comment":
            yield node
        stack.extend(node.children)


def _filled(module: Module, code: str, match: Match) -> bytes:
    """The code in the file's layout, with the source's own text in place of its holes."""
    newline = newline_near(module.source, match.start) + indent_of(module.source, match.start)
    text = in_layout(code.strip().replace("$...", GAP), layout_of(module))
    written = parse(newline.join(line.encode() for line in text.split("\n")))

    def value(hole: re.Match[bytes]) -> bytes:
        nodes = match.captures.get(hole[1].decode())
        if nodes is None:
            raise BadDefinition(f"`{hole[0].decode()}` in `replace` is not a hole of `find`")
        if not nodes:
            return b""
        found = module.source[nodes[0].start_byte : nodes[-1].end_byte]
        place = written.root.descendant_for_byte_range(*hole.span())
        at_risk = place is not None and len(nodes) == 1 and is_at_risk(place, nodes[0])
        return b"(" + found + b")" if at_risk else found

    return _HOLE.sub(value, written.source)
