"""The YAML keys of the classes that definitions are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import FieldInfo, fields

from patcher.edits.texts import form_of

_known: dict[type[Any], Mapping[str, FieldInfo]] = {}


def keys_of(kind: type[Any]) -> Mapping[str, FieldInfo]:
    """The fields of a class by their YAML keys."""
    if kind not in _known:
        _known[kind] = {field.encode_name: field for field in fields(kind)}
    return _known[kind]


def verb_of(kind: type[Any]) -> str:
    """The key that tells an operation: `add_import` for `AddImport`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def file_key_of(field: FieldInfo) -> str:
    """The key that may name a file with the text of the field; empty for none."""
    return f"{field.encode_name}_file" if form_of(field.type).name == "diff" else ""
