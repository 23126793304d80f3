"""Random trees: what `git diff` says of two of them turns the one into the other, and back."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from patcher.definition.diff_entries import copies_first
from patcher.diffs.git_format import read_diff
from patcher.model import Edit, Place, State
from patcher.plan.planner import plan
from tests.engine.support import patch_of

File = tuple[int, bytes]
"""Mode and bytes."""
ENDS = (b"\n", b"\r\n")
NAMES = ("one.js", "two words.txt", "api/three.js", "api/äöü.md", 'q"uote.txt', "empty", "new")
SEEDS = 60


@dataclass(frozen=True)
class ModedMemory:
    """A checkout that is a dictionary, with modes."""

    files: Mapping[str, File]

    def read(self, path: str) -> bytes | None:
        return self.files[path][1] if path in self.files else None

    def mode(self, path: str) -> int | None:
        return self.files[path][0] if path in self.files else None

    def has_folder(self, path: str) -> bool:
        return any(name.startswith(path + "/") for name in self.files)


def _some_file(chance: random.Random) -> File:
    end = chance.choice(ENDS)
    lines = [b"line %d" % chance.randrange(40) + end for _ in range(chance.randrange(60))]
    text = b"".join(lines)
    return chance.choice((0o644, 0o755)), text[:-1] if chance.random() < 0.2 else text


def _tree(chance: random.Random) -> dict[str, File]:
    files = {name: _some_file(chance) for name in NAMES if chance.random() < 0.7}
    return files or {"one.js": _some_file(chance)}


def _mutated(tree: dict[str, File], chance: random.Random) -> dict[str, File]:
    files = dict(tree)
    for path in list(files):
        mode, text = files[path]
        lines = text.splitlines(keepends=True)
        for _ in range(chance.randrange(4)):
            place = chance.randrange(len(lines) + 1)
            lines[place : place + chance.randrange(3)] = [b"new %d\n" % chance.randrange(9)]
        kind = chance.randrange(7)
        if kind == 0:
            del files[path]
        elif kind == 1:
            files[f"moved/{path}"] = files.pop(path)
        elif kind == 2:
            files[path] = (0o755 if mode == 0o644 else 0o644, text)
        elif kind == 3:
            files[f"copied/{path}"] = (mode, b"".join(lines))
        else:
            files[path] = (mode, b"".join(lines))
    return files


def _commit(root: Path, files: Mapping[str, File]) -> str:
    for path in [p for p in root.rglob("*") if p.is_file() and ".git" not in p.parts]:
        path.unlink()
    for name, (mode, text) in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)
        place.chmod(mode)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    _git(root, "add", "-A")
    _git(root, *who, "commit", "-qm", "state", "--allow-empty")
    return _git(root, "rev-parse", "HEAD").decode().strip()


def _git(root: Path, *arguments: str) -> bytes:
    return subprocess.run(["git", "-C", root, *arguments], check=True, capture_output=True).stdout


def _applied(tree: Mapping[str, File], diff: bytes) -> tuple[dict[str, File], set[State]]:
    edits = (Edit(Place("x.diff", 1), f.path, "all", f) for f in copies_first(read_diff(diff)))
    result = plan([patch_of(*edits)], ModedMemory(tree), ["all"])
    assert result.blocked == ()
    files = dict(tree)
    for change in result.changes:
        if change.after is None:
            del files[change.path]
        else:
            mode = change.mode or files.get(change.path, (0o644, b""))[0]
            files[change.path] = (mode, change.after)
    return files, {o.state for o in result.outcomes}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no modes")
def test_a_diff_of_two_trees_makes_the_one_of_the_other(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    _git(root, "init", "-q")
    _git(root, "config", "core.autocrlf", "false")
    kinds: set[str] = set()
    for seed in range(SEEDS):
        chance = random.Random(seed)
        one = _tree(chance)
        other = _mutated(one, chance)
        first, second = _commit(root, one), _commit(root, other)
        for before, after, ids in ((one, other, (first, second)), (other, one, (second, first))):
            diff = _git(root, "diff", "-M", "-C", "--find-copies-harder", *ids)
            if not diff:
                continue
            made, _ = _applied(before, diff)
            assert made == after, seed
            again, states = _applied(after, diff)
            assert again == after, seed
            assert states == {State.ALREADY}, seed
            kinds |= {str(f).partition(" ")[0] for f in read_diff(diff)}
    assert kinds == {"create", "delete", "rename", "copy", "set", "apply"}
