"""Every key of the format with every wrong type, generated from the published schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from patcher.definition.patch import load
from patcher.errors import BadDefinition

from .support import COUNTS, fill, patch, refusal
from .test_schema import DIFF, EVERY_KEY, accepts

WRONG: dict[str, Any] = {
    "a text": "text",
    "a number": 7,
    "a fraction": 0.5,
    "true": True,
    "nothing": None,
    "a list": [],
    "a list of lists": [["a"]],
    "a mapping": {"a": {"b": "c"}},
}
VARIED = ("edits", "diffs", "needs", "after")
_LEFT_OUT: Any = object()
FITTING = {
    # The type that a key takes, where it is not a text; its form is for the other tables.
    "components": {"a mapping"},
    "modern": {"a mapping"},
    "schema": {"a number"},
    "edit": {"a number"},
    "returns": {"a number"},
    "type": {"true"},
    "traits": {"a mapping"},
    "edits": {"a list"},
    "diffs": {"a list"},
    "expect": {"a list"},
    "examples": {"a list"},
}


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path to every key below a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in pairs:
        if isinstance(key, str):
            yield (*path, key)
        if isinstance(inner, dict | list):
            yield from _places(inner, (*path, key))


def _own_places(name: str, definition: Any) -> list[tuple[str | int, ...]]:
    """All keys for the first definition; for the others only those that the first may not have."""
    places = list(_places(definition))
    return places if name == next(iter(EVERY_KEY)) else [p for p in places if p[0] in VARIED]


def _with(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    if not path:
        return new
    copied: Any = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = _with(value[path[0]], path[1:], new)
    if copied[path[0]] is _LEFT_OUT:
        del copied[path[0]]
    return copied


@pytest.mark.parametrize("name", EVERY_KEY)
def test_every_key_refuses_every_wrong_type(name: str, tmp_path: Path) -> None:
    definition = yaml.safe_load(EVERY_KEY[name])
    fill(tmp_path / "own", {"change.diff": DIFF})
    tried = 0
    for path in _own_places(name, definition):
        key = str(path[-1])
        for kind, value in WRONG.items():
            if kind in FITTING.get(key, {"a text"}):
                continue
            text = yaml.safe_dump(_with(definition, path, value), sort_keys=False)
            folder = patch(tmp_path, text)
            assert f"`{key}`" in refusal(folder), (path, kind)
            tried += 1
    COUNTS["keys with a wrong type tried and refused"] += tried
    assert tried >= 20


NAMED_ELSEWHERE = {"traits", "modern", "backend", "extra", "edits", "diffs", "from"}
"""Keys that only `load` misses: other keys speak of what they say."""


@pytest.mark.parametrize("name", EVERY_KEY)
def test_a_key_that_is_left_out_is_missed_by_schema_and_load_alike(
    name: str, tmp_path: Path
) -> None:
    definition = yaml.safe_load(EVERY_KEY[name])
    fill(tmp_path / "own", {"change.diff": DIFF, "files/api/page.js": "a();\n"})
    for path in _own_places(name, definition):
        less = _with(definition, path, _LEFT_OUT)
        text = yaml.safe_dump(less, sort_keys=False)
        missed = _is_refused(patch(tmp_path, text))
        if path[-1] not in NAMED_ELSEWHERE:
            assert missed is not accepts(text.encode()), path


def _is_refused(folder: Path) -> bool:
    try:
        load(folder)
    except BadDefinition:
        return True
    return False
