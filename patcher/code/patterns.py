"""Finding code by its shape: `find:` patterns, compared with sources node by node.

`$name` matches one node, `$...name` any number of neighbours. Quotes, spacing, semicolons,
trailing commas, parentheses and comments make no difference. An anchor must be in one place: at
the end stands what is said when it is in none, or in several.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from msgspec import Struct

from patcher.code.splice import occurrences
from patcher.code.syntax import (
    Module,
    Node,
    all_below,
    children,
    parse,
    path_to,
    problems,
    significant,
    statements_below,
    unwrapped,
)
from patcher.errors import AnchorNotFound, BadDefinition

Captures = Mapping[str, tuple[Node, ...]]

GAP = "$$$"
"""How `$...` is written inside a parsed pattern, where it must be an identifier."""

_WORD = re.compile(rb"(?<![\w$])[A-Za-z_][\w$]*")
# What a snippet may be, tried in order: statements or an expression, else a piece of an object
# literal. Each is (before, after) around the snippet.
_CONTEXTS = (("", ""), ("({", "})"))


# A pattern is asked for its parts at every place that it is compared with: remembered, the
# comparison costs half. The sources are not: each of their nodes is asked once or twice.
@lru_cache(maxsize=4096)
def _parts(wanted: Node) -> tuple[Node, ...]:
    return tuple(significant(wanted))


@lru_cache(maxsize=4096)
def hole_of(node: Node) -> str:
    """The name of the hole that a pattern node is (`$x`, `$$$x`), or nothing."""
    inner = _parts(node)
    if not inner:
        text = (node.text or b"").decode()
        return text if text.startswith("$") and "identifier" in node.type and text != "$" else ""
    return hole_of(inner[0]) if len(inner) == 1 else ""


def _sole_parameter(node: Node) -> Node:
    """The `x` of `(x) =>`, which may also be written `x =>`; any other node as it is."""
    if node.type != "formal_parameters":
        return node
    inner = children(node)
    alone = len(inner) == 1 and inner[0].type == "required_parameter" and inner[0].child_count == 1
    return inner[0].children[0] if alone else node


class Comparer(Struct, frozen=True):
    """Compares one pattern with one place, gathering captures as it goes."""

    pattern: Module
    module: Module
    captures: dict[str, tuple[Node, ...]]

    def same(self, wanted: Node, node: Node) -> bool:
        """Whether `node` is what `wanted` asks for."""
        if wanted.type != node.type:
            wanted, node = _sole_parameter(wanted), _sole_parameter(node)
        hole = hole_of(wanted)
        if hole:
            # A hole stands for one parameter, not for a list of them.
            listed = node.type == "formal_parameters" and not hole.startswith(GAP)
            return not listed and self._capture(hole.lstrip("$"), [node])
        inner, theirs = _parts(wanted), significant(node)
        if not inner or not theirs:
            alike = wanted.type == "string" == node.type
            return (
                not inner
                and not theirs
                and (alike or self.pattern.text(wanted) == self.module.text(node))
            )
        return wanted.type == node.type and self._same_list(inner, theirs)

    def _same_list(
        self, wanted: Sequence[Node], nodes: Sequence[Node], w: int = 0, n: int = 0
    ) -> bool:
        """Whether `nodes[n:]` is what `wanted[w:]` asks for."""
        while w < len(wanted):
            if _is_gap(wanted[w]):
                return self._bridged(wanted, nodes, w, n)
            if n == len(nodes) or not self.same(wanted[w], nodes[n]):
                return False
            w, n = w + 1, n + 1
        return n == len(nodes)

    def _bridged(self, wanted: Sequence[Node], nodes: Sequence[Node], w: int, n: int) -> bool:
        """Try the lengths that the gap `wanted[w]` can have; the last gap has only one."""
        gaps = sum(map(_is_gap, wanted[w + 1 :]))
        longest = len(nodes) - n - (len(wanted) - w - 1 - gaps)
        name = hole_of(wanted[w]).lstrip("$")
        for count in range(0 if gaps else max(longest, 0), longest + 1):
            before = dict(self.captures)
            if self._capture(name, nodes[n : n + count]) and self._same_list(
                wanted, nodes, w + 1, n + count
            ):
                return True
            self.captures.clear()
            self.captures.update(before)
        return False

    def _capture(self, name: str, nodes: Sequence[Node]) -> bool:
        known = self.captures.setdefault(name, tuple(nodes))
        return len(known) == len(nodes) and all(
            self.module.text(a) == self.module.text(b) for a, b in zip(known, nodes, strict=True)
        )


def _is_gap(wanted: Node) -> bool:
    return hole_of(wanted).startswith(GAP)


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


def the_one(
    module: Module, pattern: Pattern, found: Sequence[Match], scope: Node | None, where: str
) -> Match:
    """The only match; raises `AnchorNotFound` for none (naming the nearest code) or several."""
    if len(found) == 1:
        return found[0]
    if found:
        raise several(pattern.text, where, [module.line_at(m.start) for m in found])
    raise missing(pattern.text, where, nearest(module, pattern.text, scope))


def several(anchor: str, where: str, lines: Sequence[int]) -> AnchorNotFound:
    """The error for an anchor that matches more than once."""
    places = ", ".join(map(str, lines))
    return AnchorNotFound(
        f"the anchor `{anchor}` matches {len(lines)} places{where}: lines {places}"
    )


def missing(anchor: str, where: str, near: str = "") -> AnchorNotFound:
    """The error for an anchor that matches nowhere."""
    return AnchorNotFound(f"the anchor `{anchor}` matches nothing{where}" + (near and f"; {near}"))


def nearest(module: Module, text: str, scope: Node | None = None) -> str:
    """`nearest: line 7, …`: the statement most like `text`, or nothing when none is alike."""
    shown: dict[str, Node] = {}
    for node in statements_below(scope or module.root):
        shown.setdefault(module.first_line(node), node)
    close = difflib.get_close_matches(text.splitlines()[0].strip(), shown, 1, 0.5)
    return found_near(module, shown[close[0]]) if close else ""


def found_near(module: Module, node: Node) -> str:
    """How to point at code that may be what was looked for."""
    return f"nearest: line {module.line(node)}, `{module.first_line(node)}`"
