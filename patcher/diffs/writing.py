"""Changes as a diff that `git apply` accepts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from patcher.diffs.lines import neighbourhoods, split_lines
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
    old, new = split_lines(before), split_lines(after)
    for group in neighbourhoods(old, new, context):
        _, old_at, _, new_at, _ = group[0]
        _, _, old_to, _, new_to = group[-1]
        yield b"@@ -%s +%s @@\n" % (_span(old_at, old_to), _span(new_at, new_to))
        for tag, i, old_end, j, new_end in group:
            if tag == "equal":
                yield from (_line(b" ", line) for line in old[i:old_end])
            else:
                yield from (_line(b"-", line) for line in old[i:old_end])
                yield from (_line(b"+", line) for line in new[j:new_end])


def _span(at: int, to: int) -> bytes:
    """Where a hunk's lines stand; no lines stand behind the one that is named."""
    count = to - at
    line = at + 1 if count else at
    return b"%d" % line if count == 1 else b"%d,%d" % (line, count)


def _line(sign: bytes, text: bytes) -> bytes:
    end = b"" if text.endswith(b"\n") else b"\n\\ No newline at end of file\n"
    return sign + text + end
