"""Whatever a file holds, planning answers: changed rightly, or not at all. Never an exception."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patcher.edits.operations import Diff, InsertAfter
from patcher.model import Patch
from patcher.plan.planner import plan

from .pairs import PAIRS
from .planned import PATH, planned, rename, states
from .support import DYNAMIC_MODELS, MemoryTree, edit_of, patch_of

OPERATIONS = [*{p.group: p.operation for p in PAIRS}.values(), InsertAfter("f($...x)", "g();")]
SOURCES = [p.source for p in PAIRS]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_no_bytes_make_planning_fail(source: bytes) -> None:
    for operation in OPERATIONS:
        for path in (PATH, "notes.md"):
            assert_sound(source, patch_of(edit_of(operation, path)), path)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """The source of a pair, cut, doubled, or with bytes put in."""
    source = draw(st.sampled_from(SOURCES))
    start, end = sorted(draw(st.tuples(*[st.integers(0, len(source))] * 2)))
    middle = draw(st.sampled_from([b"", source[start:end] * 2, b"\0", b"\xff", b"{", b"`", b"/*"]))
    return source[:start] + middle + source[end:]


@settings(max_examples=300, deadline=None)
@given(damaged(), st.sampled_from(PAIRS))
def test_damaged_code_is_changed_rightly_or_not_at_all(source: bytes, pair: object) -> None:
    for operation in OPERATIONS:
        assert_sound(source, patch_of(edit_of(operation, PATH)), PATH)


def assert_sound(source: bytes, patch: Patch, path: str) -> None:
    """The plan is the same each time, and applies once or not at all."""
    tree = MemoryTree({path: source})
    result = plan([patch], tree, ["all"])
    assert result == plan([patch], tree, ["all"])
    assert (states(result) == ["applies"]) == bool(result.changes)
    assert bool(result.blocked) == bool(result.outcomes[0].reason)
    for change in result.changes:
        again = plan([patch], MemoryTree({path: change.after or b""}), ["all"])
        assert states(again) == ["already"]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_diff_of_a_file_that_is_no_code_needs_no_syntax(newline: bytes) -> None:
    diff = Diff("--- a/n.md\n+++ b/n.md\n@@ -1,2 +1,3 @@\n one (\n+two [\n three {\n")
    before, after = (
        t.replace(b"\n", newline) for t in (b"one (\nthree {\n", b"one (\ntwo [\nthree {\n")
    )
    result = planned(patch_of(edit_of(diff, "n.md")), {"n.md": before})
    assert [c.after for c in result.changes] == [after]


HOSTILE = [
    ("deep parentheses", b"(" * 3_000 + b"old()" + b")" * 3_000),
    ("deep blocks", b"{" * 3_000 + b"old();" + b"}" * 3_000),
    ("deep functions", b"function f(){return " * 1_000 + b"old()" + b"}" * 1_000),
    ("one long line", b"x=[" + b"old," * 20_000 + b"old];"),
    ("many calls", b"old(1);" * 5_000),
    ("open brackets", b"old(" * 30_000),
    ("open templates", b"`${" * 20_000),
    ("long string", b"x='" + b"old() " * 100_000 + b"';"),
    ("many lines", b"\n" * 500_000 + b"old();\n"),
]


@pytest.mark.parametrize("source", [pytest.param(s, id=name) for name, s in HOSTILE])
def test_hostile_source_is_answered(source: bytes) -> None:
    result = planned(DYNAMIC_MODELS, dict.fromkeys([e.path for e in DYNAMIC_MODELS.edits], source))
    assert result.blocked
    assert_sound(source, patch_of(rename()), PATH)
