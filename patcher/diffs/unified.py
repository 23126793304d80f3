"""Unified diffs: what one does to the bytes of a file, and writing ones that git accepts."""

from __future__ import annotations

from functools import lru_cache

from patcher.code.splice import Splice
from patcher.diffs.parts import FileDiff
from patcher.diffs.placing import placed, splices
from patcher.diffs.reading import read_diff
from patcher.diffs.writing import git_diff
from patcher.errors import BadDefinition

__all__ = ["apply_diff", "git_diff", "parse_diff"]


@lru_cache(maxsize=256)
def parse_diff(text: str, path: str) -> FileDiff:
    """What a diff of one file says; raises `BadDefinition` for anything else."""
    try:
        files = read_diff(text.encode())
    except BadDefinition as error:
        raise BadDefinition(f"the diff for {path} cannot be read: {error}") from error
    if len(files) != 1:
        raise BadDefinition(f"a `diff:` changes one file; this one changes {len(files)}")
    return files[0]


def apply_diff(source: bytes, text: str, path: str) -> tuple[tuple[Splice, ...], int]:
    """Text edits for all hunks that are not applied yet, and the line of the first hunk.

    Context must match exactly, at any line; raises `AnchorNotFound` for no place or two places.
    An empty tuple means that the whole diff is applied already.
    """
    found = placed(source, parse_diff(text, path))
    return splices(source, found), found[0].line if found else 0
