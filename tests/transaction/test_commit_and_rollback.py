"""What a commit writes, what a rollback restores, and what both refuse."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from patcher.errors import BadUsage, Blocked, Drifted
from patcher.model import Drift, Outcome, Phase, Plan, Restored, State
from patcher.transaction import Store, open_store

from .support import change, plan, snapshot, tree

OLD = {"api/index.js": b"old\r\n", "api/gone.js": b"bye", "empty.txt": b"", "keep.txt": b"k"}
PLAN = plan(
    change("api/index.js", b"old\r\n", b"\xef\xbb\xbfnew\r\n"),
    change("api/gone.js", b"bye", None),
    change("empty.txt", b"", b"filled"),
    change("api/new/deep/file.js", None, b""),
    change("keep.txt", b"k", b"k", 0o755),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tree(tmp_path / "LibreChat", OLD)


@pytest.fixture
def store(root: Path) -> Store:
    return open_store(root)


def test_commit_writes_what_was_planned(root: Path, store: Store) -> None:
    receipt = store.commit(PLAN, "v0.8.4")

    assert (root / "api/index.js").read_bytes() == b"\xef\xbb\xbfnew\r\n"
    assert not (root / "api/gone.js").exists()
    assert (root / "empty.txt").read_bytes() == b"filled"
    assert (root / "api/new/deep/file.js").read_bytes() == b""
    assert (root / "keep.txt").stat().st_mode & 0o777 == 0o755
    assert receipt.phase is Phase.DONE
    assert receipt.folders == ("api/new", "api/new/deep")
    assert store.receipts() == (receipt,)
    assert store.drift(receipt) == ()
    assert {path.name for path in root.rglob(".*")} == {".librechat-patcher", ".gitignore"}


def test_rollback_gives_back_bytes_modes_and_folders(root: Path, store: Store) -> None:
    before = snapshot(root)
    receipt = store.commit(PLAN, "v0.8.4")

    assert store.original(receipt, "api/gone.js") == b"bye"
    assert store.rollback() == Restored(
        receipt.run,
        ("api/index.js", "api/gone.js", "empty.txt", "keep.txt"),
        ("api/new/deep/file.js",),
        (),
    )
    assert snapshot(root) == before
    assert [r.phase for r in store.receipts()] == [Phase.ROLLED_BACK]


def test_times_of_other_files_stay(root: Path, store: Store) -> None:
    tree(root, {"api/other.js": b"other"})
    os.utime(root / "api/other.js", ns=(5, 5))
    store.commit(PLAN, "")
    store.rollback()

    assert (root / "api/other.js").stat().st_mtime_ns == 5


def test_the_other_name_of_a_hard_link_keeps_the_old_bytes(root: Path, store: Store) -> None:
    os.link(root / "api/index.js", root / "twin.js")
    store.commit(PLAN, "")

    assert (root / "twin.js").read_bytes() == b"old\r\n"


@pytest.mark.parametrize("mode", [0o444, 0o755, 0o600, 0o4755, 0o2755])
def test_the_mode_of_a_file_stays(root: Path, store: Store, mode: int) -> None:
    path = root / "api/index.js"
    path.chmod(mode)
    store.commit(PLAN, "")
    assert path.stat().st_mode & 0o7777 == mode
    store.rollback()
    assert path.stat().st_mode & 0o7777 == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_of_a_file_stays_and_new_files_have_the_owner_of_their_folder(
    root: Path, store: Store
) -> None:
    for name, owner in [("api", 1001), ("api/index.js", 1002), ("api/gone.js", 1003)]:
        os.chown(root / name, owner, owner)
    store.commit(PLAN, "")
    assert (root / "api/index.js").stat().st_uid == 1002
    assert (root / "api/new/deep").stat().st_uid == 1001
    assert (root / "api/new/deep/file.js").stat().st_uid == 1001
    store.rollback()
    assert (root / "api/index.js").stat().st_uid == 1002
    assert (root / "api/gone.js").stat().st_uid == 1003


def test_a_second_commit_of_the_same_plan_is_blocked(root: Path, store: Store) -> None:
    store.commit(PLAN, "")
    after = snapshot(root)

    with pytest.raises(Blocked) as caught:
        store.commit(PLAN, "")
    assert str(caught.value) == (
        "the checkout changed since the plan was made; nothing was written:\n"
        "  api/index.js was edited\n"
        "  api/gone.js was deleted\n"
        "  empty.txt was edited\n"
        "  api/new/deep/file.js is there by now"
    )
    assert caught.value.hint == (
        "run `librechat-patcher apply` again: it plans on the files as they are now"
    )
    assert snapshot(root) == after
    assert len(store.receipts()) == 1


def test_nothing_is_created_when_there_is_nothing_to_do(root: Path, store: Store) -> None:
    assert store.receipts() == ()
    assert store.recover() is None
    with store.locked():
        pass
    with pytest.raises(Blocked, match="changes nothing"):
        store.commit(plan(change("api/index.js", b"old\r\n", b"old\r\n")), "")
    with pytest.raises(Blocked, match="changes nothing"):
        store.commit(plan(change("api/index.js", b"old\r\n", b"old\r\n", 0o644)), "")
    with pytest.raises(BadUsage, match="nothing to roll back"):
        store.rollback()
    assert not (root / ".librechat-patcher").exists()


def test_a_plan_with_blocked_edits_is_not_written(root: Path, store: Store) -> None:
    outcome = Outcome("dynamic-models", "api/index.js", "add import", State.BLOCKED)
    before = snapshot(root)
    with pytest.raises(Blocked, match=r"api/index\.js"):
        store.commit(Plan((), (), PLAN.changes, (outcome,)), "")
    assert snapshot(root) == before


def test_runs_are_rolled_back_in_any_order_that_loses_nothing(root: Path, store: Store) -> None:
    before = snapshot(root)
    first = store.commit(plan(change("new/a.js", None, b"a")), "")
    second = store.commit(plan(change("new/b.js", None, b"b")), "")
    assert first.run < second.run
    assert store.rollback(first.run).removed == ("new/a.js",)
    assert store.rollback().removed == ("new/b.js",)
    assert snapshot(root) == before


def test_an_older_run_stays_while_a_later_one_needs_its_files(root: Path, store: Store) -> None:
    first = store.commit(plan(change("keep.txt", b"k", b"1")), "")
    second = store.commit(plan(change("keep.txt", b"1", b"2")), "")

    assert store.drift(first) == ()
    for force in (False, True):
        with pytest.raises(Drifted) as caught:
            store.rollback(first.run, force)
        assert str(caught.value) == (
            f"the later run {second.run} changed files of the run {first.run}; "
            "nothing was rolled back:\n  keep.txt"
        )
        assert caught.value.hint == (
            f"roll that one back first: `librechat-patcher rollback --run {second.run}`"
        )
    store.rollback()
    assert store.drift(store.receipts()[1]) == ()
    store.rollback()
    assert (root / "keep.txt").read_bytes() == b"k"


def test_drift_is_named_and_refused(root: Path, store: Store) -> None:
    receipt = store.commit(PLAN, "")
    (root / "api/index.js").write_bytes(b"mine")
    (root / "api/new/deep/file.js").unlink()
    (root / "api/gone.js").write_bytes(b"back by hand")
    (root / "empty.txt").unlink()
    (root / "keep.txt").unlink()
    (root / "keep.txt").mkdir()
    before = snapshot(root)

    assert store.drift(receipt) == (
        Drift("api/index.js", "edited"),
        Drift("api/gone.js", "edited"),
        Drift("empty.txt", "deleted"),
        Drift("api/new/deep/file.js", "restored"),
        Drift("keep.txt", "replaced"),
    )
    with pytest.raises(Drifted) as caught:
        store.rollback()
    assert str(caught.value) == (
        "files changed since they were patched; nothing was rolled back:\n"
        "  api/index.js was edited\n"
        "  api/gone.js was edited\n"
        "  empty.txt was deleted\n"
        "  keep.txt was replaced"
    )
    assert caught.value.hint == (
        f"`librechat-patcher rollback --run {receipt.run} --force` brings the originals back and "
        f"keeps your copies beside them, named NAME.drifted-{receipt.run}"
    )
    assert snapshot(root) == before


def test_force_keeps_what_a_person_wrote(root: Path, store: Store) -> None:
    before = snapshot(root)
    run = store.commit(PLAN, "").run
    (root / "api/index.js").write_bytes(b"mine")
    (root / f"api/index.js.drifted-{run}").write_bytes(b"an older copy")
    (root / "api/new/deep/file.js").write_bytes(b"mine too")
    (root / "keep.txt").unlink()
    (root / "keep.txt").symlink_to("nowhere")
    (root / "empty.txt").unlink()

    restored = store.rollback(force=True)

    assert restored.kept == (
        f"api/index.js.drifted-{run}-2",
        f"api/new/deep/file.js.drifted-{run}",
        f"keep.txt.drifted-{run}",
    )
    assert (root / f"api/index.js.drifted-{run}-2").read_bytes() == b"mine"
    assert (root / f"api/index.js.drifted-{run}").read_bytes() == b"an older copy"
    assert (root / f"api/new/deep/file.js.drifted-{run}").read_bytes() == b"mine too"
    assert (root / f"keep.txt.drifted-{run}").readlink() == Path("nowhere")
    assert {name: snapshot(root)[name] for name in before} == before


def test_a_folder_that_became_a_link_is_never_followed(
    root: Path, store: Store, tmp_path: Path
) -> None:
    receipt = store.commit(PLAN, "")
    (root / "api").rename(tmp_path / "elsewhere")
    (root / "api").symlink_to(tmp_path / "elsewhere")
    elsewhere = snapshot(tmp_path / "elsewhere")

    assert Drift("api/index.js", "replaced") in store.drift(receipt)
    with pytest.raises(Drifted) as caught:
        store.rollback(force=True)
    assert str(caught.value) == (
        "api/index.js lies behind api, which is a symbolic link; nothing was rolled back"
    )
    assert caught.value.hint == (
        "move that away or put the folder back, then run the same command again"
    )
    with pytest.raises(Blocked, match="lies behind api, which is a symbolic link"):
        store.commit(plan(change("api/x.js", None, b"x")), "")
    assert snapshot(tmp_path / "elsewhere") == elsewhere


def test_a_deleted_folder_is_made_again_by_force(root: Path, store: Store) -> None:
    before = snapshot(root)
    store.commit(plan(change("api/index.js", b"old\r\n", b"new")), "")
    (root / "api/index.js").unlink()
    (root / "api/gone.js").unlink()
    (root / "api").rmdir()
    store.rollback(force=True)
    assert snapshot(root) == {k: v for k, v in before.items() if k != "api/gone.js"}


def test_which_run_to_roll_back(store: Store) -> None:
    receipt = store.commit(PLAN, "")
    with pytest.raises(BadUsage) as caught:
        store.rollback("20200101T000000Z-0000")
    assert str(caught.value) == "there is no run 20200101T000000Z-0000"
    assert caught.value.hint == f"runs that can be rolled back: {receipt.run}"
    store.rollback(receipt.run)
    with pytest.raises(BadUsage) as caught:
        store.rollback(receipt.run)
    assert str(caught.value) == f"the run {receipt.run} is rolled back already"
    assert caught.value.hint == "no run is applied to this checkout"
    with pytest.raises(BadUsage) as caught:
        store.original(receipt, "api/new/deep/file.js")
    assert str(caught.value) == f"the run {receipt.run} saved no api/new/deep/file.js"
