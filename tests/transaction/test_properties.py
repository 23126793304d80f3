"""Whatever the tree and the plan: a commit and its rollback together change nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patcher.model import Change
from patcher.transaction import open_store

from .support import MEMORY, change, plan, snapshot, tree

NAMES = st.lists(st.sampled_from(["a", "b", "é", "n.js", "x y"]), min_size=1, max_size=4).map(
    "/".join
)
BYTES = st.binary(max_size=40) | st.sampled_from([b"", b"\r\n", b"\xef\xbb\xbf", b"a\nb\r\n"])
MODES = st.sampled_from([0o644, 0o600, 0o444, 0o755, 0o4711])


@st.composite
def checkouts(draw: st.DrawFn) -> tuple[dict[str, bytes], dict[str, int], list[Change]]:
    """Files, their modes, and changes of some of them and of new ones."""
    names: list[str] = []
    for name in draw(st.lists(NAMES, unique=True, min_size=1, max_size=12)):
        if not any(f"{n}/".startswith(f"{name}/") or f"{name}/".startswith(f"{n}/") for n in names):
            names.append(name)
    files = {name: draw(BYTES) for name in names if draw(st.booleans())}
    modes = {name: draw(MODES) for name in files}
    changes = []
    for name in names:
        after = draw(st.none() | BYTES)
        if name in files or after is not None:
            mode = draw(st.none() | MODES) if after is not None else None
            changes.append(change(name, files.get(name), after, mode))
    return files, modes, changes


def is_work(wanted: Change, modes: dict[str, int]) -> bool:
    new_mode = wanted.mode is not None and wanted.mode != modes.get(wanted.path)
    return wanted.before != wanted.after or new_mode


@given(checkouts())
@settings(max_examples=150, deadline=None)
def test_a_commit_and_its_rollback_change_nothing(
    checkout: tuple[dict[str, bytes], dict[str, int], list[Change]],
) -> None:
    files, modes, changes = checkout
    changes = [wanted for wanted in changes if is_work(wanted, modes)]
    if not changes:
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        root = tree(Path(folder) / "LibreChat", files)
        for name, mode in modes.items():
            (root / name).chmod(mode)
        before = snapshot(root)
        store = open_store(root)

        receipt = store.commit(plan(*changes), "v0.8.4")
        assert open_store(root).receipts() == (receipt,)
        patched = snapshot(root)
        for wanted in changes:
            if wanted.after is None:
                assert wanted.path not in patched
            else:
                mode = modes.get(wanted.path, 0o644) if wanted.mode is None else wanted.mode
                assert patched[wanted.path] == (wanted.after, 0o100000 | mode)
        assert {n: patched[n] for n in files if n not in {c.path for c in changes}} == {
            n: before[n] for n in files if n not in {c.path for c in changes}
        }
        store.rollback()
        assert snapshot(root) == before
        assert not os.path.lexists(root / ".librechat-patcher/lock.json")
