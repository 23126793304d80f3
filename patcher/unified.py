"""Unified diffs: reading and applying them with exact context, and writing ones git accepts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk, PatchedFile, PatchSet

from patcher.errors import BadDefinition, Unanchored
from patcher.model import Change
from patcher.splice import Splice, line_number, newline_near, splice

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

    Context must match exactly, at any line; raises `Unanchored` for no place or two places.
    An empty tuple means that the whole diff is applied already.
    """
    edits: list[Splice] = []
    first_line = 0
    for hunk in parse_diff(text, path):
        edit, line = _place(source, hunk)
        first_line = first_line or line
        if edit is not None:
            edits.append(edit)
    return tuple(edits), first_line


def _place(source: bytes, hunk: Hunk) -> tuple[Splice | None, int]:
    old = _lines(source, hunk, "-")
    new = _lines(source, hunk, "+")
    if _offsets(source, new) and (len(new) >= len(old) or not _offsets(source, old)):
        return None, line_number(source, _offsets(source, new)[0])
    places = _offsets(source, old)
    if len(places) == 1:
        return Splice(places[0], places[0] + len(old), new), line_number(source, places[0])
    head = f"@@ -{hunk.source_start},{hunk.source_length} @@"
    if places:
        lines = ", ".join(str(line_number(source, p)) for p in places)
        raise Unanchored(f"the hunk `{head}` fits {len(places)} places: lines {lines}")
    raise Unanchored(f"the hunk `{head}` fits nowhere: its context is not in the file")


def _lines(source: bytes, hunk: Hunk, side: str) -> bytes:
    """One side of a hunk, with the line ends of the file."""
    newline = newline_near(source, 0)
    kept = [line for line in hunk if line.line_type in (" ", side)]
    text = b"".join(line.value.rstrip("\r\n").encode() + newline for line in kept)
    unended = any(
        line.line_type == "\\" and previous.line_type in (" ", side)
        for previous, line in zip(hunk, list(hunk)[1:], strict=False)
    )
    return text.removesuffix(newline) if unended else text


def _offsets(source: bytes, text: bytes) -> list[int]:
    """Where `text` stands in `source` at the beginning of a line."""
    found = []
    position = source.find(text)
    while position >= 0 and text:
        if position == 0 or source[position - 1 : position] == b"\n":
            found.append(position)
        position = source.find(text, position + 1)
    return found


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
