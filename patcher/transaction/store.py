"""The door to this package: one checkout, what was done to it, and what to do next."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from msgspec.structs import replace

from patcher import __version__
from patcher.errors import BadUsage
from patcher.model import Drift, Phase, Plan, Receipt, Restored, Update
from patcher.paths import STATE_FOLDER
from patcher.transaction import commit, journal, lock, rollback
from patcher.transaction.disk import Disk
from patcher.transaction.files import Files
from patcher.transaction.history import History
from patcher.transaction.real_disk import RealDisk
from patcher.transaction.receipts import next_run

UNFINISHED = (Phase.APPLYING, Phase.ROLLING_BACK)


def open_store(root: Path, disk: Disk | None = None, built: Collection[str] = ()) -> Store:
    """The store of the checkout at `root`. Reads nothing yet, creates nothing.

    `built` names the components whose files are built output: they come and go together.
    """
    return Store(root.absolute(), disk or RealDisk(), built)


class Store:
    """Everything that may be written to one checkout goes through here."""

    def __init__(self, root: Path, disk: Disk, built: Collection[str]) -> None:
        self.root = root
        self._built = built
        self.folder = root / STATE_FOLDER
        self._files = Files(root, disk)
        self._history = History(self._files)
        self.lock: tuple[int, ...] = ()
        """What the checkout is locked with, if it is; who inherits it keeps the checkout locked."""

    def receipts(self) -> tuple[Receipt, ...]:
        """All runs, oldest first. Raises `InputOutput` for a damaged receipt; changes nothing."""
        return self._history.receipts()

    def original(self, receipt: Receipt, path: str) -> bytes:
        """What `path` held before the run, hash checked.

        Raises `InputOutput` when the saved bytes are damaged, `BadUsage` when there are none.
        """
        for file in receipt.files:
            if file.path == path and file.before.sha256 is not None:
                return self._history.original(receipt, file).data
        raise BadUsage(f"the run {receipt.run} saved no {path}")

    def drift(self, receipt: Receipt) -> tuple[Drift, ...]:
        """The files that are no longer what the run wrote; none for a run that is not done.

        A file that a later run changed as well is judged by that later run. Changes nothing.
        """
        return rollback.drift(self._files, receipt, self.receipts())

    @contextmanager
    def locked(self, wait: float = 10.0) -> Iterator[None]:
        """Keep other commands out of this checkout; inside another `locked` this does nothing.

        Raises `Busy`, naming the process, when the lock cannot be had within `wait` seconds.
        """
        if self.lock:
            yield
            return
        with lock.locked(self._files, wait) as descriptor:
            self.lock = (descriptor,)
            try:
                yield
            finally:
                self.lock = ()

    def recover(self) -> Restored | None:
        """Roll back a run that was interrupted, or go on rolling back; `found` says which.

        None, and nothing is created, when there is none. If this raises, `InputOutput` says why,
        and the next call goes on where this one stopped.
        """
        if not self._needs_recovery():
            return None
        with self.locked():
            self._history.sweep()
            for receipt in self.receipts():
                if receipt.phase in UNFINISHED:
                    return rollback.finish(self._files, self._history, receipt)
        return None

    def commit(self, plan: Plan, librechat: str) -> Receipt:
        """Carry `plan` out: all of it, or nothing.

        Raises `Blocked` when a file is not what it was when the plan was made, and `InputOutput`
        when the disk says no; then, and after any other exception, every file is as it was.
        """
        with self.locked():
            self.recover()
            steps = commit.preflight(self._files, plan)
            receipt = self._new(plan, librechat)
            return commit.carry_out(self._files, self._history, steps, receipt)

    def rollback(self, run: str | None = None, force: bool = False) -> Restored:
        """Restore what was there before `run` (default: the last one that is in effect).

        Raises `Drifted`, and nothing is changed, when a file is not what the run wrote; `force`
        moves such files beside the restored ones. Built output that was built anew since stays as
        it is, also with `force`. Raises `BadUsage` for a run that cannot be
        rolled back. If it raises `InputOutput`, the message says whether the run still stands.
        """
        with self.locked():
            self.recover()
            receipts = self.receipts()
            receipt = rollback.run_to_roll_back(receipts, run)
            return rollback.rollback(
                self._files, self._history, receipt, receipts, force, self._built
            )

    def update(self) -> Update | None:
        """The update of the checkout that is under way, or was when its command was killed."""
        return journal.read(self._files)

    def note_update(self, update: Update) -> None:
        """Remember an update, or how far it has come. The checkout must be `locked`."""
        journal.write(self._files, update)

    def forget_update(self) -> None:
        """The update is over."""
        journal.drop(self._files)

    def retire(self, runs: Sequence[Receipt]) -> None:
        """Let runs count as rolled back, and touch none of their files: another release has those.

        Their folders go where they are empty. The checkout must be `locked`.
        """
        for receipt in runs:
            for folder in sorted(receipt.folders, reverse=True):
                self._files.remove_folder_if_empty(folder)
            self._history.mark(replace(receipt, phase=Phase.ROLLED_BACK, kept=()))

    def _needs_recovery(self) -> bool:
        if self._history.unprepared():
            return True
        return any(receipt.phase in UNFINISHED for receipt in self.receipts())

    def _new(self, plan: Plan, librechat: str) -> Receipt:
        now = datetime.now(timezone.utc)
        runs = self._history.runs()
        return Receipt(
            run=next_run(
                runs[-1] if runs else None, now, int.from_bytes(os.urandom(2), "big") >> 1
            ),
            phase=Phase.APPLYING,
            started=f"{now:%Y-%m-%dT%H:%M:%SZ}",
            tool=__version__,
            librechat=librechat,
            patches=plan.patches,
            components=plan.components,
            files=(),
            folders=(),
            removes=plan.removes,
        )
