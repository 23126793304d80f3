"""Changes as a diff that `git apply` accepts."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence

from patcher.diffs.names import NOTHING, quoted
from patcher.diffs.placing import blob_id
from patcher.model import Change

_CONTEXT = 3
_EXECUTABLE = 0o111
_DIGITS = 12


def git_diff(changes: Sequence[Change], context: int = _CONTEXT, with_ids: bool = False) -> bytes:
    """All changes as one diff; `context` is the number of lines around each hunk.

    With ids the diff names the bytes that it was made from, so they are known again for certain.
    """
    return b"".join(part for change in changes for part in _file_diff(change, context, with_ids))


def line_counts(change: Change) -> tuple[int, int]:
    """How many lines a change adds and removes."""
    body = [line[:1] for line in _hunks(change.before or b"", change.after or b"", _CONTEXT)]
    return body.count(b"+"), body.count(b"-")


def _file_diff(change: Change, context: int, with_ids: bool) -> Iterator[bytes]:
    old, new = quoted(f"a/{change.path}"), quoted(f"b/{change.path}")
    mode = b"100755" if (change.mode or 0) & _EXECUTABLE else b"100644"
    yield b"diff --git %s %s\n" % (old, new)
    if change.before is None:
        yield b"new file mode %s\n" % mode
        old = NOTHING.encode()
    elif change.after is None:
        yield b"deleted file mode %s\n" % mode
        new = NOTHING.encode()
    elif change.mode is not None:
        # A change of mode is only planned where the file has the other one.
        was = b"100644" if mode == b"100755" else b"100755"
        yield b"old mode %s\nnew mode %s\n" % (was, mode)
    hunks = list(_hunks(change.before or b"", change.after or b"", context))
    if hunks and with_ids:
        ids = tuple(_id(text) for text in (change.before, change.after))
        yield b"index %s..%s\n" % ids
    if hunks:
        yield b"--- %s\n+++ %s\n" % (old, new)
        yield from hunks


def _id(text: bytes | None) -> bytes:
    return b"0" * _DIGITS if text is None else blob_id(text)[:_DIGITS].encode()


def _hunks(before: bytes, after: bytes, context: int) -> Iterator[bytes]:
    # latin-1 maps every byte to one character and back, so any encoding survives.
    old, new = (_split(text.decode("latin-1")) for text in (before, after))
    lines = difflib.unified_diff(old, new, n=context)
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
