"""YAML to sections with line numbers, limited to what a definition needs.

Only texts, whole numbers, true, false, lists and mappings are read. Tags, anchors and aliases are
refused before anything is built, so an alias bomb stays a few bytes, and nesting is bounded
before the parser gets deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import yaml

from patcher.definition.fields import Odd, Section, shortened
from patcher.errors import BadDefinition
from patcher.patches import Place
from patcher.values import dataclass

_MAX_DEPTH = 8
_MAX_VALUES = 10_000
_MAX_NUMBER = 9
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_UNPRINTABLE_ASCII = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_UNPRINTABLE = r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]*")
_SIGN = re.compile(r":\s+(?:[>|][^\s0-9+-]|[@`*&!%\]}])|:\s+[^'\"\s].*:\s")
"""A value that begins with a sign of YAML, or holds another colon."""
_BOM = b"\xef\xbb\xbf"
_TAG = "tag:yaml.org,2002:"
_READ_AS = {
    "bool": "true or false",
    "int": "a number",
    "float": "a number",
    "timestamp": "a date",
}
_resolver: Any = yaml.resolver.Resolver()


def read_yaml(content: bytes, file: str) -> Section:
    """Parse a definition; raises `BadDefinition`, with a line, for what is not plain YAML.

    The caller sees to it that it is not too long.
    """
    text = _decoded(content, file)
    try:
        found = _Reader(file, yaml.parse(text, Loader=_Loader)).document()
    except yaml.YAMLError as error:
        _require_within_limits(text, file)
        line = getattr(_mark(error), "line", 0) + 1
        what = getattr(error, "problem", None) or "it cannot be read"
        raise BadDefinition(
            f"{file}:{line}: not valid YAML: {what}", _advice(text, line)
        ) from error
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
        _Reader(file, yaml.parse(text, Loader=yaml.SafeLoader)).document()


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


@dataclass
class _Reader:
    """Builds values from parser events, top down."""

    file: str
    events: Iterator[Any]
    count: int = 0

    def document(self) -> Any:
        """The value of the only document; None for an empty file."""
        value = None
        documents = 0
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error(event, "a definition is one YAML document; this is another")
            elif isinstance(event, yaml.NodeEvent):
                value = self._value(event, 0)
        return value

    def _value(self, event: Any, depth: int) -> Any:
        self._require_plain(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._value(e, depth + 1) for e in self._until(yaml.SequenceEndEvent)]
        return self._mapping(event, depth)

    def _until(self, end: type[yaml.Event]) -> Iterator[Any]:
        for event in self.events:
            if isinstance(event, end):
                return
            yield event

    def _require_plain(self, event: Any, depth: int) -> None:
        self.count += 1
        if event.anchor is not None:
            raise self._error(event, "anchors and aliases are not allowed")
        if event.tag is not None:
            tag = event.tag.replace(_TAG, "!!")
            raise self._error(event, f"the tag `{shortened(tag)}` is not allowed")
        if depth > _MAX_DEPTH:
            raise self._error(event, f"nested deeper than {_MAX_DEPTH} levels")
        if self.count > _MAX_VALUES:
            raise self._error(event, f"more than {_MAX_VALUES:,} values")

    def _mapping(self, start: Any, depth: int) -> Section:
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        for event in self._until(yaml.MappingEndEvent):
            self._require_plain(event, depth)
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error(event, "a key must be a word")
            key = self._text(event)
            if key in values:
                first = lines[key]
                raise self._error(
                    event, f"`{shortened(key)}` is given twice, first on line {first}"
                )
            lines[key] = self._line(event)
            values[key] = self._value(next(self.events), depth + 1)
        return Section(Place(self.file, self._line(start)), values, lines)

    def _scalar(self, event: Any) -> Any:
        text = self._text(event)
        if not event.implicit[0]:
            return text
        tag = str(_resolver.resolve(yaml.ScalarNode, text, (True, False))).removeprefix(_TAG)
        if tag == "str":
            return text
        if tag == "null":
            return None
        if text in ("true", "false"):
            return text == "true"
        if len(text) <= _MAX_NUMBER and _WHOLE_NUMBER.fullmatch(text):
            return int(text)
        return Odd(text, _READ_AS.get(tag, "a sign of YAML"))

    def _text(self, event: Any) -> str:
        found = _unprintable(event.value)
        if found:
            raise self._error(event, _control_character(found[0]))
        return str(event.value)

    def _error(self, event: Any, what: str) -> BadDefinition:
        return BadDefinition(f"{self.file}:{self._line(event)}: {what}")

    def _line(self, event: Any) -> int:
        return int(event.start_mark.line) + 1
