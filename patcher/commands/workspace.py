"""A checkout, opened: what runs have done to it, and whether it still is as they left it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from patcher.access import current_folder
from patcher.checkout import describe, find_root
from patcher.commands.selection import Selection, available, chosen, components, configured
from patcher.definition.catalog import Catalog
from patcher.errors import AnchorNotFound
from patcher.librechat import PAGE
from patcher.model import ABSENT, Drift, FileState, Patch, PatchRef, Phase, Plan, Receipt, Restored
from patcher.transaction import Store, open_store
from patcher.transaction.files import sha256
from patcher.transaction.store import UNFINISHED
from patcher.trees import Folder


class InEffect(Struct, frozen=True):
    """A patch that a checkout carries now."""

    ref: PatchRef
    receipt: Receipt
    """Of the run that applied it."""


def open_workspace(root: Path | None, asked: Selection | None = None) -> Workspace:
    """Find the checkout, and finish or roll back what a killed run has left.

    Raises `NoCheckout`; `Busy` when another run holds the lock.
    """
    found = find_root(root, os.environ, current_folder())
    store = open_store(found, built=(PAGE.name,))
    recovered = None
    is_updating = store.update() is not None
    if is_updating or any(receipt.phase in UNFINISHED for receipt in store.receipts()):
        with store.locked():
            recovered = store.recover()
            under_way = store.update()
            if under_way is not None:
                # 25 ms, and only a killed update is finished.
                from patcher.commands.interrupted_update import finish

                recovered = finish(store, under_way)
    return Workspace(store, asked or Selection(), recovered)


class Workspace:
    """The checkout that a command works on.

    What is asked for twice is read once: a command looks first, and writes last.
    """

    def __init__(self, store: Store, asked: Selection, recovered: Restored | None) -> None:
        self.root = store.root
        self.store = store
        self.recovered = recovered
        """The unfinished run that was found on opening, and finished or rolled back."""
        self.tree = Folder(store.root)
        self.checkout = describe(self.tree)
        self._asked = asked

    @cached_property
    def selection(self) -> Selection:
        """What was asked for, and where that is silent, what the settings file says."""
        return configured(self._asked, self.root)

    @cached_property
    def catalog(self) -> Catalog:
        """All patches, built-in and the user's own."""
        return available(self.selection)

    def reopened(self) -> Workspace:
        """The same checkout, read anew: its files or its runs have changed."""
        return Workspace(self.store, self._asked, None)

    def chosen(self) -> tuple[Patch, ...]:
        """The patches to work with; raises as `selection.chosen`."""
        return chosen(self.selection)

    def components(self, patches: Sequence[Patch]) -> tuple[str, ...]:
        """The components to work with; raises as `selection.components`."""
        return components(self.selection, patches, self.checkout)

    @cached_property
    def receipts(self) -> tuple[Receipt, ...]:
        """Runs that are in effect, oldest first."""
        return tuple(r for r in self.store.receipts() if r.phase is Phase.DONE)

    @cached_property
    def in_effect(self) -> tuple[InEffect, ...]:
        """Every application of a patch, oldest first, that no later run rolled back."""
        found: list[InEffect] = []
        for receipt in self.receipts:
            found = [f for f in found if f.ref.id not in receipt.removes]
            if not receipt.removes:
                found += (InEffect(ref, receipt) for ref in receipt.patches)
        return tuple(found)

    @cached_property
    def digests(self) -> Mapping[str, str]:
        """The patches in effect by id, each with the digest of what was applied last."""
        return {one.ref.id: one.ref.digest for one in self.in_effect}

    def components_in_effect(self) -> dict[str, set[str]]:
        """The patches in effect by id, each with all components that it was applied with."""
        found: dict[str, set[str]] = {}
        for one in self.in_effect:
            found.setdefault(one.ref.id, set()).update(one.receipt.components)
        return found

    @cached_property
    def states(self) -> Mapping[str, FileState]:
        """What the newest run that touched each file has left it as."""
        return {f.path: f.after for r in self.receipts for f in r.files}

    def is_as_written(self, path: str) -> bool:
        """Whether a file that a run touched still has the bytes that were written, or is gone
        where the run removed it. Modes do not count: git, tar and Docker change them."""
        try:
            content = self.tree.read(path)
        except AnchorNotFound:
            return False
        found = ABSENT.sha256 if content is None else sha256(content)
        return found == self.states[path].sha256

    @property
    def touched(self) -> Iterable[str]:
        """The files that runs touched."""
        return self._first_runs.keys()

    @cached_property
    def drift(self) -> tuple[Drift, ...]:
        """Files that are not as the newest run that touched them has left them, each with how."""
        return tuple(found for receipt in self.receipts for found in self.store.drift(receipt))

    @cached_property
    def _first_runs(self) -> Mapping[str, Receipt]:
        """The oldest run that touched each file: it holds the original."""
        return {f.path: r for r in reversed(self.receipts) for f in r.files}

    def before(self, path: str) -> FileState:
        """What a file that a run touched was before the first of them."""
        files = self._first_runs[path].files
        return next(file.before for file in files if file.path == path)

    def original(self, path: str) -> bytes | None:
        """The bytes of such a file, None for no file; raises `InputOutput` for a damaged one."""
        if self.before(path) == ABSENT:
            return None
        return self.store.original(self._first_runs[path], path)

    def write(self, plan: Plan) -> Receipt:
        """Carry a plan out, all of it or nothing; raises as `Store.commit`."""
        return self.store.commit(plan, self.checkout.version)
