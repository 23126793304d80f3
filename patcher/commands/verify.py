"""`verify`: the verification ladder on a checkout as it is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from patcher.checkout import Checkout
from patcher.checks import toolchain
from patcher.commands.selection import Selection, chosen
from patcher.commands.workspace import Workspace, open_workspace
from patcher.model import Check, Patch, Restored, State, Verdict
from patcher.plan.planner import plan
from patcher.plan.verification import expectation_checks, failures, strict_checks, syntax_checks


def _silent(tool: str) -> None:
    """Nobody watches."""
    del tool


class Probed(Struct, frozen=True):
    """The rung of the ladder that needs no checkout: a running server."""

    JSON_ALSO: ClassVar = ("ok",)

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether no check failed; what could not run is neither."""
        return not failures(self.checks)


class Verified(Struct, frozen=True):
    """The verification ladder, rung by rung."""

    JSON_ALSO: ClassVar = ("ok",)

    root: Path
    checkout: Checkout
    checks: tuple[Check, ...]
    recovered: Restored | None = None

    @property
    def ok(self) -> bool:
        """Whether no check failed; what could not run is neither."""
        return not failures(self.checks)


def verify(
    root: Path | None,
    selection: Selection,
    url: str | None = None,
    announce: Callable[[str], None] = _silent,
) -> Verified | Probed:
    """Receipts, syntax, expectations, the checkout's own tools, and with `url` a running server.

    Writes nothing. A `url` without a `root` is about the server alone: its checkout may be
    elsewhere, or in an image. `announce` is told the name of each tool before it runs.
    """
    asked = () if url is None else _ask(url)
    if url is not None and root is None:
        return Probed(asked)
    workspace = open_workspace(root, selection)
    patches, unknown = _patches(workspace)
    checks = _not_applied(workspace, patches) or _checks(workspace, patches, announce)
    return Verified(
        root=workspace.root,
        checkout=workspace.checkout,
        checks=(*checks, *unknown, *asked),
        recovered=workspace.recovered,
    )


def _patches(workspace: Workspace) -> tuple[tuple[Patch, ...], tuple[Check, ...]]:
    """The patches that are named; else those that the checkout carries; else the default ones.

    Also a skipped check for each that it carries and whose definition is not found.
    """
    carried = workspace.digests
    if workspace.selection.ids or not carried:
        return workspace.chosen(), ()
    known = workspace.catalog
    why = "its definition was not found; name the folder that holds it: --patches DIR"
    unknown = tuple(
        Check("expectation", id, Verdict.SKIPPED, why) for id in carried if id not in known
    )
    ids = tuple(id for id in carried if id in known)
    return chosen(replace(workspace.selection, ids=ids)) if ids else (), unknown


def _ask(url: str) -> tuple[Check, ...]:
    # 15 ms, and only --url needs the network.
    from patcher.checks import probe

    return tuple(probe.checks(url, os.environ))


def _components(workspace: Workspace, patches: Sequence[Patch]) -> tuple[str, ...]:
    """What was asked for; else what the receipts say was patched; else all that is there."""
    wanted = workspace.components(patches) if patches else ()
    applied = {c for r in workspace.receipts for c in r.components}
    only = workspace.selection.only
    return tuple(c for c in wanted if not applied or c in applied or only)


def _not_applied(workspace: Workspace, patches: Sequence[Patch]) -> tuple[Check, ...]:
    """The one thing to say of a checkout that no edit of the patches has reached; else nothing."""
    if workspace.receipts:
        return ()
    found = plan(patches, workspace.tree, workspace.components(patches))
    if any(o.state is State.ALREADY for o in found.outcomes):
        return ()
    ids = ", ".join(p.id for p in patches)
    why = f"{ids} is not applied here; next: librechat-patcher apply"
    return (Check("receipt", str(workspace.root), Verdict.FAILED, why),)


def _checks(
    workspace: Workspace, patches: Sequence[Patch], announce: Callable[[str], None]
) -> Iterator[Check]:
    wanted = _components(workspace, patches)
    yield from _receipt_checks(workspace)
    before = _originals(workspace, patches, wanted)
    after = {p: c for p in before if (c := workspace.tree.read(p)) is not None}
    yield from syntax_checks(before, after)
    yield from strict_checks(before, after)
    yield from expectation_checks(patches, wanted, workspace.tree)
    yield from toolchain.checks(workspace.root, before, after, announce)


def _receipt_checks(workspace: Workspace) -> Iterator[Check]:
    if not workspace.receipts:
        why = "no run is recorded here: the patch was not applied, or with git"
        yield Check("receipt", str(workspace.root), Verdict.SKIPPED, why)
    for path in workspace.states:
        if workspace.is_as_written(path):
            yield Check("receipt", path, Verdict.PASSED)
        else:
            is_gone = workspace.tree.read(path) is None
            detail = "is gone" if is_gone else "is not what was written"
            yield Check("receipt", path, Verdict.FAILED, detail)


def _originals(
    workspace: Workspace, patches: Sequence[Patch], wanted: Sequence[str]
) -> dict[str, bytes | None]:
    """The patched files and what they were before, where the receipts know."""
    paths = {e.path for p in patches for e in p.edits if e.component in wanted}
    added = {f.path for p in patches for f in p.files if f.component in wanted}
    originals: dict[str, bytes | None] = dict.fromkeys(sorted(added))
    for path in sorted(paths):
        if path in workspace.states:
            originals[path] = workspace.original(path)
        elif not workspace.receipts:
            originals[path] = None
    return originals
