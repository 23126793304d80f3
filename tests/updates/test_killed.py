"""Kill `update` at every write, and before, after and inside every call of git; whatever command
comes next finds the old release with its patches, or the new one with them."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from patcher.commands.selection import Selection
from patcher.commands.status import status
from patcher.errors import PatcherError
from patcher.releases import git as git_calls
from patcher.transaction import Store
from tests.conftest import git
from tests.transaction.support import WRITING, WatchedDisk, points
from tests.transaction.test_crash import KILLED, die, in_child
from tests.updates.cut_off import _quick, lab
from tests.updates.lab import Lab

__all__ = ["_quick", "lab"]

pytestmark = [
    pytest.mark.usefixtures("_quick"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked child"),
]
COUNTS: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def _told() -> Iterator[None]:
    yield
    for name, count in COUNTS.items():
        print(f"\n{name}: {count}", end="")


def on_disk(monkeypatch: pytest.MonkeyPatch, disk: WatchedDisk) -> None:
    monkeypatch.setattr(
        "patcher.commands.workspace.open_store", lambda root, built: Store(root, disk, built)
    )


def both(lab: Lab) -> tuple[Any, Any]:
    """What the checkout looks like before and after an update."""
    old = lab.seen()
    lab.update()
    new = lab.seen()
    assert old != new
    return old, new


def check(lab: Lab, states: tuple[Any, Any], what: str) -> None:
    """After any command: old or new, no journal, and one rollback gives the clean release."""
    found = status(lab.root, Selection(folders=(lab.own,)))
    seen = lab.seen()
    assert seen in states
    assert [p.id for p in found.patches] == ["mine"]
    assert not [d for d in found.drift if d.path.endswith("routes/models.js")]
    assert not (lab.root / ".librechat-patcher" / "update.json").exists()
    assert not list((lab.root / ".git").rglob("*.lock"))
    COUNTS[f"{what}: {'new' if seen == states[1] else 'old'} and patched"] += 1


def test_killed_at_every_write(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = WatchedDisk()
    with monkeypatch.context() as patched:
        on_disk(patched, disk)
        old, new = both(lab)
    for at, when in points(disk.calls, WRITING):
        lab.reset()
        with monkeypatch.context() as patched:
            on_disk(patched, WatchedDisk(at, die, when))
            assert in_child(lab.update) == KILLED
        check(lab, (old, new), "killed at a write")


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_around_every_call_of_git(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    states = both(lab)
    for at in range(1, 200):
        lab.reset()
        with monkeypatch.context() as patched:
            kill_around(patched, at, when)
            code = in_child(lab.update)
        if code == 0:
            assert at > 10
            break
        assert code == KILLED
        check(lab, states, f"killed {when} a call of git")


def kill_around(patched: pytest.MonkeyPatch, at: int, when: str) -> None:
    calls = [0]
    run = git_calls._run

    def watched(*arguments: Any) -> Any:
        calls[0] += 1
        if calls[0] == at and when == "before":
            die()
        done = run(*arguments)
        if calls[0] == at:
            die()
        return done

    patched.setattr(git_calls, "_run", watched)


def kill_after(patched: pytest.MonkeyPatch, verb: str) -> None:
    run = git_calls._run

    def watched(root: Path, arguments: Any, *more: Any) -> Any:
        done = run(root, arguments, *more)
        if verb in arguments:
            die()
        return done

    patched.setattr(git_calls, "_run", watched)


VICTIMS = {"git": "$git", "both": "$parent $git", "librechat-patcher": "$parent"}
FILTER = """#!/bin/sh
# A filter of git's, at whose Nth call somebody is killed, in the midst of a checkout.
echo >>"{count}"
if [ "$(wc -l <"{count}")" -eq "$(cat "{at}")" ]; then
  git=$PPID
  while [ "$(cat /proc/$git/comm)" != git ]; do git=$(cut -d' ' -f4 /proc/$git/stat); done
  parent=$(cut -d' ' -f4 /proc/$git/stat)
  kill -9 {victims}
fi
cat
"""


@pytest.mark.skipif(not Path("/proc/self/comm").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("who", VICTIMS)
def test_killed_inside_git(lab: Lab, tmp_path: Path, who: str) -> None:
    script, count, number = (tmp_path / name for name in ("filter.sh", "count", "number"))
    number.write_text("0", encoding="utf-8")
    text = FILTER.format(count=count, at=number, victims=VICTIMS[who])
    script.write_text(text, encoding="utf-8")
    script.chmod(0o755)
    git(lab.root, "config", "filter.kill.smudge", str(script))
    (lab.root / ".git/info/attributes").write_text("*.js* filter=kill\n", encoding="utf-8")
    shutil.rmtree(lab._kept)
    lab.keep()
    states = both(lab)
    for at in range(1, 100):
        lab.reset()
        count.write_text("", encoding="utf-8")
        number.write_text(str(at), encoding="utf-8")
        code = in_child(lambda: caught(lab.update))
        number.write_text("0", encoding="utf-8")
        if code == 0:
            assert at > 2
            break
        assert code == (1 if who == "git" else -signal.SIGKILL)
        check(lab, states, f"killed {who} inside git")


def caught(work: Callable[[], object]) -> None:
    """Run; a failure that is told to the user ends the process with 1."""
    try:
        work()
    except PatcherError:
        os._exit(1)


def test_killed_while_it_is_taken_back(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """In each of a few states that a kill leaves: the recovery is killed at every write."""
    old, new = both(lab)
    for first in ("read-tree", "update-ref"):
        lab.reset()
        with monkeypatch.context() as patched:
            kill_after(patched, first)
            assert in_child(lab.update) == KILLED
        half = Lab(lab.root.parent)
        half._kept = lab.root.parent / f"half-{first}"
        half.keep()
        disk = WatchedDisk()
        with monkeypatch.context() as patched:
            on_disk(patched, disk)
            status(lab.root, Selection())
        for at, when in points(disk.calls, WRITING):
            half.reset()
            with monkeypatch.context() as patched:
                on_disk(patched, WatchedDisk(at, die, when))
                assert in_child(lambda: status(lab.root, Selection())) == KILLED
            check(lab, (old, new), "killed at a write of the recovery")
        for at in range(1, 50):
            half.reset()
            with monkeypatch.context() as patched:
                kill_around(patched, at, "before")
                if in_child(lambda: status(lab.root, Selection())) == 0:
                    break
            check(lab, (old, new), "killed before a call of git of the recovery")
