"""The definitions that we ship, read and checked already: that takes longer than to plan with them.

What is looked up is the hash of a definition's text, so one that was edited, and anybody's own,
is read as ever. After changing a shipped `patch.yaml`:
`python -m patcher.definition.compiled patches/*/patch.yaml > patcher/definition/compiled.json`.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from patcher.definition.fields import Section
from patcher.patches import Place

COMPILED = Path(__file__).with_name("compiled.json")
_OWN_LINE = ""
"""Where a mapping keeps its own line; no key of a definition is empty."""


def read_already(text: bytes, file: str) -> Section | None:
    """The sections of a definition that we ship, as `read_yaml` gives them; None for others."""
    known = json.loads(COMPILED.read_bytes()).get(_key(text))
    return _section(known, file) if known else None


def as_text(definitions: Iterable[Path]) -> str:
    """The content of `compiled.json` for these files; raises `BadDefinition` for a wrong one."""
    known = {_key(file.read_bytes()): _plain(_checked(file)) for file in definitions}
    return json.dumps(known, separators=(",", ":"), ensure_ascii=False) + "\n"


def _checked(file: Path) -> Section:
    # Imported late: what is compiled already needs none of it.
    from patcher.definition.entries import DefinitionEntry
    from patcher.definition.plain_yaml import read_yaml
    from patcher.definition.records import record

    section = read_yaml(file.read_bytes(), str(file))
    record(section, DefinitionEntry)
    return section


def _key(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Section):
        values = {key: [value.lines[key], _plain(found)] for key, found in value.values.items()}
        return {_OWN_LINE: value.place.line, **values}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _section(known: Any, file: str) -> Any:
    """A value as `read_yaml` would have given it."""
    if isinstance(known, list):
        return [_section(item, file) for item in known]
    if not isinstance(known, dict):
        return known
    found = {key: pair for key, pair in known.items() if key != _OWN_LINE}
    return Section(
        Place(file, known[_OWN_LINE]),
        {key: _section(value, file) for key, (_, value) in found.items()},
        {key: line for key, (line, _) in found.items()},
        has_good_texts=True,
    )


if __name__ == "__main__":
    sys.stdout.write(as_text(map(Path, sys.argv[1:])))
