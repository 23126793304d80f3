"""The habits of a file, and writing new code the way the file is written.

Snippets in definitions have one style (single quotes, semicolons, two blanks); what reaches a
file has the file's quotes, semicolons, indent, trailing commas and line ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from patcher.splice import Splice, indent_of, line_end, line_start, newline_near, splice
from patcher.syntax import Module, Node, children, parse

PRINT_WIDTH = 100
"""Longest line before a list is written one item a line: `.prettierrc` of LibreChat v0.7.1
and later says `printWidth: 100`."""

_TAB_COLUMNS = 2
_SNIPPET_INDENT = "  "

_MODULE_QUOTE = re.compile(rb"(?:\bfrom|\brequire\(|\bimport)\s*(['\"])")
_INDENT = re.compile(rb"[{(\[]\r?\n(\t| +)\S")
_TRAILING_COMMA = re.compile(rb",[ \t]*\r?\n[ \t]*[}\])]")
_NO_TRAILING_COMMA = re.compile(rb"[\w'\"]\r?\n[ \t]*[\])]")
_ENDED_STATEMENTS = frozenset(
    {"expression_statement", "lexical_declaration", "variable_declaration", "import_statement"}
)
"""Statements that end in a semicolon where a file uses them."""


@dataclass(frozen=True)
class Layout:
    """How one file is written, apart from its line ends (those may be mixed)."""

    quote: str
    semicolons: bool
    indent: str
    trailing_commas: bool


def layout_of(module: Module) -> Layout:
    """Read the habits off a file; what it does not show is as in LibreChat's own style."""
    source = module.source
    quotes = _MODULE_QUOTE.findall(source) or re.findall(rb"['\"]", source)
    indent = _INDENT.search(source)
    return Layout(
        quote='"' if quotes.count(b'"') > quotes.count(b"'") else "'",
        semicolons=_uses_semicolons(module),
        indent=indent[1].decode() if indent else _SNIPPET_INDENT,
        trailing_commas=bool(_TRAILING_COMMA.search(source))
        or not _NO_TRAILING_COMMA.search(source),
    )


def _uses_semicolons(module: Module) -> bool:
    statements = (n.child_by_field_name("declaration") or n for n in module.root.children)
    ends = [
        module.source[n.end_byte - 1 : n.end_byte]
        for n in statements
        if n.type in _ENDED_STATEMENTS
    ]
    return not ends or ends.count(b";") * 2 >= len(ends)


def in_layout(code: str, layout: Layout) -> str:
    """A snippet with the file's quotes, semicolons and indent unit; still with `\\n` line ends."""
    module = parse(code.strip("\n").encode())
    edits: list[Splice] = []
    stack = [module.root]
    while stack:
        node = stack.pop()
        stack.extend(node.children)
        if node.type == "string" and layout.quote != "'":
            edits += _requoted(module, node, layout.quote)
        elif node.type == ";" and not layout.semicolons and _ends_its_line(module, node):
            edits.append(Splice(node.start_byte, node.end_byte, b""))
    lines = splice(module.source, edits).decode().split("\n")
    return "\n".join(_reindented(line, layout.indent) for line in lines)


def _requoted(module: Module, node: Node, quote: str) -> list[Splice]:
    text = module.text(node)
    if text[0] != "'" or quote in text or (node.parent and node.parent.type == "jsx_attribute"):
        return []
    new = quote.encode()
    return [
        Splice(node.start_byte, node.start_byte + 1, new),
        Splice(node.end_byte - 1, node.end_byte, new),
    ]


def _ends_its_line(module: Module, semicolon: Node) -> bool:
    parent = semicolon.parent
    at_end = line_end(module.source, semicolon.start_byte) == semicolon.end_byte
    return at_end and parent is not None and parent.type != "for_statement"


def _reindented(line: str, indent: str) -> str:
    bare = line.lstrip(" ")
    depth, rest = divmod(len(line) - len(bare), len(_SNIPPET_INDENT))
    return indent * depth + " " * rest + bare if bare else ""


def insertion(module: Module, offset: int, text: str, indent: bytes) -> Splice:
    """Insert lines at `offset` (which has its own line end before or behind it)."""
    newline = newline_near(module.source, max(offset - 1, 0))
    lines = [indent + line.encode() if line else b"" for line in text.split("\n")]
    return Splice(offset, offset, newline.join(lines))


def below(module: Module, node: Node, code: str, blank_lines: int = 0) -> Splice:
    """Put lines of code below a statement, after a comment that stands on its last line."""
    end = _end_of_statement_line(module.source, node.end_byte)
    newline = newline_near(module.source, max(end - 1, 0))
    added = insertion(module, end, code, indent_of(module.source, node.start_byte))
    return Splice(end, end, newline * (1 + blank_lines) + added.text)


def above(module: Module, node: Node, code: str, blank_lines: int = 0) -> Splice:
    """Put lines of code above a statement, above the comments that belong to it."""
    first = node
    while first.prev_sibling is not None and _belongs_to(first.prev_sibling, first):
        first = first.prev_sibling
    start = line_start(module.source, first.start_byte)
    newline = newline_near(module.source, start)
    added = insertion(module, start, code, indent_of(module.source, first.start_byte))
    return Splice(start, start, added.text + newline * (1 + blank_lines))


def _belongs_to(previous: Node, node: Node) -> bool:
    return previous.type == "comment" and previous.end_point[0] + 1 == node.start_point[0]


def _end_of_statement_line(source: bytes, end: int) -> int:
    """Behind a comment on the same line; right behind the statement when code follows it."""
    stop = line_end(source, end)
    rest = source[end:stop].strip()
    comment = rest.startswith(b"//") or (rest.startswith(b"/*") and rest.endswith(b"*/"))
    return stop if not rest or comment else end


def blank_lines_above(module: Module, node: Node) -> int:
    """1 when the statement is set off from its predecessor by a blank line, else 0."""
    start = line_start(module.source, node.start_byte)
    before = module.source[:start].rstrip(b" \t").removesuffix(b"\n").removesuffix(b"\r")
    previous = before[line_start(before, len(before)) :]
    return 0 if not before or previous.strip() else 1


def append_item(module: Module, layout: Layout, holder: Node, item: str) -> list[Splice]:
    """Add an item to a bracketed list: an object, a destructuring, named imports or exports.

    A list on one line is broken up, one item a line, when it grows past the print width.
    """
    items = children(holder)
    if items and items[0].start_point[0] != holder.start_point[0]:
        return _append_line(module, layout, items[-1], item)
    texts = [*map(module.text, items), item]
    added = len(item) + (2 if items else 0)
    width = _columns(module.source, holder.start_byte) + added
    if width <= PRINT_WIDTH or any(c.type == "comment" for c in holder.children):
        if items:
            return [Splice(items[-1].end_byte, items[-1].end_byte, f", {item}".encode())]
        return [Splice(holder.start_byte + 1, holder.end_byte - 1, f" {item} ".encode())]
    return [broken_up(module, layout, holder, texts)]


def broken_up(module: Module, layout: Layout, holder: Node, texts: Sequence[str]) -> Splice:
    """The list with one item a line."""
    outer = indent_of(module.source, holder.start_byte).decode()
    comma = "," if layout.trailing_commas else ""
    lines = f",\n{outer}{layout.indent}".join(texts)
    text = f"\n{outer}{layout.indent}{lines}{comma}\n{outer}".encode()
    newline = newline_near(module.source, holder.start_byte)
    return Splice(holder.start_byte + 1, holder.end_byte - 1, text.replace(b"\n", newline))


def _append_line(module: Module, layout: Layout, last: Node, item: str) -> list[Splice]:
    indent = indent_of(module.source, last.start_byte)
    newline = newline_near(module.source, last.end_byte)
    follower = last.next_sibling
    line = newline + indent + item.encode()
    if follower is not None and follower.type == ",":
        end = _end_of_statement_line(module.source, follower.end_byte)
        return [Splice(end, end, line + b",")]
    end = _end_of_statement_line(module.source, last.end_byte)
    comma = b"," if layout.trailing_commas else b""
    if end == last.end_byte:
        return [Splice(end, end, b"," + line + comma)]
    return [Splice(last.end_byte, last.end_byte, b","), Splice(end, end, line + comma)]


def _columns(source: bytes, offset: int) -> int:
    line = source[line_start(source, offset) : line_end(source, offset)].decode(errors="replace")
    return len(line.replace("\t", " " * _TAB_COLUMNS))


def fits(text: str) -> bool:
    """Whether a line of code stays within the print width."""
    return len(text.replace("\t", " " * _TAB_COLUMNS)) <= PRINT_WIDTH
