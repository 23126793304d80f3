"""What may stand in a `diff:`, checked before it meets a checkout."""

from __future__ import annotations

from collections.abc import Sequence

from patcher.diffs.git_format import read_diff
from patcher.diffs.parts import FileDiff
from patcher.errors import BadDefinition, shortened

_MAX_LINES = 20_000


def diff_problem(text: str, paths: Sequence[str]) -> str:
    """What is wrong with a diff for each of `paths`; an empty text for nothing."""
    if text.count("\n") > _MAX_LINES:
        return f"has more than {_MAX_LINES:,} lines"
    try:
        files = read_diff(text.encode())
    except BadDefinition as error:
        return f"cannot be read: {error}"
    if len(files) != 1:
        return f"must change one file; it changes {len(files) or 'none'}"
    return _file_problem(files[0], paths)


def _file_problem(file: FileDiff, paths: Sequence[str]) -> str:
    for name in (file.old, file.new):
        if name is None:
            return "adds or deletes a file; put a new file into `files/` instead"
        if name not in paths:
            return f"changes `{shortened(name)}`, while `in` names {', '.join(paths)}"
    if not file.is_plain:
        return "does more than change lines: it sets the mode of the file"
    return "" if any(hunk.changes for hunk in file.hunks) else "changes nothing"
