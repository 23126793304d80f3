"""One file of a whole diff on a draft: changed, new, deleted, renamed, copied, another mode."""

from __future__ import annotations

from patcher.code.splice import splice
from patcher.diffs.lines import same_text
from patcher.diffs.parts import FileDiff
from patcher.diffs.placing import placed, splices
from patcher.errors import AnchorNotFound
from patcher.model import State
from patcher.plan.draft import Draft

_EXECUTABLE = 0o111
_NOT_ITSELF = "a second run would apply the diff again"


def reshaped(draft: Draft, component: str, file: FileDiff) -> tuple[State, int | None]:
    """Let the draft be as the diff says; APPLIES or ALREADY, and the line of the first hunk.

    Raises `AnchorNotFound` when the files are neither as before nor as after the diff.
    """
    if file.old is None:
        return _created(draft, component, file)
    if file.new is None:
        return _deleted(draft, component, file)
    if file.old != file.new:
        return _moved(draft, component, file.old, file.new, file)
    return _changed(draft, component, file.old, file)


def _created(draft: Draft, component: str, file: FileDiff) -> tuple[State, int | None]:
    content = b"".join(line for hunk in file.hunks for line in hunk.new)
    return _put(draft, component, file.path, content, file.new_mode)


def _put(
    draft: Draft, component: str, path: str, content: bytes, mode: int | None
) -> tuple[State, int | None]:
    present = draft.source(path)
    if present is None:
        draft.write(path, component, content, mode)
        return State.APPLIES, None
    if same_text(present, content):
        return State.ALREADY, None
    raise AnchorNotFound(f"{path} is there already and is not the file that the diff makes")


def _deleted(draft: Draft, component: str, file: FileDiff) -> tuple[State, int | None]:
    present = draft.source(file.path)
    if present is None:
        return State.ALREADY, None
    if not same_text(present, b"".join(line for hunk in file.hunks for line in hunk.old)):
        raise AnchorNotFound("the file is not the one that the diff deletes")
    draft.write(file.path, component, None)
    return State.APPLIES, None


def _moved(
    draft: Draft, component: str, old: str, new: str, file: FileDiff
) -> tuple[State, int | None]:
    source, present = draft.source(old), draft.source(new)
    if present is not None and _is_made(source, present, file):
        return State.ALREADY, None
    if source is None:
        raise AnchorNotFound("the file is not there")
    after, line = _after(source, file)
    if file.is_copy:
        state, _ = _put(draft, component, new, after, file.new_mode or draft.mode(old))
        return state, line
    if present is not None:
        raise AnchorNotFound(f"{new} is there already, so {old} cannot be renamed to it")
    mode = file.new_mode or draft.mode(old)
    draft.write(old, component, None)
    draft.write(new, component, after, mode)
    return State.APPLIES, line


def _is_made(source: bytes | None, present: bytes, file: FileDiff) -> bool:
    """Whether the new file has all that the diff says; a rename takes its source away, too."""
    if source is not None and not file.is_copy:
        return False
    if not file.hunks:
        return source is None or same_text(source, present)
    try:
        return all(p.is_there for p in placed(present, file))
    except AnchorNotFound:
        return False


def _changed(draft: Draft, component: str, path: str, file: FileDiff) -> tuple[State, int | None]:
    source = draft.source(path)
    if source is None:
        raise AnchorNotFound("the file is not there")
    after, line = _after(source, file)
    mode = _mode(draft, path, file)
    if after == source and mode is None:
        return State.ALREADY, line
    draft.write(path, component, after, mode)
    return State.APPLIES, line


def _after(source: bytes, file: FileDiff) -> tuple[bytes, int | None]:
    found = placed(source, file)
    after = splice(source, splices(source, found))
    if not all(p.is_there for p in placed(after, file)):
        raise AnchorNotFound(_NOT_ITSELF)
    return after, found[0].line if found else None


def _mode(draft: Draft, path: str, file: FileDiff) -> int | None:
    """The mode to set; None when the diff names none, or the tree has it or keeps none."""
    present = draft.mode(path)
    if present is None or file.new_mode is None or file.new_mode == file.old_mode:
        return None
    runs = bool(file.new_mode & _EXECUTABLE)
    if bool(present & _EXECUTABLE) is runs:
        return None
    return present | (present & 0o444) >> 2 if runs else present & ~_EXECUTABLE
