"""The habits of a file, and new code put into it the way the file is written.

Snippets in definitions have one style (single quotes, semicolons, two blanks); what reaches a
file has the file's quotes, semicolons, indent, trailing commas and line ends. Below stands where
it goes: lines above or below a statement, items at the end of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from msgspec import Struct

from patcher.code.splice import Splice, indent_of, line_end, line_start, newline_near, splice
from patcher.code.syntax import Module, Node, all_below, children, parse

PRINT_WIDTH = 100
"""Longest line before a list is written one item a line: `.prettierrc` of LibreChat v0.7.1
and later says `printWidth: 100`."""

_TAB_COLUMNS = 2
_SNIPPET_INDENT = "  "

_SPACE = rb"(?:\s|/\*.*?\*/)*"
# A pattern for each word: `re` finds what begins with letters thirty times faster than a choice.
_MODULE_QUOTES = tuple(
    re.compile(word + _SPACE + rb"""(['"])""") for word in (rb"from", rb"import", rb"require\(")
)
_ANY_QUOTES = (re.compile(rb"""(['"])"""),)
_INDENT = re.compile(rb"[{(\[]\r?\n(\t| +)\S")
_TRAILING_COMMA = re.compile(rb",[ \t]*\r?\n[ \t]*[}\])]")
_NO_TRAILING_COMMA = re.compile(rb"[\w'\"]\r?\n[ \t]*[\])]")
_ENDED_STATEMENTS = frozenset(
    {
        "export_statement",
        "expression_statement",
        "import_statement",
        "lexical_declaration",
        "return_statement",
        "variable_declaration",
    }
)
"""Statements that end in a semicolon where a file uses them."""


class Layout(Struct, frozen=True):
    """How one file is written, apart from its line ends (those may be mixed)."""

    quote: str
    semicolons: bool
    indent: str
    trailing_commas: bool


@lru_cache(maxsize=48)
def layout_of(module: Module) -> Layout:
    """Read the habits off a file; what it does not show is as in LibreChat's own style."""
    source = module.source
    indent = _INDENT.search(source)
    return Layout(
        quote=_quote(module),
        semicolons=_uses_semicolons(module),
        indent=indent[1].decode() if indent else _SNIPPET_INDENT,
        trailing_commas=bool(_TRAILING_COMMA.search(source))
        or not _NO_TRAILING_COMMA.search(source),
    )


def _quote(module: Module) -> str:
    """The quotes around names of modules; without any, around other strings outside of markup."""
    for patterns, wanted in ((_MODULE_QUOTES, _names_a_module), (_ANY_QUOTES, _is_no_markup)):
        # Asks the tree only where the text has a quote: a walk over all of it takes 50 ms.
        places = (hit.start(1) for p in patterns for hit in p.finditer(module.source))
        quotes = [module.source[p : p + 1] for p in places if wanted(module, _string_at(module, p))]
        if quotes:
            return '"' if quotes.count(b'"') > quotes.count(b"'") else "'"
    return "'"


def _string_at(module: Module, place: int) -> Node | None:
    """The string literal that begins at a byte."""
    quote = module.root.descendant_for_byte_range(place, place + 1)
    string = quote.parent if quote is not None and quote.type != "string" else quote
    begins = string is not None and string.type == "string" and string.start_byte == place
    return string if begins else None


def _names_a_module(module: Module, string: Node | None) -> bool:
    parent = string.parent if string is not None else None
    if parent is None:
        return False
    if parent.type == "arguments" and parent.parent is not None:
        return module.text(parent.parent).startswith("require(")
    return parent.type in ("import_statement", "export_statement")


def _is_no_markup(_: Module, string: Node | None) -> bool:
    return (
        string is not None and string.parent is not None and string.parent.type != "jsx_attribute"
    )


def _uses_semicolons(module: Module) -> bool:
    """What most statements of the top level do; without any, those inside of functions."""
    ends = list(_ends(module, module.root.children)) or list(_ends(module, all_below(module.root)))
    return not ends or ends.count(b";") * 2 >= len(ends)


def _ends(module: Module, statements: Iterable[Node]) -> Iterator[bytes]:
    for statement in statements:
        inner = statement.child_by_field_name("declaration") or statement
        if inner.type in _ENDED_STATEMENTS:
            yield module.source[inner.end_byte - 1 : inner.end_byte]


def in_layout(code: str, layout: Layout) -> str:
    """A snippet with the file's quotes, semicolons and indent unit; still with `\\n` line ends."""
    module = parse(code.strip("\n").encode())
    edits: list[Splice] = []
    for node in all_below(module.root):
        if node.type == "string" and layout.quote != "'":
            edits += _requoted(module, node, layout.quote)
        if not layout.semicolons:
            edits += _without_semicolons(module, node)
    kept = text_lines(module)
    lines = splice(module.source, edits).decode().split("\n")
    return "\n".join(
        line if number in kept else _reindented(line, layout.indent)
        for number, line in enumerate(lines)
    )


def text_lines(module: Module) -> set[int]:
    """0-based lines that begin inside a template string: their indent is text."""
    texts = (n for n in all_below(module.root) if n.type == "template_string")
    return {line for n in texts for line in range(n.start_point[0] + 1, n.end_point[0] + 1)}


def _requoted(module: Module, node: Node, quote: str) -> list[Splice]:
    text = module.text(node)
    if text[0] != "'" or quote in text or (node.parent and node.parent.type == "jsx_attribute"):
        return []
    new = quote.encode()
    return [
        Splice(node.start_byte, node.start_byte + 1, new),
        Splice(node.end_byte - 1, node.end_byte, new),
    ]


def _without_semicolons(module: Module, node: Node) -> Iterator[Splice]:
    for child in node.children:
        at_end = line_end(module.source, child.start_byte) == child.end_byte
        if child.type == ";" and at_end and node.type != "for_statement":
            yield Splice(child.start_byte, child.end_byte, b"")


def _reindented(line: str, indent: str) -> str:
    bare = line.lstrip(" ")
    depth, rest = divmod(len(line) - len(bare), len(_SNIPPET_INDENT))
    return indent * depth + " " * rest + bare if bare else ""


def fits(line: str) -> bool:
    """Whether a line of code stays within the print width."""
    return len(line.replace("\t", " " * _TAB_COLUMNS)) <= PRINT_WIDTH


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
