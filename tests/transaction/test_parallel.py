"""Many commands at once in one checkout: every one finds it whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import patcher
from patcher.errors import Busy
from patcher.transaction import open_store

from .support import COUNTS, tree

PROCESSES, ROUNDS = 20, 25

WORKER = """
import os, sys
from pathlib import Path
from patcher.model import Change, Phase, Plan
from patcher.transaction import open_store

os.fsync = lambda descriptor: None
root, rounds, names = Path(sys.argv[1]), int(sys.argv[2]), ["a.js", "api/b.js", "client/c.ts"]
store = open_store(root)
for _ in range(rounds):
    with store.locked(wait=300):
        store.recover()
        seen = {name: (root / name).read_bytes() for name in names}
        states = {data.split()[0] for data in seen.values()}
        if len(states) > 1 or (root / "new/d.js").exists() != (states == {b"new"}):
            sys.exit(f"inconsistent: {seen}")
        if states == {b"new"}:
            store.rollback()
        else:
            changes = [Change(n, "backend", seen[n], b"new " + n.encode(), None) for n in names]
            changes.append(Change("new/d.js", "backend", None, b"new", None))
            store.commit(Plan((), (), tuple(changes), ()), "")
"""

FILES = {"a.js": b"old a", "api/b.js": b"old b", "client/c.ts": b"old c"}


def start(root: Path, rounds: int) -> subprocess.Popen[str]:
    home = Path(patcher.__file__).parents[1]
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(root), str(rounds)],
        env={**os.environ, "PYTHONPATH": str(home)},
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def test_many_commands_at_once(place: Path) -> None:
    root = tree(place / "LibreChat", FILES)
    workers = [start(root, ROUNDS) for _ in range(PROCESSES)]
    errors = [worker.communicate()[1] for worker in workers]

    assert errors == [""] * PROCESSES
    assert [worker.returncode for worker in workers] == [0] * PROCESSES
    store = open_store(root)
    runs = store.receipts()
    assert len(runs) == PROCESSES * ROUNDS / 2
    assert len({run.run for run in runs}) == len(runs)
    for run in runs:
        assert store.drift(run) == ()
    COUNTS["rounds of 20 processes at once, 0 inconsistent trees"] += PROCESSES * ROUNDS


def test_the_lock_of_a_killed_process_is_taken_over(place: Path) -> None:
    root = tree(place / "LibreChat", FILES)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from patcher.transaction import open_store\n"
            "with open_store(Path(sys.argv[1])).locked(): print('held', flush=True); input()",
            str(root),
        ],
        env={**os.environ, "PYTHONPATH": str(Path(patcher.__file__).parents[1])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert holder.stdout is not None and holder.stdin is not None
    with holder, holder.stdin, holder.stdout:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Busy, match=f"process {holder.pid} on .*, since 2"):
            open_store(root).locked(wait=0).__enter__()
        holder.kill()
        holder.wait()
    with open_store(root).locked(wait=0):
        pass
    assert not (root / ".librechat-patcher").exists()
