"""Sections to values: msgspec decodes, every complaint names file, line and key.

The classes are the format (`entries`, `edits.operations`): keys, types, which are required and
what a text must look like are read from their fields, so nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from msgspec import NODEFAULT, Struct, ValidationError, convert
from msgspec.structs import FieldInfo

from patcher.definition.entries import EditEntry
from patcher.definition.folder import read_beside
from patcher.definition.forms import operation_problem, problem_of
from patcher.definition.sections import AmbiguousScalar, Section
from patcher.definition.words import did_you_mean
from patcher.edits import OPERATIONS
from patcher.edits.operations import file_key_of, keys_of, verb_of
from patcher.edits.texts import FileName, Id, form_of
from patcher.errors import BadDefinition, shortened
from patcher.model import Operation

_MOST_TEXTS = 100
_T = TypeVar("_T")
_NAMES: Mapping[type, str] = {str: "a text", int: "a number", bool: "true or false"}
_OPERATIONS = {verb_of(kind): kind for kind in OPERATIONS}
_FROM_FILES = {
    key: kind for verb, kind in _OPERATIONS.items() if (key := file_key_of(keys_of(kind)[verb]))
}
VERBS: Mapping[str, type[Operation]] = {**_OPERATIONS, **_FROM_FILES}
"""Key to the operation that it tells."""


def decode(section: Section, kind: type[_T]) -> _T:
    """A section as a value of `kind`; raises `BadDefinition` for what is not as it must be."""
    known = set(known_keys(kind))
    if kind is EditEntry:
        known |= set(known_keys(_operation_of(section)))
    for key in section.values:
        if key not in known:
            near = did_you_mean(key, known)
            raise section.error(key, f"is not a key that belongs here{near}")
    return decode_part(section, kind)


def decode_part(section: Section, kind: type[_T]) -> _T:
    """The keys of `kind` in a section that may have others too; raises `BadDefinition`."""
    return kind(**{f.name: _value(section, key, f) for key, f in keys_of(kind).items()})


def known_keys(kind: type[Any]) -> list[str]:
    """The YAML keys of a class."""
    found = {k: f for k, f in keys_of(kind).items() if f.type not in (Section, Operation)}
    return [key for k, field in found.items() for key in (k, file_key_of(field)) if key]


def _operation_of(section: Section) -> type[Operation]:
    """The operation of an edit, recognised by its verb."""
    found = [key for key in VERBS if key in section.values]
    if len(found) == 1:
        return VERBS[found[0]]
    if found:
        what = " and ".join(f"`{key}`" for key in found)
        raise section.error(found[1], f"is one thing too many: an edit does one, this has {what}")
    kinds: tuple[type[Any], ...] = (EditEntry, *OPERATIONS)
    known = {key for kind in kinds for key in known_keys(kind)}
    for key in section.values:
        if key not in known:
            raise section.error(key, f"is not something an edit does{did_you_mean(key, VERBS)}")
    verbs = ", ".join(VERBS)
    raise BadDefinition(f"{section.place}: the edit does nothing; it needs one of {verbs}")


def _operation(section: Section) -> Operation:
    operation = decode_part(section, _operation_of(section))
    problem = operation_problem(operation)
    if problem:
        raise section.error(*problem)
    return operation


def _value(section: Section, key: str, field: FieldInfo) -> Any:
    if field.type is Section:
        return section
    if field.type is Operation:
        return _operation(section)
    file_key = file_key_of(field)
    if file_key and file_key in section.values:
        return _text_of_file(section, file_key)
    if key in section.values:
        return _given(section, key, field.type)
    if field.required:
        raise BadDefinition(f"{section.place}: `{key}` is missing")
    return {} if field.default is NODEFAULT else field.default


def _given(section: Section, key: str, kind: Any) -> Any:
    plain = _without_notes(kind)
    inner = get_args(plain)
    if get_origin(plain) is tuple and _is_entry(inner[0]):
        return tuple(decode(entry, inner[0]) for entry in _entries(section, key))
    if get_origin(plain) is Mapping:
        return _named(section, key, inner[1])
    if get_origin(plain) is tuple:
        return _texts(section, key, inner[0])
    return _scalar(section, key, kind)


def _without_notes(kind: Any) -> Any:
    """`X` of `Annotated[X, …]`."""
    while hasattr(kind, "__metadata__"):
        kind = kind.__origin__
    return kind


def _is_entry(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _scalar(section: Section, key: str, kind: Any) -> Any:
    """A text, a number, or true or false."""
    found = section.values[key]
    try:
        value = convert(found, kind)
    except ValidationError as error:
        raise _mistyped(section, key, _without_notes(kind), found) from error
    return _formed(section, key, kind, value) if isinstance(value, str) else value


def _mistyped(section: Section, key: str, kind: type, found: Any) -> BadDefinition:
    if isinstance(found, kind) and not isinstance(found, bool):
        return section.error(key, "must be 1 or more")
    quotes = kind is str and isinstance(found, int | AmbiguousScalar)
    hint = "; put it in quotes" if quotes else ""
    plain = isinstance(found, AmbiguousScalar) and not quotes
    what = f"`{shortened(found.text)}`" if plain else _described(found)
    return section.error(key, f"must be {_NAMES[kind]}, not {what}{hint}")


def _texts(section: Section, key: str, kind: Any) -> tuple[str, ...]:
    """One text or a list of different ones."""
    found = section.values[key]
    if not isinstance(found, list):
        return (_scalar(section, key, kind),)
    for text in found:
        if not isinstance(text, str):
            raise section.error(
                key, f"must be a text or a list of texts; it has {_described(text)}"
            )
    if not found:
        raise section.error(key, "must be a text or a list of texts; the list is empty")
    if len(found) > _MOST_TEXTS:
        raise section.error(key, f"has {len(found):,} texts; {_MOST_TEXTS} are allowed")
    if len(set(found)) < len(found):
        raise section.error(key, "names the same thing twice")
    return tuple(_formed(section, key, kind, text) for text in found)


def _entries(section: Section, key: str) -> list[Section]:
    """A list of mappings."""
    found = section.values[key]
    if not isinstance(found, list):
        what = _described(found)
        raise section.error(key, f"must be a list of entries with keys, not {what}")
    for entry in found:
        if not isinstance(entry, Section):
            what = _described(entry)
            raise section.error(key, f"must be a list of entries with keys; it has {what}")
    return found


def _named(outer: Section, key: str, kind: Any) -> Mapping[str, Any]:
    """A mapping of names that the author chose."""
    section = _section(outer, key)
    if not section.values:
        raise outer.error(key, "is empty")
    for name in section.values:
        _formed(section, name, Id, name)
    if _is_entry(kind):
        return {name: decode(_section(section, name), kind) for name in section.values}
    return {name: _scalar(section, name, kind) for name in section.values}


def _section(outer: Section, key: str) -> Section:
    found = outer.values[key]
    if isinstance(found, Section):
        return found
    raise outer.error(key, f"must have keys of its own; it is {_described(found)}")


def _formed(section: Section, key: str, kind: Any, text: str) -> str:
    problem = problem_of(form_of(kind), text)
    if problem:
        raise section.error(key, problem)
    return text


def _text_of_file(section: Section, key: str) -> str:
    name = _scalar(section, key, FileName)
    content = read_beside(Path(section.place.file), name)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise section.error(key, f"names {name}, which is not UTF-8 text") from error


def _described(found: Any) -> str:
    if isinstance(found, AmbiguousScalar):
        return f"`{shortened(found.text)}`, which is read as {found.read_as}"
    kinds = {**_NAMES, list: "a list", Section: "a section with keys"}
    return kinds.get(type(found), "nothing")
