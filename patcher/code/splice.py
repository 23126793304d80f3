"""Text as bytes: where lines begin and end, where words stand, replacing ranges all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

_BOM = b"\xef\xbb\xbf"

_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$")


class Splice(Struct, frozen=True):
    """Replace `source[start:end]` by `text`; an insertion has `start == end`."""

    start: int
    end: int
    text: bytes


def splice(source: bytes, splices: Iterable[Splice]) -> bytes:
    """Apply all edits to `source` at once.

    Edits at one offset keep their order. Raises `ValueError` when two overlap or one lies
    outside: that is a bug of the caller, not of the user's file.
    """
    pieces: list[bytes] = []
    position = 0
    for edit in sorted(splices, key=lambda s: (s.start, s.end)):
        if not position <= edit.start <= edit.end <= len(source):
            raise ValueError(f"overlapping edit at byte {edit.start}")
        pieces += (source[position : edit.start], edit.text)
        position = edit.end
    return b"".join((*pieces, source[position:]))


def line_start(source: bytes, offset: int) -> int:
    """Offset of the first byte of the line that holds `offset`, behind a byte order mark."""
    start = source.rfind(b"\n", 0, offset) + 1
    return len(_BOM) if start == 0 and source.startswith(_BOM) else start


def line_end(source: bytes, offset: int) -> int:
    """Offset just behind the last byte of the line, in front of its line end."""
    end = source.find(b"\n", offset)
    if end < 0:
        return len(source)
    return end - 1 if end > offset and source[end - 1 : end] == b"\r" else end


def indent_of(source: bytes, offset: int) -> bytes:
    """The blanks and tabs that begin the line of `offset`."""
    start = line_start(source, offset)
    line = source[start : line_end(source, start)]
    return line[: len(line) - len(line.lstrip(b" \t"))]


def newline_near(source: bytes, offset: int) -> bytes:
    """The line end that the line of `offset` has; without one, that of the line before."""
    end = source.find(b"\n", offset)
    if end < 0:
        end = source.rfind(b"\n", 0, offset)
    return b"\r\n" if end > 0 and source[end - 1 : end] == b"\r" else b"\n"


def line_number(source: bytes, offset: int) -> int:
    """1-based number of the line that holds `offset`."""
    return source.count(b"\n", 0, offset) + 1


def extent(
    source: bytes, edit: Splice
) -> tuple[int, int, int, tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Start, old end and new end of an edit, as offsets and as rows and columns from 0."""
    row, column = start = _point(source, edit.start)
    lines = edit.text.split(b"\n")
    last = len(lines[-1]) + (column if len(lines) == 1 else 0)
    new_end = (row + len(lines) - 1, last)
    offsets = (edit.start, edit.end, edit.start + len(edit.text))
    return (*offsets, start, _point(source, edit.end), new_end)


def _point(source: bytes, offset: int) -> tuple[int, int]:
    return source.count(b"\n", 0, offset), offset - source.rfind(b"\n", 0, offset) - 1


def occurrences(
    source: bytes, word: bytes, start: int = 0, end: int | None = None
) -> Iterator[int]:
    """Offsets at which `word` begins between `start` and `end` and is no part of a longer word.

    Searched as plain bytes: a pattern that begins with a look at the byte before makes the machine
    of `re` start anew at each byte, thirty times slower.
    """
    stop = len(source) if end is None else end
    at = source.find(word, start, stop)
    while at >= 0:
        after = at + len(word)
        is_part = at > 0 and source[at - 1] in _LETTERS
        if not is_part and not (after < len(source) and source[after] in _LETTERS):
            yield at
        at = source.find(word, at + 1, stop)
