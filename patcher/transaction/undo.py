"""Taking a run back: after a failure, after a crash, and because somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from patcher.model import Phase, Receipt, ReceiptFile, Restored
from patcher.transaction.files import Files
from patcher.transaction.history import History, Original
from patcher.transaction.standing import Standing, standing

_SOMEBODYS = (Standing.EDITED, Standing.REPLACED)


def staged(run: str, index: int, path: str) -> str:
    """Where the new bytes of the run's `index`-th file lie until they get its name.

    Beside it, because only a rename within one file system is one step; told from the receipt
    alone, so that a later command finds it; hidden and without a suffix, so that no build or
    watcher takes it for a source.
    """
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}.librechat-patcher-{run}-{index}"


class Undo:
    """Puts back the files of one run. May be interrupted anywhere and started again.

    A file is put back when it is as the run left it, or gone. One that somebody changed is moved
    to the place that the receipt names (`kept`), or else left alone.
    """

    def __init__(
        self,
        files: Files,
        history: History,
        receipt: Receipt,
        original: Callable[[ReceiptFile], Original],
        folders: Iterable[str] = (),
    ) -> None:
        self._files = files
        self._history = history
        self._receipt = receipt
        self._original = original
        self._folders = {*receipt.folders, *folders}
        self._aside = {kept.path: kept.copy for kept in receipt.kept}
        self._staged: set[int] = set()
        self._made: list[str] = []
        self._restored: dict[str, None] = {}
        self._removed: dict[str, None] = {}
        self._left: dict[str, None] = {}

    def prepare(self) -> None:
        """Lay the originals beside the files that need them. Changes none of the files."""
        self._remove_staged()
        for index, file in enumerate(self._receipt.files):
            if file.before.sha256 is None or self._standing(file) in (Standing.OLD, None):
                continue
            original = self._original(file)
            for folder in self._files.missing_folders([file.path]):
                self._files.make_folder(folder)
                self._made.append(folder)
            self._files.write(
                self._beside(index), original.data, original.mode, original.owner, file.path
            )
            self._staged.add(index)
        self._files.sync_files({self._beside(i): self._receipt.files[i].path for i in self._staged})

    def cancel(self) -> None:
        """Take `prepare` back and mark the run as done again."""
        self._remove_staged()
        for folder in reversed(self._made):
            self._files.remove_folder_if_empty(folder)
        self._files.sync([*(file.path for file in self._receipt.files), *self._made])
        self._history.mark(replace(self._receipt, phase=Phase.DONE, kept=()))

    def carry_out(self) -> Restored:
        """Give the originals their names back and mark the run as undone.

        If this raises, some files are back and some are not; start again with `prepare`.
        """
        for index, file in enumerate(self._receipt.files):
            self._put_back(index, file)
        for index in self._staged:  # somebody changed their files after `prepare`
            self._files.remove_if_there(self._beside(index))
        for folder in sorted(self._folders, reverse=True):
            self._files.remove_folder_if_empty(folder)
        self._files.sync([*(file.path for file in self._receipt.files), *self._folders])
        self._history.mark(replace(self._receipt, phase=Phase.UNDONE))
        return Restored(
            self._receipt.run,
            tuple(self._restored),
            tuple(self._removed),
            tuple(k.copy for k in self._receipt.kept if not self._files.is_free(k.copy)),
            tuple(self._left),
            self._receipt.phase,
        )

    def _put_back(self, index: int, file: ReceiptFile) -> None:
        now = self._standing(file)
        had_file = file.before.sha256 is not None
        if now is Standing.OLD:
            return
        if now is None or (had_file and index not in self._staged):
            self._left[file.path] = None
            return
        if now in _SOMEBODYS:
            self._files.replace(file.path, self._aside[file.path])
        elif not had_file:
            self._files.remove(file.path)
        if had_file:
            self._files.replace(self._beside(index), file.path)
            self._staged.discard(index)
        (self._restored if had_file else self._removed)[file.path] = None

    def _standing(self, file: ReceiptFile) -> Standing | None:
        """How `file` stands; None when it is somebody's work and has no place to be moved to."""
        seen = self._files.see(file.path)
        now = standing(file, seen)
        if now in _SOMEBODYS:
            aside = self._aside.get(file.path)
            if aside is None or not seen.reachable or not self._files.is_free(aside):
                return None
        return now

    def _remove_staged(self) -> None:
        self._staged.clear()
        for index in range(len(self._receipt.files)):
            self._files.remove_if_there(self._beside(index))

    def _beside(self, index: int) -> str:
        return staged(self._receipt.run, index, self._receipt.files[index].path)
