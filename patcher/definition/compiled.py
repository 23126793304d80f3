"""The definitions that we ship, read and checked before: that takes longer than to plan with them.

One file per patch in `shipped/`, with the hash of the text that it was made of: a definition that
was edited, and anybody's own, is read as ever. After changing a shipped `patch.yaml`:
`python -m patcher.definition.compiled patches/ID/patch.yaml > patcher/definition/shipped/ID.json`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from patcher.operations import OPERATIONS
from patcher.patches import Edit, Example, Expectation, Link, Patch, Place, Trait

SHIPPED = Path(__file__).with_name("shipped")
_KIND = ""
"""Where an object keeps the name of its class; no key of a mapping is empty."""
_KINDS: Mapping[str, type[Any]] = {
    kind.__name__: kind
    for kind in (Patch, Edit, Trait, Expectation, Example, Link, Place, *OPERATIONS)
}


def compiled(text: bytes, file: Path) -> Patch | None:
    """What `read_patch` would make of `text`, the content of `file`; None for one not shipped."""
    try:
        known = json.loads((SHIPPED / f"{file.absolute().parent.name}.json").read_bytes())
    except OSError:  # there is none, or the folder's name is longer than that of any patch
        return None
    patch: Patch | None = _value(known["patch"], str(file)) if known["of"] == _hash(text) else None
    return patch


def as_text(file: Path) -> str:
    """What is kept of a definition; raises `BadDefinition` for a wrong one."""
    # Imported late: what is compiled is not read.
    from patcher.definition.reading import read_patch

    text = file.read_bytes()
    known = {"of": _hash(text), "patch": _plain(read_patch(text, file))}
    return json.dumps(known, indent=1, ensure_ascii=False) + "\n"


def _hash(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Place):
        return {_KIND: "Place", "line": value.line}
    if is_dataclass(value):
        told = {f.name: v for f in fields(value) if (v := getattr(value, f.name)) != f.default}
        return {_KIND: type(value).__name__, **_plain(told)}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return list(map(_plain, value)) if isinstance(value, tuple) else value


def _value(plain: Any, file: str) -> Any:
    if isinstance(plain, list):
        return tuple([_value(item, file) for item in plain])
    if not isinstance(plain, dict):
        return plain
    values = {key: _value(item, file) for key, item in plain.items() if key != _KIND}
    if _KIND not in plain:
        return values
    return Place(file, **values) if plain[_KIND] == "Place" else _KINDS[plain[_KIND]](**values)


if __name__ == "__main__":
    sys.stdout.write(as_text(Path(sys.argv[1])))
