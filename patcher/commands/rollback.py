"""`rollback`: give back what a run replaced, byte for byte."""

from __future__ import annotations

from pathlib import Path

from patcher.commands.target import open_target
from patcher.results import RolledBack


def rollback(root: Path | None, run: str | None = None, force: bool = False) -> RolledBack:
    """Undo `run`, or the last one that is in effect.

    Raises `Drifted` when a file changed since, unless `force`; then the changed file is kept
    beside the restored one. After any error the tree is as it was.
    """
    target = open_target(root)
    if target.recovered is not None and run is None:
        return RolledBack(target.root, target.recovered)
    with target.store.locked():
        return RolledBack(target.root, target.store.rollback(run, force))
