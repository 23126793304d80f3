"""The nodes of a YAML document with their lines, as `yaml` reads them.

A node is looked at where it is needed and never expanded: an alias is the node that it names, so
it costs nothing. Scalars are what LibreChat's parser (js-yaml) takes them for. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_NULL = {"", "~", "null", "Null", "NULL"}
_FLAGS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(r"[-+]?(0x[0-9a-fA-F]+|0o[0-7]+|(\d[\d_]*)?\.?\d+([eE][-+]?\d+)?|\d+\.)")
_MERGE = "<<"
_MOST_MERGES = 16
"""How many mappings deep keys are looked for that are merged in."""
CORE = "tag:yaml.org,2002:"


class Unreadable(Exception):
    """The text is no YAML that its program would read; the message quotes nothing of the text."""

    def __init__(self, what: str, line: int, has_tab: bool = False) -> None:
        super().__init__(what)
        self.line = line
        self.has_tab = has_tab


class Node:
    """One value of a document: a scalar, a list or a mapping."""

    def __init__(self, event: Any) -> None:
        self.line = line_of(event)
        self.tag: str | None = event.tag
        """The tag that is written there; None for none."""
        self.scalar: str | None = None
        self.is_plain = False
        """Whether it is a scalar without quotes, which may be something else than a text."""
        self.items: list[Node] | None = None
        """The items of a list."""
        self.pairs: list[tuple[Node, Node]] | None = None
        """The keys and values of a mapping, as they are written."""

    @property
    def text(self) -> str | None:
        """The text of a value that js-yaml reads as a text, else None."""
        plain = self.is_plain and (self.is_null or self.flag is not None or self._is_number)
        return None if plain else self.scalar

    @property
    def flag(self) -> bool | None:
        """True or false where js-yaml reads one: `yes` and `on` are texts for it."""
        return _FLAGS.get(self.scalar or "") if self.is_plain else None

    @property
    def is_null(self) -> bool:
        """Whether nothing is written there."""
        return self.is_plain and self.scalar in _NULL

    @property
    def _is_number(self) -> bool:
        return _NUMBER.fullmatch(self.scalar or "") is not None

    @property
    def is_mapping(self) -> bool:
        """Whether it has keys."""
        return self.pairs is not None

    def get(self, *keys: str) -> Node | None:
        """The value below a path of keys; None where there is none or nothing is written."""
        node: Node | None = self
        for key in keys:
            node = None if node is None else node._child(key)
        return node

    def _child(self, key: str, depth: int = 0) -> Node | None:
        if self.pairs is None or depth > _MOST_MERGES:
            return None
        merged: Node | None = None
        for name, node in reversed(self.pairs):
            if name.scalar == key:
                return None if node.is_null else node
            if name.scalar == _MERGE:
                found = (s._child(key, depth + 1) for s in node.items or (node,))
                merged = merged or next((f for f in found if f), None)
        return merged

    def texts(self) -> Iterator[str]:
        """Every scalar in it; each node once."""
        return (n.scalar for n in self.below() if n.scalar is not None)

    def below(self) -> Iterator[Node]:
        """The node and all nodes in it, each once, however often aliases name it."""
        stack, seen = [self], {id(self)}
        while stack:
            node = stack.pop()
            yield node
            for child in (*(node.items or ()), *(n for pair in node.pairs or () for n in pair)):
                if id(child) not in seen:
                    seen.add(id(child))
                    stack.append(child)


def line_of(event: Any) -> int:
    """The 1-based line on which what the parser tells begins."""
    return int(event.start_mark.line) + 1
