"""Two texts as lines: split, compared, counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Literal

from patcher.model import Change

Tag = Literal["equal", "replace", "delete", "insert"]
Opcode = tuple[str, int, int, int, int]
"""A tag, from and to in the old text, from and to in the new one: `difflib`'s opcodes."""


def split_lines(source: bytes) -> list[bytes]:
    """Lines with their ends; only `\\n` ends a line, as in git."""
    lines = source.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def same_text(one: bytes, other: bytes) -> bool:
    """Whether two files differ in line ends at most: git may have checked one out with CRLF."""
    return one == other or one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n")


def neighbourhoods(
    old: Sequence[bytes], new: Sequence[bytes], context: int
) -> Iterable[list[Opcode]]:
    """What differs, and up to `context` equal lines on either side; near ones in one list."""
    return _Trimmed(old, new).get_grouped_opcodes(context)


def line_counts(change: Change) -> tuple[int, int]:
    """How many lines a change adds and removes."""
    old, new = (split_lines(text or b"") for text in (change.before, change.after))
    found = [code for group in neighbourhoods(old, new, 0) for code in group]
    return sum(to - at for *_, at, to in found), sum(to - at for _, at, to, *_ in found)


class _Trimmed(SequenceMatcher[bytes]):
    """Searches only between the lines that both texts begin with and those that both end with.

    An edit changes a few lines of a thousand. What is equal before and behind is quickly told, and
    need not be searched for what moved where.
    """

    def __init__(self, old: Sequence[bytes], new: Sequence[bytes]) -> None:
        self._sizes = len(old), len(new)
        self._before = _equal(old, new)
        self._behind = _equal(old[self._before :][::-1], new[self._before :][::-1])
        one, other = (lines[self._before : len(lines) - self._behind] for lines in (old, new))
        super().__init__(None, one, other)

    def get_opcodes(self) -> list[tuple[Tag, int, int, int, int]]:
        """The opcodes of the whole texts."""
        before, (old, new) = self._before, self._sizes
        codes: list[tuple[Tag, int, int, int, int]] = [
            (tag, i + before, j + before, k + before, m + before)
            for tag, i, j, k, m in super().get_opcodes()
        ]
        if before:
            codes.insert(0, ("equal", 0, before, 0, before))
        if self._behind:
            codes.append(("equal", old - self._behind, old, new - self._behind, new))
        return codes


def _equal(old: Sequence[bytes], new: Sequence[bytes]) -> int:
    """How many lines are the same from the beginning on."""
    for count, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return count
    return min(len(old), len(new))
