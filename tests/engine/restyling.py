"""Rewriting a source the way another formatter or editor would leave it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from patcher.code.splice import Splice, splice
from patcher.code.syntax import Module, Node, all_below, parse

from .support import BOM

HEADER = "// Größe, 大きさ, 🙂\n\n".encode()


def with_crlf(source: bytes) -> bytes:
    return source.replace(b"\n", b"\r\n")


def with_mixed_line_ends(source: bytes) -> bytes:
    """CR LF on every second line."""
    lines = source.splitlines(keepends=True)
    return b"".join(with_crlf(line) if n % 2 else line for n, line in enumerate(lines))


def with_byte_order_mark(source: bytes) -> bytes:
    return BOM + source


def with_foreign_text(source: bytes) -> bytes:
    return HEADER + source


def without_last_line_end(source: bytes) -> bytes:
    return source.removesuffix(b"\n")


def in_other_hand(source: bytes) -> bytes:
    """Tabs, double quotes, no semicolons."""
    module = parse(source)
    edits = [edit for node in all_below(module.root) for edit in _rewritten(module, node)]
    lines = splice(source, edits).split(b"\n")
    return b"\n".join(_with_tabs(line) for line in lines)


def _rewritten(module: Module, node: Node) -> Iterator[Splice]:
    start, end = node.start_byte, node.end_byte
    text = module.source[start:end]
    attribute = node.parent is not None and node.parent.type == "jsx_attribute"
    if node.type == "string" and text[:1] == b"'" and b'"' not in text and not attribute:
        yield Splice(start, end, b'"' + text[1:-1] + b'"')
    rest = module.source[end:].split(b"\n", 1)[0].strip()
    if node.type == ";" and (not rest or rest.startswith(b"//")):
        yield Splice(start, end, b"")


def _with_tabs(line: bytes) -> bytes:
    bare = line.lstrip(b" ")
    depth, rest = divmod(len(line) - len(bare), 2)
    return b"\t" * depth + b" " * rest + bare


STYLES: Mapping[str, Callable[[bytes], bytes]] = {
    "crlf": with_crlf,
    "bom": with_byte_order_mark,
    "nonascii": with_foreign_text,
    "unended": without_last_line_end,
    "tabs": in_other_hand,
}
"""Styles in which a whole file can be written."""
