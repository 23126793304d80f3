"""YAML as nodes with their lines; one reader for definitions, librechat.yaml and compose files.

A node is looked at where it is needed and never expanded: an alias is the node that it names, so
it costs nothing. `sections` allows less; here scalars are what LibreChat's parser (js-yaml) takes
them for. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

MAX_BYTES = 4 << 20
_TAB_REPAIRS = 200
_MAX_DEPTH = 100
"""Levels; far from where the interpreter's stack ends, and far from what people nest."""
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_NULL = {"", "~", "null", "Null", "NULL"}
_FLAGS = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(r"[-+]?(0x[0-9a-fA-F]+|0o[0-7]+|(\d[\d_]*)?\.?\d+([eE][-+]?\d+)?|\d+\.)")
_MERGE = "<<"
_MOST_MERGES = 16
"""How many mappings deep keys are looked for that are merged in."""
FAST_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser of libyaml where PyYAML has it; it words errors differently."""
CORE = "tag:yaml.org,2002:"


class Rules:
    """What a document may hold: everything. Others raise what they like."""

    def begins(self, event: Any, depth: int) -> None:
        """A document begins, or a node so many collections deep."""

    def key(self, event: Any, lines: Mapping[str, int]) -> None:
        """A key of a mapping begins; `lines` are those of the keys above it."""


class _Shallow(Rules):
    """Stops at a depth of ours: the parser's own differs by release, and so does the stack's."""

    def begins(self, event: Any, depth: int) -> None:
        """A document begins, or a node so many collections deep."""
        if depth > _MAX_DEPTH:
            raise Unreadable(f"it is nested deeper than {_MAX_DEPTH} levels", line_of(event))


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


def read_config(content: bytes) -> Node | None:
    """librechat.yaml as LibreChat reads it, None for an empty file; raises `Unreadable`."""
    if len(content) > MAX_BYTES:
        raise Unreadable(f"it is larger than {MAX_BYTES >> 20} MiB", 1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable("it is not UTF-8 text", line) from None
    root = _without_tabs(text)
    for node in root.below() if root else ():
        if node.tag not in (None, "!") and not str(node.tag).startswith(CORE):
            raise Unreadable("a tag that YAML does not define", node.line)
    for node in root.below() if root else ():
        _require_distinct_keys(node)
    return root


def read_compose(content: bytes) -> Node | None:
    """A compose file with any tags, such as !reset; None for an empty one; raises `Unreadable`."""
    try:
        return composed(content, FAST_LOADER, _Shallow())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable("it cannot be read", getattr(mark, "line", 0) + 1) from error


def _without_tabs(text: str) -> Node | None:
    for _ in range(_TAB_REPAIRS):
        composer = _Composer(yaml.parse(text, Loader=yaml.SafeLoader), _Shallow())
        try:
            return composer.document()
        except (ValueError, OverflowError):
            # The parser lets Python say that there is no such character, or no such version.
            raise Unreadable("a number is out of range", composer.line) from None
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise Unreadable("it holds a control character", line) from None
        except yaml.MarkedYAMLError as error:
            text = _without_tab(text, error)
    raise Unreadable("it is full of tabs", 1, has_tab=True)


def _without_tab(text: str, error: yaml.MarkedYAMLError) -> str:
    """`text` with one tab replaced that only PyYAML minds; else raises `Unreadable`.

    js-yaml takes a tab between a colon and a value; neither takes one in the indentation.
    """
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    # Not by lines: PyYAML also ends one at a lone CR, U+0085, U+2028 and U+2029.
    start = text[mark.index - mark.column : mark.index + 1] if mark else ""
    indented = start.strip() == "" and "\t" in start
    if mark and text[mark.index : mark.index + 1] == "\t" and not indented:
        return text[: mark.index] + " " + text[mark.index + 1 :]
    if indented:
        raise Unreadable("a tab stands in the indentation", line, has_tab=True) from None
    what = _QUOTED.sub("…", str(error.problem or error.context or "it cannot be read"))
    raise Unreadable(what, line) from None


def _require_distinct_keys(node: Node) -> None:
    seen: set[str] = set()
    for name, _ in node.pairs or ():
        if name.scalar is not None and name.scalar in seen:
            raise Unreadable("a key is given twice", name.line)
        seen |= {name.scalar} if name.scalar is not None else set()


def composed(text: str | bytes, loader: Any, rules: Rules) -> Node | None:
    """The only document as nodes; None for an empty file. Raises `yaml.YAMLError`."""
    return _Composer(yaml.parse(text, Loader=loader), rules).document()


def line_of(event: Any) -> int:
    """The 1-based line on which what the parser tells begins."""
    return int(event.start_mark.line) + 1


class _Composer:
    """Builds nodes from the parser's events, top down."""

    def __init__(self, events: Iterator[Any], rules: Rules) -> None:
        self._events = events
        self._rules = rules
        self._anchors: dict[str, Node] = {}
        self._root: Node | None = None
        self.line = 1
        """Where what was told last begins."""

    def document(self) -> Node | None:
        """The root of the only document; None for an empty one."""
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._rules.begins(event, 0)
                if self._root is not None:
                    raise _wrong(event, "but found another document")
            if isinstance(event, yaml.NodeEvent):
                self._root = self._node(event, 0)
        return self._root

    def _node(self, event: Any, depth: int) -> Node:
        self.line = line_of(event)
        self._rules.begins(event, depth)
        return self._built(event, depth)

    def _built(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise _wrong(event, "found undefined alias '…'")
            return self._anchors[event.anchor]
        node = Node(event)
        if event.anchor is not None:
            if event.anchor in self._anchors:
                raise _wrong(event, "second occurrence")
            self._anchors[event.anchor] = node
        if isinstance(event, yaml.ScalarEvent):
            node.scalar = str(event.value)
            node.is_plain = not event.style
        elif isinstance(event, yaml.SequenceStartEvent):
            node.items = [self._node(e, depth + 1) for e in self._until_end()]
        else:
            node.pairs = list(self._pairs(depth))
        return node

    def _pairs(self, depth: int) -> Iterator[tuple[Node, Node]]:
        lines: dict[str, int] = {}
        for event in self._until_end():
            self.line = line_of(event)
            self._rules.begins(event, depth)
            self._rules.key(event, lines)
            key = self._built(event, depth)
            if key.scalar is not None:
                lines[key.scalar] = key.line
            yield key, self._node(next(self._events), depth + 1)

    def _until_end(self) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event


def _wrong(event: Any, what: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=what, problem_mark=event.start_mark)
