"""Real LibreChat, read from the repository that `LIBRECHAT_GIT` names."""

from __future__ import annotations

from pathlib import Path

from patcher.commands.matrix import MatrixOptions, matrix
from patcher.releases.compatibility import Fit
from patcher.releases.matrix_formats import markdown
from tests.matrix.test_generated import table
from tests.real.conftest import FIRST, LAST

RELEASES = 43
KNOWN_BREAKS: dict[str, str] = {}
"""Commit to reason, for commits between releases that cannot be patched. None so far."""


def test_every_release_can_be_patched(repository: Path) -> None:
    found = matrix(MatrixOptions(repository))
    names = [row.name for row in found.rows]
    assert (names[0], names[RELEASES - 1]) == (FIRST, LAST)
    assert [row.name for row in found.rows[:RELEASES] if not row.ok] == []
    assert all(row.tested for row in found.rows[:RELEASES])
    fits = {fit for row in found.rows[:RELEASES] for _, fit in row.judgement.fits}
    assert fits == {Fit.APPLIES}


def test_a_variant_begins_where_the_code_changes(repository: Path) -> None:
    rows = matrix(MatrixOptions(repository)).rows
    first: dict[str, str] = {}
    for row in rows[:RELEASES]:
        for trait in row.judgement.variant:
            first.setdefault(trait, row.name)
    assert first == {
        "keys-in-service": "v0.7.0",
        "toasts-in-client": "v0.7.0",
        "conversation-awaits-assistants": "v0.7.0",
        "keys-in-models": "v0.8.2-rc1",
        "native-user-fetch": "v0.8.5-rc1",
    }


def test_every_commit_that_touches_a_target_can_be_patched(repository: Path) -> None:
    found = matrix(MatrixOptions(repository, (f"v0.8.4..{LAST}",)))
    assert len(found.rows) == 51
    bad = {row.commit: row.judgement.troubles for row in found.rows if not row.ok}
    assert {commit: bad[commit] for commit in bad if commit not in KNOWN_BREAKS} == {}


def test_the_whole_history_since_the_first_release(repository: Path) -> None:
    found = matrix(MatrixOptions(repository, (f"{FIRST}..{LAST}",)))
    assert len(found.rows) > 150
    assert found.breaks == found.repairs == ()
    assert found.ok


def test_before_the_first_release_the_commit_that_made_it_possible(repository: Path) -> None:
    found = matrix(MatrixOptions(repository, (f"v0.6.10..{FIRST}",)))
    assert not found.ok
    assert [commit[:10] for commit in found.repairs] == ["dd8038b375"]


def test_the_table_of_releases_is_what_is_measured_today(repository: Path) -> None:
    measured = markdown(matrix(MatrixOptions(repository)))
    how = "python docs/generate.py --repo DIR"
    assert table().strip() == measured.strip(), f"docs/releases.md is stale: {how}"
