"""Where the hunks of a diff fit a file: exact context, at any line, in one place only.

Git looks for the fitting place that is nearest to the line that the hunk names; a second one
that is further away does not disturb it. Here two places are refused, unless the diff says by
its blob ids (`index 1a2b3c4..5d6e7f8`) that the file is the very one it was made from: then
every hunk stands on its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise, product

from msgspec import Struct

from patcher.code.splice import Splice
from patcher.diffs.git_format import blob_id, parse_diff
from patcher.diffs.lines import split_lines
from patcher.diffs.parts import FileDiff, Hunk, Side
from patcher.errors import AnchorNotFound

_LEAST_ID = 7
"""Digits of a blob id that count as proof together with the lines; git writes no fewer."""


class Placed(Struct, frozen=True):
    """A hunk that has its place."""

    hunk: Hunk
    start: int
    """Index of its first line in the file."""
    is_there: bool
    """Whether it is applied already."""
    is_exact: bool
    """Whether line ends fit too."""

    @property
    def line(self) -> int:
        """1-based line of the file."""
        return self.start + 1

    @property
    def end(self) -> int:
        """Index behind its last line in the file."""
        return self.start + len(self.hunk.new if self.is_there else self.hunk.old)


def placed(source: bytes, file: FileDiff) -> tuple[Placed, ...]:
    """Every hunk with its place; raises `AnchorNotFound` for one that has none or more than one."""
    text = _Text(source)
    found = _by_id(text, file) or tuple(_place(text, hunk) for hunk in file.hunks)
    if any(other.start < one.start for one, other in pairwise(found)):
        raise AnchorNotFound("the hunks fit in another order than the diff has them")
    for one, other in pairwise(p for p in found if not p.is_there):
        if other.start < one.end:
            heads = f"`{one.hunk.head}` and `{other.hunk.head}`"
            raise AnchorNotFound(f"the hunks {heads} fit the same place: line {other.line}")
    return found


def splices(source: bytes, found: Sequence[Placed]) -> tuple[Splice, ...]:
    """The text edits of all hunks that are not there yet; lines of context are not touched."""
    text = _Text(source)
    return tuple(s for p in found if not p.is_there for s in _splices(text, p))


class _Text:
    """A file as lines, each with its end."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.lines = split_lines(source)

    @cached_property
    def bare(self) -> list[bytes]:
        """The lines with `\\n` for every line end."""
        return [_bare(line) for line in self.lines]

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line, and of the end."""
        offsets = [0]
        for line in self.lines:
            offsets.append(offsets[-1] + len(line))
        return offsets

    @cached_property
    def _where(self) -> tuple[dict[bytes, list[int]], dict[bytes, list[int]]]:
        tables: tuple[dict[bytes, list[int]], dict[bytes, list[int]]] = {}, {}
        for table, lines in zip(tables, (self.lines, self.bare), strict=True):
            for index, line in enumerate(lines):
                table.setdefault(line, []).append(index)
        return tables

    def places(self, wanted: Sequence[bytes], exact: bool) -> list[int]:
        """Indexes at which the wanted lines stand; an empty file has one for no lines."""
        if not wanted:
            return [0] if not self.lines else []
        lines = self.lines if exact else self.bare
        looked = list(wanted) if exact else [_bare(line) for line in wanted]
        key = max(range(len(looked)), key=lambda i: len(looked[i]))
        starts = (i - key for i in self._where[not exact].get(looked[key], ()))
        return [s for s in starts if s >= 0 and lines[s : s + len(looked)] == looked]

    def newline(self, index: int) -> bytes:
        """The line end of the line above `index`, else of the first line."""
        near = self.lines[index - 1 if index else 0] if self.lines else b"\n"
        return b"\r\n" if near.endswith(b"\r\n") else b"\n"


def _bare(line: bytes) -> bytes:
    return line[:-2] + b"\n" if line.endswith(b"\r\n") else line


def _by_id(text: _Text, file: FileDiff) -> tuple[Placed, ...]:
    """Places by line number, where the file is the one that the diff was made from or made."""
    sides = ((file.old_id, False), (file.new_id, True))
    # With their line ends first: a diff may change nothing but these.
    for exact, (wanted, is_there) in product((True, False), sides):
        source = text.source if exact else b"".join(text.bare)
        if len(wanted) >= _LEAST_ID and file.hunks and blob_id(source).startswith(wanted):
            lines = text.lines if exact else text.bare
            return tuple(_told(lines, file.hunks, is_there, exact))
    return ()


def _told(
    lines: list[bytes], hunks: Sequence[Hunk], is_there: bool, exact: bool
) -> Iterator[Placed]:
    for hunk in hunks:
        wanted = hunk.new if is_there else hunk.old
        number = hunk.new_start if is_there else hunk.old_start
        start = number - 1 if wanted else number
        if tuple(lines[start : start + len(wanted)]) != wanted:
            raise AnchorNotFound(
                f"the hunk `{hunk.head}` does not fit the file that the diff names by its id"
            )
        yield Placed(hunk, start, is_there, exact)


def _place(text: _Text, hunk: Hunk) -> Placed:
    fits, done, exact = _candidates(text, hunk)
    # A hunk that only adds still finds its old lines inside what it added, and one that only
    # removes finds its new lines inside what it would remove: those are no second place.
    if len(hunk.new) >= len(hunk.old):
        fits = [s for s in fits if not _covered(s, hunk.old, done, hunk.new)]
    else:
        done = [s for s in done if not _covered(s, hunk.new, fits, hunk.old)]
    fits, done = _at_the_border(text, hunk, fits, done)
    head = f"the hunk `{hunk.head}`"
    if fits and done:
        places = f"on line {done[0] + 1} and fits again on line {fits[0] + 1}"
        raise AnchorNotFound(f"{head} is applied {places}")
    if done:
        return Placed(hunk, done[0], True, exact)
    if len(fits) > 1:
        lines = ", ".join(str(i + 1) for i in fits)
        raise AnchorNotFound(f"{head} fits {len(fits)} places: lines {lines}")
    if not fits and not hunk.old:
        raise AnchorNotFound(f"{head} has no context to find its place by")
    if not fits:
        raise AnchorNotFound(f"{head} fits nowhere: its context is not in the file")
    return Placed(hunk, fits[0], False, exact)


def _candidates(text: _Text, hunk: Hunk) -> tuple[list[int], list[int], bool]:
    """Where the old and the new lines stand; line ends are let go when nothing fits with them."""
    for exact in (True, False):
        fits, done = text.places(hunk.old, exact), text.places(hunk.new, exact)
        if not hunk.new:
            done = []
        # New lines that stand there do not settle it: with other line ends the old ones may too.
        if fits or (done and not exact):
            return fits, done, exact
    gone = not hunk.new and not text.lines
    return [], [0] if gone else [], True


def _covered(start: int, lines: Sequence[bytes], others: list[int], their: Sequence[bytes]) -> bool:
    return any(o < start + len(lines) and start < o + len(their) for o in others)


def _at_the_border(
    text: _Text, hunk: Hunk, fits: list[int], done: list[int]
) -> tuple[list[int], list[int]]:
    """A hunk without context on one side was made at that end of its file, where git wants it."""
    first, last = hunk.lines[0].side, hunk.lines[-1].side
    end = len(text.lines)
    if len(fits) + len(done) < 2:
        return fits, done
    if last is not Side.BOTH and first is Side.BOTH:
        near = [s for s in fits if s + len(hunk.old) == end]
        nearly = [s for s in done if s + len(hunk.new) == end]
    elif first is not Side.BOTH and hunk.old_start <= 1:
        near, nearly = [s for s in fits if s == 0], [s for s in done if s == 0]
    else:
        return fits, done
    return (near, nearly) if near or nearly else (fits, done)


def _splices(text: _Text, place: Placed) -> Iterator[Splice]:
    """One edit for each run of changed lines."""
    at = place.start
    start, added = at, b""
    for line in place.hunk.lines:
        if line.side is Side.BOTH:
            if start != at or added:
                yield Splice(text.starts[start], text.starts[at], added)
            at += 1
            start, added = at, b""
        elif line.side is Side.OLD:
            at += 1
        else:
            added += line.text if place.is_exact else _ended(line.text, text.newline(at))
    if start != at or added:
        yield Splice(text.starts[start], text.starts[at], added)


def _ended(line: bytes, newline: bytes) -> bytes:
    bare = _bare(line)
    return bare[:-1] + newline if bare.endswith(b"\n") else bare


def apply_diff(source: bytes, text: str, path: str) -> tuple[tuple[Splice, ...], int]:
    """Text edits for all hunks that are not applied yet, and the line of the first hunk.

    Context must match exactly, at any line; raises `AnchorNotFound` for no place or two places.
    An empty tuple means that the whole diff is applied already.
    """
    found = placed(source, parse_diff(text, path))
    return splices(source, found), found[0].line if found else 0
