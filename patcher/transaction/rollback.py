"""Rolling a run back: because somebody asks for it, after a failure, and after a crash.

First which run, and whether that would cost somebody's work; below, how its files are restored.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from msgspec.structs import replace

from patcher.errors import BadUsage, Drifted, InputOutput
from patcher.model import Drift, Kept, Phase, Receipt, ReceiptFile, Restored
from patcher.paths import folders_above
from patcher.transaction.file_status import FileStatus, status_of
from patcher.transaction.files import Files
from patcher.transaction.history import RUNS, History, Original
from patcher.transaction.problems import adding, named

_KINDS = {
    FileStatus.OLD: "restored",
    FileStatus.MISSING: "deleted",
    FileStatus.EDITED: "edited",
    FileStatus.REPLACED: "replaced",
}

_SOMEBODYS = (FileStatus.EDITED, FileStatus.REPLACED)


def drift(files: Files, receipt: Receipt, receipts: Sequence[Receipt]) -> tuple[Drift, ...]:
    """See `Store.drift`."""
    if receipt.phase is not Phase.DONE:
        return ()
    theirs = {file.path for later in _later(receipt, receipts) for file in later.files}
    found = []
    for file in receipt.files:
        now = status_of(file, files.see(file.path))
        if file.path not in theirs and now is not FileStatus.NEW:
            found.append(Drift(file.path, _KINDS[now]))
    return tuple(found)


def run_to_roll_back(receipts: Sequence[Receipt], run: str | None) -> Receipt:
    """The receipt of `run`, or of the last run that is done. Raises `BadUsage` if there is none."""
    done = [receipt for receipt in receipts if receipt.phase is Phase.DONE]
    if run is None:
        if not done:
            raise BadUsage("there is nothing to roll back: no run is applied to this checkout")
        return done[-1]
    for receipt in receipts:
        if receipt.run == run and receipt.phase is Phase.DONE:
            return receipt
    known = any(receipt.run == run for receipt in receipts)
    problem = f"the run {run} is rolled back already" if known else f"there is no run {run}"
    names = ", ".join(receipt.run for receipt in done)
    hint = (
        f"runs that can be rolled back: {names}" if done else "no run is applied to this checkout"
    )
    raise BadUsage(problem, hint)


def rollback(
    files: Files,
    history: History,
    receipt: Receipt,
    receipts: Sequence[Receipt],
    force: bool,
    built: Collection[str],
) -> Restored:
    """See `Store.rollback`."""
    _refuse_before_later(receipt, receipts)
    drifted = [found for found in drift(files, receipt, receipts) if found.kind != "restored"]
    spared = _rebuilt(receipt, drifted, built)
    drifted = [found for found in drifted if found.path not in spared]
    if drifted and not force:
        raise Drifted(
            "files changed since they were patched; nothing was rolled back:"
            + "".join(f"\n  {found.path} was {found.kind}" for found in drifted),
            f"`librechat-patcher rollback --run {receipt.run} --force` brings the originals back "
            f"and keeps your copies beside them, named NAME.drifted-{receipt.run}",
        )
    kept = tuple(
        Kept(found.path, _free_name(files, receipt, found.path))
        for found in drifted
        if found.kind != "deleted"
    )
    files_of_run = tuple(file for file in receipt.files if file.path not in spared)
    rolling = replace(receipt, phase=Phase.ROLLING_BACK, kept=kept, files=files_of_run)
    restoration = _restoration(files, history, rolling, receipts)
    try:
        with adding("nothing was rolled back"):
            history.mark(rolling)
            restoration.prepare()
    except BaseException as error:
        _cancel(restoration, receipt, error)
        raise
    done = _push_through(restoration, receipt)
    return replace(done, found=Phase.DONE, left=(*done.left, *spared))


def _rebuilt(receipt: Receipt, drifted: Sequence[Drift], built: Collection[str]) -> tuple[str, ...]:
    """The files of built output that was built anew since: all or none of a component.

    A page of one build beside the chunks of another shows nothing at all.
    """
    changed = {found.path for found in drifted}
    anew = {f.component for f in receipt.files if f.path in changed and f.component in built}
    return tuple(f.path for f in receipt.files if f.component in anew and f.before.sha256)


def finish(files: Files, history: History, receipt: Receipt) -> Restored:
    """Roll back what an interrupted command left. If it raises, the next call goes on."""
    restoration = _restoration(files, history, receipt, history.receipts())
    restoration.prepare()
    return restoration.carry_out()


def _restoration(
    files: Files, history: History, receipt: Receipt, receipts: Sequence[Receipt]
) -> Restoration:
    """How `receipt` is rolled back; a folder of one that was goes with the last file in it."""
    ours = {folder for file in receipt.files for folder in folders_above(file.path)}
    orphans = [
        folder
        for other in receipts
        if other.phase is Phase.ROLLED_BACK
        for folder in other.folders
        if folder in ours
    ]
    return Restoration(
        files, history, receipt, lambda file: history.original(receipt, file), orphans
    )


def _later(receipt: Receipt, receipts: Sequence[Receipt]) -> list[Receipt]:
    return [other for other in receipts if other.run > receipt.run and other.phase is Phase.DONE]


def _refuse_before_later(receipt: Receipt, receipts: Sequence[Receipt]) -> None:
    paths = {file.path for file in receipt.files}
    for later in reversed(_later(receipt, receipts)):
        shared = sorted(paths & {file.path for file in later.files})
        if shared:
            raise Drifted(
                f"the later run {later.run} changed files of the run {receipt.run}; "
                "nothing was rolled back:" + "".join(f"\n  {path}" for path in shared),
                f"roll that one back first: `librechat-patcher rollback --run {later.run}`",
            )


def _free_name(files: Files, receipt: Receipt, path: str) -> str:
    """Where to move the drifted `path`: never over anything that is there."""
    if problem := files.obstacle(path):
        raise Drifted(
            f"{path} {problem}; nothing was rolled back",
            "move that away or put the folder back, then run the same command again",
        )
    name = f"{path}.drifted-{receipt.run}"
    copy, number = name, 1
    while not files.is_free(copy):
        number += 1
        copy = f"{name}-{number}"
    return copy


def _cancel(restoration: Restoration, receipt: Receipt, error: BaseException) -> None:
    try:
        restoration.cancel()
    except BaseException as second:
        raise _stopped(receipt, error, second) from second


def _push_through(restoration: Restoration, receipt: Receipt) -> Restored:
    """Past the first file there is no way but forward: try once more, then say what to do."""
    try:
        return restoration.carry_out()
    except BaseException as error:
        try:
            restoration.prepare()
            restored = restoration.carry_out()
        except BaseException as second:
            raise _stopped(receipt, error, second) from second
        if not isinstance(error, InputOutput):
            raise
        return restored


def _stopped(receipt: Receipt, error: BaseException, second: BaseException) -> InputOutput:
    return InputOutput(
        f"{named(error)}\n{named(second)}\n"
        f"rolling back the run {receipt.run} stopped halfway; "
        f"nothing is lost: the originals are in {RUNS}/{receipt.run}/originals",
        "fix the cause, then run `librechat-patcher status`: it finishes rolling back",
    )


def staged(run: str, index: int, path: str) -> str:
    """Where the new bytes of the run's `index`-th file lie until they get its name.

    Beside it, because only a rename within one file system is one step; told from the receipt
    alone, so that a later command finds it; hidden and without a suffix, so that no build or
    watcher takes it for a source.
    """
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}.librechat-patcher-{run}-{index}"


class Restoration:
    """Restores the files of one run. May be interrupted anywhere and started again.

    A file is restored when it is as the run left it, or gone. One that somebody changed is moved
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
            if file.before.sha256 is None or self._status(file) in (FileStatus.OLD, None):
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
        """Remove what `prepare` has laid and mark the run as done again."""
        self._remove_staged()
        for folder in reversed(self._made):
            self._files.remove_folder_if_empty(folder)
        self._files.sync([*(file.path for file in self._receipt.files), *self._made])
        self._history.mark(replace(self._receipt, phase=Phase.DONE, kept=()))

    def carry_out(self) -> Restored:
        """Give the originals their names back and mark the run as rolled back.

        If this raises, some files are back and some are not; start again with `prepare`.
        """
        for index, file in enumerate(self._receipt.files):
            self._restore(index, file)
        for index in self._staged:  # somebody changed their files after `prepare`
            self._files.remove_if_there(self._beside(index))
        for folder in sorted(self._folders, reverse=True):
            self._files.remove_folder_if_empty(folder)
        self._files.sync([*(file.path for file in self._receipt.files), *self._folders])
        self._history.mark(replace(self._receipt, phase=Phase.ROLLED_BACK))
        return Restored(
            self._receipt.run,
            tuple(self._restored),
            tuple(self._removed),
            tuple(k.copy for k in self._receipt.kept if not self._files.is_free(k.copy)),
            tuple(self._left),
            self._receipt.phase,
        )

    def _restore(self, index: int, file: ReceiptFile) -> None:
        now = self._status(file)
        had_file = file.before.sha256 is not None
        if now is FileStatus.OLD:
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

    def _status(self, file: ReceiptFile) -> FileStatus | None:
        """How `file` stands; None when it is somebody's work and has no place to be moved to."""
        seen = self._files.see(file.path)
        now = status_of(file, seen)
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
