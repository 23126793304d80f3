"""Reading YAML with line numbers: sections, typed values, and what is wrong with them.

Only plain scalars, lists and mappings are read; tags, anchors and aliases are refused, so an
alias bomb stays a few bytes. Which keys an operation has comes from its dataclass.
"""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

import yaml

from patcher.errors import BadDefinition
from patcher.matching import compile_pattern
from patcher.operations import OPERATIONS, Operation
from patcher.patches import Place

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_BYTES = 1 << 20
_MAX_DEPTH = 20
_REQUIRED: Any = object()
_NAMES: Mapping[type, str] = {str: "a text", int: "a number", bool: "true or false"}
_T = TypeVar("_T")


@dataclass(frozen=True)
class Section:
    """A mapping of a definition, with the line of each key."""

    place: Place
    values: Mapping[str, Any]
    """Plain values: texts, numbers, lists, nested `Section`s."""
    lines: Mapping[str, int]

    def error(self, key: str, what: str) -> BadDefinition:
        """The error for `key`, with its file and line."""
        line = self.lines.get(key, self.place.line)
        return BadDefinition(f"{self.place.file}:{line}: `{key}` {what}")

    def only(self, known: Collection[str]) -> None:
        """Raise `BadDefinition` for a key that is not known, naming the nearest that is."""
        for key in self.values:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                did = f"; did you mean `{near[0]}`?" if near else f": {', '.join(sorted(known))}"
                raise self.error(key, f"is not a key that belongs here{did}")

    def value(self, key: str, kind: type[_T], default: _T = _REQUIRED) -> _T:
        """A value of one type; raises `BadDefinition` for a missing or a different one."""
        found = self.values.get(key, default)
        if found is _REQUIRED:
            raise BadDefinition(f"{self.place}: `{key}` is missing")
        if not isinstance(found, kind) or (kind is not bool and isinstance(found, bool)):
            hint = "; put it in quotes" if kind is str and isinstance(found, int | float) else ""
            raise self.error(key, f"must be {_NAMES[kind]}{hint}")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """One text or a list of them."""
        found = self.values.get(key)
        texts = found if isinstance(found, list) else [self.value(key, str)]
        if not texts or not all(isinstance(t, str) and t for t in texts):
            raise self.error(key, "must be a text or a list of texts")
        return tuple(texts)

    def paths(self, key: str) -> tuple[str, ...]:
        """Paths inside the checkout; raises `BadDefinition` for one that leaves it."""
        found = self.texts(key)
        for path in found:
            parts = path.split("/")
            if "\\" in path or ":" in path or "\0" in path or {"", ".", ".."} & set(parts):
                raise self.error(key, f"`{path}` is not a plain path inside the checkout")
        return found

    def path(self, key: str) -> str:
        """One path inside the checkout."""
        found = self.paths(key)
        if len(found) != 1:
            raise self.error(key, "must be one path")
        return found[0]

    def pattern(self, key: str, default: str = _REQUIRED) -> str:
        """Code to search for; raises `BadDefinition` when it does not parse."""
        text = self.value(key, str, default)
        if text:
            self._require_pattern(key, text)
        return text

    def _require_pattern(self, key: str, text: str) -> None:
        try:
            compile_pattern(text)
        except BadDefinition as error:
            raise self.error(key, str(error)) from error

    def sections(self, key: str) -> list[Section]:
        """A list of mappings; empty when the key is absent."""
        found = self.values.get(key, [])
        if not isinstance(found, list) or not all(isinstance(s, Section) for s in found):
            raise self.error(key, "must be a list of entries with keys")
        return found

    def sections_by_name(self, key: str) -> Iterator[tuple[str, Section]]:
        """A mapping of names to mappings; empty when the key is absent."""
        if key not in self.values:
            return
        outer = self.values[key]
        if not isinstance(outer, Section):
            raise self.error(key, "must be names with entries")
        for name, section in outer.values.items():
            if not isinstance(section, Section):
                raise outer.error(name, "must have keys of its own")
            yield name, section


def read_yaml(text: bytes, file: str) -> Section:
    """Parse a definition; raises `BadDefinition` for what is not plain YAML."""
    if len(text) > _MAX_BYTES:
        raise BadDefinition(f"{file}: larger than a definition may be ({_MAX_BYTES >> 20} MiB)")
    try:
        loader = _Loader(text)
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise BadDefinition(f"{file}:{line}: anchors and aliases are not allowed")
        node = loader.get_single_node()
        top = _plain(node, file, loader, 0) if node is not None else None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{file}:{mark.line + 1}" if mark else file
        what = getattr(error, "problem", None) or str(error)
        raise BadDefinition(f"{where}: not valid YAML: {what}") from error
    if not isinstance(top, Section):
        raise BadDefinition(f"{file}: a definition begins with keys such as `schema: 1`")
    return top


def _plain(node: yaml.Node, file: str, loader: Any, depth: int) -> Any:
    line = node.start_mark.line + 1
    if depth > _MAX_DEPTH:
        raise BadDefinition(f"{file}:{line}: nested deeper than {_MAX_DEPTH} levels")
    if not node.tag.startswith("tag:yaml.org,2002:") or node.tag.count("/"):
        raise BadDefinition(f"{file}:{line}: the tag {node.tag} is not allowed")
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, file, loader, depth + 1) for child in node.value]
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_object(node)
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key, at = str(key_node.value), key_node.start_mark.line + 1
        if key in values:
            first = lines[key]
            raise BadDefinition(f"{file}:{at}: `{key}` is given twice, first on line {first}")
        values[key] = _plain(value_node, file, loader, depth + 1)
        lines[key] = at
    return Section(Place(file, line), values, lines)


def components_of(top: Section) -> dict[str, str]:
    """Component names and what they bring."""
    section = top.values.get("components")
    if not isinstance(section, Section) or not section.values:
        raise top.error("components", "must name at least one component and what it brings")
    return {name: section.value(name, str) for name in section.values}


def operation_of(section: Section, common: Collection[str]) -> Operation:
    """The operation of an edit, recognised by its verb; raises `BadDefinition`."""
    known = {verb_of(kind): kind for kind in OPERATIONS}
    chosen = [key for key in known if key in section.values]
    if len(chosen) != 1:
        found = " and ".join(f"`{c}`" for c in chosen) or _closest(section, known)
        raise BadDefinition(f"{section.place}: an edit does one thing; this one has {found}")
    kind = known[chosen[0]]
    fields = {key_of(f): f for f in dataclasses.fields(kind)}
    section.only({*fields, *common})
    hints = get_type_hints(kind)
    values = {f.name: _field(section, key, f, hints[f.name]) for key, f in fields.items()}
    return kind(**values)


def verb_of(kind: type[Operation]) -> str:
    """The YAML key that tells an operation: `add_import`."""
    return next(key_of(f) for f in dataclasses.fields(kind) if f.metadata.get("verb"))


def key_of(field: dataclasses.Field[Any]) -> str:
    """The YAML key of an operation's field."""
    return str(field.metadata.get("key", field.name))


def _closest(section: Section, known: Mapping[str, type]) -> str:
    for key in section.values:
        near = difflib.get_close_matches(key, known, 1)
        if near:
            return f"`{key}`: did you mean `{near[0]}`?"
    return f"none of {', '.join(known)}"


def _field(section: Section, key: str, field: dataclasses.Field[Any], kind: Any) -> Any:
    if kind == tuple[str, ...]:
        return section.texts(key)
    default = _REQUIRED if field.default is dataclasses.MISSING else field.default
    if key == "find":
        return section.pattern(key)
    return section.value(key, kind, default)
