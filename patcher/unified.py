"""Unified diffs: reading and applying them with exact context, and writing ones git accepts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk, Line, PatchedFile, PatchSet

from patcher.errors import BadDefinition, Unanchored
from patcher.model import Change
from patcher.splice import Splice, newline_near, splice

_CONTEXT = 3


def parse_diff(text: str, path: str) -> PatchedFile:
    """The part of a diff that changes `path`; raises `BadDefinition` for anything else."""
    try:
        files = PatchSet(text)
    except UnidiffParseError as error:
        raise BadDefinition(f"the diff for {path} cannot be read: {error}") from error
    if len(files) != 1:
        raise BadDefinition(f"a `diff:` changes one file; this one changes {len(files)}")
    if not len(files[0]):
        raise BadDefinition(f"the diff for {path} has no hunks")
    return files[0]


def apply_diff(source: bytes, text: str, path: str) -> tuple[tuple[Splice, ...], int]:
    """Text edits for all hunks that are not applied yet, and the line of the first hunk.

    Context must match exactly but for line ends, at any line; raises `Unanchored` for no place
    or two places. An empty tuple means that the whole diff is applied already.
    """
    lines = _Lines(source)
    edits: list[Splice] = []
    at: list[int] = []
    for hunk in parse_diff(text, path):
        index, is_done = _place(lines, hunk)
        if at and index < at[-1]:
            raise Unanchored("the hunks fit in another order than the diff has them")
        at.append(index)
        if not is_done:
            edits += _edits(lines, hunk, index)
    return tuple(edits), at[0] + 1


class _Lines:
    """A file as lines without their ends."""

    def __init__(self, source: bytes) -> None:
        parts = source.split(b"\n")
        self.source = source
        self.texts = [p.removesuffix(b"\r") for p in parts]
        self.starts = [0, *accumulate(len(p) + 1 for p in parts)]
        if not parts[-1]:
            self.texts.pop()
        self.is_ended = not parts[-1]

    def places(self, wanted: Sequence[bytes], unended: bool) -> list[int]:
        """0-based lines at which `wanted` stands."""
        found = [
            start
            for start in range(len(self.texts) - len(wanted) + 1)
            if self.texts[start : start + len(wanted)] == wanted
        ]
        if unended:
            last = len(self.texts) - len(wanted)
            return [f for f in found if f == last and not self.is_ended]
        return found if wanted or not self.texts else []


def _place(lines: _Lines, hunk: Hunk) -> tuple[int, bool]:
    """0-based line of a hunk, and whether it is applied there already."""
    old, new = _side(hunk, "-"), _side(hunk, "+")
    olds, news = lines.places(*old), lines.places(*new)
    grows = len(new[0]) >= len(old[0])
    if grows:
        # The old lines may be found within the new ones: that is no second place.
        ends = range(len(new[0]) - len(old[0]) + 1)
        olds = [o for o in olds if not any(o - n in ends for n in news)]
    head = f"@@ -{hunk.source_start},{hunk.source_length} @@"
    if grows and olds and news:
        raise Unanchored(
            f"the hunk `{head}` is applied on line {news[0] + 1} "
            f"and fits again on line {olds[0] + 1}"
        )
    if len(olds) > 1:
        shown = ", ".join(str(o + 1) for o in olds)
        raise Unanchored(f"the hunk `{head}` fits {len(olds)} places: lines {shown}")
    if olds:
        return olds[0], False
    if news and new[0]:
        return news[0], True
    if not old[0]:
        raise Unanchored(f"the hunk `{head}` has no context to find its place by")
    raise Unanchored(f"the hunk `{head}` fits nowhere: its context is not in the file")


def _side(hunk: Hunk, side: str) -> tuple[list[bytes], bool]:
    """The lines of one side of a hunk, and whether the last one must have no line end."""
    kept = [line for line in hunk if line.line_type in (" ", side)]
    return [_text(line) for line in kept], bool(kept) and _is_unended(hunk, kept[-1])


def _text(line: Line) -> bytes:
    return str(line.value).removesuffix("\n").removesuffix("\r").encode()


def _is_unended(hunk: Hunk, wanted: Line) -> bool:
    lines = list(hunk)
    after = lines[lines.index(wanted) + 1 :]
    return bool(after) and after[0].line_type == "\\"


def _edits(lines: _Lines, hunk: Hunk, at: int) -> Iterator[Splice]:
    """One edit for each run of removed and added lines; context is left alone."""
    for is_context, run in groupby(hunk, lambda line: line.line_type == " "):
        parts = list(run)
        removed = sum(1 for line in parts if line.line_type in (" ", "-"))
        if not is_context:
            added = [line for line in parts if line.line_type == "+"]
            yield _edit(lines, at, removed, [*map(_text, added)], hunk)
        at += removed


def _edit(lines: _Lines, at: int, removed: int, added: list[bytes], hunk: Hunk) -> Splice:
    source = lines.source
    start, end = (min(lines.starts[i], len(source)) for i in (at, at + removed))
    newline = newline_near(source, max(start - 1, 0))
    text = b"".join(line + newline for line in added)
    at_end = end == len(source)
    if at_end and not lines.is_ended and start == end and source:
        text = newline + text
    if at_end and _side(hunk, "+")[1]:
        text = text.removesuffix(newline)
    return Splice(start, end, text)


def edited(source: bytes, text: str, path: str) -> bytes:
    """`source` with a whole diff applied; raises as `apply_diff`."""
    return splice(source, apply_diff(source, text, path)[0])


def git_diff(changes: Sequence[Change]) -> bytes:
    """All changes as one diff that `git apply` accepts."""
    return b"".join(part for change in changes for part in _file_diff(change))


def _file_diff(change: Change) -> Iterator[bytes]:
    old, new = f"a/{change.path}".encode(), f"b/{change.path}".encode()
    mode = f"{change.mode or 0o644:o}".encode()
    yield b"diff --git %s %s\n" % (old, new)
    if change.before is None:
        yield b"new file mode 100%s\n" % mode
        old = b"/dev/null"
    if change.after is None:
        yield b"deleted file mode 100%s\n" % mode
        new = b"/dev/null"
    hunks = list(_hunks(change.before or b"", change.after or b""))
    if hunks:
        yield b"--- %s\n+++ %s\n" % (old, new)
        yield from hunks


def _hunks(before: bytes, after: bytes) -> Iterator[bytes]:
    # latin-1 maps every byte to one character and back, so any encoding survives.
    old, new = (_split(text.decode("latin-1")) for text in (before, after))
    lines = difflib.unified_diff(old, new, n=_CONTEXT)
    for line in list(lines)[2:]:
        yield (
            line.encode("latin-1")
            if line.endswith("\n")
            else (line.encode("latin-1") + b"\n\\ No newline at end of file\n")
        )


def _split(text: str) -> list[str]:
    """Lines with their ends; only `\\n` ends a line, as in git."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def line_counts(change: Change) -> tuple[int, int]:
    """How many lines a change adds and removes."""
    body = [line[:1] for line in _hunks(change.before or b"", change.after or b"")]
    return body.count(b"+"), body.count(b"-")
