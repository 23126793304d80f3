"""Parsing and asking questions of syntax trees; the only module that imports tree-sitter.

The tsx grammar reads the JavaScript files too: all 127 distinct versions of the eight target
files of LibreChat v0.7.0 to v0.8.8-rc1 parse with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import tree_sitter_typescript
from tree_sitter import Language, Node, Parser

from patcher import splice

__all__ = ["Module", "Node", "children", "parse", "problems", "significant", "unwrapped"]

_COMMENTS = frozenset({"comment", "html_comment"})
_SEPARATORS = frozenset({";", ","})


@dataclass(frozen=True)
class Module:
    """A parsed source file."""

    source: bytes
    root: Node

    def text(self, node: Node) -> str:
        """The source text of a node."""
        return self.source[node.start_byte : node.end_byte].decode()

    def line(self, node: Node) -> int:
        """1-based line on which a node begins."""
        return node.start_point[0] + 1

    @cached_property
    def is_commonjs(self) -> bool:
        """Whether the file uses `require`: it has no `import` or `export` statement."""
        return not any(
            n.type in ("import_statement", "export_statement") for n in self.root.children
        )

    def first_line(self, node: Node) -> str:
        """The first line of a node, for messages, shortened."""
        line = self.text(node).splitlines()[0].strip() if node.end_byte > node.start_byte else ""
        return line if len(line) <= 80 else line[:77] + "..."

    def line_at(self, offset: int) -> int:
        """1-based line of a byte offset."""
        return splice.line_number(self.source, offset)


@lru_cache(maxsize=1)
def _parser() -> Parser:
    return Parser(Language(tree_sitter_typescript.language_tsx()))


@lru_cache(maxsize=48)
def parse(source: bytes) -> Module:
    """Parse TypeScript, TSX or JavaScript. Never fails: see `problems` for syntax errors."""
    return Module(source, _parser().parse(source).root_node)


def problems(module: Module) -> list[int]:
    """1-based lines of all syntax errors; empty for a file that parses.

    Compare counts before and after an edit, do not demand none: the grammar rejects
    `export type * from`, which a few of LibreChat's own sources use.
    """
    return sorted(_problem_lines(module.root)) if module.root.has_error else []


def _problem_lines(node: Node) -> Iterator[int]:
    stack = [node]
    while stack:
        current = stack.pop()
        if not (current.has_error or current.is_missing):
            continue
        if current.is_error or current.is_missing:
            yield current.start_point[0] + 1
        stack.extend(current.children)


def children(node: Node) -> list[Node]:
    """Named children that are not comments."""
    return [n for n in node.named_children if n.type not in _COMMENTS]


def unwrapped(node: Node) -> Node:
    """The node without parentheses around it: they carry no meaning in a tree."""
    while node.type == "parenthesized_expression":
        inner = children(node)
        if len(inner) != 1:
            return node
        node = inner[0]
    return node


def significant(node: Node) -> list[Node]:
    """The children that make a difference in meaning.

    Left out: comments, semicolons, commas (the tree has the structure), parentheses, and the
    quotes of a string.
    """
    if node.type == "string":
        return node.named_children
    return [
        unwrapped(child)
        for child in node.children
        if child.type not in _COMMENTS and child.type not in _SEPARATORS
    ]
