"""The JSON Schema of `patch.yaml`, for editors, made from the dataclasses that read it.

After changing `entries` or `operations`:
`python -m patcher.definition.schema > patches/patch.schema.json`.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import json
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, get_args, get_origin, get_type_hints

from patcher.definition.entries import DefinitionEntry, EditEntry
from patcher.definition.fields import Section
from patcher.definition.forms import PATTERNS
from patcher.definition.reading import SCHEMA
from patcher.keys import file_key_of, form_of, is_required, key_of, verb_of
from patcher.operations import OPERATIONS, Operation

Json = dict[str, Any]

_WORDS = {
    "pattern": "Code to look for, compared by syntax: quotes, spacing and comments do not matter. "
    "`$name` stands for one thing, `$...name` for any number of them.",
    "replacement": "Code to write instead; `$name` stands for what it matched in `find`.",
    "code": "Code to write, as it stands.",
    "expression": "One expression.",
    "template": "One expression around `$value`: `f($value)`.",
    "scope": "The name of a function, a variable or a property, or `module.exports`.",
    "binding": "What to import: `name`, `name as other`, `default as name`, `* as name`.",
    "export": "What to export: `name`, `name as other`, or `*` for everything.",
    "property": "`name`, or `name: value`.",
    "diff": "A unified diff of the file that `in` names.",
    "module": "The module that the names come from.",
    "route": "A method and a path: `get /`.",
    "file": "A file beside the definition that holds the text.",
    "path": "Path in the checkout.",
    "count": "A whole number, 1 or more.",
}
"""What a form means, for fields without words of their own."""


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
        if file_key_of(verb):
            yield _object(kind, [kind, EditEntry], {key_of(verb): file_key_of(verb)})


def _object(kind: type[Any], parts: list[type[Any]], instead: dict[str, str] | None = None) -> Json:
    """A mapping with the keys of `parts`; `instead` names keys that a file key stands for."""
    properties: Json = {}
    required = []
    for part in parts:
        hints = get_type_hints(part)
        for field in dataclasses.fields(part):
            if hints[field.name] in (Section, Operation):
                continue
            key = (instead or {}).get(key_of(field), key_of(field))
            form = "file" if key != key_of(field) else form_of(field)
            words = "" if form == "file" else _field_docs(part).get(field.name, "")
            properties[key] = {
                "description": words or _WORDS[form],
                **_of(hints[field.name], form),
            }
            if is_required(field):
                required.append(key)
    return {
        "description": _doc(kind),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _of(hint: Any, form: str) -> Json:
    if hint is str:
        return {"type": "string", **_pattern(form)}
    if hint is bool:
        return {"type": "boolean"}
    if hint is int:
        return {"const": SCHEMA} if form == "schema" else {"type": "integer", "minimum": 1}
    inner = get_args(hint)
    if hint == tuple[str, ...]:
        one = _of(str, form)
        many = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
        return {"anyOf": [one, many]}
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _entry(inner[0])}
    names = {"pattern": f"^({PATTERNS['id'][0]})$"}
    values = _of(str, form) if inner[1] is str else _entry(inner[1])
    return {"type": "object", "propertyNames": names, "additionalProperties": values}


def _pattern(form: str) -> Json:
    return {"pattern": f"^({PATTERNS[form][0]})$"} if form in PATTERNS else {}


def _doc(kind: type[Any]) -> str:
    return inspect.cleandoc(kind.__doc__ or "")


def _field_docs(kind: type[Any]) -> dict[str, str]:
    """The docstrings below the fields of a dataclass, by field."""
    body = ast.parse(inspect.getsource(kind)).body[0]
    statements = body.body if isinstance(body, ast.ClassDef) else []
    docs = {}
    for field, below in pairwise(statements):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            text = below.value if isinstance(below, ast.Expr) else None
            if isinstance(text, ast.Constant):
                docs[field.target.id] = inspect.cleandoc(str(text.value))
    return docs


if __name__ == "__main__":
    sys.stdout.write(as_text())
