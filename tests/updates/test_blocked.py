"""A release that a patch does not fit: what is said, and that nothing is touched."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.cli.running import Runner
from tests.updates.conftest import NEW, ROUTES, Clone, commit_of, git, state

CONTROLLER = "api/server/controllers/ModelController.js"


def committed(root: Path, path: str, text: str | None, subject: str) -> str:
    file = root / path
    if text is None:
        shutil.rmtree(file) if file.is_dir() else file.unlink()
    else:
        file.write_text(text, encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-qm", subject)
    return commit_of(root, "HEAD")


def made_up(
    clone: Clone, run: Runner, *steps: tuple[str, str | None, str]
) -> tuple[Path, list[str]]:
    """A patched checkout of `NEW`, with v9.0.0 some commits above it."""
    root = clone(NEW)
    commits = [committed(root, *step) for step in steps]
    git(root, "tag", "v9.0.0")
    git(root, "checkout", "-q", NEW)
    run("apply", "--root", root, "--yes")
    return root, commits


def test_edit_file_and_upstream_commit_are_named(clone: Clone, run: Runner) -> None:
    root, commits = made_up(
        clone,
        run,
        ("README.md", "one\n", "Write more"),
        (ROUTES, "module.exports = require('./all');\n", "Rewrite the routes"),
        (ROUTES, "module.exports = require('./every');\n", "Rewrite them again"),
    )
    before = state(root)
    for more in (["--dry-run"], []):
        done = run("update", "--root", root, "--to", "v9.0.0", *more)
        assert done.code == 1
        assert "this checkout cannot go to v9.0.0; nothing was changed" in done.err
        assert f"  {ROUTES}: route post /fetch" in done.err
        assert f"since upstream's {commits[1][:10]} of " in done.err
        assert ": Rewrite the routes" in done.err
        assert "again" not in done.err.partition("next:")[0]
        assert (state(root), commit_of(root, "HEAD")) == (before, commit_of(root, NEW))
        assert not (root / ".librechat-patcher" / "update.json").exists()
    data = run("update", "--root", root, "--to", "v9.0.0", "--dry-run", "--format", "json").data
    assert data["ok"] is False
    assert {b["commit"] for b in data["planned"]["breaks"]} == {commits[1]}


def test_what_was_broken_and_mended_again_fits(clone: Clone, run: Runner) -> None:
    root = clone(NEW)
    text = (root / ROUTES).read_text(encoding="utf-8")
    committed(root, ROUTES, "module.exports = require('./all');\n", "Rewrite the routes")
    committed(root, ROUTES, text, "Take that back")
    git(root, "tag", "v9.0.0")
    git(root, "checkout", "-q", NEW)
    run("apply", "--root", root, "--yes")
    assert run("update", "--root", root, "--to", "v9.0.0").code == 0


def test_sources_that_a_release_has_no_more_are_named(clone: Clone, run: Runner) -> None:
    root, _ = made_up(clone, run, ("client/src", None, "Move the client out"))
    done = run("update", "--root", root, "--to", "v9.0.0")
    assert done.code == 1
    assert "v9.0.0 has no sources of client, which is patched here" in done.err


def test_in_a_shallow_clone_no_commit_is_named(clone: Clone, run: Runner, tmp_path: Path) -> None:
    root, _ = made_up(clone, run, (ROUTES, "module.exports = {};\n", "Rewrite the routes"))
    git(tmp_path, "clone", "-q", "--depth=1", "--branch", NEW, f"file://{root}", "shallow")
    shallow = tmp_path / "shallow"
    run("apply", "--root", shallow, "--yes")
    done = run("update", "--root", shallow, "--to", "v9.0.0")
    assert done.code == 1
    assert f"  {ROUTES}: route post /fetch" in done.err
    assert "since upstream's" not in done.err


def test_a_file_of_ones_own_where_the_patch_adds_one_is_named(clone: Clone, run: Runner) -> None:
    root, _ = made_up(clone, run, ("README.md", "one\n", "Write more"))
    added = root / "api/server/services/DynamicModels/index.js"
    git(root, "add", "-f", str(added))
    added.write_text("mine();\n", encoding="utf-8")
    done = run("update", "--root", root, "--to", "v9.0.0")
    assert done.code == 1
    assert added.read_text(encoding="utf-8") == "mine();\n"
