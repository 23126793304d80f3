"""What may stand in a `diff:`, checked before it meets a checkout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patcher.diffs.parts import FileDiff
from patcher.errors import BadDefinition
from patcher.fields import shortened
from patcher.unified import parse_diff

_MAX_LINES = 20_000
_HUNK = re.compile(r"@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@.*")
_HEADERS = ("diff --git ", "index ", "--- ", "+++ ", "\\ ")
_BINARY = ("Binary files ", "GIT binary patch")
_MODES = ("old mode", "new mode", "new file mode", "deleted file mode")
_MOVES = ("similarity", "dissimilarity", "rename", "copy")
_COUNTED = {" ": (1, 1), "": (1, 1), "-": (1, 0), "+": (0, 1), "\\": (0, 0)}
"""How many old and new lines a line of a hunk stands for, by its first character."""


def diff_problem(text: str, paths: Sequence[str]) -> str:
    """What is wrong with a diff for each of `paths`; an empty text for nothing."""
    if text.count("\n") > _MAX_LINES:
        return f"has more than {_MAX_LINES:,} lines"
    problem = next(_line_problems(text.removesuffix("\n").split("\n")), "")
    if problem:
        return problem
    try:
        file = parse_diff(text, paths[0])
    except BadDefinition as error:
        return f"cannot be read: {shortened(str(error))}"
    return _name_problem(file, paths)


def _line_problems(lines: Sequence[str]) -> Iterator[str]:
    """Lines that mean nothing to us: a parser would skip them, and half a change be applied."""
    old = new = files = hunks = 0
    for number, line in enumerate(lines, 1):
        if old > 0 or new > 0:
            counts = _COUNTED.get(line[:1])
            if counts is None:
                yield f"ends a hunk too early, on its line {number}: `{shortened(line)}`"
            else:
                old, new = old - counts[0], new - counts[1]
            continue
        hunk = _HUNK.fullmatch(line.rstrip("\r"))
        if hunk:
            hunks += 1
            old, new = (1 if length is None else int(length) for length in hunk.groups())
        files += line.startswith("+++ ")
        yield from _header_problem(number, line) if not hunk else ()
    if old or new:
        yield "has a hunk whose counts do not fit its lines"
    if files != 1:
        yield f"must change one file; it changes {files or 'none'}"
    if not hunks:
        yield "has no hunk: nothing in it begins with `@@`"


def _header_problem(number: int, line: str) -> Iterator[str]:
    if line.startswith(_BINARY):
        yield "is binary; put the file into `files/` instead"
    elif line.startswith(_MODES + _MOVES):
        yield f"does more than change lines, on its line {number}: `{shortened(line)}`"
    elif line.strip() and not line.startswith(_HEADERS):
        yield f"has a line {number} that means nothing here: `{shortened(line)}`"


def _name_problem(file: FileDiff, paths: Sequence[str]) -> str:
    for name in (file.old, file.new):
        if name is None:
            return "adds or deletes a file; put a new file into `files/` instead"
        if name not in paths:
            return f"changes `{shortened(name)}`, while `in` names {', '.join(paths)}"
    return "" if any(hunk.changes for hunk in file.hunks) else "changes nothing"
