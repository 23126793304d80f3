"""What stands in the way, and the whole text of what a person reads about it."""

from __future__ import annotations

import errno
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.errors import Blocked, Busy, InputOutput
from patcher.model import Phase, Plan
from patcher.transaction import Store, open_store

from .support import WRITING, Command, Snapshot, WatchedDisk, change, plan, snapshot, tree, undo

pytestmark = pytest.mark.usefixtures("no_fsync")

PLAN = plan(change("api/a.js", b"old", b"new"), change("api/x/b.js", None, b"b"))
RUN = "RUN"
STAGED = ".librechat-patcher-"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tree(tmp_path / "LibreChat", {"api/a.js": b"old", "api/c.js": b"c"})


@pytest.fixture
def store(root: Path) -> Store:
    return open_store(root)


def fail(number: int) -> Callable[[], None]:
    def raise_it() -> None:
        raise OSError(number, os.strerror(number))

    return raise_it


def numbers(plan: Plan, name: str, then: Command | None = None) -> list[int]:
    """Which calls of committing `plan`, or of `then` afterwards, are calls of `name`."""
    with tempfile.TemporaryDirectory() as folder:
        disk = WatchedDisk()
        store = open_store(tree(Path(folder) / "twin", {"api/a.js": b"old"}), disk)
        store.commit(plan, "")
        if then is not None:
            disk.calls.clear()
            then(store)
    return [number for number, call in enumerate(disk.calls, 1) if call == name]


def said(error: pytest.ExceptionInfo[InputOutput], store: Store) -> tuple[str, str]:
    """Message and hint, with RUN in the place of the run's id."""
    message, hint = str(error.value), error.value.hint
    for run in (store.folder / "runs").glob("*"):
        message, hint = message.replace(run.name, RUN), hint.replace(run.name, RUN)
    return message, hint


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
        f"The plan has paths that must not be patched; nothing was written:\n  {reason}"
    )
    assert snapshot(root.parent) == before


def test_plans_that_contradict_themselves(store: Store) -> None:
    twice = change("a.js", None, b"x")
    with pytest.raises(Blocked) as caught:
        store.commit(plan(twice, twice, change("b", None, b""), change("b/c", None, b"")), "")
    assert str(caught.value) == (
        "The plan has paths that must not be patched; nothing was written:\n"
        "  a.js is changed 2 times\n"
        "  b is to be a file and a folder"
    )


def edited(path: Path) -> None:
    path.write_bytes(b"edited")


def deleted(path: Path) -> None:
    path.unlink()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


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
        f"The checkout changed since the plan was made; nothing was written:\n  api/a.js {words}"
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
        f"The checkout changed while it was patched: api/a.js {words}. Everything was put back."
    )
    open_store(root).recover()
    left = {name for name in snapshot(root) if STAGED in name}
    assert not left or "behind" in words  # nothing is removed through a link
    expected = {name for name in after[0] if STAGED not in name}
    if happen is deleted:
        expected.add("api/a.js")  # nobody's work is lost when it is back
    assert set(snapshot(root)) - left == expected


@pytest.mark.parametrize(
    ("number", "at", "message", "hint"),
    [
        (
            errno.ENOSPC,
            "original",
            ".librechat-patcher/runs/RUN.preparing/originals/api/a.js cannot be written: the disk "
            "is full. Nothing was changed.",
            "Free some space, then run the same command again.",
        ),
        (
            errno.ENOSPC,
            "staged",
            "api/a.js cannot be written: the disk is full. Everything was put back.",
            "Free some space, then run the same command again.",
        ),
        (
            errno.EDQUOT,
            "staged",
            "api/a.js cannot be written: the disk quota is used up. Everything was put back.",
            "Free some space, then run the same command again.",
        ),
        (
            errno.EACCES,
            "staged",
            "api/a.js cannot be written: permission denied. Everything was put back.",
            "Run the command as the user that owns the checkout (on Windows: close the programs "
            "that have the file open), then run the same command again.",
        ),
        (
            errno.EPERM,
            "replaced",
            "api/a.js cannot be replaced: the system does not permit it. Everything was put back.",
            "Run the command as the user that owns the checkout and look for an immutable "
            "attribute (`lsattr`), then run the same command again.",
        ),
        (
            errno.EIO,
            "replaced",
            "api/a.js cannot be replaced: the disk reports an input/output error. "
            "Everything was put back.",
            "Check the disk (`dmesg` names it), then run the same command again.",
        ),
        (
            errno.EROFS,
            "folder",
            ".librechat-patcher cannot be made: the file system is mounted read-only.",
            "Mount it writable, then run the same command again.",
        ),
        (
            errno.ENAMETOOLONG,
            "staged",
            "api/a.js cannot be written: file name too long. Everything was put back.",
            "Mend that, then run the same command again.",
        ),
    ],
)
def test_what_is_said_when_the_disk_says_no(
    root: Path, number: int, at: str, message: str, hint: str
) -> None:
    before = snapshot(root)
    where = {
        "folder": numbers(PLAN, "make_folder")[0],
        "original": numbers(PLAN, "write")[3],  # after lock, .gitignore and lock.json
        "staged": numbers(PLAN, "write")[5],
        "replaced": numbers(PLAN, "replace")[1],  # after the run's folder
    }
    store = open_store(root, WatchedDisk(where[at], fail(number)))
    run: list[str] = []
    with pytest.raises(InputOutput) as caught:
        store.commit(PLAN, "")
    text = str(caught.value)
    if ".preparing" in text:
        run.append(text.split("/runs/")[1].split(".preparing")[0])
        text = text.replace(run[0], RUN)
    assert (text, caught.value.hint) == (message, hint)
    assert snapshot(root) == before
    if at in ("folder", "original"):
        assert not store.folder.exists()


def test_what_is_said_when_putting_back_fails_too(root: Path) -> None:
    before = snapshot(root)
    second = numbers(PLAN, "replace")[2]
    store = open_store(root, WatchedDisk(second, fail(errno.EROFS), always=WRITING))
    with pytest.raises(InputOutput) as caught:
        store.commit(PLAN, "")
    assert said(caught, store) == (
        "api/x/b.js cannot be replaced: the file system is mounted read-only.\n"
        "Putting the files back stopped too: "
        "api/x/.librechat-patcher-RUN-1 cannot be removed: the file system is mounted read-only.\n"
        "Nothing is lost: the originals are in .librechat-patcher/runs/RUN/originals.",
        "Mend the cause, then run `librechat-patcher status`: it puts back the rest.",
    )
    restored = open_store(root).recover()
    assert restored is not None
    assert (restored.restored, restored.found) == (("api/a.js",), Phase.APPLYING)
    assert snapshot(root) == before


def test_what_is_said_when_an_undo_stops(root: Path, store: Store) -> None:
    store.commit(PLAN, "")
    first = numbers(PLAN, "replace", undo)[1]  # after the receipt
    stuck = open_store(root, WatchedDisk(first, fail(errno.EROFS), always=WRITING))
    with pytest.raises(InputOutput) as caught:
        stuck.rollback()
    assert said(caught, store) == (
        "api/a.js cannot be replaced: the file system is mounted read-only.\n"
        "api/.librechat-patcher-RUN-0 cannot be removed: the file system is mounted read-only.\n"
        "The undo of the run RUN stopped halfway. "
        "Nothing is lost: the originals are in .librechat-patcher/runs/RUN/originals.",
        "Mend the cause, then run `librechat-patcher status`: it finishes the undo.",
    )


def test_a_damaged_original_is_refused_and_everything_kept(root: Path, store: Store) -> None:
    receipt = store.commit(PLAN, "")
    saved = store.folder / "runs" / receipt.run / "originals/api/a.js"
    saved.write_bytes(b"rot")
    before = snapshot(root)
    hint = (
        "Keep everything in .librechat-patcher/runs/RUN. Bring api/a.js back by hand (for "
        "instance `git checkout -- api/a.js`), then run `librechat-patcher rollback --run RUN` "
        "for the other files."
    )
    with pytest.raises(InputOutput) as caught:
        store.original(receipt, "api/a.js")
    assert said(caught, store) == (
        "The saved original .librechat-patcher/runs/RUN/originals/api/a.js is damaged: "
        "it is not what was saved.",
        hint,
    )
    for happen in (a_link, deleted, lambda path: None):
        with pytest.raises(InputOutput) as caught:
            store.rollback()
        assert said(caught, store) == (
            "The saved original .librechat-patcher/runs/RUN/originals/api/a.js is damaged: "
            "it is not what was saved. Nothing was undone.",
            hint,
        )
        happen(saved)
    assert snapshot(root) == before
    assert store.receipts() == (receipt,)
    (root / "api/a.js").write_bytes(b"old")  # the hint, followed
    assert store.rollback().removed == ("api/x/b.js",)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda text: b"", "is not what was written there"),
        (lambda text: b"\xff\xfe", "is not what was written there"),
        (lambda text: text[:200], "is not what was written there"),
        (lambda text: b"[" * 100_000, "is not what was written there"),
        (lambda text: b"[]", "has [] where a dict belongs"),
        (lambda text: b'{"schema": 2}', "has schema 2, this version reads 1"),
        (lambda text: text.replace(b'"phase"', b'"fase"'), "lacks 'phase'"),
        (lambda text: text.replace(b'"done"', b'"well done"'), "is not what was written there"),
        (lambda text: text.replace(b'"0644"', b"420"), "has 420 where a str belongs"),
        (lambda text: text.replace(b'"0644"', b'"rw-"'), "is not what was written there"),
        (
            lambda text: text.replace(b"api/a.js", b"../../a.js"),
            "names '../../a.js', which leads out of its folder with `..`",
        ),
        (
            lambda text: text.replace(b'"run": "2', b'"run": "3'),
            "belongs to the run 3",
        ),
        (
            lambda text: text.replace(b'"sha256": "', b'"sha256": "x'),
            "has 'x",
        ),
    ],
)
def test_a_damaged_receipt_is_refused_and_everything_kept(
    root: Path, store: Store, damage: Callable[[bytes], bytes], reason: str
) -> None:
    receipt = store.commit(PLAN, "")
    path = store.folder / "runs" / receipt.run / "receipt.json"
    path.write_bytes(damage(path.read_bytes()))
    before = snapshot(root)
    for command in (store.receipts, store.recover, store.rollback, lambda: store.commit(PLAN, "")):
        with pytest.raises(InputOutput) as caught:
            command()
        message, hint = said(caught, store)
        assert message.startswith(f"The receipt .librechat-patcher/runs/RUN/receipt.json {reason}")
        assert message.endswith(". Nothing was changed.")
        assert hint == (
            "Keep .librechat-patcher/runs/RUN: the originals of that run are in it. Put its "
            "receipt back from a copy of yours, or move the folder out of the checkout to forget "
            "the run."
        )
    assert snapshot(root) == before
    assert (store.folder / "runs" / receipt.run / "originals/api/a.js").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("happen", "words"), [(deleted, "is missing"), (a_link, "is a symbolic link")]
)
def test_a_receipt_that_is_no_file(
    store: Store, happen: Callable[[Path], None], words: str
) -> None:
    receipt = store.commit(PLAN, "")
    happen(store.folder / "runs" / receipt.run / "receipt.json")
    with pytest.raises(InputOutput) as caught:
        store.receipts()
    assert said(caught, store)[0] == (
        f"The receipt .librechat-patcher/runs/RUN/receipt.json {words}. Nothing was changed."
    )


def test_other_things_in_the_state_folder_are_left_alone(store: Store) -> None:
    receipt = store.commit(PLAN, "")
    (store.folder / "runs/.DS_Store").write_bytes(b"")
    (store.folder / "runs/notes").mkdir()
    assert store.receipts() == (receipt,)


def test_a_state_folder_that_is_a_link_is_not_used(root: Path, store: Store) -> None:
    tree(root.parent / "elsewhere", {})
    store.folder.symlink_to(root.parent / "elsewhere")
    with pytest.raises(InputOutput) as caught:
        store.commit(PLAN, "")
    assert str(caught.value) == (
        ".librechat-patcher/lock lies behind .librechat-patcher, which is a symbolic link. "
        "Nothing was changed."
    )
    assert caught.value.hint == ("Move .librechat-patcher away, then run the same command again.")
    assert list((root.parent / "elsewhere").iterdir()) == []


def test_who_holds_the_lock(root: Path, store: Store) -> None:
    with store.locked(), store.locked():
        holder = json.loads((store.folder / "lock.json").read_bytes())
        assert holder["pid"] == os.getpid()
        with pytest.raises(Busy) as caught, open_store(root).locked(wait=0):
            pass
        assert str(caught.value) == (
            f"Another command works on this checkout: process {os.getpid()} on {holder['host']}, "
            f"since {holder['since']}. Waited 0 s."
        )
        assert caught.value.hint == "Wait until it is done, then run the same command again."
        (store.folder / "lock.json").write_bytes(b"[]")
        with pytest.raises(Busy, match="it does not say which process"):
            open_store(root).locked(wait=0).__enter__()
    with open_store(root).locked(wait=0):
        pass
