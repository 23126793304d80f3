"""What this tool remembers is damaged, moved or locked: it refuses, says so, and keeps all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.errors import Busy, InputOutput
from patcher.transaction import Store, open_store

from .refusals import PLAN, a_link, deleted, said
from .support import snapshot, tree

pytestmark = pytest.mark.usefixtures("no_fsync")


def test_a_damaged_original_is_refused_and_everything_kept(root: Path, store: Store) -> None:
    receipt = store.commit(PLAN, "")
    saved = store.folder / "runs" / receipt.run / "originals/api/a.js"
    saved.write_bytes(b"rot")
    before = snapshot(root)
    hint = (
        "keep everything in .librechat-patcher/runs/RUN; bring api/a.js back by hand (for "
        "instance `git checkout -- api/a.js`), then run `librechat-patcher rollback --run RUN` "
        "for the other files"
    )
    with pytest.raises(InputOutput) as caught:
        store.original(receipt, "api/a.js")
    assert said(caught, store) == (
        "the saved original .librechat-patcher/runs/RUN/originals/api/a.js is damaged: "
        "it is not what was saved",
        hint,
    )
    for happen in (a_link, deleted, lambda path: None):
        with pytest.raises(InputOutput) as caught:
            store.rollback()
        assert said(caught, store) == (
            "the saved original .librechat-patcher/runs/RUN/originals/api/a.js is damaged: "
            "it is not what was saved; nothing was rolled back",
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
        assert message.startswith(f"the receipt .librechat-patcher/runs/RUN/receipt.json {reason}")
        assert message.endswith("; nothing was changed")
        assert hint == (
            "keep .librechat-patcher/runs/RUN: the originals of that run are in it; restore its "
            "receipt from a copy of yours, or move the folder out of the checkout to forget "
            "the run"
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
        f"the receipt .librechat-patcher/runs/RUN/receipt.json {words}; nothing was changed"
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
        ".librechat-patcher/lock lies behind .librechat-patcher, which is a symbolic link; "
        "nothing was changed"
    )
    assert caught.value.hint == ("move .librechat-patcher away, then run the same command again")
    assert list((root.parent / "elsewhere").iterdir()) == []


def test_who_holds_the_lock(root: Path, store: Store) -> None:
    with store.locked(), store.locked():
        holder = json.loads((store.folder / "lock.json").read_bytes())
        assert holder["pid"] == os.getpid()
        with pytest.raises(Busy) as caught, open_store(root).locked(wait=0):
            pass
        assert str(caught.value) == (
            f"another command works on this checkout: process {os.getpid()} on {holder['host']}, "
            f"since {holder['since']}; waited 0 s"
        )
        assert caught.value.hint == "wait until it is done, then run the same command again"
        (store.folder / "lock.json").write_bytes(b"[]")
        with pytest.raises(Busy, match="it does not say which process"):
            open_store(root).locked(wait=0).__enter__()
    with open_store(root).locked(wait=0):
        pass
