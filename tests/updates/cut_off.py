"""Fixtures for updates that are cut off: a checkout for each way to stand on a release."""

from __future__ import annotations

from pathlib import Path

import pytest

from patcher.releases import moving
from tests.cli.running import Runner
from tests.conftest import git
from tests.updates.lab import OWN, Lab, release


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "PATIENCE", 0.0)
    monkeypatch.setattr("patcher.transaction.real_disk._sync", lambda _: None)


@pytest.fixture(params=["detached", "on a branch"])
def lab(tmp_path: Path, run: Runner, request: pytest.FixtureRequest) -> Lab:
    made = Lab(tmp_path)
    made.root.mkdir()
    (made.own / "mine" / "files" / "api" / "mine").mkdir(parents=True)
    (made.own / "mine" / "patch.yaml").write_text(OWN, encoding="utf-8")
    (made.own / "mine" / "files" / "api" / "mine" / "index.js").write_text("", encoding="utf-8")
    git(made.root, "init", "-q", "-b", "main")
    for name in ("v1", "v2"):
        release(made.root, name)
    git(made.root, "branch", "far", "v2")
    if request.param == "detached":
        git(made.root, "checkout", "-q", "v1")
    else:
        git(made.root, "reset", "-q", "--hard", "v1")
        git(made.root, "branch", "-q", "--set-upstream-to=far")
    done = run("apply", "--root", made.root, "--patches", made.own, "--patch", "mine", "--yes")
    assert done.code == 0, done.err
    notes = made.root / "notes.md"
    notes.write_text("staged\n", encoding="utf-8")
    git(made.root, "add", "notes.md")
    notes.write_text("edited\n", encoding="utf-8")
    controller = made.root / "api/server/controllers/ModelController.js"
    controller.write_bytes(b"first();\n" + controller.read_bytes())
    made.keep()
    return made
