"""Comparing a parsed pattern with one place of a source, node by node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from patcher.code.syntax import Module, Node, children, significant

Captures = Mapping[str, tuple[Node, ...]]

GAP = "$$$"
"""How `$...` is written inside a parsed pattern, where it must be an identifier."""


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
