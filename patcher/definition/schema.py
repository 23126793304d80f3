"""The JSON Schema of `patch.yaml`, for editors: msgspec's own, put together for our edits.

After changing `entries` or `operations`:
`python -m patcher.definition.schema > patches/patch.schema.json`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.json import schema_components

from patcher.definition.entries import DefinitionEntry, EditEntry
from patcher.edits import OPERATIONS
from patcher.edits.operations import file_key_of, keys_of, verb_of
from patcher.edits.texts import FileName, Id

Json = dict[str, Any]
_NOT_WRITTEN = ("section", "operation")
"""Fields that are no keys: reading fills them."""


def schema() -> Json:
    """The whole schema."""
    kinds = (DefinitionEntry, *OPERATIONS)
    _, parts = schema_components(kinds, ref_template="{name}")
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Patch definition of librechat-patcher",
        **_Parts(parts).object(DefinitionEntry.__name__),
    }


def as_text() -> str:
    """The schema as the published file has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


class _Parts:
    """What msgspec says of each class, by the class's name."""

    def __init__(self, parts: Mapping[str, Json]) -> None:
        self._parts = parts

    def object(self, *names: str) -> Json:
        """A mapping with the keys of these classes, and no others."""
        parts = [self._parts[name] for name in names]
        keys = [(k, v) for part in parts for k, v in part["properties"].items()]
        return {
            "description": _unindented(parts[0]["description"]),
            "type": "object",
            "properties": {k: self._inline(v) for k, v in keys if k not in _NOT_WRITTEN},
            "required": [k for p in parts for k in p["required"] if k not in _NOT_WRITTEN],
            "additionalProperties": False,
        }

    def _inline(self, part: Json) -> Json:
        """A part with what it refers to; a list of texts may also be one text."""
        if "$ref" in part:
            return self._edit() if part["$ref"] == EditEntry.__name__ else self.object(part["$ref"])
        part = {key: value for key, value in part.items() if key != "default"}
        if "items" in part:
            part["items"] = self._inline(part["items"])
        if "additionalProperties" in part:
            # Names are ids; not every version of msgspec says so.
            values = self._inline(part.pop("additionalProperties"))
            part["propertyNames"] = {"pattern": _of(Id)["pattern"]}
            part["additionalProperties"] = values
        if part.get("type") == "array" and part["items"].get("type") == "string":
            meant = part.get("description") or part["items"]["description"]
            one = {key: value for key, value in part["items"].items() if key != "description"}
            many = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
            return {"description": meant, "anyOf": [one, many]}
        return part

    def _edit(self) -> Json:
        description = self._parts[EditEntry.__name__]["description"]
        return {"description": description, "oneOf": list(self._edits())}

    def _edits(self) -> Iterator[Json]:
        for kind in OPERATIONS:
            edit = self.object(kind.__name__, EditEntry.__name__)
            yield edit
            verb = verb_of(kind)
            file_key = file_key_of(keys_of(kind)[verb])
            if file_key:
                yield _renamed(edit, verb, file_key)


def _renamed(edit: Json, verb: str, file_key: str) -> Json:
    """An edit whose text lies in a file."""
    properties = {k: v for k, v in edit["properties"].items() if k != verb}
    return {
        **edit,
        "properties": {file_key: _of(FileName), **properties},
        "required": [file_key if key == verb else key for key in edit["required"]],
    }


def _of(kind: Any) -> Json:
    return schema_components([kind])[0][0]


def _unindented(docstring: str) -> str:
    return "\n".join(line.strip() for line in docstring.splitlines())


if __name__ == "__main__":
    sys.stdout.write(as_text())
