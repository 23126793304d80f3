"""Which run to take back, whether that would cost somebody's work, and doing it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from patcher.errors import BadUsage, Drifted, InputOutput
from patcher.model import Drift, Kept, Phase, Receipt, Restored
from patcher.paths import folders_above
from patcher.transaction.files import Files
from patcher.transaction.history import RUNS, History
from patcher.transaction.problems import adding, named
from patcher.transaction.standing import Standing, standing
from patcher.transaction.undo import Undo

_KINDS = {
    Standing.OLD: "restored",
    Standing.MISSING: "deleted",
    Standing.EDITED: "edited",
    Standing.REPLACED: "replaced",
}


def drift(files: Files, receipt: Receipt, receipts: Sequence[Receipt]) -> tuple[Drift, ...]:
    """See `Store.drift`."""
    if receipt.phase is not Phase.DONE:
        return ()
    theirs = {file.path for later in _later(receipt, receipts) for file in later.files}
    found = []
    for file in receipt.files:
        now = standing(file, files.see(file.path))
        if file.path not in theirs and now is not Standing.NEW:
            found.append(Drift(file.path, _KINDS[now]))
    return tuple(found)


def choose(receipts: Sequence[Receipt], run: str | None) -> Receipt:
    """The receipt of `run`, or of the last run that is done. Raises `BadUsage` if there is none."""
    done = [receipt for receipt in receipts if receipt.phase is Phase.DONE]
    if run is None:
        if not done:
            raise BadUsage("There is nothing to undo: no run is applied to this checkout.")
        return done[-1]
    for receipt in receipts:
        if receipt.run == run and receipt.phase is Phase.DONE:
            return receipt
    known = any(receipt.run == run for receipt in receipts)
    problem = f"The run {run} is undone already." if known else f"There is no run {run}."
    names = ", ".join(receipt.run for receipt in done)
    hint = f"Runs that can be undone: {names}." if done else "No run is applied to this checkout."
    raise BadUsage(problem, hint)


def rollback(
    files: Files, history: History, receipt: Receipt, receipts: Sequence[Receipt], force: bool
) -> Restored:
    """See `Store.rollback`."""
    _refuse_before_later(receipt, receipts)
    drifted = [found for found in drift(files, receipt, receipts) if found.kind != "restored"]
    if drifted and not force:
        raise Drifted(
            "Files changed since they were patched; nothing was undone:"
            + "".join(f"\n  {found.path} was {found.kind}" for found in drifted),
            f"`librechat-patcher rollback --run {receipt.run} --force` brings the originals back "
            f"and keeps your copies beside them, named NAME.drifted-{receipt.run}.",
        )
    kept = tuple(
        Kept(found.path, _free_name(files, receipt, found.path))
        for found in drifted
        if found.kind != "deleted"
    )
    undoing = replace(receipt, phase=Phase.UNDOING, kept=kept)
    undo = _undo(files, history, undoing, receipts)
    try:
        with adding("Nothing was undone."):
            history.mark(undoing)
            undo.prepare()
    except BaseException as error:
        _cancel(undo, receipt, error)
        raise
    return replace(_push_through(undo, receipt), found=Phase.DONE)


def finish(files: Files, history: History, receipt: Receipt) -> Restored:
    """Undo what an interrupted command left. If it raises, the next call goes on from there."""
    undo = _undo(files, history, receipt, history.receipts())
    undo.prepare()
    return undo.carry_out()


def _undo(files: Files, history: History, receipt: Receipt, receipts: Sequence[Receipt]) -> Undo:
    """The undo of `receipt`; a folder of an undone run goes with the last file in it."""
    ours = {folder for file in receipt.files for folder in folders_above(file.path)}
    orphans = [
        folder
        for other in receipts
        if other.phase is Phase.UNDONE
        for folder in other.folders
        if folder in ours
    ]
    return Undo(files, history, receipt, lambda file: history.original(receipt, file), orphans)


def _later(receipt: Receipt, receipts: Sequence[Receipt]) -> list[Receipt]:
    return [other for other in receipts if other.run > receipt.run and other.phase is Phase.DONE]


def _refuse_before_later(receipt: Receipt, receipts: Sequence[Receipt]) -> None:
    paths = {file.path for file in receipt.files}
    for later in reversed(_later(receipt, receipts)):
        shared = sorted(paths & {file.path for file in later.files})
        if shared:
            raise Drifted(
                f"The later run {later.run} changed files of the run {receipt.run}; "
                "nothing was undone:" + "".join(f"\n  {path}" for path in shared),
                f"Undo that one first: `librechat-patcher rollback --run {later.run}`.",
            )


def _free_name(files: Files, receipt: Receipt, path: str) -> str:
    """Where to move the drifted `path`: never over anything that is there."""
    if problem := files.obstacle(path):
        raise Drifted(
            f"{path} {problem}; nothing was undone.",
            "Move that away or put the folder back, then run the same command again.",
        )
    name = f"{path}.drifted-{receipt.run}"
    copy, number = name, 1
    while not files.is_free(copy):
        number += 1
        copy = f"{name}-{number}"
    return copy


def _cancel(undo: Undo, receipt: Receipt, error: BaseException) -> None:
    try:
        undo.cancel()
    except BaseException as second:
        raise _stopped(receipt, error, second) from second


def _push_through(undo: Undo, receipt: Receipt) -> Restored:
    """Past the first file there is no way but forward: try once more, then say what to do."""
    try:
        return undo.carry_out()
    except BaseException as error:
        try:
            undo.prepare()
            restored = undo.carry_out()
        except BaseException as second:
            raise _stopped(receipt, error, second) from second
        if not isinstance(error, InputOutput):
            raise
        return restored


def _stopped(receipt: Receipt, error: BaseException, second: BaseException) -> InputOutput:
    return InputOutput(
        f"{named(error)}\n{named(second)}\n"
        f"The undo of the run {receipt.run} stopped halfway. "
        f"Nothing is lost: the originals are in {RUNS}/{receipt.run}/originals.",
        "Mend the cause, then run `librechat-patcher status`: it finishes the undo.",
    )
