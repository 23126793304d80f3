"""What may stand in a `diff:`, checked before it meets a checkout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from unidiff.patch import PatchedFile

from patcher.errors import BadDefinition
from patcher.fields import shortened
from patcher.unified import parse_diff

_MAX_LINES = 20_000
_HUNK = re.compile(r"@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@.*")
_HEADERS = ("diff --git ", "index ", "--- ", "+++ ")
_BINARY = ("Binary files ", "GIT binary patch")
_COUNTED = {" ": (1, 1), "": (1, 1), "-": (1, 0), "+": (0, 1), "\\": (0, 0)}
"""How many old and new lines a line of a hunk stands for, by its first character."""


def diff_problem(text: str, paths: Sequence[str]) -> str:
    """What is wrong with a diff for each of `paths`; an empty text for nothing."""
    if text.count("\n") > _MAX_LINES:
        return f"has more than {_MAX_LINES:,} lines"
    problem = next(_line_problems(text.split("\n")), "")
    if problem:
        return problem
    try:
        file = parse_diff(text, paths[0])
    except BadDefinition as error:
        return f"is no diff of one file: {error}"
    return _name_problem(file, paths)


def _line_problems(lines: Sequence[str]) -> Iterator[str]:
    """Lines that mean nothing to us: a parser would skip them, and half a change be applied."""
    old = new = 0
    for number, line in enumerate(lines, 1):
        if old > 0 or new > 0:
            counts = _COUNTED.get(line[:1])
            if counts is None or (not line and number == len(lines)):
                yield f"ends a hunk too early, on its line {number}: `{shortened(line)}`"
                return
            old, new = old - counts[0], new - counts[1]
            continue
        hunk = _HUNK.fullmatch(line.rstrip("\r"))
        if hunk:
            old, new = (1 if length is None else int(length) for length in hunk.groups())
        elif line.startswith(_BINARY):
            yield "is binary; put the file into `files/` instead"
        elif line.strip() and not line.startswith((*_HEADERS, "\\ ")):
            yield f"has a line {number} that means nothing here: `{shortened(line)}`"
    if old < 0 or new < 0:
        yield "has a hunk whose counts do not fit its lines"


def _name_problem(file: PatchedFile, paths: Sequence[str]) -> str:
    for name, side in ((file.source_file, "a/"), (file.target_file, "b/")):
        changed = name.removeprefix(side)
        if changed not in paths:
            return f"changes `{shortened(changed)}`, while `in` names {', '.join(paths)}"
    return "" if file.added or file.removed else "changes nothing"
