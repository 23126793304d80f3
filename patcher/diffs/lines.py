"""Two texts as lines: split, compared, counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from patcher.model import Change

Opcode = tuple[str, int, int, int, int]
"""As `difflib` has them: `equal`, `replace`, `delete` or `insert`; from and to in either text."""


def split_lines(source: bytes) -> list[bytes]:
    """Lines with their ends; only `\\n` ends a line, as in git."""
    lines = source.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def same_text(one: bytes, other: bytes) -> bool:
    """Whether two files differ in line ends at most: git may have checked one out with CRLF."""
    return one == other or one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def neighbourhoods(
    old: Sequence[bytes], new: Sequence[bytes], context: int
) -> Iterator[list[Opcode]]:
    """What differs, and up to `context` equal lines on either side; near ones in one list."""
    # An edit changes a few lines of a thousand: what is equal before and behind is quickly told,
    # and need not be searched for what moved where.
    before = _equal(old, new)
    behind = _equal(old[before:][::-1], new[before:][::-1])
    first, left_out = max(before - context, 0), max(behind - context, 0)
    matcher = SequenceMatcher(
        None, old[first : len(old) - left_out], new[first : len(new) - left_out]
    )
    for group in matcher.get_grouped_opcodes(context):
        yield [(tag, i + first, j + first, k + first, m + first) for tag, i, j, k, m in group]


def line_counts(change: Change) -> tuple[int, int]:
    """How many lines a change adds and removes."""
    old, new = (split_lines(text or b"") for text in (change.before, change.after))
    found = [code for group in neighbourhoods(old, new, 0) for code in group]
    return sum(to - at for *_, at, to in found), sum(to - at for _, at, to, *_ in found)


def _equal(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """How many lines are the same from the beginning on."""
    for count, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return count
    return min(len(old), len(new))
