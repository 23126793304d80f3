"""What somebody changed in the checkout: it comes along, or nothing is touched. Never lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Runner
from tests.updates.conftest import (
    HOOKED,
    NEW,
    NOTES,
    OLD,
    README,
    ROUTES,
    Clone,
    commit_of,
    git,
    index_of,
    said,
    state,
)

MINE = b"// mine\n"
ADDED = "api/server/services/DynamicModels/index.js"


def edit(root: Path, path: str) -> None:
    with (root / path).open("ab") as file:
        file.write(MINE)


def edit_and_stage(root: Path, path: str) -> None:
    edit(root, path)
    git(root, "add", path)


def stage_and_edit_again(root: Path, path: str) -> None:
    edit_and_stage(root, path)
    edit(root, path)


def delete(root: Path, path: str) -> None:
    (root / path).unlink()


def delete_and_stage(root: Path, path: str) -> None:
    git(root, "rm", "-qf", path)


def overlook(root: Path, path: str) -> None:
    git(root, "update-index", "--assume-unchanged", path)
    edit(root, path)


CHANGES = [edit, edit_and_stage, stage_and_edit_again]
Hand = Callable[[Path, str], None]


@pytest.mark.parametrize("change", [*CHANGES, delete, delete_and_stage, overlook])
def test_a_change_in_an_unpatched_file_that_stays_the_same_comes_along(
    checkout: Path, run: Runner, change: Hand
) -> None:
    change(checkout, NOTES)
    before = (checkout / NOTES).read_bytes() if (checkout / NOTES).exists() else None
    staged = said(checkout, "diff", "--cached", "--", NOTES)
    done = run("update", "--root", checkout, "--to", NEW)
    assert done.code == 0, done.err
    assert f"comes along: {NOTES} has " in done.out
    now = (checkout / NOTES).read_bytes() if (checkout / NOTES).exists() else None
    assert now == before
    assert said(checkout, "diff", "--cached", "--", NOTES) == staged
    run("rollback", "--root", checkout)
    assert ((checkout / NOTES).read_bytes() if before is not None else None) == before


@pytest.mark.parametrize("change", [*CHANGES, delete, delete_and_stage, overlook])
def test_a_change_in_an_unpatched_file_that_the_other_release_changes_stops_it(
    checkout: Path, run: Runner, change: Hand
) -> None:
    change(checkout, README)
    refused(checkout, run, NEW, README)


@pytest.mark.parametrize("change", [*CHANGES, overlook])
def test_a_change_in_a_patched_file_that_stays_the_same_comes_along(
    checkout: Path, run: Runner, change: Hand
) -> None:
    change(checkout, HOOKED)
    staged = index_of(checkout)
    mine = (checkout / HOOKED).read_bytes().count(MINE)
    done = run("update", "--root", checkout, "--to", NEW)
    assert done.code == 0, done.err
    assert f"comes along: {HOOKED} has " in done.out
    assert (checkout / HOOKED).read_bytes().count(MINE) == mine
    assert b"useAutoModelRefresh" in (checkout / HOOKED).read_bytes()
    assert index_of(checkout) == staged
    assert run("rollback", "--root", checkout).code == 0
    clean = said(checkout, "show", f"HEAD:{HOOKED}").encode()
    assert (checkout / HOOKED).read_bytes() == clean + MINE * mine


@pytest.mark.parametrize("change", [*CHANGES, delete, delete_and_stage, overlook])
def test_a_change_in_a_patched_file_that_the_other_release_changes_stops_it(
    checkout: Path, run: Runner, change: Hand
) -> None:
    change(checkout, ROUTES)
    refused(checkout, run, NEW, ROUTES)


def test_a_change_from_before_the_patch_comes_along(clone: Clone, run: Runner) -> None:
    root = clone()
    edit(root, HOOKED)
    before = (root / HOOKED).read_bytes()
    run("apply", "--root", root, "--yes")
    assert run("update", "--root", root, "--to", NEW).code == 0
    run("rollback", "--root", root)
    assert (root / HOOKED).read_bytes() == before


def test_a_patch_that_is_staged_whole_stops_it_where_git_would(checkout: Path, run: Runner) -> None:
    git(checkout, "add", "-A")
    refused(checkout, run, NEW, ROUTES)


def test_a_patch_that_was_committed_stops_it(checkout: Path, run: Runner) -> None:
    git(checkout, "add", "-A")
    git(checkout, "commit", "-qm", "LibreChat with the patch")
    refused(checkout, run, NEW, f"{ROUTES} is committed with the patch in it")


def test_a_change_in_a_file_that_the_patch_added_stops_it(checkout: Path, run: Runner) -> None:
    edit(checkout, ADDED)
    refused(checkout, run, NEW, ADDED)


def test_a_file_that_the_patch_added_and_that_is_gone_comes_back(
    checkout: Path, run: Runner
) -> None:
    delete(checkout, ADDED)
    assert run("update", "--root", checkout, "--to", NEW).code == 0
    assert (checkout / ADDED).exists()


def test_a_change_where_the_patch_has_its_own_stops_it(checkout: Path, run: Runner) -> None:
    text = (checkout / ROUTES).read_bytes()
    (checkout / ROUTES).write_bytes(text.replace(b"router.post('/fetch',", b"router.put('/f',"))
    refused(checkout, run, NEW, ROUTES)


@pytest.mark.parametrize("ignored", [False, True], ids=["untracked", "ignored"])
@pytest.mark.parametrize("what", ["a file", "a folder"])
def test_a_file_of_ones_own_where_the_other_release_has_one_stops_it(
    upstream_with: Callable[[str], Path], run: Runner, ignored: bool, what: str
) -> None:
    path = "ignored/tool.js" if ignored else "tools/tool.js"
    root = upstream_with(path)
    run("apply", "--root", root, "--yes")
    mine = root / path if what == "a file" else root / path / "mine.js"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(MINE)
    refused(root, run, "v0.9.0", f"{path} is not in git")


def test_a_file_of_ones_own_where_the_other_release_has_a_folder_stops_it(
    upstream_with: Callable[[str], Path], run: Runner
) -> None:
    root = upstream_with("tools/tool.js")
    run("apply", "--root", root, "--yes")
    (root / "tools").write_bytes(MINE)
    refused(root, run, "v0.9.0", "tools is not in git")


@pytest.fixture
def upstream_with(clone: Clone) -> Callable[[str], Path]:
    """A function that gives a checkout of `OLD` whose upstream has v0.9.0 with one more file."""

    def make(path: str) -> Path:
        root = clone(NEW)
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text("theirs();\n", encoding="utf-8")
        git(root, "add", "-f", path)
        git(root, "commit", "-qm", "Add a tool")
        git(root, "tag", "v0.9.0")
        git(root, "checkout", "-q", OLD)
        return root

    return make


def test_other_files_of_ones_own_are_left_alone(checkout: Path, run: Runner) -> None:
    for path in ("librechat.yaml", "ignored/data", "mine.txt", "client/dist/index.html"):
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        (checkout / path).write_bytes(MINE)
    assert run("update", "--root", checkout, "--to", NEW).code == 0
    for path in ("librechat.yaml", "ignored/data", "mine.txt", "client/dist/index.html"):
        assert (checkout / path).read_bytes() == MINE


@pytest.mark.parametrize(
    ("begin", "what"),
    [
        ("merge --no-commit --no-ff -s ours v0.8.4", "a merge"),
        ("cherry-pick --no-commit v0.8.4", ""),
        ("bisect start", "a bisection"),
    ],
)
def test_what_git_has_not_finished_stops_it(
    clone: Clone, run: Runner, begin: str, what: str
) -> None:
    root = clone()
    try:
        git(root, *begin.split())
    except Exception:
        what = what or "conflicts"
    before = state(root)
    done = run("update", "--root", root, "--to", NEW)
    assert done.code == 1
    assert what in done.err
    assert state(root) == before


def test_a_checkout_that_was_reset_to_the_release_is_updated(checkout: Path, run: Runner) -> None:
    """The runs say that files are patched which git has replaced since."""
    git(checkout, "checkout", "-f", "v0.8.1")
    done = run("update", "--root", checkout, "--to", NEW)
    assert done.code == 0, done.err
    assert run("verify", "--root", checkout).code == 0
    run("rollback", "--root", checkout)
    assert said(checkout, "status", "--porcelain") == ""


def refused(root: Path, run: Runner, target: str, words: str) -> None:
    """The update stops, names the file, and leaves everything as it is: files, index, HEAD."""
    was = (state(root), index_of(root), commit_of(root, "HEAD"), said(root, "ls-files", "-v"))
    for more in ([], ["--dry-run"]):
        done = run("update", "--root", root, "--to", target, *more)
        assert done.code == 1
        assert "nothing was changed" in done.err
        assert words in done.err
        now = (state(root), index_of(root), commit_of(root, "HEAD"), said(root, "ls-files", "-v"))
        assert now == was
        assert not (root / ".librechat-patcher" / "update.json").exists()
