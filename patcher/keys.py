"""Marks on the fields of a dataclass that say how a definition writes them.

`records` reads definitions by these marks and `schema` publishes them, so a key is declared once.
"""

from __future__ import annotations

import dataclasses
from typing import Any

_KEY, _FORM, _VERB, _FILE = "key", "form", "verb", "file"


def key(name: str = "", form: str = "text") -> dict[str, Any]:
    """A field that is written as `name` (default: its own) and whose texts have a form."""
    return {_KEY: name, _FORM: form}


def verb(name: str, form: str, file: str = "") -> dict[str, Any]:
    """The field that tells an operation. `file` is a key that names a file with the text."""
    return {_KEY: name, _FORM: form, _VERB: True, _FILE: file}


def key_of(field: dataclasses.Field[Any]) -> str:
    """The YAML key of a field: its name, or another where that is no Python name (`from`)."""
    return field.metadata.get(_KEY) or field.name


def form_of(field: dataclasses.Field[Any]) -> str:
    """The form that the field's texts have; see `forms`."""
    return str(field.metadata.get(_FORM, "text"))


def file_key_of(field: dataclasses.Field[Any]) -> str:
    """The key that may name a file with the text of the field; empty for none."""
    return str(field.metadata.get(_FILE, ""))


def verb_of(kind: type[Any]) -> dataclasses.Field[Any]:
    """The field whose key tells an operation: `add_import`."""
    return next(f for f in dataclasses.fields(kind) if f.metadata.get(_VERB))


def is_required(field: dataclasses.Field[Any]) -> bool:
    """Whether a definition must give the key."""
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
