"""Sections to dataclasses: keys, types and forms come from the fields, so nothing is said twice."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from inspect import get_annotations
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from patcher.definition.entries import EditEntry
from patcher.definition.fields import Section, did_you_mean
from patcher.definition.forms import operation_problem, problem_of
from patcher.definition.patch_folder import read_beside
from patcher.errors import BadDefinition
from patcher.keys import file_key_of, form_of, is_required, key_of, verb_of
from patcher.operations import OPERATIONS, Operation

_T = TypeVar("_T")
_evaluated: dict[type[Any], dict[str, Any]] = {}
_VERBS = {key_of(verb_of(kind)): kind for kind in OPERATIONS}
_FILE_VERBS = {key: kind for kind in OPERATIONS if (key := file_key_of(verb_of(kind)))}
VERBS: Mapping[str, type[Any]] = {**_VERBS, **_FILE_VERBS}
"""Key to the operation that it tells."""


def record(section: Section, kind: type[_T]) -> _T:
    """An entry as its dataclass; raises `BadDefinition` for any key that is not as it must be."""
    hints = _hints(kind)
    operation = None
    known = set(keys_of(kind))
    if Operation in hints.values():
        operation = _chosen(section)
        known |= set(keys_of(operation))
    section.only(known)
    values = {f.name: _value(section, f, hints[f.name]) for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    return kind(**values)


def _hints(kind: type[Any]) -> dict[str, Any]:
    # Evaluating annotations costs more than reading the entry, and there are few kinds.
    if kind not in _evaluated:
        _evaluated[kind] = get_annotations(kind, eval_str=True)
    return _evaluated[kind]


def keys_of(kind: type[Any]) -> list[str]:
    """The YAML keys of a dataclass."""
    hints = _hints(kind)
    fields = [f for f in dataclasses.fields(kind) if hints[f.name] not in (Section, Operation)]
    return [key for f in fields for key in (key_of(f), file_key_of(f)) if key]


def _chosen(section: Section) -> type[Any]:
    """The operation of an edit, recognised by its verb."""
    found = [key for key in VERBS if key in section.values]
    if len(found) == 1:
        return VERBS[found[0]]
    if found:
        what = " and ".join(f"`{key}`" for key in found)
        raise section.error(found[1], f"is one thing too many: an edit does one, this has {what}")
    known = {key for kind in (EditEntry, *OPERATIONS) for key in keys_of(kind)}
    for key in section.values:
        if key not in known:
            raise section.error(key, f"is not something an edit does{did_you_mean(key, VERBS)}")
    verbs = ", ".join(VERBS)
    raise BadDefinition(f"{section.place}: the edit does nothing; it needs one of {verbs}")


def _operation(section: Section) -> Operation:
    kind = _chosen(section)
    hints = _hints(kind)
    values = {f.name: _value(section, f, hints[f.name]) for f in dataclasses.fields(kind)}
    operation: Operation = kind(**values)
    problem = operation_problem(operation)
    if problem:
        raise section.error(*problem)
    return operation


def _value(section: Section, field: dataclasses.Field[Any], hint: Any) -> Any:
    if hint is Section:
        return section
    if hint == Operation:
        return _operation(section)
    key = key_of(field)
    if file_key_of(field) and file_key_of(field) in section.values:
        return _file_text(section, file_key_of(field))
    if key not in section.values and not is_required(field):
        return field.default if field.default is not dataclasses.MISSING else {}
    return _given(section, key, form_of(field), hint)


def _given(section: Section, key: str, form: str, hint: Any) -> Any:
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


def _named(outer: Section, key: str, form: str, hint: Any) -> Mapping[str, Any]:
    section = outer.section(key)
    if not section.values:
        raise outer.error(key, "is empty")
    for name in section.values:
        _formed(section, name, "id", name)
    if hint is str:
        return {
            name: _formed(section, name, form, section.value(name, str)) for name in section.values
        }
    return {name: record(section.section(name), hint) for name in section.values}


def _formed(section: Section, key: str, form: str, text: str) -> str:
    problem = problem_of(form, text)
    if problem:
        raise section.error(key, problem)
    return text


def _file_text(section: Section, key: str) -> str:
    name = _formed(section, key, "file", section.value(key, str))
    content = read_beside(Path(section.place.file), name)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise section.error(key, f"names {name}, which is not UTF-8 text") from error
