"""Kill the process at every call to the disk; the next command must make the tree whole."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.errors import InputOutput
from patcher.model import Phase
from patcher.transaction import open_store

from .support import (
    COUNTS,
    SHAPES,
    WRITING,
    Command,
    Lab,
    Point,
    WatchedDisk,
    applying,
    lab_with,
    points,
    recover,
    roll_back,
    roll_back_by_force,
    snapshot,
    tree,
)

pytestmark = [
    pytest.mark.usefixtures("no_fsync"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked child"),
]

KILLED = 42


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a child process; its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die() -> None:
    os._exit(KILLED)


def die_by_signal() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash(lab: Lab, command: Command, point: Point, act: Callable[[], None] = die) -> int:
    at, when = point
    return in_child(lambda: command(open_store(lab.root, WatchedDisk(at, act, when))))


def calls_worth(shape: str) -> tuple[str, ...]:
    """All calls; for the many of the big shape those that change something, between which a kill

    finds the same disk.
    """
    return WRITING if shape == "20 files" else ()


def check(root: Path, states: tuple[object, ...]) -> None:
    """After the next command, the tree is one of `states` and the receipts agree with it."""
    store = open_store(root)
    store.recover()
    assert snapshot(root) in states
    assert store.recover() is None
    for receipt in store.receipts():
        assert receipt.phase in (Phase.DONE, Phase.ROLLED_BACK)
        assert [d for d in store.drift(receipt) if d.kind == "restored"] == []
    assert not list(root.rglob("*.preparing"))


def crash_everywhere(
    lab: Lab, command: Command, act: Callable[[], None] = die, names: tuple[str, ...] = ()
) -> int:
    """Crash `command` at all its points and check each; returns their number."""
    lab.keep()
    before = snapshot(lab.root)
    calls = lab.calls(command)
    after = snapshot(lab.root)
    assert before != after
    code = KILLED if act is die else -signal.SIGKILL
    tried = 0
    for point in points(calls, names):
        lab.reset()
        assert crash(lab, command, point, act) == code
        check(lab.root, (before, after))
        tried += 1
    return tried


@pytest.mark.parametrize("shape", SHAPES)
def test_kill_commit(place: Path, shape: str) -> None:
    tried = crash_everywhere(lab_with(place, shape), applying(shape), names=calls_worth(shape))
    COUNTS["crash points in commit, all recovered"] += tried


@pytest.mark.parametrize("shape", SHAPES)
def test_kill_rollback(place: Path, shape: str) -> None:
    lab = lab_with(place, shape)
    open_store(lab.root).commit(SHAPES[shape][1], "v0.8.4")
    tried = crash_everywhere(lab, roll_back, names=calls_worth(shape))
    COUNTS["crash points in rollback, all recovered"] += tried


def test_kill_forced_rollback(place: Path) -> None:
    lab = lab_with(place, "everything")
    open_store(lab.root).commit(SHAPES["everything"][1], "v0.8.4")
    tree(lab.root, {"api/a.js": b"mine", "api/x/c.js": b"mine too"})
    (lab.root / "run.sh").unlink()
    (lab.root / "run.sh").mkdir()
    tried = crash_everywhere(lab, roll_back_by_force)
    COUNTS["crash points in rollback, all recovered"] += tried


def test_kill_by_signal(place: Path) -> None:
    lab = lab_with(place, "everything")
    tried = crash_everywhere(lab, applying("everything"), die_by_signal, WRITING)
    (place / "roll_back").mkdir()
    lab = lab_with(place / "roll_back", "everything")
    open_store(lab.root).commit(SHAPES["everything"][1], "v0.8.4")
    tried += crash_everywhere(lab, roll_back, die_by_signal, WRITING)
    COUNTS["crash points by SIGKILL, all recovered"] += tried


@pytest.mark.parametrize("command", ["commit", "rollback"])
def test_kill_the_recovery_of_a_kill(place: Path, command: str) -> None:
    lab = lab_with(place, "a few")
    first = applying("a few")
    before = snapshot(lab.root)
    if command == "rollback":
        first(open_store(lab.root))
        first = roll_back
    lab.keep()
    patched = snapshot(lab.root)
    calls = lab.calls(first)
    states = (before, patched, snapshot(lab.root))
    for point in points(calls, WRITING):
        lab.reset()
        assert crash(lab, first, point) == KILLED
        crashed = Lab(lab.root, place / "crashed")
        crashed.keep()
        for again in list(points(crashed.calls(recover), WRITING)):
            crashed.reset()
            assert crash(crashed, recover, again) == KILLED
            check(lab.root, states)
            COUNTS["crash points in recovery, all recovered"] += 1


def test_kill_while_a_run_that_seemed_done_is_put_back(place: Path) -> None:
    lab = lab_with(place, "a few")
    before = snapshot(lab.root)
    lab.keep()
    calls = lab.calls(applying("a few"))
    after = snapshot(lab.root)
    last_sync = len(calls) - calls[::-1].index("sync_folders")

    def disk_that_fails_and_dies(at: int) -> WatchedDisk:
        def fail() -> None:
            disk.rearm(at, die)
            raise OSError(errno.EIO, "Input/output error")

        disk = WatchedDisk(last_sync, fail)
        return disk

    lab.reset()
    whole = disk_that_fails_and_dies(0)
    with pytest.raises(InputOutput):
        applying("a few")(open_store(lab.root, whole))
    assert snapshot(lab.root) == before
    for at, _ in points(whole.calls[last_sync:], WRITING):
        lab.reset()
        disk = disk_that_fails_and_dies(last_sync + at)
        assert in_child(lambda: applying("a few")(open_store(lab.root, disk))) == KILLED  # noqa: B023
        check(lab.root, (before, after))
        COUNTS["crash points in commit, all recovered"] += 1


def test_what_is_written_after_the_kill_of_a_forced_rollback_is_kept(place: Path) -> None:
    lab = lab_with(place, "a few")
    receipt = open_store(lab.root).commit(SHAPES["a few"][1], "v0.8.4")
    tree(lab.root, {"a.js": b"mine"})
    lab.keep()
    calls = lab.calls(roll_back_by_force)
    lab.reset()
    aside = [n for n, name in enumerate(calls, 1) if name == "replace"][1]
    assert crash(lab, roll_back_by_force, (aside, "after")) == KILLED
    assert not (lab.root / "a.js").exists()
    tree(lab.root, {"a.js": b"mine again"})

    restored = open_store(lab.root).recover()

    copy = f"a.js.drifted-{receipt.run}"
    assert restored is not None
    assert (restored.kept, restored.left) == ((copy,), ("a.js",))
    assert (lab.root / "a.js").read_bytes() == b"mine again"
    assert (lab.root / copy).read_bytes() == b"mine"
