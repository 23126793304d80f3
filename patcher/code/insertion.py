"""Where new code goes: lines above or below a statement, items at the end of a list."""

from __future__ import annotations

from collections.abc import Sequence

from patcher.code.layout import Layout, fits, text_lines
from patcher.code.splice import Splice, indent_of, line_end, line_start, newline_near
from patcher.code.syntax import Module, Node, children, parse


def insertion(module: Module, offset: int, text: str, indent: bytes) -> Splice:
    """Insert lines at `offset` (which has its own line end before or behind it)."""
    newline = newline_near(module.source, max(offset - 1, 0))
    kept = text_lines(parse(text.encode()))
    lines = (
        line.encode() if not line or number in kept else indent + line.encode()
        for number, line in enumerate(text.split("\n"))
    )
    return Splice(offset, offset, newline.join(lines))


def below(module: Module, node: Node, code: str, blank_lines: int = 0) -> Splice:
    """Put lines of code below a statement, after a comment that stands on its last line."""
    end = _end_of_last_line(module.source, node)
    newline = newline_near(module.source, max(end - 1, 0))
    added = insertion(module, end, code, indent_of(module.source, node.start_byte))
    return Splice(end, end, newline * (1 + blank_lines) + added.text)


def above(module: Module, node: Node, code: str, blank_lines: int = 0) -> Splice:
    """Put lines of code above a statement, above the comments that belong to it."""
    first = _with_comments(node)
    start = line_start(module.source, first.start_byte)
    newline = newline_near(module.source, start)
    indent = indent_of(module.source, first.start_byte)
    if module.source[start : first.start_byte].strip():
        # Code stands in front of it on the same line, and must stay in front of what is added.
        start = first.start_byte
        return Splice(start, start, insertion(module, start, code, indent).text + newline + indent)
    added = insertion(module, start, code, indent)
    return Splice(start, start, added.text + newline * (1 + blank_lines))


def _with_comments(node: Node) -> Node:
    """The first of the comments that belong to a statement, else the statement."""
    while node.prev_sibling is not None and _belongs_to(node.prev_sibling, node):
        node = node.prev_sibling
    return node


def _belongs_to(previous: Node, node: Node) -> bool:
    return (
        previous.type == "comment"
        and previous.end_point[0] + 1 == node.start_point[0]
        and _starts_its_line(previous)
    )


def _starts_its_line(comment: Node) -> bool:
    previous = comment.prev_sibling
    return previous is None or previous.end_point[0] != comment.start_point[0]


def _end_of_last_line(source: bytes, node: Node) -> int:
    """Behind comments on the same line; right behind the node when code follows it there."""
    end = node.end_byte
    sibling = node.next_sibling
    while sibling is not None and sibling.type == "comment" and _on_one_line(node, sibling):
        end, sibling = sibling.end_byte, sibling.next_sibling
    stop = line_end(source, end)
    return node.end_byte if source[end:stop].strip() else stop


def _on_one_line(node: Node, comment: Node) -> bool:
    return node.end_point[0] == comment.start_point[0] == comment.end_point[0]


def blank_lines_above(module: Module, node: Node) -> int:
    """1 when the statement is set off from its predecessor by a blank line, else 0."""
    start = line_start(module.source, _with_comments(node).start_byte)
    before = module.source[line_start(module.source, 0) : start]
    previous = before.removesuffix(b"\n").rpartition(b"\n")[2]
    return 0 if not before or previous.strip() else 1


def append_items(
    module: Module, layout: Layout, holder: Node, added: Sequence[str]
) -> list[Splice]:
    """Add to a bracketed list: an object, a destructuring, named imports or exports.

    A list on one line is broken up, one item a line, when it grows past the print width.
    """
    items = children(holder)
    if items and items[0].start_point[0] != holder.start_point[0]:
        return _append_lines(module, items[-1], added)
    text = ", ".join(added)
    line = _line(module.source, holder.start_byte)
    longer = line + text + (", " if items else "")
    if fits(longer) or any(c.type == "comment" for c in holder.children):
        if items:
            return [Splice(items[-1].end_byte, items[-1].end_byte, f", {text}".encode())]
        return [Splice(holder.start_byte + 1, holder.end_byte - 1, f" {text} ".encode())]
    return [broken_up(module, layout, holder, [*map(module.text, items), *added])]


def broken_up(module: Module, layout: Layout, holder: Node, texts: Sequence[str]) -> Splice:
    """The list with one item a line."""
    outer = indent_of(module.source, holder.start_byte).decode()
    comma = "," if layout.trailing_commas else ""
    lines = f",\n{outer}{layout.indent}".join(texts)
    text = f"\n{outer}{layout.indent}{lines}{comma}\n{outer}".encode()
    newline = newline_near(module.source, holder.start_byte)
    return Splice(holder.start_byte + 1, holder.end_byte - 1, text.replace(b"\n", newline))


def _append_lines(module: Module, last: Node, added: Sequence[str]) -> list[Splice]:
    """One line for each item; a comma behind the last one where the list had one."""
    follower = last.next_sibling
    while follower is not None and follower.type == "comment":
        follower = follower.next_sibling
    comma = follower is not None and follower.type == ","
    end = _end_of_last_line(module.source, follower if comma and follower else last)
    start = newline_near(module.source, last.end_byte) + indent_of(module.source, last.start_byte)
    lines = b",".join(start + item.encode() for item in added) + b"," * comma
    if comma or end == last.end_byte:
        return [Splice(end, end, lines if comma else b"," + lines)]
    return [Splice(last.end_byte, last.end_byte, b","), Splice(end, end, lines)]


def _line(source: bytes, offset: int) -> str:
    return source[line_start(source, offset) : line_end(source, offset)].decode(errors="replace")
