"""`rollback`: give back what a run replaced, byte for byte."""

from __future__ import annotations

from pathlib import Path

from patcher.commands.taking_back import undo_all
from patcher.commands.target import open_target
from patcher.results import RolledBack


def rollback(root: Path | None, run: str | None = None, force: bool = False) -> RolledBack:
    """Undo `run`, or the last one that is in effect.

    Without a run in effect there is nothing to do. After a patch was taken back alone, undoing
    the last run means all runs: the originals.
    Raises `Drifted` when a file changed since, unless `force`; then the changed file is kept
    beside the restored one. After any error the tree is as it was.
    """
    target = open_target(root)
    if target.recovered is not None and run is None:
        return RolledBack(target.root, target.recovered)
    newest = target.live_receipts()[-1:]
    if run is None and not newest:
        return RolledBack(target.root, None)
    if run is None and newest and newest[0].removes and not force:
        # The others stayed where that run took a patch back; what it took must not come again.
        return undo_all(target)
    with target.store.locked():
        return RolledBack(target.root, target.store.rollback(run, force))
