"""Kill `apply` and `rollback` of the real patch on a real release, at every call to the disk."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from patcher.definition.catalog import shipped_folder
from patcher.definition.patch import load
from patcher.model import Plan
from patcher.plan.planner import plan
from patcher.transaction import open_store
from patcher.trees import Folder

from .support import COUNTS, Lab, roll_back
from .test_crash import crash_everywhere

RELEASE = "v0.8.4"
pytestmark = [
    pytest.mark.usefixtures("no_fsync"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked child"),
    pytest.mark.skipif(
        "LIBRECHAT_GIT" not in os.environ, reason="LIBRECHAT_GIT names no repository"
    ),
]


@pytest.fixture
def lab(place: Path) -> Lab:
    """The files that the patch edits or asks, as far as the release has them."""
    root = place / "LibreChat"
    root.mkdir()
    patch = load(shipped_folder() / "dynamic-models")
    paths = {e.path for e in patch.edits} | {t.path for t in patch.traits.values()}
    git = ["git", "-C", os.environ["LIBRECHAT_GIT"]]
    listed = [*git, "ls-tree", "-r", "--name-only", RELEASE, "package.json", *sorted(paths)]
    there = subprocess.run(listed, check=True, capture_output=True, encoding="utf-8").stdout.split()
    archive = subprocess.run(
        [*git, "archive", RELEASE, *there], check=True, capture_output=True
    ).stdout
    subprocess.run(["tar", "-x", "-C", root], input=archive, check=True)
    return Lab(root, place / "pristine")


def _real_plan(lab: Lab) -> Plan:
    patch = load(shipped_folder() / "dynamic-models")
    from_sources = [c for c in patch.components if c != "page"]
    found = plan([patch], Folder(lab.root), from_sources)
    assert not found.blocked
    return found


def test_kill_apply_on_a_real_release(lab: Lab) -> None:
    wanted = _real_plan(lab)
    tried = crash_everywhere(lab, lambda s: s.commit(wanted, RELEASE))
    COUNTS["crash points on a real release, all recovered"] += tried


def test_kill_rollback_on_a_real_release(lab: Lab) -> None:
    open_store(lab.root).commit(_real_plan(lab), RELEASE)
    tried = crash_everywhere(lab, roll_back)
    COUNTS["crash points on a real release, all recovered"] += tried
