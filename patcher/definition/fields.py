"""The keys of a definition with their lines: typed values, and what is wrong with them."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from msgspec import Struct

from patcher.errors import BadDefinition, shortened
from patcher.model import Place

_MOST_TEXTS = 100
_REQUIRED: Any = object()
_NAMES: Mapping[type, str] = {str: "a text", int: "a number", bool: "true or false"}
_SHOWN = 60
_MOST_NAMES = 40
_T = TypeVar("_T")


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

    def only(self, known: Collection[str]) -> None:
        """Raise `BadDefinition` for a key that is not known, naming the nearest that is."""
        for key in self.values:
            if key not in known:
                line = self.lines[key]
                what = (
                    f"`{shortened(key)}` is not a key that belongs here{did_you_mean(key, known)}"
                )
                raise BadDefinition(f"{self.place.file}:{line}: {what}")

    def value(self, key: str, kind: type[_T], default: _T = _REQUIRED) -> _T:
        """A value of one type; raises `BadDefinition` for a missing or a different one."""
        found = self.values.get(key, default)
        if found is _REQUIRED:
            raise BadDefinition(f"{self.place}: `{key}` is missing")
        if not isinstance(found, kind) or (kind is not bool and isinstance(found, bool)):
            quotes = kind is str and isinstance(found, int | AmbiguousScalar)
            hint = "; put it in quotes" if quotes else ""
            what = (
                f"`{shortened(found.text)}`"
                if isinstance(found, AmbiguousScalar) and not quotes
                else _what(found)
            )
            raise self.error(key, f"must be {_NAMES[kind]}, not {what}{hint}")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or a list of different ones."""
        found = self.values.get(key)
        texts = found if isinstance(found, list) else [self.value(key, str)]
        for text in texts:
            if not isinstance(text, str):
                raise self.error(key, f"must be a text or a list of texts; it has {_what(text)}")
        if not texts:
            raise self.error(key, "must be a text or a list of texts; the list is empty")
        if len(texts) > _MOST_TEXTS:
            raise self.error(key, f"has {len(texts):,} texts; {_MOST_TEXTS} are allowed")
        if len(set(texts)) < len(texts):
            raise self.error(key, "names the same thing twice")
        return tuple(texts)

    def sections(self, key: str) -> tuple[Section, ...]:
        """A list of mappings; empty when the key is absent."""
        found = self.values.get(key, [])
        if not isinstance(found, list):
            raise self.error(key, f"must be a list of entries with keys, not {_what(found)}")
        for entry in found:
            if not isinstance(entry, Section):
                raise self.error(key, f"must be a list of entries with keys; it has {_what(entry)}")
        return tuple(found)

    def section(self, key: str) -> Section:
        """A mapping; raises `BadDefinition` for a missing one, or for anything else."""
        found = self.values.get(key)
        if isinstance(found, Section):
            return found
        if key not in self.values:
            raise BadDefinition(f"{self.place}: `{key}` is missing")
        raise self.error(key, f"must have keys of its own; it is {_what(found)}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean …?` for the nearest of `known`, else all of them."""
    names = sorted(known)[:_MOST_NAMES]
    near = difflib.get_close_matches(word[:_SHOWN], names, 1)
    return f"; did you mean `{near[0]}`?" if near else f": {', '.join(names)}"


def _what(found: Any) -> str:
    if isinstance(found, AmbiguousScalar):
        return f"`{shortened(found.text)}`, which is read as {found.read_as}"
    kinds = {**_NAMES, list: "a list", Section: "a section with keys"}
    return kinds.get(type(found), "nothing")
