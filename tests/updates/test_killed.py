"""Kill `update` at every write, and before, after and inside every call of git; whatever command
comes next finds the old release with its patches, or the new one with them."""

from __future__ import annotations

import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from patcher.commands.rollback import rollback
from patcher.commands.selection import Selection
from patcher.commands.status import status
from patcher.commands.update import UpdateOptions, update
from patcher.errors import PatcherError
from patcher.releases import git as git_calls
from patcher.releases import moving
from patcher.transaction import Store
from tests.cli.running import Runner
from tests.transaction.support import WRITING, WatchedDisk, points
from tests.transaction.test_crash import KILLED, die, in_child
from tests.updates.conftest import commit_of, git, index_of, said, state

pytestmark = [
    pytest.mark.usefixtures("_quick"),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked child"),
]
COUNTS: Counter[str] = Counter()
OWN = """\
schema: 1
id: mine
title: Mine
why: Tests need one.
librechat: ">=0.7"
components: { backend: b }
edits:
  - in: api/server/routes/models.js
    find: const router = express.Router();
    insert_after: router.use(mine);
  - in: api/server/controllers/ModelController.js
    find: one();
    insert_after: mine();
"""
FILES = {
    "package.json": '{"name": "LibreChat", "version": "%s"}\n',
    "api/server/routes/models.js": "const router = express.Router();\n// %s\n",
    "api/server/controllers/ModelController.js": "one();\n",
    "api/server/services/Config/loadConfigModels.js": "// %s\n",
    "notes.md": "notes\n",
    "run.sh": "#!/bin/sh\n",
}
ONLY = {"v1": {"api/gone/a.js": "a();\n", "flip": "a file\n"}, "v2": {"api/new/b.js": "b();\n"}}
"""What one of the two releases has: also a folder where the other has a file, and a mode."""


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moving, "PATIENCE", 0.0)
    monkeypatch.setattr("patcher.transaction.real_disk._sync", lambda _: None)


@pytest.fixture(scope="module", autouse=True)
def _told() -> Iterator[None]:
    yield
    for name, count in COUNTS.items():
        print(f"\n{name}: {count}", end="")


class Lab:
    """A patched checkout with changes of one's own, killed again and again."""

    def __init__(self, place: Path) -> None:
        self.root = place / "LibreChat"
        self._kept = place / "kept"
        self.own = place / "own"

    @property
    def options(self) -> UpdateOptions:
        return UpdateOptions(self.root, "v2", Selection(folders=(self.own,)))

    def update(self) -> object:
        return update(self.options, lambda _: True)

    def keep(self) -> None:
        shutil.copytree(self.root, self._kept, symlinks=True)

    def reset(self) -> None:
        shutil.rmtree(self.root)
        shutil.copytree(self._kept, self.root, symlinks=True)

    def seen(self) -> tuple[Mapping[str, tuple[int, bytes]], str, str, str]:
        """Files, index, HEAD, and what git says of all."""
        root = self.root
        head = (root / ".git" / "HEAD").read_text(encoding="utf-8")
        return state(root), index_of(root), head, said(root, "status", "--porcelain")


def release(root: Path, name: str) -> None:
    for path in root.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for file, text in {**FILES, **ONLY[name]}.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text.replace("%s", name), encoding="utf-8")
    if name == "v2":
        (root / "flip").mkdir()
        (root / "flip" / "inside.js").write_text("inside();\n", encoding="utf-8")
        (root / "run.sh").chmod(0o755)
    git(root, "add", "-A")
    git(root, "commit", "-qm", name)
    git(root, "tag", name)


@pytest.fixture(params=["detached", "on a branch"])
def lab(tmp_path: Path, run: Runner, request: pytest.FixtureRequest) -> Lab:
    made = Lab(tmp_path)
    made.root.mkdir()
    (made.own / "mine" / "files" / "api" / "mine").mkdir(parents=True)
    (made.own / "mine" / "patch.yaml").write_text(OWN, encoding="utf-8")
    (made.own / "mine" / "files" / "api" / "mine" / "index.js").write_text("", encoding="utf-8")
    git(made.root, "init", "-q", "-b", "main")
    for name in ("v1", "v2"):
        release(made.root, name)
    git(made.root, "branch", "far", "v2")
    if request.param == "detached":
        git(made.root, "checkout", "-q", "v1")
    else:
        git(made.root, "reset", "-q", "--hard", "v1")
        git(made.root, "branch", "-q", "--set-upstream-to=far")
    done = run("apply", "--root", made.root, "--patches", made.own, "--patch", "mine", "--yes")
    assert done.code == 0, done.err
    notes = made.root / "notes.md"
    notes.write_text("staged\n", encoding="utf-8")
    git(made.root, "add", "notes.md")
    notes.write_text("edited\n", encoding="utf-8")
    controller = made.root / "api/server/controllers/ModelController.js"
    controller.write_bytes(b"first();\n" + controller.read_bytes())
    made.keep()
    return made


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
