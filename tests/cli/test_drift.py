"""What people do to a patched checkout, and what the next command makes of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Runner
from tests.conftest import committed, contents, fixture_folder, git

Copy = Callable[[str], Path]
ROUTES = "api/server/routes/models.js"


@pytest.fixture
def root(copy_of: Copy) -> Path:
    """A committed checkout of v0.8.4, with the modes that git gives its files here."""
    root = committed(copy_of("e6-v0.8.4"))
    git(root, "rm", "-rq", ".")
    git(root, "reset", "-q", "--hard")
    return root


def files(root: Path) -> dict[str, tuple[int, bytes]]:
    """What is in the checkout, without git's own folder."""
    return {p: c for p, c in contents(root).items() if not p.startswith(".git/")}


def drift(run: Runner, root: Path) -> dict[str, str]:
    """Path to kind of every drifted file, as `status` has it."""
    answer = run("status", "--root", root, "--format", "json").data
    return {d["path"]: d["kind"] for d in answer["drift"]}


def test_checking_the_originals_out_again_is_seen_and_patched_again(
    run: Runner, root: Path
) -> None:
    run("apply", "--root", root)
    patched = files(root)
    git(root, "checkout", "-q", ".")
    found = drift(run, root)
    assert set(found.values()) == {"restored"}
    assert ROUTES in found
    assert run("apply", "--root", root).code == 0
    assert files(root) == patched
    assert run("verify", "--root", root).code == 0


def test_a_stash_over_a_patched_tree_can_come_back(run: Runner, root: Path) -> None:
    before = files(root)
    run("apply", "--root", root)
    git(root, "stash", "-q", "--include-untracked")
    assert set(drift(run, root).values()) == {"restored"}
    git(root, "stash", "pop", "-q")
    assert drift(run, root) == {}
    assert run("rollback", "--root", root).code == 0
    assert files(root) == before


def test_an_upgrade_in_place_is_patched_anew_and_given_back_as_upgraded(
    run: Runner, root: Path
) -> None:
    run("apply", "--root", root)
    shutil.copytree(fixture_folder("e7-v0.8.8-rc1"), root, dirs_exist_ok=True)
    upgraded = contents(root)
    assert set(drift(run, root).values()) == {"edited"}

    assert run("apply", "--root", root).code == 0
    assert run("verify", "--root", root).code == 0
    assert drift(run, root) == {}

    assert run("rollback", "--root", root).code == 0
    assert contents(root) == upgraded
    refused = run("rollback", "--root", root)
    assert (refused.code, contents(root)) == (4, upgraded)
    assert ROUTES in refused.err


def test_a_patched_file_that_is_gone_is_named(run: Runner, root: Path) -> None:
    run("apply", "--root", root)
    (root / ROUTES).unlink()
    assert drift(run, root) == {ROUTES: "deleted"}
    done = run("apply", "--root", root)
    assert done.code == 1
    assert "the file is not there" in done.err


def test_without_the_state_folder_the_patch_is_still_recognised(run: Runner, root: Path) -> None:
    run("apply", "--root", root)
    shutil.rmtree(root / ".librechat-patcher")
    assert "no patch is applied here" in run("status", "--root", root).out
    assert "nothing to do" in run("apply", "--root", root).out
    verified = run("verify", "--root", root)
    assert verified.code == 0
    assert "receipt: skipped" in verified.out
    rolled_back = run("rollback", "--root", root)
    assert rolled_back.code == 0
    assert "nothing to roll back" in rolled_back.out


def test_a_definition_that_changed_since_is_named_and_applied_again(
    run: Runner, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("apply", "--root", root)
    newer = tmp_path / "newer"
    shutil.copytree(Path(__file__).parents[2] / "patches", newer)
    added = newer / "dynamic-models/files/api/server/services/DynamicModels/index.js"
    added.write_bytes(added.read_bytes() + b"// newer\n")
    monkeypatch.setattr("patcher.commands.selection.shipped_folder", lambda: newer)
    assert "the definition has changed since: apply again" in run("status", "--root", root).out
    assert run("apply", "--root", root).code == 0
    assert (
        (root / added.relative_to(newer / "dynamic-models/files"))
        .read_text(encoding="utf-8")
        .endswith("newer\n")
    )
    assert "changed since" not in run("status", "--root", root).out


def test_a_drifted_copy_is_never_laid_over_an_older_one(run: Runner, root: Path) -> None:
    for text in ("// first\n", "// second\n"):
        run("apply", "--root", root)
        (root / ROUTES).write_text(text, encoding="utf-8")
        assert run("rollback", "--root", root, "--force").code == 0
    kept = sorted((root / ROUTES).parent.glob("*drifted*"))
    assert sorted(p.read_text(encoding="utf-8") for p in kept) == ["// first\n", "// second\n"]
