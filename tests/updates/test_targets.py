"""Which release is meant, and what is said when none can be."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.cli.running import Runner
from tests.updates.conftest import (
    NEW,
    OLD,
    RELEASES,
    Clone,
    commit_of,
    git,
    is_release,
    said,
    state,
)

FINAL, LAST = RELEASES[-2], RELEASES[-1]


def test_a_branch_goes_to_its_upstream(clone: Clone, run: Runner, upstream: Path) -> None:
    root = clone("main")
    git(root, "reset", "-q", "--hard", OLD)
    run("apply", "--root", root, "--yes")
    done = run("update", "--root", root)
    assert done.code == 0, done.err
    assert said(root, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    run("rollback", "--root", root)
    assert is_release(root, upstream, "main")
    assert "nothing to do" in run("update", "--root", root).out


def test_what_is_new_upstream_is_fetched(upstream: Path, run: Runner, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", str(upstream), "theirs")
    git(tmp_path / "theirs", "reset", "-q", "--hard", OLD)
    git(tmp_path, "clone", "-q", str(tmp_path / "theirs"), "LibreChat")
    git(tmp_path / "theirs", "reset", "-q", "--hard", NEW)
    root = tmp_path / "LibreChat"
    run("apply", "--root", root, "--yes")
    assert run("update", "--root", root).code == 0
    assert commit_of(root, "HEAD") == commit_of(upstream, NEW)


@pytest.mark.parametrize(("at", "newest"), [(OLD, FINAL), ("v0.7.0", FINAL)])
def test_a_release_goes_to_the_newest_that_is_no_candidate(
    clone: Clone, run: Runner, at: str, newest: str
) -> None:
    root = clone(at)
    run("apply", "--root", root, "--yes")
    assert f"to {newest}" in run("update", "--root", root).out
    assert commit_of(root, "HEAD") == commit_of(root, newest)
    assert "nothing to do" in run("update", "--root", root).out


def test_a_candidate_goes_to_the_newest_candidate(clone: Clone, run: Runner) -> None:
    root = clone(OLD)
    git(root, "tag", "v0.8.3-rc9")
    git(root, "tag", "-d", OLD)
    assert f"to {LAST}" in run("update", "--root", root).out


@pytest.mark.parametrize("options", [("--depth=1",), ("--no-tags",), ()], ids=str)
def test_a_release_that_is_not_here_yet_is_fetched(
    clone: Clone, run: Runner, upstream: Path, options: tuple[str, ...]
) -> None:
    root = clone(OLD, "--branch", OLD, "--single-branch", *options)
    for tag in said(root, "tag").split():
        if tag != OLD:
            git(root, "tag", "-d", tag)
    git(root, "tag", "-f", OLD, "HEAD")
    run("apply", "--root", root, "--yes")
    done = run("update", "--root", root)
    assert done.code == 0, done.err
    assert commit_of(root, "HEAD") == commit_of(upstream, FINAL)
    done = run("update", "--root", root, "--to", "v0.8.1")
    assert done.code == 0, done.err
    assert commit_of(root, "HEAD") == commit_of(upstream, "v0.8.1")


def test_a_named_release_leaves_the_branch_where_it_is(clone: Clone, run: Runner) -> None:
    root = clone("main")
    run("apply", "--root", root, "--yes")
    done = run("update", "--root", root, "--to", OLD)
    assert "the branch main stays where it is" in done.out
    assert commit_of(root, "HEAD") == commit_of(root, OLD)
    assert commit_of(root, "main") == commit_of(root, LAST)
    assert run("update", "--root", root, "--to", "main").code == 0
    assert said(root, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    assert commit_of(root, "main") == commit_of(root, LAST)


def test_a_branch_goes_to_what_was_fetched_of_its_upstream_when_that_is_named(
    clone: Clone, run: Runner
) -> None:
    root = clone("main")
    git(root, "reset", "-q", "--hard", OLD)
    git(root, "remote", "set-url", "origin", "/nowhere")
    assert run("update", "--root", root, "--to", "origin/main").code == 0
    assert said(root, "symbolic-ref", "HEAD").strip() == "refs/heads/main"
    assert commit_of(root, "main") == commit_of(root, LAST)


def test_no_merge_is_made(clone: Clone, run: Runner) -> None:
    root = clone("main")
    git(root, "reset", "-q", "--hard", OLD)
    (root / "mine.txt").write_text("mine\n", encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Mine")
    run("apply", "--root", root, "--yes")
    before = state(root)
    done = run("update", "--root", root)
    assert done.code == 1
    assert "main has commits that origin/main lacks" in done.err
    assert state(root) == before


def test_a_branch_that_is_ahead_has_nothing_to_do(clone: Clone, run: Runner) -> None:
    root = clone("main")
    git(root, "commit", "-q", "--allow-empty", "-m", "Mine")
    done = run("update", "--root", root)
    assert (done.code, "nothing to do" in done.out) == (0, True)


@pytest.mark.parametrize("at", ["main", OLD])
def test_without_a_network_nothing_is_changed(clone: Clone, run: Runner, at: str) -> None:
    root = clone(at)
    git(root, "reset", "-q", "--hard", OLD)
    run("apply", "--root", root, "--yes")
    git(root, "remote", "set-url", "origin", "/nowhere")
    before = state(root)
    done = run("update", "--root", root)
    assert done.code == 6
    assert "origin cannot be asked" in done.err
    assert "--to v0.8.4" in done.err
    assert (state(root), commit_of(root, "HEAD")) == (before, commit_of(root, OLD))
    done = run("update", "--root", root, "--to", "v9.9.9")
    assert done.code == 6
    assert f"the newest releases that are known here: v0.8.1, {FINAL}, {LAST}" in done.err
    assert run("update", "--root", root, "--to", NEW).code == 0


@pytest.mark.parametrize(
    ("prepare", "arguments", "code", "words"),
    [
        ("checkout -q HEAD~1~0", (), 0, ""),
        ("tag -d v0.7.9", (), 2, "is neither on a branch nor a release"),
        ("remote rm origin", (), 2, "has no remote and none called origin"),
        ("checkout -q -b mine --no-track", (), 2, "the branch mine has no upstream"),
        ("tag x", ("--to", "nothing"), 2, "nor origin knows a release, a branch or a commit"),
        ("tag x", ("--to", "--all"), 2, "--to --all"),
        ("tag x", ("--to", ""), 2, "--to"),
    ],
)
def test_what_cannot_be_meant_is_said(
    clone: Clone, run: Runner, prepare: str, arguments: tuple[str, ...], code: int, words: str
) -> None:
    root = clone()
    git(root, *prepare.split())
    done = run("update", "--root", root, *arguments)
    assert (done.code, words in done.err) == (code, True), done.err


def test_a_branch_of_another_worktree_is_not_taken(
    clone: Clone, run: Runner, tmp_path: Path
) -> None:
    root = clone()
    git(root, "branch", "theirs", NEW)
    git(root, "worktree", "add", "-q", str(tmp_path / "beside"), "theirs")
    done = run("update", "--root", root, "--to", "theirs")
    assert done.code == 2
    assert "the branch theirs is checked out in another worktree" in done.err


def test_what_is_no_git_checkout_is_told_what_to_do(clone: Clone, run: Runner) -> None:
    root = clone()
    shutil.rmtree(root / ".git")
    done = run("update", "--root", root)
    assert done.code == 5
    assert "is no git checkout" in done.err
    assert "unpack the new release over it" in done.err


def test_a_folder_of_another_repository_is_not_moved(
    clone: Clone, run: Runner, tmp_path: Path
) -> None:
    root = clone()
    shutil.rmtree(root / ".git")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A", "LibreChat")
    git(tmp_path, "commit", "-qm", "All we have")
    done = run("update", "--root", root)
    assert done.code == 5
    assert "is a folder in another git repository" in done.err


def test_a_lock_of_git_that_was_there_before_is_not_taken_away(checkout: Path, run: Runner) -> None:
    lock = checkout / ".git" / "index.lock"
    lock.touch()
    done = run("update", "--root", checkout, "--to", NEW)
    assert done.code == 6
    assert str(lock) in done.err
    assert lock.exists()


def test_a_checkout_of_another_user_is_named_as_such(
    checkout: Path, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    done = run("update", "--root", checkout, "--to", NEW)
    assert done.code == 6
    assert "belongs to another user" in done.err
    assert f"git config --global --add safe.directory {checkout}" in done.err


def test_without_git_it_says_so(
    checkout: Path, run: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path / "empty"))
    done = run("update", "--root", checkout, "--to", NEW)
    assert (done.code, "git cannot be started" in done.err) == (6, True)
