"""After an update was cut off halfway: what the next command makes of it, and of what somebody did
in between."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from patcher.commands.rollback import rollback
from patcher.releases import moving
from tests.cli.running import Runner
from tests.transaction.test_crash import KILLED, die, in_child
from tests.updates.conftest import commit_of, git
from tests.updates.cut_off import _quick, lab
from tests.updates.lab import Lab

__all__ = ["_quick", "lab"]

pytestmark = [
    pytest.mark.usefixtures("_quick"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked child"),
]


def half_moved(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed once git has moved the files, before the patches are in."""
    moved = moving.Mover.forward

    def forward(*arguments: Any) -> None:
        moved(*arguments)
        die()

    with monkeypatch.context() as patched:
        patched.setattr(moving.Mover, "forward", forward)
        assert in_child(lab.update) == KILLED


@pytest.mark.parametrize("command", ["status", "rollback", "apply", "verify", "doctor", "update"])
def test_every_command_takes_a_killed_update_back_first(
    lab: Lab, run: Runner, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    half_moved(lab, monkeypatch)
    own = ("--patches", lab.own) if command not in ("doctor",) else ()
    more = {"update": ("--to", "v2", "--dry-run"), "rollback": ("--force",)}.get(command, ())
    done = run(command, "--root", lab.root, *own, *more)
    if command != "rollback":
        assert "an update had been interrupted; it was taken back" in done.out
    assert commit_of(lab.root, "HEAD") == commit_of(lab.root, "v1")
    text = (lab.root / "api/server/routes/models.js").read_text(encoding="utf-8")
    assert ("mine" in text) is (command != "rollback")


@pytest.mark.parametrize("path", ["api/new/b.js", "package.json", "api/server/routes/models.js"])
def test_what_is_edited_between_the_kill_and_the_next_command_is_kept(
    lab: Lab, run: Runner, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    half_moved(lab, monkeypatch)
    (lab.root / path).write_bytes(b"written after the kill\n")
    done = run("status", "--root", lab.root, "--patches", lab.own)
    assert path in done.out
    texts = [p.read_bytes() for p in lab.root.rglob(f"{Path(path).name}*") if p.is_file()]
    assert b"written after the kill\n" in texts
    assert commit_of(lab.root, "HEAD") == commit_of(lab.root, "v1")


def test_a_file_that_git_has_begun_to_write_is_not_taken_for_somebodys(
    lab: Lab, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    half_moved(lab, monkeypatch)
    for path in ("api/new/b.js", "package.json"):
        (lab.root / path).write_bytes((lab.root / path).read_bytes()[:3])
    done = run("status", "--root", lab.root, "--patches", lab.own)
    assert "left as it is" not in done.out
    lab_now = lab.seen()
    lab.reset()
    assert lab_now == lab.seen()


def test_a_checkout_that_was_moved_elsewhere_after_the_kill_stays_there(
    lab: Lab, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    half_moved(lab, monkeypatch)
    git(lab.root, "commit", "-q", "--allow-empty", "-m", "Somewhere else")
    here = commit_of(lab.root, "HEAD")
    done = run("status", "--root", lab.root, "--patches", lab.own)
    assert "it was given up" in done.out
    assert commit_of(lab.root, "HEAD") == here
    assert "no patch is applied here" in done.out


def test_locks_that_a_killed_git_has_left_are_taken_away(
    lab: Lab, run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    half_moved(lab, monkeypatch)
    is_on_a_branch = "refs" in (lab.root / ".git/HEAD").read_text(encoding="utf-8")
    for name in ("index.lock", "HEAD.lock", *(["refs/heads/main.lock"] if is_on_a_branch else [])):
        (lab.root / ".git" / name).touch()
    assert run("status", "--root", lab.root, "--patches", lab.own).code in (0, 4)
    assert not list((lab.root / ".git").rglob("*.lock"))
    assert rollback(lab.root, force=True).restored is not None


def test_a_note_that_is_damaged_is_named(lab: Lab, run: Runner) -> None:
    note = lab.root / ".librechat-patcher" / "update.json"
    note.write_text("{}", encoding="utf-8")
    done = run("status", "--root", lab.root)
    assert done.code == 6
    assert ".librechat-patcher/update.json is not what was written there" in done.err


def test_a_user_who_interrupts_it_finds_all_as_it_was(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = lab.seen()
    moved = moving.Mover.forward

    def forward(*arguments: Any) -> None:
        moved(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(moving.Mover, "forward", forward)
    with pytest.raises(KeyboardInterrupt):
        lab.update()
    assert lab.seen() == old
