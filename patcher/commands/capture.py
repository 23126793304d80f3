"""`capture`: turn edits made by hand in a checkout into a patch of one's own."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patcher.access import resolved
from patcher.capture.captured import (
    MOST_CONTEXT,
    About,
    Capture,
    edits_of,
    folder_of,
    lack_of_proof,
    require_possible,
)
from patcher.capture.hunk_fits import HunkFit, hunk_fits
from patcher.capture.patch_writer import fill, require_free, write_folder
from patcher.capture.proposals import proposed
from patcher.checkout import Checkout
from patcher.commands.local_changes import LocalChanges, local_changes, unknown_paths
from patcher.commands.selection import Selection, available, clone_of
from patcher.commands.workspace import Workspace, open_workspace
from patcher.definition.forms import problem_of
from patcher.definition.patch import load
from patcher.edits.texts import Id, LineText, form_of
from patcher.errors import BadUsage, Blocked, InputOutput
from patcher.model import Change, Patch
from patcher.plan.verification import failures, syntax_checks
from patcher.releases import git
from patcher.trees import File, Overlay


class CaptureOptions(Struct, frozen=True):
    """What `capture` was asked for."""

    id: str
    title: str
    root: Path | None = None
    into: Path = Path("patches")
    why: str = ""
    as_edits: bool = False
    paths: tuple[str, ...] = ()
    repository: Path | None = None
    """A clone of LibreChat with its release tags; found when left out, if there is one."""
    selection: Selection = Selection()


class Captured(Struct, frozen=True):
    """What `capture` wrote."""

    folder: Path
    changes: tuple[Change, ...]
    edits: tuple[str, ...]
    """Edits that say part of the changes by name."""
    hunks: tuple[HunkFit, ...]
    """How the hunks of the diff stand to the last releases; empty when none could be asked."""
    left_out: tuple[str, ...]
    """Files in which this tool's own edits were left out."""
    has_diff: bool = True
    line_ends: tuple[str, ...] = ()
    """Files whose line ends were left out: CRLF here, LF in git."""


def capture(options: CaptureOptions) -> Captured:
    """Write `into/ID` with what was changed by hand, proven in memory before it is written.

    Raises `BadUsage` when there is nothing to capture or the folder is there, `Blocked` when a
    change cannot be carried or the proof fails. The checkout is only read.
    """
    _require_sound(options)
    workspace = open_workspace(options.root, options.selection)
    folder = options.into / options.id
    require_free(folder)
    available(workspace.selection)  # every command says what is wrong with the user's patches
    work = local_changes(workspace, options.paths, resolved(options.into))
    _require_something(work, options)
    require_possible(work.changes)
    _require_parsable(work.changes)
    edits = edits_of(work.changes, {c.path: proposed(c) for c in work.changes})
    about = _about(options, workspace.checkout)
    wanted = Capture(about, work.changes, edits if options.as_edits else {})
    proven = _proven(wanted, workspace, work)
    files = folder_of(proven)
    fits = _fits(proven, workspace, options.repository)
    write_folder(folder, files)
    return Captured(
        folder=folder,
        changes=work.changes,
        edits=tuple(f"{path}: {o}" for path, made in proven.edits.items() for o in made),
        hunks=fits,
        left_out=work.left_out,
        line_ends=work.line_ends,
        has_diff=bool(proven.diffed),
    )


def _about(options: CaptureOptions, checkout: Checkout) -> About:
    why = options.why or f"Captured from {checkout.title}; say here why somebody wants it."
    return About(options.id, options.title, why, checkout.version)


def _require_sound(options: CaptureOptions) -> None:
    for what, kind, text in (("ID", Id, options.id), ("--title", LineText, options.title)):
        if problem := problem_of(form_of(kind), text):
            raise BadUsage(f"{what} {problem}")


def _require_something(work: LocalChanges, options: CaptureOptions) -> None:
    for name in unknown_paths(options.paths, work.changes):
        raise BadUsage(f"--path {name}: nothing was changed there by hand")
    if not work.changes:
        patched = f" ({len(work.left_out)} files differ because of it)" if work.left_out else ""
        relined = f" but the line ends of {', '.join(work.line_ends)}" if work.line_ends else ""
        raise BadUsage(
            f"nothing was changed by hand{relined}{patched}",
            "edit the checkout first, then capture it",
        )


def _require_parsable(changes: Sequence[Change]) -> None:
    """Raise `Blocked` for code that `apply` would refuse: broken where it was whole."""
    edited = {c.path: c for c in changes if c.before is not None and c.after is not None}
    before = {path: change.before for path, change in edited.items()}
    after = {path: change.after or b"" for path, change in edited.items()}
    broken = failures(syntax_checks(before, after))
    if broken:
        raise Blocked(
            f"{broken[0].subject}: {broken[0].detail}; nothing was written",
            "fix it, or capture other files: --path PATH",
        )


def _proven(wanted: Capture, workspace: Workspace, work: LocalChanges) -> Capture:
    """The capture with as much context as its proof allows; raises `Blocked` without a proof."""
    context: dict[str, int] = {}
    first: dict[str, str] = {}
    while True:
        tried = replace(wanted, context=context)
        lack = _lack(tried, workspace, work)
        if lack is None:
            return tried
        path, reason = lack
        first.setdefault(path, reason)
        context[path] = context.get(path, MOST_CONTEXT) - 1
        if context[path] < 1:
            raise Blocked(
                f"{path}: what was changed cannot be carried: {first[path]}; nothing was written",
                "roll back the applied patches first (librechat-patcher rollback), or capture "
                "other files: --path",
            )


def _lack(tried: Capture, workspace: Workspace, work: LocalChanges) -> tuple[str, str] | None:
    patch = _loaded(tried)
    for changes in (work.changes, work.on_top):
        before = {c.path: File(c.before, _old_mode(c)) for c in changes}
        lack = lack_of_proof(patch, changes, Overlay(workspace.tree, before))
        if lack is not None:
            return lack
    return None


def _loaded(tried: Capture) -> Patch:
    """The captured patch as a command would read it."""
    try:
        with tempfile.TemporaryDirectory(prefix="librechat-patcher-") as place:
            folder = Path(place) / tried.about.id
            folder.mkdir()
            fill(folder, folder_of(tried))
            return load(folder)
    except OSError as error:
        raise InputOutput(
            f"the patch cannot be tried in a temporary folder: {error.strerror or error}",
            "set TMPDIR to a folder that you may write to",
        ) from error


def _old_mode(change: Change) -> int | None:
    if change.mode is None or change.before is None:
        return None
    return 0o644 if change.mode & 0o100 else 0o755


def _fits(proven: Capture, workspace: Workspace, repository: Path | None) -> tuple[HunkFit, ...]:
    named = clone_of(repository)
    if not proven.diffed:
        return ()
    if named is not None:
        return hunk_fits(named, proven)
    code, tags, _ = git.attempt(workspace.root, "tag", "--list", "v[0-9]*")
    return hunk_fits(workspace.root, proven) if code == 0 and tags.strip() else ()
