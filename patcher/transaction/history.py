"""What was done to a checkout: one folder per run, with its receipt and the saved originals."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from msgspec import Struct

from patcher.errors import InputOutput
from patcher.model import Phase, Receipt, ReceiptFile
from patcher.paths import STATE_FOLDER, folders_above
from patcher.transaction.disk import Kind, Owner
from patcher.transaction.files import Files
from patcher.transaction.problems import explained
from patcher.transaction.receipts import Damaged, from_json, is_run, to_json

RUNS = f"{STATE_FOLDER}/runs"
PREPARING = ".preparing"
"""Ends the name of a run's folder until all originals are saved: no file was touched yet."""


class Original(Struct, frozen=True):
    """The saved bytes of a file, and whose they were."""

    path: str
    data: bytes
    mode: int
    owner: Owner


class History:
    """The runs of one checkout. Reading creates nothing."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._rolled_back: dict[str, Receipt] = {}
        """Receipts that never change again; a checkout that is patched every day has many."""

    def runs(self) -> list[str]:
        """The ids of all runs, oldest first."""
        return [name for name in self._files.names(RUNS) if is_run(name)]

    def receipts(self) -> tuple[Receipt, ...]:
        """All receipts, oldest first. Raises `InputOutput` for one that is damaged."""
        return tuple(self.receipt(run) for run in self.runs())

    def receipt(self, run: str) -> Receipt:
        """The receipt of one run."""
        if run in self._rolled_back:
            return self._rolled_back[run]
        path = f"{RUNS}/{run}/receipt.json"
        seen = self._files.see(path)
        try:
            if seen.state is None:
                raise Damaged(seen.problem)
            if seen.state.sha256 is None:
                raise Damaged("is missing")
            receipt = from_json(seen.data)
            if receipt.run != run:
                raise Damaged(f"belongs to the run {receipt.run}")
        except Damaged as error:
            raise InputOutput(
                f"the receipt {path} {error}; nothing was changed",
                f"keep {RUNS}/{run}: the originals of that run are in it; restore its receipt "
                f"from a copy of yours, or move the folder out of the checkout to forget the run",
            ) from error
        if receipt.phase is Phase.ROLLED_BACK:
            self._rolled_back[run] = receipt
        return receipt

    def begin(self, receipt: Receipt, originals: Iterable[Original]) -> None:
        """Save the originals and the receipt under the run's name, all on disk or none.

        If this raises there is no such run, and no file of the checkout was touched.
        """
        target = f"{RUNS}/{receipt.run}"
        folder = target + PREPARING
        try:
            saved = {f"{folder}/originals/{original.path}": original for original in originals}
            receipt_path = f"{folder}/receipt.json"
            owner = self._files.owner_above(receipt_path)
            made = self._files.missing_folders([receipt_path, *saved])
            for missing in made:
                self._files.make_folder(missing)
            for path, original in saved.items():
                mode = original.mode & 0o777 | 0o600
                self._files.write(path, original.data, mode, original.owner)
            self._files.write(receipt_path, to_json(receipt), 0o644, owner)
            self._files.sync_files({path: path for path in (*saved, receipt_path)})
            self._files.sync([receipt_path, *saved, *made])
            self._files.replace(folder, target)
            self._files.sync([target, *folders_above(target)])
        except BaseException:
            with suppress(InputOutput):  # what stays is swept by the next command
                if not self._files.is_free(target):
                    self._files.replace(target, folder)
                self.sweep()
            raise

    def mark(self, receipt: Receipt) -> None:
        """Write the receipt anew. If this raises the old one or the new one is there, whole."""
        self._files.rewrite(f"{RUNS}/{receipt.run}/receipt.json", to_json(receipt))

    def original(self, receipt: Receipt, file: ReceiptFile) -> Original:
        """The saved bytes of `file`. Raises `InputOutput` when they are not what was saved."""
        path = f"{RUNS}/{receipt.run}/originals/{file.path}"
        seen = self._files.see(path)
        mode = file.before.mode
        if mode is None or seen.state is None or seen.state.sha256 != file.before.sha256:
            raise InputOutput(
                f"the saved original {path} is damaged: it is not what was saved",
                f"keep everything in {RUNS}/{receipt.run}; bring {file.path} back by hand (for "
                f"instance `git checkout -- {file.path}`), then run "
                f"`librechat-patcher rollback --run {receipt.run}` for the other files",
            )
        return Original(file.path, seen.data, mode, seen.owner)

    def sweep(self) -> None:
        """Remove what an interrupted `begin` left behind; no file of the checkout depends on it."""
        for name in self.unprepared():
            self._remove_all(f"{RUNS}/{name}")

    def unprepared(self) -> list[str]:
        """The names of folders that an interrupted `begin` left behind."""
        return [name for name in self._files.names(RUNS) if name.endswith(PREPARING)]

    def _remove_all(self, path: str) -> None:
        disk, place = self._files.disk, self._files.root / path
        with explained(path, "removed"):
            entry = disk.entry(place)
            if entry is None or entry.kind is not Kind.FOLDER:
                disk.remove(place)
                return
            for name in disk.names(place):
                self._remove_all(f"{path}/{name}")
            disk.remove_folder(place)
