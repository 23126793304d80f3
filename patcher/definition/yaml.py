"""YAML as nodes with their lines; one reader for definitions, librechat.yaml and compose files.

`sections` allows less for definitions. Apart from `nodes`, because PyYAML takes 9 ms to load. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from patcher.definition.nodes import CORE, Node, Unreadable, line_of

MAX_CONFIG = 4 << 20
_TAB_REPAIRS = 200
_MAX_DEPTH = 100
"""Levels; far from where the interpreter's stack ends, and far from what people nest."""
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_COLLECTIONS = {CORE + name for name in ("seq", "map", "set", "omap", "pairs")}
_BAD_VALUE = (yaml.YAMLError, ValueError, LookupError, AttributeError, ArithmeticError)
"""What PyYAML raises for a value that its tag does not allow, such as `!!bool maybe`."""
FAST_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The parser of libyaml where PyYAML has it; it words errors differently."""


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


def read_config(content: bytes) -> Node | None:
    """librechat.yaml as LibreChat reads it, None for an empty file; raises `Unreadable`."""
    if len(content) > MAX_CONFIG:
        raise Unreadable(f"it is larger than {MAX_CONFIG >> 20} MiB", 1)
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
        root = composed(content, FAST_LOADER, _Shallow())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable("it cannot be read", getattr(mark, "line", 0) + 1) from error
    _require_values(root)
    return root


def _require_values(document: Node | None) -> None:
    """Raise `Unreadable` for a value that its tag does not allow, or a key that is no scalar."""
    reader = yaml.SafeLoader("")
    for node in document.below() if document else ():
        if node.scalar is None:
            keys = [key for key, _ in node.pairs or ()]
            bad = [key for key in keys if key.scalar is None]
            if bad or (_is_core(node) and node.tag not in _COLLECTIONS):
                raise Unreadable("a key or a tag that has no meaning", (bad or [node])[0].line)
        elif not _has_meaning(reader, node):
            raise Unreadable("a value that its tag does not allow", node.line)


def _is_core(node: Node) -> bool:
    return node.tag is not None and node.tag.startswith(CORE)


def _has_meaning(reader: Any, scalar: Node) -> bool:
    """Whether a scalar is what its tag says, or looks like; compose's own tags allow anything."""
    tag = scalar.tag
    if tag is None:
        tag = reader.resolve(yaml.ScalarNode, scalar.scalar, (scalar.is_plain, False))
    elif not _is_core(scalar):
        return True
    if tag == f"{CORE}merge":
        return True
    try:
        reader.construct_object(yaml.ScalarNode(tag, scalar.scalar))
    except _BAD_VALUE:
        return False
    return True


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
