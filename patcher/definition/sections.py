"""YAML to sections with line numbers, limited to what a definition needs.

Only texts, whole numbers, true, false, lists and mappings are read. Tags, anchors and aliases are
refused as soon as the parser tells of them, and so is nesting: before anything gets deep.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import yaml
from msgspec import Struct

from patcher.definition.nodes import CORE, Node, line_of
from patcher.definition.yaml import FAST_LOADER, Rules, composed
from patcher.errors import BadDefinition, shortened
from patcher.model import Place

_MAX_DEPTH = 8
_MAX_VALUES = 10_000
_MAX_NUMBER = 9

_UNPRINTABLE_ASCII = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNPRINTABLE = r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]*")
_SIGN = re.compile(r":\s+(?:[>|][^\s0-9+-]|[@`*&!%\]}])|:\s+[^'\"\s].*:\s")
"""A value that begins with a sign of YAML, or holds another colon."""
_BOM = b"\xef\xbb\xbf"
_READ_AS = {
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
    "timestamp": "a date",
}
_resolver: Any = yaml.resolver.Resolver()


class AmbiguousScalar(Struct, frozen=True):
    """An unquoted word that YAML readers do not agree on: `no`, `0.10`, `2024-01-31`."""

    text: str
    read_as: str


class Section(Struct, frozen=True):
    """A mapping of a definition, with the line of each key."""

    place: Place
    values: Mapping[str, Any]
    """Texts, whole numbers, true and false, None, lists, `AmbiguousScalar`, `Section`."""
    lines: Mapping[str, int]

    def error(self, key: str, what: str) -> BadDefinition:
        """The error for `key`, with its file and line."""
        line = self.lines.get(key, self.place.line)
        return BadDefinition(f"{self.place.file}:{line}: `{shortened(key)}` {what}")


def read_section(content: bytes, file: str) -> Section:
    """Parse a definition; raises `BadDefinition`, with a line, for what is not plain YAML.

    The caller sees to it that it is not too long.
    """
    text = _decoded(content, file)
    try:
        root = composed(text, FAST_LOADER, _Limits(file))
    except yaml.YAMLError as error:
        _require_within_limits(text, file)
        line = getattr(_mark(error), "line", 0) + 1
        what = getattr(error, "problem", None) or "it cannot be read"
        raise BadDefinition(
            f"{file}:{line}: not valid YAML: {what}", _advice(text, line)
        ) from error
    found = _value(root, file) if root else None
    if not isinstance(found, Section):
        raise BadDefinition(f"{file}:1: a definition begins with keys such as `schema: 1`")
    return found


def _require_within_limits(text: str, file: str) -> None:
    """Raise what is ours to say about the text before the place where the parser stopped.

    libyaml reads up to 1,024 characters ahead, so a limit of its own can be met there before we
    have seen what leads to it. The parser written in Python hands on each bracket first.
    """
    # What that parser itself finds has been said better: a wrong `\U` is a ValueError to it.
    with suppress(yaml.YAMLError, ValueError, OverflowError):
        composed(text, yaml.SafeLoader, _Limits(file))


def _advice(text: str, line: int) -> str:
    """What to do about a line that YAML does not read, where that is plain to see."""
    words = text.split("\n")[line - 1] if line <= text.count("\n") + 1 else ""
    return "put the text behind the colon in quotes" if _SIGN.search(words) else ""


def _mark(error: yaml.YAMLError) -> Any:
    """Where a text or list that is not closed begins, else where the parser stopped."""
    context = str(getattr(error, "context", None))
    unclosed = "quoted" in context or "flow" in context
    return getattr(error, "context_mark" if unclosed else "problem_mark", None)


def _decoded(content: bytes, file: str) -> str:
    try:
        text = content.removeprefix(_BOM).decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadDefinition(f"{file}:{line}: not UTF-8 text; save the file as UTF-8") from error
    found = _unprintable(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise BadDefinition(f"{file}:{line}: {_control_character(found[0])}")
    return text


def _unprintable(text: str) -> re.Match[str] | None:
    # The pattern for all of Unicode takes 3 ms to compile; most definitions are plain ASCII.
    return _UNPRINTABLE_ASCII.search(text) if text.isascii() else re.search(_UNPRINTABLE, text)


def _control_character(character: str) -> str:
    return f"holds the control character U+{ord(character):04X}"


class _Limits(Rules):
    """What the parser may tell of while a definition is read."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._count = 0

    def begins(self, event: Any, depth: int) -> None:
        """Raise `BadDefinition` for what no definition needs."""
        if isinstance(event, yaml.DocumentStartEvent):
            if self._count:
                raise self._error(event, "a definition is one YAML document; this is another")
            return
        self._count += 1
        if event.anchor is not None:
            raise self._error(event, "anchors and aliases are not allowed")
        if event.tag is not None:
            raise self._error(
                event, f"the tag `{shortened(event.tag.replace(CORE, '!!'))}` is not allowed"
            )
        if depth > _MAX_DEPTH:
            raise self._error(event, f"nested deeper than {_MAX_DEPTH} levels")
        if self._count > _MAX_VALUES:
            raise self._error(event, f"more than {_MAX_VALUES:,} values")

    def key(self, event: Any, lines: Mapping[str, int]) -> None:
        """Raise `BadDefinition` for a key that is no word, or that is there already."""
        if not isinstance(event, yaml.ScalarEvent):
            raise self._error(event, "a key must be a word")
        if event.value in lines:
            first = lines[event.value]
            raise self._error(
                event, f"`{shortened(event.value)}` is given twice, first on line {first}"
            )

    def _error(self, event: Any, what: str) -> BadDefinition:
        return BadDefinition(f"{self._file}:{line_of(event)}: {what}")


def _value(node: Node, file: str) -> Any:
    if node.items is not None:
        return [_value(item, file) for item in node.items]
    return _section(node, file) if node.pairs is not None else _scalar(node, file)


def _section(node: Node, file: str) -> Section:
    pairs = [(_text(name, file), name.line, value) for name, value in node.pairs or ()]
    values = {key: _value(value, file) for key, _, value in pairs}
    return Section(Place(file, node.line), values, {key: line for key, line, _ in pairs})


def _scalar(node: Node, file: str) -> Any:
    text = _text(node, file)
    if not node.is_plain:
        return text
    tag = str(_resolver.resolve(yaml.ScalarNode, text, (True, False))).removeprefix(CORE)
    if tag == "str":
        return text
    if tag == "null":
        return None
    if text in ("true", "false"):
        return text == "true"
    if len(text) <= _MAX_NUMBER and _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return AmbiguousScalar(text, _READ_AS.get(tag, "a sign of YAML"))


def _text(node: Node, file: str) -> str:
    text = node.scalar or ""
    found = _unprintable(text)
    if found:
        raise BadDefinition(f"{file}:{node.line}: {_control_character(found[0])}")
    return text
