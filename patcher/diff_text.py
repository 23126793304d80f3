"""What may stand in a `diff:`, checked before it meets a checkout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patcher.errors import BadDefinition
from patcher.fields import shortened
from patcher.unified import parse_diff

_MAX_LINES = 20_000
_HUNK = re.compile(r"@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@.*")
_NAMES = {"--- ": "a/", "+++ ": "b/"}
_HEADERS = (*_NAMES, "diff --git ", "index ", "\\ ")
_BINARY = ("Binary files ", "GIT binary patch")
_MODES = ("old mode", "new mode", "new file mode", "deleted file mode")
_MOVES = ("similarity", "dissimilarity", "rename", "copy")
_COUNTED = {" ": (1, 1), "": (1, 1), "-": (1, 0), "+": (0, 1), "\\": (0, 0)}
"""How many old and new lines a line of a hunk stands for, by its first character."""


def diff_problem(text: str, paths: Sequence[str]) -> str:
    """What is wrong with a diff for each of `paths`; an empty text for nothing."""
    if text.count("\n") > _MAX_LINES:
        return f"has more than {_MAX_LINES:,} lines"
    lines = text.removesuffix("\n").replace("\r\n", "\n").split("\n")
    problem = next(_problems(lines, paths), "")
    if problem:
        return problem
    try:
        parse_diff(text, paths[0])
    except BadDefinition as error:
        return f"cannot be read: {shortened(str(error))}"
    return ""


def _problems(lines: Sequence[str], paths: Sequence[str]) -> Iterator[str]:
    """Lines that mean nothing to us: a parser would skip them, and half a change be applied."""
    old = new = changed = 0
    headers: list[str] = []
    for number, line in enumerate(lines, 1):
        if old > 0 or new > 0:
            counts = _COUNTED.get(line[:1])
            if counts is None:
                yield f"ends a hunk too early, on its line {number}: `{shortened(line)}`"
            else:
                old, new = old - counts[0], new - counts[1]
                changed += counts[0] != counts[1]
        elif hunk := _HUNK.fullmatch(line):
            old, new = (1 if length is None else int(length) for length in hunk.groups())
            headers.append("@@")
        else:
            yield from _header_problem(number, line)
            headers.append(line)
    if old or new:
        yield "has a hunk whose counts do not fit its lines"
    yield from _name_problems(headers, paths)
    if not changed:
        yield "changes nothing"


def _header_problem(number: int, line: str) -> Iterator[str]:
    if line.startswith(_BINARY):
        yield "is binary; put the file into `files/` instead"
    elif line.startswith(_MODES + _MOVES):
        yield f"does more than change lines, on its line {number}: `{shortened(line)}`"
    elif line.strip() and not line.startswith(_HEADERS):
        yield f"has a line {number} that means nothing here: `{shortened(line)}`"


def _name_problems(headers: Sequence[str], paths: Sequence[str]) -> Iterator[str]:
    signs = [h[:4] for h in headers if h == "@@" or h[:4] in _NAMES]
    files = signs.count("+++ ")
    if files != 1:
        yield f"must change one file; it changes {files or 'none'}"
    if "@@" not in signs:
        yield "has no hunk: nothing in it begins with `@@`"
    if signs[:2] != list(_NAMES) or set(signs[2:]) > {"@@"}:
        yield "must begin with one line `--- a/PATH` and one line `+++ b/PATH`"
    for name, side in ((h[4:].partition("\t")[0], _NAMES.get(h[:4])) for h in headers):
        changed = name.removeprefix(side or "")
        if side and changed == "/dev/null":
            yield "adds or deletes a file; put a new file into `files/` instead"
        if side and changed not in paths:
            yield f"changes `{shortened(changed)}`, while `in` names {', '.join(paths)}"
