"""One file of a whole diff, carried out: changed, new, deleted, renamed, copied, another mode."""

from __future__ import annotations

from patcher.code.splice import splice
from patcher.diffs.lines import same_text
from patcher.diffs.parts import FileDiff
from patcher.diffs.places import placed, splices
from patcher.errors import AnchorNotFound
from patcher.model import State
from patcher.trees import Overlay

_EXECUTABLE = 0o111
_NOT_ITSELF = "a second run would apply the diff again"


def apply_file_diff(file: FileDiff, files: Overlay) -> tuple[State, int | None]:
    """Let `files` be as the diff says; APPLIES or ALREADY, and the line of the first hunk.

    Raises `AnchorNotFound` when the files are neither as before nor as after the diff.
    """
    if file.old is None:
        return _created(files, file)
    if file.new is None:
        return _deleted(files, file)
    if file.old != file.new:
        return _moved(files, file.old, file.new, file)
    return _changed(files, file.old, file)


def _created(files: Overlay, file: FileDiff) -> tuple[State, int | None]:
    content = b"".join(line for hunk in file.hunks for line in hunk.new)
    return _put(files, file.path, content, file.new_mode)


def _put(files: Overlay, path: str, content: bytes, mode: int | None) -> tuple[State, int | None]:
    present = files.read(path)
    if present is None:
        files.write(path, content, mode)
        return State.APPLIES, None
    if same_text(present, content):
        return State.ALREADY, None
    raise AnchorNotFound(f"{path} is there already and is not the file that the diff makes")


def _deleted(files: Overlay, file: FileDiff) -> tuple[State, int | None]:
    present = files.read(file.path)
    if present is None:
        return State.ALREADY, None
    if not same_text(present, b"".join(line for hunk in file.hunks for line in hunk.old)):
        raise AnchorNotFound("the file is not the one that the diff deletes")
    files.write(file.path, None)
    return State.APPLIES, None


def _moved(files: Overlay, old: str, new: str, file: FileDiff) -> tuple[State, int | None]:
    source, present = files.read(old), files.read(new)
    if present is not None and _is_made(source, present, file):
        return State.ALREADY, None
    if source is None:
        raise AnchorNotFound("the file is not there")
    after, line = _after(source, file)
    if file.is_copy:
        state, _ = _put(files, new, after, file.new_mode or files.mode(old))
        return state, line
    if present is not None:
        raise AnchorNotFound(f"{new} is there already, so {old} cannot be renamed to it")
    mode = file.new_mode or files.mode(old)
    files.write(old, None)
    files.write(new, after, mode)
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


def _changed(files: Overlay, path: str, file: FileDiff) -> tuple[State, int | None]:
    source = files.read(path)
    if source is None:
        raise AnchorNotFound("the file is not there")
    after, line = _after(source, file)
    mode = _mode(files, path, file)
    if after == source and mode is None:
        return State.ALREADY, line
    files.write(path, after, mode)
    return State.APPLIES, line


def _after(source: bytes, file: FileDiff) -> tuple[bytes, int | None]:
    found = placed(source, file)
    after = splice(source, splices(source, found))
    if not all(p.is_there for p in placed(after, file)):
        raise AnchorNotFound(_NOT_ITSELF)
    return after, found[0].line if found else None


def _mode(files: Overlay, path: str, file: FileDiff) -> int | None:
    """The mode to set; None when the diff names none, or the tree has it or keeps none."""
    present = files.mode(path)
    if present is None or file.new_mode is None or file.new_mode == file.old_mode:
        return None
    runs = bool(file.new_mode & _EXECUTABLE)
    if bool(present & _EXECUTABLE) is runs:
        return None
    return present | (present & 0o444) >> 2 if runs else present & ~_EXECUTABLE
