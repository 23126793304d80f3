"""Text edits on bytes: all at once, reversible, and blind to everything outside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patcher.code.splice import (
    Splice,
    indent_of,
    line_end,
    line_number,
    line_start,
    newline_near,
    splice,
)

from .support import BOM, inverse


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[Splice]]:
    """A source and edits of it that do not overlap, in any order."""
    source = draw(st.binary(max_size=60))
    cuts = sorted(draw(st.lists(st.integers(0, len(source)), max_size=10)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    edits = [Splice(a, b, draw(st.binary(max_size=5))) for a, b in pairs]
    return source, draw(st.permutations(edits))


@given(edited())
def test_inverse_edits_give_the_original(case: tuple[bytes, list[Splice]]) -> None:
    source, edits = case
    ordered = sorted(edits, key=lambda s: (s.start, s.end))
    assert splice(splice(source, ordered), inverse(source, ordered)) == source


@given(edited())
def test_text_outside_the_edits_is_untouched(case: tuple[bytes, list[Splice]]) -> None:
    source, edits = case
    marked = splice(source, [Splice(e.start, e.end, b"") for e in edits])
    kept = b"".join(
        source[n : n + 1]
        for n in range(len(source))
        if not any(e.start <= n < e.end for e in edits)
    )
    assert marked == kept


@given(edited())
def test_length_is_the_sum_of_the_parts(case: tuple[bytes, list[Splice]]) -> None:
    source, edits = case
    grown = sum(len(e.text) - (e.end - e.start) for e in edits)
    assert len(splice(source, edits)) == len(source) + grown


def test_insertions_at_one_place_keep_their_order() -> None:
    assert splice(b"ad", [Splice(1, 1, b"b"), Splice(1, 1, b"c")]) == b"abcd"


@pytest.mark.parametrize(
    "edits",
    [
        [Splice(0, 2, b""), Splice(1, 3, b"")],
        [Splice(2, 1, b"")],
        [Splice(-1, 0, b"")],
        [Splice(3, 9, b"")],
    ],
)
def test_edits_that_overlap_or_lie_outside_are_a_bug(edits: list[Splice]) -> None:
    with pytest.raises(ValueError, match="overlapping edit at byte"):
        splice(b"abc", edits)


TEXT = b"one\r\n\ttwo\n  three"


@pytest.mark.parametrize(
    ("offset", "start", "end", "indent", "newline", "number"),
    [
        (0, 0, 3, b"", b"\r\n", 1),
        (3, 0, 3, b"", b"\r\n", 1),
        (6, 5, 9, b"\t", b"\n", 2),
        (12, 10, 17, b"  ", b"\n", 3),
        (17, 10, 17, b"  ", b"\n", 3),
    ],
)
def test_lines_of_an_offset(
    offset: int, start: int, end: int, indent: bytes, newline: bytes, number: int
) -> None:
    assert line_start(TEXT, offset) == start
    assert line_end(TEXT, offset) == end
    assert indent_of(TEXT, offset) == indent
    assert newline_near(TEXT, offset) == newline
    assert line_number(TEXT, offset) == number


def test_first_line_begins_behind_a_byte_order_mark() -> None:
    source = BOM + b"  a\nb"
    assert line_start(source, 5) == 3
    assert indent_of(source, 5) == b"  "
    assert line_start(source, len(source)) == 7


@pytest.mark.parametrize("source", [b"", b"a", b"\r", b"\n"])
def test_text_without_lines_ends_its_lines_as_unix_does(source: bytes) -> None:
    assert newline_near(source, 0) == b"\n"
