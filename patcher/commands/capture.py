"""`capture`: turn edits made by hand in a checkout into a patch of one's own."""

from __future__ import annotations

import os
import tempfile
from dataclasses import field, replace
from pathlib import Path

from patcher.access import resolved
from patcher.capture.capturing import (
    MOST_CONTEXT,
    About,
    Capture,
    edits_of,
    folder_of,
    lack_of_proof,
    require_possible,
)
from patcher.capture.hunk_fits import hunk_fits
from patcher.capture.patch_writer import fill, require_free, write_folder
from patcher.capture.proposals import proposed
from patcher.commands.handwork import Handwork, handwork, unknown_paths
from patcher.commands.selection import Selection, available
from patcher.commands.settings import configured
from patcher.commands.target import Target, open_target
from patcher.definition.definitions import load
from patcher.definition.forms import problem_of
from patcher.errors import BadUsage, Blocked, InputOutput
from patcher.model import Change
from patcher.patches import Patch
from patcher.plan.replaying import Original, OriginalTree
from patcher.releases import git
from patcher.results import Captured, HunkFit
from patcher.values import dataclass

REPOSITORY = "LIBRECHAT_GIT"


@dataclass(frozen=True)
class CaptureOptions:
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
    selection: Selection = field(default_factory=Selection)


def capture(options: CaptureOptions) -> Captured:
    """Write `into/ID` with what was changed by hand, proven in memory before it is written.

    Raises `BadUsage` when there is nothing to capture or the folder is there, `Blocked` when a
    change cannot be carried or the proof fails. The checkout is only read.
    """
    _require_sound(options)
    target = open_target(options.root)
    folder = options.into / options.id
    require_free(folder)
    known = available(configured(options.selection, target.root))
    work = handwork(target, known, options.paths, resolved(options.into))
    _require_something(work, options)
    require_possible(work.changes)
    edits = edits_of(work.changes, {c.path: proposed(c) for c in work.changes})
    why = options.why or f"Captured from {target.checkout.title}; say here why somebody wants it."
    about = About(options.id, options.title, why, target.checkout.version)
    wanted = Capture(about, work.changes, edits if options.as_edits else {})
    proven = _proven(wanted, target, work)
    files = folder_of(proven)
    fits = _fits(proven, target, options.repository)
    write_folder(folder, files)
    return Captured(
        folder=folder,
        changes=work.changes,
        edits=tuple(f"{path}: {o}" for path, all in proven.edits.items() for o in all),
        hunks=fits,
        left_out=work.left_out,
        has_diff=bool(proven.diffed),
    )


def _require_sound(options: CaptureOptions) -> None:
    for what, form, text in (("ID", "id", options.id), ("--title", "line", options.title)):
        if problem := problem_of(form, text):
            raise BadUsage(f"{what} {problem}")


def _require_something(work: Handwork, options: CaptureOptions) -> None:
    for name in unknown_paths(options.paths, work.changes):
        raise BadUsage(f"--path {name}: nothing was changed there by hand")
    if not work.changes:
        patched = f" ({len(work.left_out)} files differ because of it)" if work.left_out else ""
        raise BadUsage(
            f"nothing was changed by hand{patched}", "edit the checkout first, then capture it"
        )


def _proven(wanted: Capture, target: Target, work: Handwork) -> Capture:
    """The capture with as much context as its proof allows; raises `Blocked` without a proof."""
    context: dict[str, int] = {}
    first: dict[str, str] = {}
    while True:
        tried = replace(wanted, context=context)
        lack = _lack(tried, target, work)
        if lack is None:
            return tried
        path, reason = lack
        first.setdefault(path, reason)
        context[path] = context.get(path, MOST_CONTEXT) - 1
        if context[path] < 1:
            raise Blocked(
                f"{path}: what was changed cannot be carried: {first[path]}; nothing was written",
                "take the applied patches back first (librechat-patcher rollback), or capture "
                "other files: --path",
            )


def _lack(tried: Capture, target: Target, work: Handwork) -> tuple[str, str] | None:
    patch = _loaded(tried)
    for changes in (work.changes, work.on_top):
        before = {c.path: Original(c.before, _old_mode(c)) for c in changes}
        lack = lack_of_proof(patch, changes, OriginalTree(target.tree, before))
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


def _fits(proven: Capture, target: Target, repository: Path | None) -> tuple[HunkFit, ...]:
    named = repository or (Path(found) if (found := os.environ.get(REPOSITORY)) else None)
    if not proven.diffed:
        return ()
    if named is not None:
        return hunk_fits(named, proven)
    code, tags, _ = git.attempt(target.root, "tag", "--list", "v[0-9]*")
    return hunk_fits(target.root, proven) if code == 0 and tags.strip() else ()
