"""Let every call to the disk fail, in every way; the tree is all old or all new."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from patcher.errors import Blocked, InputOutput
from patcher.model import Phase
from patcher.transaction import RealDisk, open_store
from patcher.transaction.files import Files

from .support import (
    COUNTS,
    SHAPES,
    WRITING,
    Command,
    Lab,
    WatchedDisk,
    applying,
    lab_with,
    points,
    recover,
    roll_back,
    roll_back_by_force,
    snapshot,
)

pytestmark = pytest.mark.usefixtures("no_fsync")

ERRORS = ("ENOSPC", "EIO", "EACCES", "EROFS", "EINTR")
COMMANDS = ("commit", "rollback", "recovery")


class Terminated(BaseException):
    """What a command line makes of SIGTERM."""


def failing(name: str) -> Callable[[], None]:
    """Raises the error with this name."""
    number: int = getattr(errno, name)

    def fail() -> None:
        raise OSError(number, os.strerror(number), "somewhere")

    return fail


def interrupt() -> None:
    raise KeyboardInterrupt


def terminate() -> None:
    signal.raise_signal(signal.SIGTERM)


@contextmanager
def sigterm_raises() -> Iterator[None]:
    def handle(number: int, frame: object) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def prepared(place: Path, shape: str, what: str) -> tuple[Lab, Command]:
    """A checkout in which `what` has work to do, and the command that does it."""
    lab = lab_with(place, shape)
    if what == "commit":
        command = applying(shape)
    else:
        applying(shape)(open_store(lab.root))
        command = roll_back
    if what == "recovery":
        lab.keep()
        renames = [n for n, name in enumerate(lab.calls(roll_back), 1) if name == "replace"]
        lab.reset()
        full = WatchedDisk(renames[1], failing("EROFS"), always=WRITING)
        with pytest.raises(InputOutput):
            roll_back(open_store(lab.root, full))
        assert open_store(lab.root).receipts()[0].phase is Phase.ROLLING_BACK
        command = recover
    lab.keep()
    return lab, command


@pytest.mark.parametrize("what", COMMANDS)
@pytest.mark.parametrize("error", ERRORS)
def test_one_failing_call(place: Path, what: str, error: str) -> None:
    lab, command = prepared(place, "a few", what)
    before = snapshot(lab.root)
    calls = lab.calls(command)
    after = snapshot(lab.root)
    for at, when in points(calls):
        lab.reset()
        try:
            command(open_store(lab.root, WatchedDisk(at, failing(error), when)))
        except InputOutput as caught:
            assert caught.hint
            if what == "recovery":
                recover(open_store(lab.root))
            assert snapshot(lab.root) == (after if what == "recovery" else before)
        else:
            assert snapshot(lab.root) == after
        assert_at_rest(lab)
        COUNTS["faults (one call failed), all old or new"] += 1


@pytest.mark.parametrize("what", COMMANDS)
@pytest.mark.parametrize("stop", [interrupt, terminate])
def test_one_interrupted_call(place: Path, what: str, stop: Callable[[], None]) -> None:
    lab, command = prepared(place, "a few", what)
    before = snapshot(lab.root)
    calls = lab.calls(command)
    after = snapshot(lab.root)
    for at, when in points(calls):
        lab.reset()
        with sigterm_raises(), pytest.raises((KeyboardInterrupt, Terminated)):
            command(open_store(lab.root, WatchedDisk(at, stop, when)))
        if what == "recovery":
            recover(open_store(lab.root))
            assert snapshot(lab.root) == after
        assert snapshot(lab.root) in (before, after)
        assert_at_rest(lab)
        COUNTS["faults (one call interrupted), all old or new"] += 1


@pytest.mark.parametrize("what", COMMANDS)
@pytest.mark.parametrize(
    ("error", "names"),
    [
        ("ENOSPC", ("write", "make_folder")),
        ("EROFS", WRITING),
        ("EIO", (*WRITING, "read")),
        ("EACCES", ("replace", "remove")),
    ],
)
def test_calls_that_fail_from_now_on(
    place: Path, what: str, error: str, names: tuple[str, ...]
) -> None:
    lab, command = prepared(place, "a few", what)
    before = snapshot(lab.root)
    calls = lab.calls(command)
    after = snapshot(lab.root)
    for at, when in points(calls, names):
        lab.reset()
        try:
            command(open_store(lab.root, WatchedDisk(at, failing(error), when, names)))
        except InputOutput as caught:
            assert caught.hint
        recover(open_store(lab.root))
        assert snapshot(lab.root) in (before, after)
        assert_at_rest(lab)
        COUNTS["faults (all later calls failed), all old or new"] += 1


def assert_at_rest(lab: Lab) -> None:
    """No run is unfinished, and what the receipts say is what the tree is."""
    store = open_store(lab.root)
    for receipt in store.receipts():
        assert receipt.phase in (Phase.DONE, Phase.ROLLED_BACK)
        assert store.drift(receipt) == ()
    assert store.recover() is None
    assert not list(lab.root.rglob("*.preparing"))


def test_an_edit_during_the_commit_is_not_lost(place: Path) -> None:
    lab = lab_with(place, "a few")
    before = snapshot(lab.root)
    path = lab.root / "a.js"

    def edit() -> None:
        path.write_bytes(b"mine")

    lab.keep()
    calls = lab.calls(applying("a few"))
    first = calls.index("replace", calls.index("replace") + 1) + 1
    for at in range(1, len(calls) + 1):
        if at == first:
            continue  # between the last look at a file and its replacement nobody can see
        lab.reset()
        try:
            applying("a few")(open_store(lab.root, WatchedDisk(at, edit)))
        except (Blocked, InputOutput):
            assert set(snapshot(lab.root)) == set(before)
        assert path.read_bytes() == b"mine"
        assert open_store(lab.root).recover() is None


def test_an_edit_during_the_rollback_is_left_alone(place: Path) -> None:
    lab = lab_with(place, "a few")
    applying("a few")(open_store(lab.root))
    lab.keep()
    calls = lab.calls(roll_back)
    staged = [n for n, name in enumerate(calls, 1) if name == "write"][3]
    lab.reset()

    def edit() -> None:
        (lab.root / "a.js").write_bytes(b"mine")

    store = open_store(lab.root, WatchedDisk(staged, edit, "after"))
    restored = store.rollback()
    assert (restored.restored, restored.removed) == (("gone.js",), ("x/c.js",))
    assert (restored.kept, restored.left) == ((), ("a.js",))
    assert {path.name for path in lab.root.iterdir()} == {
        ".librechat-patcher",
        "a.js",
        "gone.js",
        "untouched.js",
    }
    assert (lab.root / "a.js").read_bytes() == b"mine"


def test_a_forced_rollback_that_cannot_begin_leaves_no_folder_behind(place: Path) -> None:
    lab = lab_with(place, "everything")
    store = open_store(lab.root)
    receipt = store.commit(SHAPES["everything"][1], "v0.8.4")
    shutil.rmtree(lab.root / "api")
    before = snapshot(lab.root)
    lab.keep()
    calls = lab.calls(roll_back_by_force)
    staged = [n for n, name in enumerate(calls, 1) if name == "write"][3]
    assert calls[:staged].count("make_folder") == 1
    lab.reset()
    with pytest.raises(InputOutput) as caught:
        roll_back_by_force(open_store(lab.root, WatchedDisk(staged, failing("ENOSPC"))))
    assert str(caught.value) == (
        "api/a.js cannot be written: the disk is full; nothing was rolled back"
    )
    assert snapshot(lab.root) == before
    assert store.receipts() == (receipt,)


def test_what_an_interrupted_commit_had_prepared_is_swept(place: Path) -> None:
    lab = lab_with(place, "a few")
    store = open_store(lab.root)
    receipt = store.commit(SHAPES["a few"][1], "v0.8.4")
    leftover = store.folder / "runs" / f"{receipt.run}-later.preparing"
    (leftover / "originals/api").mkdir(parents=True)
    (leftover / "originals/api/a.js").write_bytes(b"old")
    (leftover / "link").symlink_to(lab.root)
    assert store.recover() is None
    assert not leftover.exists()
    assert (lab.root / "a.js").read_bytes() == b"new a"


def test_a_folder_is_not_made_where_the_one_above_is_gone(place: Path) -> None:
    with pytest.raises(InputOutput) as caught:
        Files(place, RealDisk()).make_folder("gone/api")
    assert str(caught.value) == "gone/api cannot be made: the folder above it is gone"
