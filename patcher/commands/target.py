"""The checkout that a command works on, opened and put right."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from patcher.checkout import Checkout, describe, find_root, here
from patcher.model import FileState, PatchRef, Phase, Receipt, Restored
from patcher.transaction import Store, open_store
from patcher.trees import FolderTree
from patcher.values import dataclass


@dataclass(frozen=True)
class Target:
    """A checkout, its tree and its history."""

    root: Path
    tree: FolderTree
    store: Store
    checkout: Checkout
    recovered: Restored | None
    """The unfinished run that was found and put right on opening."""

    def live_receipts(self) -> tuple[Receipt, ...]:
        """Runs that are in effect, oldest first."""
        return tuple(r for r in self.store.receipts() if r.phase is Phase.DONE)


def open_target(root: Path | None) -> Target:
    """Find the checkout and finish or undo what a killed run has left.

    Raises `NoCheckout`; `Busy` when another run holds the lock.
    """
    found = find_root(root, os.environ, here())
    store = open_store(found)
    recovered = None
    if any(r.phase not in (Phase.DONE, Phase.UNDONE) for r in store.receipts()):
        with store.locked():
            recovered = store.recover()
    tree = FolderTree(found)
    return Target(found, tree, store, describe(tree), recovered)


@dataclass(frozen=True)
class InEffect:
    """A patch that a checkout carries now."""

    ref: PatchRef
    run: Receipt
    """The run that applied it."""
    components: tuple[str, ...]


def in_effect(receipts: Sequence[Receipt]) -> tuple[InEffect, ...]:
    """Every application of a patch by live runs, oldest first, that no later run took back."""
    found: list[InEffect] = []
    for receipt in receipts:
        found = [f for f in found if f.ref.id not in receipt.removes]
        if not receipt.removes:
            found += (InEffect(ref, receipt, receipt.components) for ref in receipt.patches)
    return tuple(found)


def final_states(receipts: Sequence[Receipt]) -> dict[str, FileState]:
    """What the newest run that touched each file has left it as."""
    return {f.path: f.after for r in receipts for f in r.files}


def first_runs(receipts: Sequence[Receipt]) -> dict[str, Receipt]:
    """The oldest live run that touched each file: it holds the original."""
    return {f.path: r for r in reversed(receipts) for f in r.files}
