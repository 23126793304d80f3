"""`update` where all goes well: another release, with the same patches."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from tests.cli.running import Runner
from tests.updates.conftest import (
    NEW,
    OLD,
    RELEASES,
    ROUTES,
    Clone,
    commit_of,
    git,
    is_release,
    said,
    state,
)

PAIRS = list(itertools.pairwise(RELEASES))


@pytest.mark.parametrize(
    ("old", "new"), [*PAIRS, *((b, a) for a, b in PAIRS)], ids=lambda release: release
)
def test_one_rollback_after_an_update_gives_the_other_release(
    clone: Clone, run: Runner, upstream: Path, old: str, new: str
) -> None:
    root = clone(old)
    run("apply", "--root", root, "--yes")
    done = run("update", "--root", root, "--to", new)
    assert done.code == 0, done.err
    assert f"updated from {old} to {new}" in done.out
    assert commit_of(root, "HEAD") == commit_of(upstream, new)
    found = run("status", "--root", root, "--format", "json").data
    assert [p["id"] for p in found["patches"]] == ["dynamic-models"]
    assert found["drift"] == []
    assert run("verify", "--root", root).code == 0
    assert run("apply", "--root", root, "--yes").out.count("nothing to do") == 1
    assert run("rollback", "--root", root).code == 0
    assert is_release(root, upstream, new)
    assert "nothing to roll back" in run("rollback", "--root", root).out


def test_what_is_patched_is_what_apply_makes_of_the_release(
    clone: Clone, run: Runner, tmp_path: Path
) -> None:
    root = clone(OLD)
    run("apply", "--root", root, "--yes")
    run("update", "--root", root, "--to", NEW)
    updated = state(root)
    run("rollback", "--root", root)
    run("apply", "--root", root, "--yes")
    assert state(root) == updated


def test_the_choice_of_components_stays(clone: Clone, run: Runner, upstream: Path) -> None:
    root = clone()
    run("apply", "--root", root, "--yes", "--only", "backend")
    run("update", "--root", root, "--to", NEW)
    changed = said(root, "status", "--porcelain").split()[1::2]
    assert changed and all(path.startswith("api/") for path in changed)
    (patch,) = run("status", "--root", root, "--format", "json").data["patches"]
    assert patch["components"] == ["backend"]


@pytest.mark.parametrize("env", [None, b"PORT=3080\n"], ids=["without .env", "with .env"])
def test_a_host_that_was_allowed_stays_allowed(
    clone: Clone, run: Runner, env: bytes | None
) -> None:
    root = clone()
    if env:
        (root / ".env").write_bytes(env)
    run("apply", "--root", root, "--yes", "--allow-http", "litellm.example:4000")
    allowed = (root / ".env").read_bytes()
    assert b"litellm.example" in allowed
    assert run("update", "--root", root, "--to", NEW).code == 0
    assert (root / ".env").read_bytes() == allowed
    run("rollback", "--root", root)
    assert ((root / ".env").read_bytes() if env else (root / ".env").exists()) == (env or False)


def test_an_env_that_was_edited_since_keeps_all_that_is_in_it(clone: Clone, run: Runner) -> None:
    root = clone()
    run("apply", "--root", root, "--yes", "--allow-http", "litellm.example:4000")
    with (root / ".env").open("ab") as env:
        env.write(b"PORT=3080\n")
    before = (root / ".env").read_bytes()
    assert run("update", "--root", root, "--to", NEW).code == 0
    assert (root / ".env").read_bytes() == before


def test_a_patch_of_ones_own_comes_along(clone: Clone, run: Runner, tmp_path: Path) -> None:
    own = tmp_path / "own" / "mine"
    own.mkdir(parents=True)
    (own / "patch.yaml").write_text(
        "schema: 1\nid: mine\ntitle: Mine\nwhy: Tests need one.\nlibrechat: '>=0.7'\n"
        f"components: {{backend: b}}\nedits:\n  - in: {ROUTES}\n"
        "    find: const router = express.Router();\n    insert_after: router.use(mine);\n",
        encoding="utf-8",
    )
    root = clone()
    run("apply", "--root", root, "--yes")
    assert run("apply", "--root", root, "--yes", "--patches", own, "--patch", "mine").code == 0
    without = run("update", "--root", root, "--to", NEW)
    assert without.code == 2
    assert "the patch mine is applied here, but its definition was not found" in without.err
    assert commit_of(root, "HEAD") == commit_of(root, OLD)
    assert run("update", "--root", root, "--to", NEW, "--patches", own).code == 0
    assert b"router.use(mine)" in (root / ROUTES).read_bytes()
    found = run("status", "--root", root, "--patches", own, "--format", "json").data
    assert {p["id"] for p in found["patches"]} == {"dynamic-models", "mine"}
    run("rollback", "--root", root)
    assert said(root, "status", "--porcelain") == ""


def test_without_a_patch_the_checkout_alone_is_moved(
    clone: Clone, run: Runner, upstream: Path
) -> None:
    root = clone()
    done = run("update", "--root", root, "--to", NEW)
    assert done.code == 0
    assert "no patch was applied before, and none is now" in done.out
    assert is_release(root, upstream, NEW)
    assert not (root / ".librechat-patcher").exists()


def test_an_update_says_what_to_build_and_installs_what_that_needs(
    checkout: Path, run: Runner
) -> None:
    (checkout / "node_modules" / "vite").mkdir(parents=True)
    done = run("update", "--root", checkout, "--to", NEW)
    assert "npm ci --include=dev && npm run frontend" in done.out


def test_a_dry_run_touches_nothing(checkout: Path, run: Runner) -> None:
    before, refs = state(checkout), said(checkout, "for-each-ref")
    done = run("update", "--root", checkout, "--to", NEW, "--dry-run")
    assert done.code == 0
    assert f"from {OLD} to {NEW}, with dynamic-models" in done.out
    assert "updated" not in done.out
    assert (state(checkout), said(checkout, "for-each-ref")) == (before, refs)
    assert not (checkout / ".librechat-patcher" / "update.json").exists()


def test_the_answer_as_json(checkout: Path, run: Runner) -> None:
    data = run("update", "--root", checkout, "--to", NEW, "--format", "json").data
    assert (data["ok"], data["is_moved"]) == (True, True)
    assert data["planned"]["target"]["name"] == NEW
    assert data["planned"]["patches"] == ["dynamic-models"]
    assert data["receipt"]["librechat"].removeprefix("v") == NEW.removeprefix("v")


def test_git_says_where_the_checkout_came_from(checkout: Path, run: Runner) -> None:
    run("update", "--root", checkout, "--to", NEW)
    assert f"HEAD detached at {NEW}" in said(checkout, "status")
    first = said(checkout, "reflog", "-1", "--format=%gs").strip()
    assert first == f"checkout: moving from {OLD} to {NEW}"


def test_hooks_are_not_run(checkout: Path, run: Runner, tmp_path: Path) -> None:
    hooks = checkout / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    names = ("post-checkout", "post-merge", "post-index-change", "reference-transaction")
    for name in names:
        (hooks / name).write_text(
            f"#!/bin/sh\ntouch {tmp_path}/{name}.ran\nexit 1\n", encoding="utf-8"
        )
        (hooks / name).chmod(0o755)
    assert run("update", "--root", checkout, "--to", NEW).code == 0
    assert not list(tmp_path.glob("*.ran"))


def test_a_workis_release_another_clone_is_updated(
    clone: Clone, run: Runner, tmp_path: Path, upstream: Path
) -> None:
    git(clone(), "worktree", "add", "-q", "--detach", str(tmp_path / "beside"), OLD)
    root = tmp_path / "beside"
    run("apply", "--root", root, "--yes")
    assert run("update", "--root", root, "--to", NEW).code == 0
    run("rollback", "--root", root)
    assert is_release(root, upstream, NEW)


def test_line_ends_that_git_writes_stay(clone: Clone, run: Runner, upstream: Path) -> None:
    root = clone(OLD, "--no-checkout")
    git(root, "config", "core.autocrlf", "true")
    said(root, "checkout", "-q", "-f", OLD)
    run("apply", "--root", root, "--yes")
    assert b"\r\n" in (root / ROUTES).read_bytes()
    assert run("update", "--root", root, "--to", NEW).code == 0
    assert b"\n" not in (root / ROUTES).read_bytes().replace(b"\r\n", b"")
    run("rollback", "--root", root)
    assert is_release(root, upstream, NEW)


def test_a_sparse_checkout_stays_sparse(clone: Clone, run: Runner) -> None:
    root = clone()
    git(root, "sparse-checkout", "set", "api")
    run("apply", "--root", root, "--yes")
    done = run("update", "--root", root, "--to", NEW)
    assert done.code == 0, done.err
    assert not (root / "client").exists()
    assert b"fetchUserModelsController" in (root / ROUTES).read_bytes()


def test_a_package_that_git_tells_apart_only_by_its_time_does_not_stop_it(
    checkout: Path, run: Runner
) -> None:
    (checkout / "package.json").touch()
    assert run("update", "--root", checkout, "--to", NEW).code == 0
    package = json.loads((checkout / "package.json").read_text(encoding="utf-8"))
    assert package["version"].removeprefix("v") == NEW.removeprefix("v")
