"""The JSON Schema of `patch.yaml`, for editors, made from the classes that read it.

After changing `entries` or `operations`:
`python -m patcher.definition.schema > patches/patch.schema.json`.
"""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator
from typing import Any, get_args, get_origin, get_type_hints

from msgspec import Meta

from patcher.definition.entries import DefinitionEntry, EditEntry
from patcher.definition.reader import SCHEMA
from patcher.definition.sections import Section
from patcher.edits import OPERATIONS
from patcher.edits.operations import file_key_of, keys_of, verb_of
from patcher.edits.texts import FileName, Form, Id, form_of
from patcher.model import Operation

Json = dict[str, Any]


def schema() -> Json:
    """The whole schema."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Patch definition of librechat-patcher",
        **_entry(DefinitionEntry),
    }


def as_text() -> str:
    """The schema as the published file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _entry(kind: type[Any]) -> Json:
    if kind is EditEntry:
        return {"description": _doc(kind), "oneOf": list(_edits())}
    return _object(kind, [kind])


def _edits() -> Iterator[Json]:
    for kind in OPERATIONS:
        verb = verb_of(kind)
        yield _object(kind, [kind, EditEntry])
        file_key = file_key_of(keys_of(kind)[verb])
        if file_key:
            yield _object(kind, [kind, EditEntry], {verb: file_key})


def _object(kind: type[Any], parts: list[type[Any]], instead: dict[str, str] | None = None) -> Json:
    """A mapping with the keys of `parts`; `instead` names keys that a file key stands for."""
    properties: Json = {}
    required = []
    for part in parts:
        hints = get_type_hints(part)
        for name, field in keys_of(part).items():
            if field.type in (Section, Operation):
                continue
            key = (instead or {}).get(name, name)
            kind_of_text = field.type if key == name else FileName
            properties[key] = {
                "description": _meaning(kind_of_text),
                **_of(hints[field.name], form_of(kind_of_text)),
            }
            if field.required:
                required.append(key)
    return {
        "description": _doc(kind),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _meaning(kind: Any) -> str:
    """What a field means, else what the texts in it do."""
    told = [p.description for p in get_args(kind) if isinstance(p, Meta) and p.description]
    inner = [_meaning(part) for part in get_args(kind) if get_args(part)]
    return [*told[::-1], *inner, ""][0]


def _of(hint: Any, form: Form) -> Json:
    if hint is str:
        return {"type": "string", **_pattern(form)}
    if hint is bool:
        return {"type": "boolean"}
    if hint is int:
        return {"const": SCHEMA} if form.name == "schema" else {"type": "integer", "minimum": 1}
    inner = get_args(hint)
    if hint == tuple[str, ...]:
        one = _of(str, form)
        many = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
        return {"anyOf": [one, many]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _entry(inner[0])}
    names = {"pattern": f"^({form_of(Id).pattern})$"}
    values = _of(str, form) if inner[1] is str else _entry(inner[1])
    return {"type": "object", "propertyNames": names, "additionalProperties": values}


def _pattern(form: Form) -> Json:
    return {"pattern": f"^({form.pattern})$"} if form.pattern else {}


def _doc(kind: type[Any]) -> str:
    return inspect.cleandoc(kind.__doc__ or "")


if __name__ == "__main__":
    sys.stdout.write(as_text())
