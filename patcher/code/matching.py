"""Finding code by its shape: `find:` patterns, compared with sources node by node.

`$name` matches one node, `$...name` any number of neighbours. Quotes, spacing, semicolons,
trailing commas, parentheses and comments make no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from msgspec import Struct

from patcher.code.comparing import GAP, Captures, Comparer, hole_of
from patcher.code.syntax import Module, Node, children, parse, problems, significant, unwrapped
from patcher.code.walking import all_below, path_to
from patcher.code.words import occurrences
from patcher.errors import BadDefinition

_WORD = re.compile(rb"(?<![\w$])[A-Za-z_][\w$]*")

# What a snippet may be, tried in order: statements or an expression, else a piece of an object
# literal. Each is (before, after) around the snippet.
_CONTEXTS = (("", ""), ("({", "})"))


class Pattern:
    """A compiled snippet: one node, or several statements that follow each other."""

    def __init__(self, text: str, module: Module, nodes: tuple[Node, ...]) -> None:
        self.text = text
        self.module = module
        self.nodes = nodes

    @cached_property
    def words(self) -> tuple[bytes, ...]:
        """The words of the first node: every place that fits has all of them."""
        return tuple(dict.fromkeys(_words(self.module, self.nodes[0])))


class Match(Struct, frozen=True):
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
    snippet = text.strip().rstrip(",").replace("$...", GAP)
    for before, after in _CONTEXTS:
        module = parse(f"{before}{snippet}{after}".encode())
        if problems(module):
            continue
        nodes = children(module.root)
        if not before and any(n.type == "labeled_statement" for n in nodes):
            continue  # `name: value` is meant as a piece of an object literal
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
    tried: set[int] = set()
    for node in _candidates(module, pattern, scope or module.root):
        if node.id in tried:
            continue
        tried.add(node.id)
        captures: dict[str, tuple[Node, ...]] = {}
        nodes = _statement_run(node, len(pattern.nodes))
        comparer = Comparer(pattern.module, module, captures)
        if len(nodes) == len(pattern.nodes) and all(map(comparer.same, pattern.nodes, nodes)):
            found.setdefault((node.start_byte, node.end_byte), Match(tuple(nodes), captures))
    return [found[key] for key in sorted(found)]


def _statement_run(first: Node, count: int) -> list[Node]:
    run = [first]
    sibling = first.next_named_sibling
    while len(run) < count and sibling is not None:
        if sibling.type != "comment":
            run.append(sibling)
        sibling = sibling.next_named_sibling
    return run


def _candidates(module: Module, pattern: Pattern, scope: Node) -> Iterator[Node]:
    """Nodes of the right type around each occurrence of the pattern's rarest word.

    So a search costs what the word's occurrences cost, not a walk over the whole tree.
    """
    kind = pattern.nodes[0].type
    if not pattern.words:
        yield from (n for n in all_below(scope) if n.type == kind)
        return
    place = (scope.start_byte, scope.end_byte)
    word = min(pattern.words, key=lambda w: (module.source.count(w, *place), -len(w)))
    for at in occurrences(module.source, word, *place):
        node = scope.descendant_for_byte_range(at, at + len(word))
        if node is not None:
            yield from (n for n in path_to(scope, node) if n.type == kind)


def _words(module: Module, node: Node) -> Iterator[bytes]:
    leaves = [node]
    for current in leaves:
        inner = significant(current)
        leaves.extend(inner)
        if not inner and current.is_named and not hole_of(current):
            yield from _WORD.findall(module.source, current.start_byte, current.end_byte)
