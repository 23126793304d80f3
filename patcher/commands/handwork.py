"""What somebody changed in a checkout by hand: against git's HEAD, or against what runs saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import field
from pathlib import Path

from patcher.access import is_there
from patcher.commands.settings import SETTINGS
from patcher.commands.taking_back import applied_patches, originals_of
from patcher.commands.target import Target, final_states
from patcher.definition.components import component_of
from patcher.errors import BadUsage, Blocked, Unanchored
from patcher.model import Change, FileState
from patcher.patches import Patch
from patcher.plan.merging import without_ours
from patcher.plan.replaying import Original, OriginalTree, replayed
from patcher.releases import git
from patcher.releases.git_objects import Objects
from patcher.transaction import STATE_FOLDER
from patcher.transaction.files import sha256
from patcher.trees import MAX_SOURCE, RevisionTree
from patcher.values import dataclass

_QUIET = "--no-optional-locks"
_SECRETS = ".env"


@dataclass(frozen=True)
class Handwork:
    """What was changed by hand."""

    changes: tuple[Change, ...]
    """From the unpatched file to the unpatched file with the changes."""
    on_top: tuple[Change, ...]
    """The same, from what this tool wrote to what is there now."""
    left_out: tuple[str, ...]
    """Files that differ because this tool patched them."""


@dataclass
class _Base:
    """The states that a file may be compared with."""

    target: Target
    head: RevisionTree | None
    prefix: str
    states: Mapping[str, FileState]
    originals: Mapping[str, Original]
    written: Mapping[str, bytes | None]
    """What the applied patches make of the originals."""
    left_out: list[str] = field(default_factory=list)


def handwork(
    target: Target, known: Mapping[str, Patch], only: Sequence[str], beside: Path
) -> Handwork:
    """All changes by hand, limited to files or folders `only`; `beside` is left out.

    Raises `BadUsage` when there is nothing to compare with, `Blocked` when a change cannot be
    told apart from what this tool did there.
    """
    receipts = target.live_receipts()
    originals = originals_of(target, receipts)
    with ExitStack() as stack:
        head, prefix = _head(target.root, stack)
        if head is None and not receipts:
            raise BadUsage(
                f"{target.root} is no git checkout, and no run is recorded: there is nothing to "
                "compare its files with",
                "clone LibreChat with git, make your changes there, and capture those",
            )
        base = _Base(target, head, prefix, final_states(receipts), originals, {})
        if _drifted(base):
            now = replayed(applied_patches(receipts, known), OriginalTree(target.tree, originals))
            base.written = {path: change.after for path, change in now.changes.items()}
        paths = {*base.states, *(_git_changes(target.root) if head else ())}
        found = [
            pair
            for path in sorted(paths)
            if _is_meant(target.root, path, only, beside)
            and (pair := _compared(base, path)) is not None
        ]
    return Handwork(tuple(c for c, _ in found), tuple(t for _, t in found), tuple(base.left_out))


def _head(root: Path, stack: ExitStack) -> tuple[RevisionTree | None, str]:
    """The tree of HEAD, and where in it the checkout lies; None where git does not know it."""
    code, commit, said = git.attempt(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if code != 0:
        if is_there(root / ".git"):
            raise git.failure(root, "rev-parse", said)
        return None, ""
    prefix = git.output(root, "rev-parse", "--show-prefix").strip()
    tree = RevisionTree(stack.enter_context(Objects(root, MAX_SOURCE)), commit.strip())
    return (tree, prefix) if tree.has_folder(f"{prefix}api") else (None, "")


def _git_changes(root: Path) -> set[str]:
    edited = git.output(
        root, _QUIET, "diff", "--name-only", "--relative", "--no-renames", "-z", "HEAD"
    )
    new = git.output(root, _QUIET, "ls-files", "--others", "--exclude-standard", "-z")
    return {path for path in (edited + new).split("\0") if path}


def _is_meant(root: Path, path: str, only: Sequence[str], beside: Path) -> bool:
    """Whether a file may be carried: this tool's own and secrets never."""
    name = path.rpartition("/")[2]
    parts = path.split("/")
    ours = parts[0] == STATE_FOLDER or path == SETTINGS or beside in (root / path).parents
    secret = name == _SECRETS or (name.startswith(f"{_SECRETS}.") and name != ".env.example")
    named = not only or any(
        path == o.rstrip("/") or path.startswith(f"{o.rstrip('/')}/") for o in only
    )
    return named and not ours and not secret


def _drifted(base: _Base) -> bool:
    return any(_now(base, path) != state.sha256 for path, state in base.states.items())


def _now(base: _Base, path: str) -> str | None:
    content = base.target.tree.read(path)
    return None if content is None else sha256(content)


def _compared(base: _Base, path: str) -> tuple[Change, Change] | None:
    try:
        now = base.target.tree.read(path)
        clean = base.head.read(base.prefix + path) if base.head else base.originals[path].content
        written, mine = _told_apart(base, path, now, clean)
    except Unanchored as error:
        raise Blocked(f"{path}: {error}; nothing was written") from error
    if now is None and clean is None and "\ufffd" in path:
        raise Blocked(
            f"{path}: its name is not UTF-8, so no patch can name it; nothing was written",
            "rename it, or capture other files: --path",
        )
    clean = _as_checked_out(clean, mine)
    mode = _new_mode(base, path) if mine is not None else None
    if clean == mine and mode is None:
        return None
    component = component_of(path) or "backend"
    return (
        Change(path, component, clean, mine, mode),
        Change(path, component, written, now, None),
    )


def _told_apart(
    base: _Base, path: str, now: bytes | None, clean: bytes | None
) -> tuple[bytes | None, bytes | None]:
    """The file without the hand's changes, and without this tool's."""
    state = base.states.get(path)
    if state is None:
        return _as_checked_out(clean, now), now
    base.left_out.append(path)
    original = base.originals[path].content
    if _now(base, path) == state.sha256:
        return now, original
    written = base.written.get(path)
    if written is None or sha256(written) != state.sha256:
        raise Unanchored("was patched by other definitions than these and changed since")
    if now is None or original is None:
        raise Unanchored("was added or patched by librechat-patcher and is no longer what it wrote")
    return written, without_ours(original, written, now)


def _as_checked_out(clean: bytes | None, now: bytes | None) -> bytes | None:
    """git may have written CRLF where it keeps LF."""
    if clean is None or now is None or b"\r" in clean or b"\r\n" not in now:
        return clean
    return clean.replace(b"\n", b"\r\n") if now.count(b"\n") == now.count(b"\r\n") else clean


def _new_mode(base: _Base, path: str) -> int | None:
    """The mode that was set by hand; None for the one that the file had."""
    mode = base.target.tree.mode(path)
    if path in base.states or mode is None:
        return None
    had = base.head.mode(base.prefix + path) if base.head else mode
    runs = bool(mode & 0o100)
    if had is None:
        return 0o755 if runs else None
    return None if bool(had & 0o100) is runs else (0o755 if runs else 0o644)


def unknown_paths(only: Sequence[str], changes: Sequence[Change]) -> Iterator[str]:
    """Names of `only` that no change belongs to."""
    for name in only:
        prefix = name.rstrip("/")
        if not any(c.path == prefix or c.path.startswith(f"{prefix}/") for c in changes):
            yield name
