"""Diffs of LibreChat's history, applied and rolled back: every byte and mode of the next state.

Needs `LIBRECHAT_GIT`.
"""

from __future__ import annotations

import re
from pathlib import Path

from patcher.diffs.git_format import read_diff
from patcher.model import Edit, Patch, Place, Plan, State
from patcher.plan.planner import plan
from patcher.releases.git_objects import Objects
from patcher.trees import MAX_SOURCE, Revision
from tests.carrying.history import steps
from tests.engine.support import patch_of
from tests.real.conftest import repository

__all__ = ["repository"]

LEAST = 60
_ID = re.compile(rb"^index [0-9a-f]+\.\.[0-9a-f]+.*\n", re.M)


def _patch(diff: bytes) -> Patch:
    files = read_diff(diff)
    return patch_of(*(Edit(Place("x.diff", 1), f.path, "all", f) for f in files))


def _planned(objects: Objects, base: str, diff: bytes) -> Plan:
    return plan([_patch(diff)], Revision(objects, base), ["all"])


def _require_made(objects: Objects, step: tuple[str, str], diff: bytes) -> None:
    base, wanted = (Revision(objects, commit) for commit in step)
    result = _planned(objects, base.commit, diff)
    assert [o for o in result.outcomes if o.state is not State.APPLIES] == []
    for change in result.changes:
        assert change.before == base.read(change.path)
        assert change.after == wanted.read(change.path), change.path
        if change.mode is not None:
            assert change.mode & 0o111 == (wanted.mode(change.path) or 0) & 0o111, change.path
    touched = {path for f in read_diff(diff) for path in (f.old, f.new) if path}
    moded = {c.path for c in result.changes}
    assert all(base.read(p) == wanted.read(p) for p in touched - moded)


def test_every_diff_gives_the_next_state_and_back(repository: Path) -> None:
    tried = steps(repository)
    files = 0
    with Objects(repository, MAX_SOURCE) as objects:
        for step in tried:
            _require_made(objects, (step.before, step.after), step.forward)
            _require_made(objects, (step.after, step.before), step.backward)
            files += len(read_diff(step.forward))
    tags = sum(step.after.startswith("v") for step in tried)
    print(
        f"\ndiffs of LibreChat: {len(tried)} of {files} files applied forward and backward "
        f"({tags} between releases, the others of single commits)"
    )
    assert len(tried) >= LEAST


def test_applied_diffs_are_recognised(repository: Path) -> None:
    with Objects(repository, MAX_SOURCE) as objects:
        for step in steps(repository):
            result = _planned(objects, step.after, step.forward)
            assert {o.state for o in result.outcomes} == {State.ALREADY}, str(step)
            assert result.changes == ()


def test_without_ids_it_differs_from_git_apply_only_where_a_hunk_has_two_places(
    repository: Path, tmp_path: Path
) -> None:
    """Git takes the place that is nearest to the hunk's line number; here that is no proof."""
    same = differs = 0
    with Objects(repository, MAX_SOURCE) as objects:
        for step in steps(repository):
            base, wanted = (Revision(objects, c) for c in (step.before, step.after))
            result = _planned(objects, step.before, _ID.sub(b"", step.forward))
            for outcome in result.blocked:
                differs += 1
                twice = re.search(r"fits \d+ places|fits again|run would apply", outcome.reason)
                assert twice, f"{step} {outcome}"
            same += len(result.outcomes) - len(result.blocked)
            for change in result.changes:
                blocked = any(o.path == change.path for o in result.blocked)
                assert blocked or change.after == wanted.read(change.path), change.path
            del base
    print(f"\nwithout blob ids: {same} files as git apply, {differs} blocked for two places")
