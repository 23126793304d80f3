"""The habits of a file, and writing new code the way the file is written.

Snippets in definitions have one style (single quotes, semicolons, two blanks); what reaches a
file has the file's quotes, semicolons, indent, trailing commas and line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from patcher.code.splice import Splice, line_end, splice
from patcher.code.syntax import Module, Node, all_below, parse

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
