"""`rollback`: back to what a run replaced, byte for byte."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from patcher.commands.workspace import Workspace, open_workspace
from patcher.model import Phase, Restored


class RolledBack(Struct, frozen=True):
    """What `rollback` did."""

    root: Path
    restored: Restored | None
    """None when there was nothing to roll back."""
    stays: tuple[str, ...] = ()
    """Patches that are still applied, when only one was rolled back."""


def rollback(root: Path | None, run: str | None = None, force: bool = False) -> RolledBack:
    """Roll back `run`, or the last one that is in effect.

    Without a run in effect there is nothing to do. After a patch was rolled back alone, the last
    run means all runs: back to the originals.
    Raises `Drifted` when a file changed since, unless `force`; then the changed file is kept
    beside the restored one. After any error the tree is as it was.
    """
    workspace = open_workspace(root)
    if workspace.recovered is not None and not workspace.recovered.update and run is None:
        return RolledBack(workspace.root, workspace.recovered)
    newest = workspace.receipts[-1:]
    if run is None and not newest:
        return RolledBack(workspace.root, None)
    if run is None and newest and newest[0].removes and not force:
        # The others stayed where that run rolled a patch back; what it removed must not return.
        return roll_back_all(workspace)
    return RolledBack(workspace.root, workspace.store.rollback(run, force))


def roll_back_all(workspace: Workspace) -> RolledBack:
    """Roll back every run that is in effect, the newest first."""
    store = workspace.store
    done: list[Restored] = []
    with store.locked():
        while any(receipt.phase is Phase.DONE for receipt in store.receipts()):
            done.append(store.rollback())
    if not done:  # somebody else was quicker
        return RolledBack(workspace.root, None)
    restored = dict.fromkeys(p for d in done for p in d.restored)
    removed = dict.fromkeys(p for d in done for p in d.removed)
    return RolledBack(
        workspace.root,
        Restored(done[0].run, tuple(p for p in restored if p not in removed), tuple(removed), ()),
    )
