"""Finding code by its shape: `find:` patterns, compared with sources node by node.

`$name` matches one node, `$...name` any number of neighbours. Quotes, spacing, semicolons,
trailing commas, parentheses and comments make no difference.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from patcher.errors import BadDefinition, Unanchored
from patcher.syntax import Module, Node, children, parse, problems, significant, unwrapped

Captures = Mapping[str, tuple[Node, ...]]

_MANY = "$$$"
"""How `$...` is written inside a parsed pattern, where it must be an identifier."""

_NAME = re.compile(r"[A-Za-z_][\w$]*")

_BLOCKS = frozenset({"program", "statement_block", "switch_case", "switch_default", "class_body"})

# What a snippet may be, tried in order: statements or an expression, else a piece of an object
# literal. Each is (before, after) around the snippet.
_CONTEXTS = (("", ""), ("({", "})"))


@dataclass(frozen=True)
class Pattern:
    """A compiled snippet: one node, or several statements that follow each other."""

    text: str
    module: Module
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Match:
    """A place in a source that a pattern fits."""

    nodes: tuple[Node, ...]
    captures: Captures

    @property
    def start(self) -> int:
        """Offset of the first byte."""
        return self.nodes[0].start_byte

    @property
    def end(self) -> int:
        """Offset behind the last byte."""
        return self.nodes[-1].end_byte


@lru_cache(maxsize=256)
def compile_pattern(text: str) -> Pattern:
    """Parse a snippet. Raises `BadDefinition` when it is no statement, expression or member."""
    snippet = text.strip().rstrip(",").replace("$...", _MANY)
    for before, after in _CONTEXTS:
        module = parse(f"{before}{snippet}{after}".encode())
        if problems(module):
            continue
        nodes = children(module.root)
        if before:
            nodes = children(unwrapped(nodes[0].named_children[0]))
        if len(nodes) == 1 and nodes[0].type == "expression_statement":
            nodes = [unwrapped(children(nodes[0])[0])]
        if nodes:
            return Pattern(text.strip(), module, tuple(nodes))
    raise BadDefinition(
        f"`{text.strip()}` is not a statement, an expression or a piece of an object literal",
        "write whole statements in a `|` block; `$name` stands for one thing, `$...name` for many",
    )


def matches(module: Module, pattern: Pattern, scope: Node | None = None) -> list[Match]:
    """Every place in `scope` (default: the file) that the pattern fits, in source order."""
    found: dict[tuple[int, int], Match] = {}
    for node in _candidates(module, pattern, scope or module.root):
        captures: dict[str, tuple[Node, ...]] = {}
        nodes = _statement_run(node, len(pattern.nodes))
        comparer = _Comparer(pattern.module, module, captures)
        if len(nodes) == len(pattern.nodes) and all(map(comparer.same, pattern.nodes, nodes)):
            found.setdefault((node.start_byte, node.end_byte), Match(tuple(nodes), captures))
    return [found[key] for key in sorted(found)]


def the_one(module: Module, pattern: Pattern, scope: Node | None, where: str) -> Match:
    """The only match; raises `Unanchored` for none (naming the nearest code) or several."""
    found = matches(module, pattern, scope)
    if len(found) == 1:
        return found[0]
    if found:
        raise several(pattern.text, where, [module.line_at(m.start) for m in found])
    raise missing(pattern.text, where, nearest(module, pattern.text, scope))


def several(anchor: str, where: str, lines: Sequence[int]) -> Unanchored:
    """The error for an anchor that matches more than once."""
    places = ", ".join(map(str, lines))
    return Unanchored(f"the anchor `{anchor}` matches {len(lines)} places{where}: lines {places}")


def missing(anchor: str, where: str, near: str = "") -> Unanchored:
    """The error for an anchor that matches nowhere."""
    return Unanchored(f"the anchor `{anchor}` matches nothing{where}" + (near and f"; {near}"))


def nearest(module: Module, text: str, scope: Node | None = None) -> str:
    """`nearest: line 7, …`: the statement most like `text`, or nothing when none is alike."""
    lines: dict[str, int] = {}
    for node in statements_below(scope or module.root):
        lines.setdefault(module.first_line(node), module.line(node))
    close = difflib.get_close_matches(text.splitlines()[0].strip(), lines, 1, 0.5)
    return f"nearest: line {lines[close[0]]}, `{close[0]}`" if close else ""


def statements_below(scope: Node, limit: int = 2000) -> Iterator[Node]:
    """Statements at any depth, outermost first, at most `limit`."""
    queue = [scope]
    for node in queue:
        for child in node.named_children:
            if len(queue) >= limit:
                return
            queue.append(child)
            if node.type in _BLOCKS:
                yield child


def enclosing_statement(node: Node) -> Node:
    """The statement that a node is, or is a part of."""
    current = node
    while current.parent is not None and current.parent.type not in _BLOCKS:
        current = current.parent
    return current


def _statement_run(first: Node, count: int) -> list[Node]:
    run = [first]
    sibling = first.next_named_sibling
    while len(run) < count and sibling is not None:
        if sibling.type != "comment":
            run.append(sibling)
        sibling = sibling.next_named_sibling
    return run


def _candidates(module: Module, pattern: Pattern, scope: Node) -> Iterator[Node]:
    """Nodes of the right type around each occurrence of the pattern's longest word.

    So a search costs what the word's occurrences cost, not a walk over the whole tree.
    """
    kind = pattern.nodes[0].type
    word = _longest_word(pattern.module, pattern.nodes[0])
    if not word:
        yield from (n for n in statements_below(scope) if n.type == kind)
        return
    for found in re.finditer(rb"(?<![\w$])" + re.escape(word) + rb"(?![\w$])", module.source):
        if not scope.start_byte <= found.start() < scope.end_byte:
            continue
        node = scope.descendant_for_byte_range(found.start(), found.end())
        while node is not None and node.start_byte >= scope.start_byte:
            if node.type == kind:
                yield node
            node = node.parent


def _longest_word(module: Module, node: Node) -> bytes:
    leaves = [node]
    words: list[str] = []
    for current in leaves:
        inner = significant(current)
        leaves.extend(inner)
        if not inner and current.is_named and not _hole(module, current):
            words += _NAME.findall(module.text(current))
    return max(words, key=len, default="").encode()


def _hole(module: Module, node: Node) -> str:
    """The name of the hole that a pattern node is (`$x`, `$$$x`), or nothing."""
    inner = significant(node)
    if not inner:
        text = module.text(node)
        return text if text.startswith("$") and "identifier" in node.type and text != "$" else ""
    return _hole(module, inner[0]) if len(inner) == 1 else ""


@dataclass(frozen=True)
class _Comparer:
    """Compares one pattern with one place, gathering captures as it goes."""

    pattern: Module
    module: Module
    captures: dict[str, tuple[Node, ...]]

    def same(self, wanted: Node, node: Node) -> bool:
        hole = _hole(self.pattern, wanted)
        if hole:
            return self._capture(hole.lstrip("$"), [node])
        inner, theirs = significant(wanted), significant(node)
        if not inner or not theirs:
            alike = wanted.type == "string" == node.type
            return (
                not inner
                and not theirs
                and (alike or self.pattern.text(wanted) == self.module.text(node))
            )
        return wanted.type == node.type and self._same_list(inner, theirs)

    def _same_list(self, wanted: Sequence[Node], nodes: Sequence[Node]) -> bool:
        if not wanted:
            return not nodes
        hole = _hole(self.pattern, wanted[0])
        if not hole.startswith(_MANY):
            return bool(nodes) and (
                self.same(wanted[0], nodes[0]) and self._same_list(wanted[1:], nodes[1:])
            )
        for count in range(len(nodes) + 1):
            before = dict(self.captures)
            rest = self._same_list(wanted[1:], nodes[count:])
            if rest and self._capture(hole.lstrip("$"), nodes[:count]):
                return True
            self.captures.clear()
            self.captures.update(before)
        return False

    def _capture(self, name: str, nodes: Sequence[Node]) -> bool:
        known = self.captures.setdefault(name, tuple(nodes))
        return len(known) == len(nodes) and all(
            self.module.text(a) == self.module.text(b) for a, b in zip(known, nodes, strict=True)
        )
