"""Finishing an update that was interrupted, or bringing the checkout back to where it was.

Nothing is planned for that: all bytes are in the runs that the update has made.
"""

from __future__ import annotations

from patcher.model import Phase, Receipt, Restored, Update
from patcher.releases.moving import Mover
from patcher.releases.worktree import head
from patcher.transaction import Store


def finish(store: Store, update: Update) -> Restored:
    """End `update`, which lies in the state folder of the locked `store`; no run is unfinished.

    Afterwards the checkout has the new release with its patches, when they were in it already;
    else the old one with its own. Where somebody has moved it to a third place meanwhile it stays
    there, and the patches are not in it. Raises `InputOutput`, and the next call goes on.
    """
    runs = [receipt for receipt in store.receipts() if receipt.phase is Phase.DONE]
    own = [receipt for receipt in runs if receipt.run > update.last_run]
    applied = [receipt for receipt in own if not receipt.removes]
    if update.is_applied:
        return _finished(store, update, [receipt for receipt in runs if receipt not in applied])
    if head(store.root).commit not in (update.old.commit, update.new.commit):
        return _given_up(store, runs)
    return _back(store, update, applied, [receipt for receipt in own if receipt.removes])


def _finished(store: Store, update: Update, retired: list[Receipt]) -> Restored:
    store.retire(retired)
    store.forget_update()
    return Restored("", (), (), (), update=f"finished: the checkout is at {update.new_name}")


def _given_up(store: Store, runs: list[Receipt]) -> Restored:
    store.retire(runs)
    store.forget_update()
    said = (
        "given up, since the checkout was moved to another commit meanwhile: its patches are not "
        "applied any more"
    )
    return Restored("", (), (), (), update=said)


def _back(
    store: Store, update: Update, applied: list[Receipt], removing: list[Receipt]
) -> Restored:
    kept: list[str] = []
    for receipt in reversed(applied):
        kept += store.rollback(receipt.run, force=True).kept
    message = f"checkout: moving from {update.new_name} to {update.old_name}"
    left = Mover(store.root, store.lock).back(update.old, update.new, message)
    for receipt in reversed(removing):
        kept += store.rollback(receipt.run, force=True).kept
    store.forget_update()
    said = f"taken back: the checkout is at {update.old_name}, with its patches"
    return Restored("", (), (), tuple(kept), left, Phase.APPLYING, said)
