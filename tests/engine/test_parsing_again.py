"""A tree that was brought up to date after an edit is the tree that a new parse gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patcher.code.splice import Splice, splice
from patcher.code.syntax import Module, _parser, parse, parse_edited, problems
from patcher.definition.catalog import shipped_folder
from patcher.definition.patch import load
from patcher.edits import SYNTAX_EDITS, Applies
from tests.conftest import ERAS, fixture_folder

PATCH = load(shipped_folder() / "dynamic-models")
SOURCES = sorted({e.path for e in PATCH.edits})
"""Not every era has all of them."""
PIECES = [
    "",
    "a",
    ";",
    "\n",
    "{",
    "}",
    "`",
    "'",
    "/*",
    "*/",
    "//",
    "<b>",
    "</b>",
    "é",
    "🎉",
    "\r\n",
]


def shape(module: Module) -> list[tuple[str, int, int, tuple[int, int], bool, bool]]:
    """Everything that a tree says: kinds, places, rows and columns, errors."""
    found = []
    stack = [module.root]
    while stack:
        n = stack.pop()
        point = (n.start_point[0], n.start_point[1])
        found.append((n.type, n.start_byte, n.end_byte, point, n.has_error, n.is_missing))
        stack.extend(n.children)
    return found


def _present(era: str) -> list[str]:
    return [path for path in SOURCES if (fixture_folder(era) / path).exists()]


def fresh(source: bytes) -> Module:
    return Module(source, _parser().parse(source))


@pytest.mark.parametrize("era", ERAS)
def test_every_edit_of_the_shipped_patch(era: str) -> None:
    done = 0
    editors: Mapping[type, Any] = SYNTAX_EDITS  # type: ignore[assignment,unused-ignore]
    for path in _present(era):
        source = (fixture_folder(era) / path).read_bytes()
        for edit in (e for e in PATCH.edits if e.path == path and not e.when):
            before = fresh(source)
            result = editors[type(edit.operation)](before, edit.operation)
            if not isinstance(result, Applies):
                continue
            # A comment makes the text a new one: nothing may come out of the cache.
            splices = (*result.splices, Splice(len(source), len(source), b"// end\n"))
            source = splice(source, splices)
            assert shape(parse_edited(before, splices, source)) == shape(fresh(source))
            done += 1
    assert done >= 14


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_edit_that_leaves_code_which_parses(data: st.DataObject) -> None:
    """Code that does not parse is refused either way; where, two parsers may differ."""
    path = data.draw(st.sampled_from(_present("e7-v0.8.8-rc1")))
    source = (fixture_folder("e7-v0.8.8-rc1") / path).read_bytes()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(source)), min_size=2, max_size=6)))
    texts = data.draw(st.lists(st.sampled_from(PIECES), min_size=3, max_size=3))
    pairs = zip(cuts[::2], cuts[1::2], texts, strict=False)
    splices = tuple(Splice(start, min(end, start + 20), t.encode()) for start, end, t in pairs)
    after = splice(source, splices)
    expected = fresh(after)
    again = parse_edited(fresh(source), splices, after)
    assert bool(problems(again)) == bool(problems(expected))
    if not problems(expected):
        assert shape(again) == shape(expected)


def test_the_files_parsed_last_are_remembered_and_no_more() -> None:
    from patcher.code import syntax

    first = parse(b"let first = 0;")
    assert parse(b"let first = 0;") is first
    for number in range(syntax._KEPT):
        parse(b"let x = %d;" % number)
    assert len(syntax._recent) == syntax._KEPT
    assert parse(b"let first = 0;") is not first
