"""On how many releases each hunk of a captured diff has its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patcher.capture.captured import Capture
from patcher.diffs.git_format import read_diff
from patcher.diffs.parts import FileDiff, Hunk
from patcher.diffs.places import placed
from patcher.errors import PatcherError
from patcher.plan.edit import edited
from patcher.releases.git_objects import Objects
from patcher.releases.revisions import NamedCommit, choose
from patcher.trees import MAX_SOURCE, Revision

LAST = 10
"""How many releases are asked: the last ones."""


class HunkFit(Struct, frozen=True):
    """How one hunk, or one new or deleted file, stands to the last releases."""

    path: str
    line: int
    """Where the hunk stands in the file that was captured; 0 for a whole file."""
    what: str
    """The first line that it adds or removes."""
    fits: int
    of: int
    misses: tuple[str, ...]
    """Releases on which it has no one place."""


def hunk_fits(repository: Path, capture: Capture) -> tuple[HunkFit, ...]:
    """Every hunk of the capture's diff, tried on the last releases of a repository.

    Raises `BadUsage` for a repository that does not exist or has no release tags.
    """
    releases = choose(repository, (), "", ()).revisions[-LAST:]
    files = read_diff(capture.diff)
    with Objects(repository, MAX_SOURCE) as objects:
        return tuple(
            _fit(file, hunk, releases, objects, capture)
            for file in files
            for hunk in file.hunks or (Hunk(0, 0, ()),)
        )


def _fit(
    file: FileDiff, hunk: Hunk, releases: Sequence[NamedCommit], objects: Objects, capture: Capture
) -> HunkFit:
    misses = [
        release.name
        for release in releases
        if not _has_place(file, hunk, Revision(objects, release.commit), capture)
    ]
    is_whole = file.old is None or file.new is None
    what = str(file) if is_whole else next(_changed_lines(hunk), str(file))
    line = 0 if is_whole else hunk.old_start
    fits = len(releases) - len(misses)
    return HunkFit(file.path, line, what, fits, len(releases), tuple(misses))


def _has_place(file: FileDiff, hunk: Hunk, tree: Revision, capture: Capture) -> bool:
    try:
        source = tree.read(file.path)
        if file.old is None or source is None:
            return file.old is None and source is None
        if file.new is None:
            return source == b"".join(hunk.old)
        for operation in capture.edits.get(file.path, ()):
            source = edited(source, operation, file.path)[0] or source
        # A change of mode has no lines: it fits wherever the file is.
        hunks = (hunk,) if hunk.lines else ()
        placed(source, replace(file, hunks=hunks, old_id="", new_id=""))
    except PatcherError:
        return False
    return True


def _changed_lines(hunk: Hunk) -> Iterator[str]:
    for line in hunk.lines:
        text = line.text.decode(errors="replace").strip()
        if line.side.value != " " and text:
            yield f"{line.side.value}{text[:60]}"
