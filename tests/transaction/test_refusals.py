"""Plans that must not be carried out, and files that somebody changes meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.errors import Blocked
from patcher.transaction import Store, open_store

from .refusals import a_link, deleted, numbers
from .support import Snapshot, WatchedDisk, change, plan, snapshot

pytestmark = pytest.mark.usefixtures("no_fsync")

STAGED = ".librechat-patcher-"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "'' is empty"),
        ("/etc/passwd", "'/etc/passwd' is absolute"),
        ("../a.js", "'../a.js' leads out of its folder with `..`"),
        ("api/../../a.js", "'api/../../a.js' leads out of its folder with `..`"),
        ("api//a.js", "'api//a.js' has an empty or a `.` part"),
        ("./a.js", "'./a.js' has an empty or a `.` part"),
        ("api/", "'api/' has an empty or a `.` part"),
        ("api/a\0.js", r"'api/a\x00.js' has a character that cannot be printed"),
        ("api/a\n.js", r"'api/a\n.js' has a character that cannot be printed"),
        ("api/\udc80.js", r"'api/\udc80.js' has a character that cannot be printed"),
        (
            "api\\a.js",
            r"'api\\a.js' has a backslash or a colon, which Windows takes for a folder or a drive",
        ),
        (
            "C:/a.js",
            "'C:/a.js' has a backslash or a colon, which Windows takes for a folder or a drive",
        ),
        (
            "a.js:stream",
            "'a.js:stream' has a backslash or a colon, which Windows takes for a folder or a drive",
        ),
        (
            ".git./config",
            "'.git./config' has a part that ends in a dot or a space, which Windows drops",
        ),
        ("api/.GIT/config", "'api/.GIT/config' lies in .GIT, which no patch may touch"),
        (
            ".librechat-patcher/runs/x",
            "'.librechat-patcher/runs/x' lies in .librechat-patcher, which no patch may touch",
        ),
    ],
)
def test_paths_that_must_not_be_patched(store: Store, root: Path, path: str, reason: str) -> None:
    before = snapshot(root.parent)
    with pytest.raises(Blocked) as caught:
        store.commit(plan(change(path, None, b"x")), "")
    assert str(caught.value) == (
        f"the plan has paths that must not be patched; nothing was written:\n  {reason}"
    )
    assert snapshot(root.parent) == before


def test_plans_that_contradict_themselves(store: Store) -> None:
    twice = change("a.js", None, b"x")
    with pytest.raises(Blocked) as caught:
        store.commit(plan(twice, twice, change("b", None, b""), change("b/c", None, b"")), "")
    assert str(caught.value) == (
        "the plan has paths that must not be patched; nothing was written:\n"
        "  a.js is changed 2 times\n"
        "  b is to be a file and a folder"
    )


def edited(path: Path) -> None:
    path.write_bytes(b"edited")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def behind_a_link(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.symlink_to("elsewhere")


def behind_a_file(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.write_bytes(b"")


CHANGES: list[tuple[Callable[[Path], None], str]] = [
    (edited, "was edited"),
    (deleted, "was deleted"),
    (a_folder, "is a folder"),
    (a_link, "is a symbolic link"),
    (a_pipe, "is neither a file nor a folder"),
    (behind_a_link, "lies behind api, which is a symbolic link"),
    (behind_a_file, "lies behind api, which is a file"),
]


@pytest.mark.parametrize(("happen", "words"), CHANGES)
def test_a_file_changed_since_the_plan(
    root: Path, store: Store, happen: Callable[[Path], None], words: str
) -> None:
    happen(root / "api/a.js")
    before = snapshot(root)
    with pytest.raises(Blocked) as caught:
        store.commit(plan(change("api/a.js", b"old", b"new")), "")
    assert str(caught.value) == (
        f"the checkout changed since the plan was made; nothing was written:\n  api/a.js {words}"
    )
    assert snapshot(root) == before
    assert not store.folder.exists()


@pytest.mark.parametrize(("happen", "words"), CHANGES)
def test_a_file_changed_while_the_patch_is_written(
    root: Path, happen: Callable[[Path], None], words: str
) -> None:
    after: list[Snapshot] = []

    def act() -> None:
        happen(root / "api/a.js")
        after.append(snapshot(root))

    single = plan(change("api/a.js", b"old", b"new"), change("b.js", None, b"b"))
    at = numbers(single, "sync_files")[1]  # all staged; first are the originals, last the receipt
    with pytest.raises(Blocked) as caught:
        open_store(root, WatchedDisk(at, act, "after")).commit(single, "")
    assert str(caught.value) == (
        f"the checkout changed while it was patched: api/a.js {words}; everything was rolled back"
    )
    open_store(root).recover()
    left = {name for name in snapshot(root) if STAGED in name}
    assert not left or "behind" in words  # nothing is removed through a link
    expected = {name for name in after[0] if STAGED not in name}
    if happen is deleted:
        expected.add("api/a.js")  # nobody's work is lost when it is back
    assert set(snapshot(root)) - left == expected
