"""What somebody changed in a checkout by hand: against git's HEAD, or against what runs saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from msgspec import Struct

from patcher.access import is_there
from patcher.commands.in_effect import originals_of, without_patches, written
from patcher.commands.selection import SETTINGS
from patcher.commands.workspace import Workspace
from patcher.errors import AnchorNotFound, BadUsage, Blocked
from patcher.librechat import ENV_FILE, component_of
from patcher.model import Change
from patcher.paths import STATE_FOLDER
from patcher.releases import git
from patcher.releases.git_objects import Objects
from patcher.trees import MAX_SOURCE, File, Revision

_QUIET = "--no-optional-locks"


class LocalChanges(Struct, frozen=True):
    """What was changed by hand."""

    changes: tuple[Change, ...]
    """From the unpatched file to the unpatched file with the changes."""
    on_top: tuple[Change, ...]
    """The same, from what this tool wrote to what is there now."""
    left_out: tuple[str, ...]
    """Files that differ because this tool patched them."""
    line_ends: tuple[str, ...]
    """Files with CRLF where git would have written LF: an editor's doing, and not carried."""


class _Base(Struct, frozen=True):
    """What a file may be compared with."""

    workspace: Workspace
    head: Revision | None
    prefix: str
    """Where in `head` the checkout lies: empty, or a folder with its slash."""
    keeps_modes: bool
    """Whether the modes on this disk mean anything: `core.fileMode`."""
    originals: Mapping[str, File]
    written: Mapping[str, bytes | None]
    """What the applied patches make of the originals; empty where no file has changed since."""

    def clean(self, path: str) -> bytes | None:
        """The file without anybody's changes."""
        return self.head.read(self.prefix + path) if self.head else self.originals[path].content

    def has_line_ends_of_its_own(self, change: Change) -> bool:
        """Whether a file that is compared with CRLF would have been checked out with LF."""
        if not self.head or change.before is None or b"\r\n" not in change.before:
            return False
        name = self.prefix + change.path
        kept = self.head.read(name)
        if kept is None or b"\r\n" in kept:
            return False
        root = self.workspace.root
        return "\r\n" not in git.output(root, "cat-file", "--filters", f"{self.head.commit}:{name}")


def local_changes(workspace: Workspace, only: Sequence[str], beside: Path) -> LocalChanges:
    """All changes by hand, limited to files or folders `only`; `beside` is left out.

    Raises `BadUsage` when there is nothing to compare with, `Blocked` when a change cannot be
    told apart from what this tool did there.
    """
    root, originals = workspace.root, originals_of(workspace)
    with ExitStack() as stack:
        head, prefix = _head(root, stack)
        if head is None and not workspace.receipts:
            raise BadUsage(
                f"{root} is no git checkout, and no run is recorded: there is nothing to "
                "compare its files with",
                "clone LibreChat with git, make your changes there, and capture those",
            )
        modes = head is None or _keeps_modes(root)
        base = _Base(workspace, head, prefix, modes, originals, written(workspace, originals))
        paths = {*workspace.states, *(_git_changes(root) if head else ())}
        meant = [path for path in sorted(paths) if _is_meant(root, path, only, beside)]
        pairs = [pair for path in meant if (pair := _compared(base, path)) is not None]
        found = [pair for pair in pairs if _is_change(pair[0])]
        relined = [change.path for change, _ in pairs if base.has_line_ends_of_its_own(change)]
    return LocalChanges(
        tuple(change for change, _ in found),
        tuple(change for _, change in found),
        tuple(path for path in meant if path in workspace.states),
        tuple(relined),
    )


def _is_change(change: Change) -> bool:
    return change.before != change.after or change.mode is not None


def _head(root: Path, stack: ExitStack) -> tuple[Revision | None, str]:
    """The tree of HEAD, and where in it the checkout lies; None where git does not know it."""
    code, commit, said = git.attempt(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if code != 0:
        if is_there(root / ".git"):
            raise git.failure(root, "rev-parse", said)
        return None, ""
    prefix = git.output(root, "rev-parse", "--show-prefix").strip()
    tree = Revision(stack.enter_context(Objects(root, MAX_SOURCE)), commit.strip())
    return (tree, prefix) if tree.has_folder(f"{prefix}api") else (None, "")


def _keeps_modes(root: Path) -> bool:
    """Whether git minds modes here: not on disks that have none of their own."""
    _, said, _ = git.attempt(root, "config", "--type=bool", "core.fileMode")
    return said.strip() != "false"


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
    secret = name == ENV_FILE or (name.startswith(f"{ENV_FILE}.") and name != ".env.example")
    named = not only or any(
        path == o.rstrip("/") or path.startswith(f"{o.rstrip('/')}/") for o in only
    )
    return named and not ours and not secret


def _compared(base: _Base, path: str) -> tuple[Change, Change] | None:
    try:
        now, clean = base.workspace.tree.read(path), base.clean(path)
        ours, mine = _told_apart(base, path, now, clean)
    except AnchorNotFound as error:
        raise Blocked(f"{path}: {error}; nothing was written") from error
    if now is None and clean is None and "\ufffd" in path:
        raise Blocked(
            f"{path}: its name is not UTF-8, so no patch can name it; nothing was written",
            "rename it, or capture other files: --path",
        )
    clean = _as_checked_out(clean, mine)
    mode = _new_mode(base, path) if mine is not None else None
    if mine is None and clean is None:
        return None
    component = component_of(path) or "backend"
    return (
        Change(path, component, clean, mine, mode),
        Change(path, component, ours, now, None),
    )


def _told_apart(
    base: _Base, path: str, now: bytes | None, clean: bytes | None
) -> tuple[bytes | None, bytes | None]:
    """The file without the hand's changes, and without this tool's."""
    if path not in base.workspace.states:
        return _as_checked_out(clean, now), now
    original = base.originals[path].content
    mine = without_patches(base.workspace, path, original, base.written)
    return now if base.workspace.is_as_written(path) else base.written[path], mine


def _as_checked_out(clean: bytes | None, now: bytes | None) -> bytes | None:
    """git may have written CRLF where it keeps LF."""
    if clean is None or now is None or b"\r" in clean or b"\r\n" not in now or b"\r\r\n" in now:
        return clean
    return clean.replace(b"\n", b"\r\n") if now.count(b"\n") == now.count(b"\r\n") else clean


def _new_mode(base: _Base, path: str) -> int | None:
    """The mode that was set by hand; None for the one that the file had."""
    mode = base.workspace.tree.mode(path)
    if path in base.workspace.states or mode is None or not base.keeps_modes:
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
