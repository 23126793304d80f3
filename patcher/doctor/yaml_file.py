"""librechat.yaml as LibreChat's parser (js-yaml) sees it, node by node, with lines. Pure.

Nodes are looked at where they are needed and never expanded, so aliases cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from patcher.doctor.yaml_nodes import Unreadable, nodes_of
from patcher.values import dataclass

MAX_BYTES = 4 << 20
_NULL = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_NUMBER = re.compile(r"[-+]?(0x[0-9a-fA-F]+|0o[0-7]+|(\d[\d_]*)?\.?\d+([eE][-+]?\d+)?|\d+\.)")
_MERGE = "<<"
_CORE = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Value:
    """One node of the document."""

    node: yaml.Node

    @property
    def line(self) -> int:
        """1-based."""
        return int(self.node.start_mark.line) + 1

    @property
    def text(self) -> str | None:
        """The text of a value that js-yaml reads as a text, else None."""
        if not isinstance(self.node, yaml.ScalarNode):
            return None
        plain = self.node.style is None
        return None if plain and _is_no_text(self.node.value) else str(self.node.value)

    @property
    def flag(self) -> bool | None:
        """True or false where js-yaml reads one: `yes` and `on` are texts for it."""
        if isinstance(self.node, yaml.ScalarNode) and self.node.style is None:
            return {**dict.fromkeys(_TRUE, True), **dict.fromkeys(_FALSE, False)}.get(
                self.node.value
            )
        return None

    @property
    def is_null(self) -> bool:
        """Whether nothing is written there."""
        node = self.node
        return isinstance(node, yaml.ScalarNode) and node.style is None and node.value in _NULL

    @property
    def items(self) -> tuple[Value, ...] | None:
        """The items of a list, else None."""
        node = self.node
        return tuple(map(Value, node.value)) if isinstance(node, yaml.SequenceNode) else None

    @property
    def is_mapping(self) -> bool:
        """Whether it has keys."""
        return isinstance(self.node, yaml.MappingNode)

    def get(self, *keys: str) -> Value | None:
        """The value below a path of keys; None where there is none or nothing is written."""
        value: Value | None = self
        for key in keys:
            value = None if value is None else value._child(key)
        return value

    def _child(self, key: str, depth: int = 0) -> Value | None:
        if not isinstance(self.node, yaml.MappingNode) or depth > len(_MERGE) * 8:
            return None
        merged: Value | None = None
        for name, node in self.node.value:
            if name.value == key:
                value = Value(node)
                return None if value.is_null else value
            if name.value == _MERGE:
                sources = Value(node).items or (Value(node),)
                found = (s._child(key, depth + 1) for s in sources)
                merged = merged or next((f for f in found if f), None)
        return merged

    def texts(self) -> Iterator[str]:
        """Every text in it; each node once."""
        for node in _nodes(self.node):
            if isinstance(node, yaml.ScalarNode):
                yield str(node.value)


def read(content: bytes) -> Value | None:
    """The document, None for an empty one; raises `Unreadable`."""
    if len(content) > MAX_BYTES:
        raise Unreadable(f"it is larger than {MAX_BYTES >> 20} MiB", 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable("it is not UTF-8 text", line) from None
    node = nodes_of(text)
    if node is None:
        return None
    _require_known_tags(node)
    _require_distinct_keys(node)
    return Value(node)


def _require_known_tags(root: yaml.Node) -> None:
    for node in _nodes(root):
        if not str(node.tag).startswith(_CORE):
            raise Unreadable("a tag that YAML does not define", node.start_mark.line + 1)


def _require_distinct_keys(root: yaml.Node) -> None:
    for node in _nodes(root):
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for name in (n for n, _ in node.value if isinstance(n, yaml.ScalarNode)):
                if name.value in seen:
                    raise Unreadable("a key is given twice", name.start_mark.line + 1)
                seen.add(name.value)


def _nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    """Every node below `root`, each once, however often aliases name it."""
    stack, seen = [root], {id(root)}
    while stack:
        node = stack.pop()
        yield node
        below: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            below = [n for pair in node.value for n in pair]
        elif isinstance(node, yaml.SequenceNode):
            below = list(node.value)
        for child in below:
            if id(child) not in seen:
                seen.add(id(child))
                stack.append(child)


def _is_no_text(text: str) -> bool:
    return text in _NULL | _TRUE | _FALSE or _NUMBER.fullmatch(text) is not None
