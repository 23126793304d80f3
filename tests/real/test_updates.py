"""`update` between real releases: every pair of neighbours, and some of them backwards."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from patcher.commands.apply import ApplyOptions, apply
from patcher.commands.rollback import rollback
from patcher.commands.selection import Selection
from patcher.commands.status import status
from patcher.commands.update import UpdateOptions, update
from patcher.commands.verify import verify
from tests.real.conftest import VARIABLE, releases
from tests.updates.conftest import commit_of, said

TAGS = releases()
FORWARD = list(itertools.pairwise(TAGS))
BACKWARD = [(new, old) for old, new in FORWARD[::4]][:10]
_NONE = pytest.param("old", "new", marks=pytest.mark.skip(f"{VARIABLE} names no repository"))
PAIRS = [pytest.param(old, new, id=f"{old} to {new}") for old, new in (*FORWARD, *BACKWARD)] or [
    _NONE
]


@pytest.fixture(scope="session")
def clone(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A clone of LibreChat, for one release after the other."""
    root = tmp_path_factory.mktemp("clone") / "LibreChat"
    command = ["git", "clone", "-q", "--shared", "--no-checkout", str(repository), str(root)]
    subprocess.run(command, check=True, capture_output=True)
    yield root


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_one_rollback_after_an_update_gives_the_other_release_byte_for_byte(
    clone: Path, old: str, new: str
) -> None:
    said(clone, "checkout", "-q", "-f", "--detach", old)
    assert apply(ApplyOptions(clone), lambda _: True).ok
    updated = update(UpdateOptions(clone, new), lambda _: True)
    assert updated.ok and updated.receipt is not None
    found = status(clone, Selection())
    assert [p.id for p in found.patches] == ["dynamic-models"]
    assert not found.drift
    assert verify(clone, Selection()).ok
    rollback(clone)
    assert commit_of(clone, "HEAD") == commit_of(clone, new)
    assert said(clone, "status", "--porcelain", "--ignored") == "!! .librechat-patcher/\n"
    # What git says is by time and size; this reads every byte.
    said(clone, "update-index", "--really-refresh")
    tree = said(clone, "rev-parse", f"{new}^{{tree}}").strip()
    said(clone, "-c", "core.trustctime=false", "add", "-A", "--renormalize")
    assert said(clone, "write-tree").strip() == tree
