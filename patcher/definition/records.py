"""Sections to values: keys, types and forms come from the fields, so nothing is said twice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT
from msgspec.structs import FieldInfo

from patcher.definition.entries import EditEntry
from patcher.definition.fields import Section, did_you_mean
from patcher.definition.forms import operation_problem, problem_of
from patcher.definition.patch_folder import read_beside
from patcher.edits.keys import file_key_of, keys_of, verb_of
from patcher.edits.operations import OPERATIONS
from patcher.edits.texts import FileName, Form, Id, form_of
from patcher.errors import BadDefinition
from patcher.model import Operation

_T = TypeVar("_T")
_VERBS = {verb_of(kind): kind for kind in OPERATIONS}
_FILE_VERBS = {
    key: kind for verb, kind in _VERBS.items() if (key := file_key_of(keys_of(kind)[verb]))
}
VERBS: Mapping[str, type[Operation]] = {**_VERBS, **_FILE_VERBS}
"""Key to the operation that it tells."""
_NO_KEYS = (Section, Operation)


def record(section: Section, kind: type[_T]) -> _T:
    """An entry as its class; raises `BadDefinition` for any key that is not as it must be."""
    known = set(known_keys(kind))
    if _does(kind):
        known |= set(known_keys(_chosen(section)))
    section.only(known)
    return _built(section, kind)


def _built(section: Section, kind: type[_T]) -> _T:
    hints = get_type_hints(kind)
    values = {f.name: _value(section, f, hints[f.name]) for f in keys_of(kind).values()}
    return kind(**values)


def _does(kind: type[Any]) -> bool:
    return any(field.type is Operation for field in keys_of(kind).values())


def known_keys(kind: type[Any]) -> list[str]:
    """The YAML keys of a class."""
    found = {k: f for k, f in keys_of(kind).items() if f.type not in _NO_KEYS}
    return [key for k, field in found.items() for key in (k, file_key_of(field)) if key]


def _chosen(section: Section) -> type[Any]:
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
    operation: Operation = _built(section, _chosen(section))
    problem = operation_problem(operation)
    if problem:
        raise section.error(*problem)
    return operation


def _value(section: Section, field: FieldInfo, hint: Any) -> Any:
    if hint is Section:
        return section
    if hint is Operation:
        return _operation(section)
    key = field.encode_name
    if file_key_of(field) and file_key_of(field) in section.values:
        return _file_text(section, file_key_of(field))
    if key not in section.values and not field.required:
        return {} if field.default is NODEFAULT else field.default
    return _given(section, key, form_of(field.type), hint)


def _given(section: Section, key: str, form: Form, hint: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if hint == tuple[str, ...]:
        return tuple(_formed(section, key, form, text) for text in section.texts(key))
    if origin is tuple:
        return tuple(record(entry, inner[0]) for entry in section.sections(key))
    if origin is not None:
        return _named(section, key, form, inner[1])
    value = section.value(key, hint)
    if hint is int and value < 1:
        raise section.error(key, "must be 1 or more")
    return _formed(section, key, form, value) if hint is str else value


def _named(outer: Section, key: str, form: Form, hint: Any) -> Mapping[str, Any]:
    section = outer.section(key)
    if not section.values:
        raise outer.error(key, "is empty")
    for name in section.values:
        _formed(section, name, form_of(Id), name)
    if hint is str:
        return {
            name: _formed(section, name, form, section.value(name, str)) for name in section.values
        }
    return {name: record(section.section(name), hint) for name in section.values}


def _formed(section: Section, key: str, form: Form, text: str) -> str:
    problem = problem_of(form, text)
    if problem:
        raise section.error(key, problem)
    return text


def _file_text(section: Section, key: str) -> str:
    name = _formed(section, key, form_of(FileName), section.value(key, str))
    content = read_beside(Path(section.place.file), name)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise section.error(key, f"names {name}, which is not UTF-8 text") from error
