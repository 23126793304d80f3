"""Which lines a change adds and removes."""

from __future__ import annotations

import difflib

from hypothesis import given
from hypothesis import strategies as st

from patcher.diffs.git_format import git_diff
from patcher.diffs.lines import line_counts, neighbourhoods, split_lines
from patcher.model import Change

TEXTS = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"\n"]), max_size=12).map(b"".join)


def test_lines_are_counted() -> None:
    assert line_counts(Change("f", "all", b"a\nb\n", b"a\nc\nd")) == (2, 1)
    assert line_counts(Change("f", "all", None, b"a\n")) == (1, 0)
    assert line_counts(Change("f", "all", b"a\n", None)) == (0, 1)
    assert line_counts(Change("f", "all", b"a\n", b"a\n")) == (0, 0)


def test_a_line_that_is_put_beside_its_like_counts_once() -> None:
    assert line_counts(Change("f", "all", b"a\na\n", b"a\na\na\n")) == (1, 0)


@given(TEXTS, TEXTS, st.integers(0, 3))
def test_what_is_told_makes_the_new_text_of_the_old_one(
    old: bytes, new: bytes, context: int
) -> None:
    before, after = split_lines(old), split_lines(new)
    made = list(before)
    for group in reversed(list(neighbourhoods(before, after, context))):
        for tag, i, j, k, m in reversed(group):
            assert (tag == "equal") == (before[i:j] == after[k:m])
            made[i:j] = after[k:m]
    assert made == after


@given(TEXTS, TEXTS, st.integers(0, 3))
def test_every_change_has_all_the_context_that_there_is(
    old: bytes, new: bytes, context: int
) -> None:
    before, after = split_lines(old), split_lines(new)
    for group in neighbourhoods(before, after, context):
        changes = [code for code in group if code[0] != "equal"]
        assert group[0][1] == max(changes[0][1] - context, 0)
        assert group[-1][2] == min(changes[-1][2] + context, len(before))


@given(
    st.integers(0, 9), st.integers(0, 3), st.integers(0, 3), st.integers(0, 9), st.integers(0, 4)
)
def test_one_change_is_written_as_the_standard_library_does(
    above: int, removed: int, added: int, below: int, context: int
) -> None:
    frame = [f"{n}\n" for n in range(above + below)]
    old = [*frame[:above], *("old\n" for _ in range(removed)), *frame[above:]]
    new = [*frame[:above], *("new\n" for _ in range(added)), *frame[above:]]
    change = Change("f", "all", "".join(old).encode(), "".join(new).encode())
    written = git_diff([change], context).decode().splitlines(keepends=True)
    standard = list(difflib.unified_diff(old, new, n=context))
    assert written[3:] == standard[2:]
