"""All built-in patches and one of one's own on every release, in either order, one back alone.

Needs `LIBRECHAT_GIT`.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.commands.apply import ApplyOptions, apply
from patcher.commands.rollback import rollback
from patcher.commands.rollback_patch import rollback_patch
from patcher.commands.selection import Selection
from patcher.commands.verify import verify
from patcher.model import Plan
from tests.carrying.conftest import Write
from tests.carrying.test_several_patches import COUNT
from tests.conftest import PROJECT, contents
from tests.real.conftest import RELEASES, repository

__all__ = ["repository"]

PARTS = (
    ".env.example",
    "package.json",
    "api/server/controllers",
    "api/server/routes/models.js",
    "api/server/services/Config",
    "client/src/hooks/Input",
    "client/src/routes",
    "packages/data-provider/src",
)
BUILT_IN = ("dynamic-models", "refresh-shared-models", "env-example")
LAST_WITH_SHARED_LISTS = "v0.8.4"
Export = Callable[[str, str], Path]


@pytest.fixture
def export(repository: Path, tmp_path: Path) -> Export:
    """A function that gives the sources of a release in a folder of a name."""

    def give(release: str, name: str) -> Path:
        root = tmp_path / name
        root.mkdir()
        command = ["git", "-C", str(repository), "archive", release, "--", *PARTS]
        packed = subprocess.run(command, check=True, capture_output=True).stdout
        subprocess.run(["tar", "-x", "-C", root], input=packed, check=True)
        return root

    return give


def _applied(root: Path, folder: Path, *ids: str) -> Plan:
    done = apply(ApplyOptions(root, Selection(ids=ids, folders=(folder,))), lambda _: True)
    assert done.ok, done.planned.plan.blocked or done.planned.failed
    return done.planned.plan


@pytest.mark.parametrize("release", RELEASES)
def test_either_order_and_one_taken_back_alone(export: Export, own: Write, release: str) -> None:
    folder = own("count", COUNT)
    one, other, alone = (export(release, name) for name in ("one", "other", "alone"))
    before = contents(one)
    selection = Selection(folders=(folder,))

    _applied(one, folder, *BUILT_IN, "count")
    _applied(other, folder, "count", *reversed(BUILT_IN))
    for root in (one, other):
        assert verify(root, selection).ok
        assert _applied(root, folder, *BUILT_IN, "count").changes == ()
    _applied(alone, folder, "refresh-shared-models", "env-example")

    for gone in ("count", "dynamic-models"):
        for root in (one, other):
            rollback_patch(root, gone, selection)
            assert verify(root, selection).ok
    assert contents(one) == contents(other) == contents(alone)
    for root in (one, other, alone):
        rollback(root)
        assert contents(root) == before


@pytest.mark.parametrize("release", RELEASES)
def test_shared_lists_are_there_up_to_one_release(export: Export, own: Write, release: str) -> None:
    root = export(release, "one")
    plan = _applied(root, own("count", COUNT), "refresh-shared-models")
    tags = [p.values[0] for p in RELEASES]
    has_lists = tags.index(release) <= tags.index(LAST_WITH_SHARED_LISTS)
    changed = {c.path for c in plan.changes}
    assert changed == (
        {
            "api/server/controllers/ModelController.js",
            "api/server/routes/models.js",
            "api/server/services/SharedModels/index.js",
        }
        if has_lists
        else set()
    )


def test_every_setting_of_the_docs_is_in_env_example() -> None:
    page = (PROJECT / "docs/settings.md").read_text(encoding="utf-8")
    settings = set(re.findall(r"`(DYNAMIC_MODELS_\w+)`", page))
    diff = (PROJECT / "patches/env-example/env-example.diff").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\+# (DYNAMIC_MODELS_\w+)=", diff, re.M))
    assert documented == settings | {"DYNAMIC_MODELS_SHARED_TTL"}
