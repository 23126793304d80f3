"""Carrying a plan out: save the originals, stage, replace, read back, or roll all of it back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from patcher.errors import Blocked, InputOutput
from patcher.model import ABSENT, Change, FileState, Phase, Plan, Receipt, ReceiptFile
from patcher.paths import folders_above, objection
from patcher.transaction.disk import Owner
from patcher.transaction.files import Files, Seen, sha256
from patcher.transaction.history import RUNS, History, Original
from patcher.transaction.problems import adding, named
from patcher.transaction.rollback import Restoration, staged

NEW_FILE_MODE = 0o644
_PLAN_AGAIN = "run `librechat-patcher apply` again: it plans on the files as they are now"


class Step(Struct, frozen=True):
    """A change, with what only the disk knows about its file."""

    change: Change
    before: FileState
    after: FileState
    owner: Owner

    @property
    def path(self) -> str:
        """The file, relative to the checkout."""
        return self.change.path


def preflight(files: Files, plan: Plan) -> tuple[Step, ...]:
    """The steps of `plan`. Raises `Blocked` when the checkout is not what it was planned on.

    Writes nothing.
    """
    changes = [change for change in plan.changes if change.before != change.after or change.mode]
    _refuse("the plan has edits that cannot be made", [o.path for o in plan.blocked])
    _refuse("the plan has paths that must not be patched", _bad_paths(changes))
    with adding("nothing was changed"):
        seen = files.see_all(change.path for change in changes)
    stale = [
        f"{change.path} {reason}"
        for change in changes
        if (reason := _why_stale(change, seen[change.path]))
    ]
    _refuse("the checkout changed since the plan was made", stale, _PLAN_AGAIN)
    steps = [_step(files, change, seen[change.path]) for change in changes]
    steps = [step for step in steps if step.before != step.after]
    if not steps:
        raise Blocked("the plan changes nothing; nothing was written", _PLAN_AGAIN)
    return tuple(steps)


def carry_out(files: Files, history: History, steps: Sequence[Step], receipt: Receipt) -> Receipt:
    """Write `steps`; `receipt` says who, when and why. Returns the receipt of the finished run.

    If this raises, every file is as it was; when even that failed, the message says so, and the
    receipt on disk lets the next command roll back the rest.
    """
    receipt = replace(
        receipt,
        files=tuple(ReceiptFile(s.path, s.change.component, s.before, s.after) for s in steps),
        folders=files.missing_folders(s.path for s in steps if s.change.after is not None),
    )
    originals = {
        step.path: Original(step.path, step.change.before, step.before.mode, step.owner)
        for step in steps
        if step.change.before is not None and step.before.mode is not None
    }
    with adding("nothing was changed"):
        history.begin(receipt, originals.values())
    try:
        _write(files, receipt, steps)
        done = replace(receipt, phase=Phase.DONE)
        history.mark(done)
    except BaseException as error:
        left = _roll_back(files, history, receipt, originals, error)
        if not isinstance(error, InputOutput):
            raise
        spared = f"; left as somebody changed them meanwhile: {', '.join(left)}" if left else ""
        raise InputOutput(f"{error}; everything was rolled back{spared}", error.hint) from error
    return done


def _refuse(what: str, reasons: Sequence[str], hint: str = "") -> None:
    if reasons:
        lines = "".join(f"\n  {reason}" for reason in reasons)
        raise Blocked(f"{what}; nothing was written:{lines}", hint)


def _bad_paths(changes: Sequence[Change]) -> list[str]:
    times = Counter(change.path for change in changes)
    folders = {folder for path in times for folder in folders_above(path)}
    bad = []
    for path, count in times.items():
        if problem := objection(path):
            bad.append(f"{path!r} {problem}")
        elif count > 1:
            bad.append(f"{path} is changed {count} times")
        elif path in folders:
            bad.append(f"{path} is to be a file and a folder")
    return bad


def _why_stale(change: Change, seen: Seen) -> str:
    if seen.state is None:
        return seen.problem
    if change.before is None:
        return "" if seen.state == ABSENT else "is there by now"
    if seen.state == ABSENT:
        return "was deleted"
    return "" if seen.state.sha256 == sha256(change.before) else "was edited"


def _step(files: Files, change: Change, seen: Seen) -> Step:
    before = seen.state or ABSENT
    if change.after is None:
        return Step(change, before, ABSENT, seen.owner)
    mode = before.mode if before.mode is not None else NEW_FILE_MODE
    if change.mode is not None and files.disk.keeps_modes:
        mode = change.mode
    return Step(change, before, FileState(sha256(change.after), mode), seen.owner)


def _write(files: Files, receipt: Receipt, steps: Sequence[Step]) -> None:
    for folder in receipt.folders:
        files.make_folder(folder)
    beside: dict[str, str] = {}
    for index, step in enumerate(steps):
        if step.change.after is not None and step.after.mode is not None:
            place = staged(receipt.run, index, step.path)
            files.write(place, step.change.after, step.after.mode, step.owner, step.path)
            beside[place] = step.path
    files.sync_files(beside)
    looks = files.see_each(step.path for step in steps)
    for index, (step, (_, seen)) in enumerate(zip(steps, looks, strict=True)):
        if reason := _why_stale(step.change, seen):
            stale = f"the checkout changed while it was patched: {step.path} {reason}"
            raise Blocked(f"{stale}; everything was rolled back", _PLAN_AGAIN)
        if step.change.after is None:
            files.remove(step.path)
        else:
            files.replace(staged(receipt.run, index, step.path), step.path)
    files.sync([*(step.path for step in steps), *receipt.folders])
    now = files.see_all(step.path for step in steps)
    for step in steps:
        _require_written(step, now[step.path].state, files.disk.keeps_modes)


def _require_written(step: Step, state: FileState | None, has_modes: bool) -> None:
    wrong_mode = has_modes and state is not None and state.mode != step.after.mode
    if state is None or state.sha256 != step.after.sha256 or wrong_mode:
        raise InputOutput(
            f"{step.path} does not read back as it was written",
            "look for a program that rewrites files in the checkout, or check the disk; "
            "then run the same command again",
        )


def _roll_back(
    files: Files,
    history: History,
    receipt: Receipt,
    originals: dict[str, Original],
    error: BaseException,
) -> tuple[str, ...]:
    """Restore every file and return those that somebody else changed meanwhile."""
    try:
        if history.receipt(receipt.run).phase is Phase.DONE:
            history.mark(receipt)
        restoration = Restoration(files, history, receipt, lambda file: originals[file.path])
        restoration.prepare()
        return restoration.carry_out().left
    except BaseException as second:
        raise InputOutput(
            f"{named(error)}\nrolling back stopped too: {named(second)}\n"
            f"nothing is lost: the originals are in {RUNS}/{receipt.run}/originals",
            "fix the cause, then run `librechat-patcher status`: it rolls back the rest",
        ) from second
