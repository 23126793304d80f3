"""Taking one set of changes out of a file that has two: line by line, never by guessing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from patcher.diffs.lines import split_lines
from patcher.errors import AnchorNotFound


def without_ours(original: bytes, ours: bytes, both: bytes) -> bytes:
    """`original` with what somebody changed on the way from `ours` to `both`.

    Raises `AnchorNotFound`, naming the line of `both`, when they changed what we had changed.
    """
    old, mine, theirs = (split_lines(text) for text in (original, ours, both))
    where = _map(old, mine)
    pieces: list[bytes] = []
    at = 0
    for kind, start, end, new_start, new_end in _opcodes(mine, theirs):
        if kind == "equal":
            continue
        first, last = _span(where, len(old), start, end)
        if first is None or last is None or first < at:
            raise AnchorNotFound(
                f"line {new_start + 1} was changed by hand, and by librechat-patcher before"
            )
        pieces += [*old[at:first], *theirs[new_start:new_end]]
        at = last
    return b"".join((*pieces, *old[at:]))


def _opcodes(
    one: Sequence[bytes], other: Sequence[bytes]
) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, one, other, autojunk=False).get_opcodes()


def _map(old: Sequence[bytes], mine: Sequence[bytes]) -> dict[int, int]:
    """For each line of ours that is unchanged, its index in the original."""
    return {
        new_start + i: start + i
        for kind, start, end, new_start, _ in _opcodes(old, mine)
        if kind == "equal"
        for i in range(end - start)
    }


def _span(
    where: dict[int, int], length: int, start: int, end: int
) -> tuple[int | None, int | None]:
    """The part of the original that lines of ours stand for; None where it is not all there."""
    lines = [where.get(i) for i in range(start, end)]
    if lines:
        known = [line for line in lines if line is not None]
        together = len(known) == len(lines) and known[-1] - known[0] == len(known) - 1
        return (known[0], known[-1] + 1) if together else (None, None)
    if start == 0:
        return 0, 0
    above, below = where.get(start - 1), where.get(start)
    at = above + 1 if above is not None else below
    if at is None and not any(i >= start for i in where):
        at = length
    return at, at
