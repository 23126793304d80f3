"""`status`: what a checkout carries, what drifted, and whether it has been built since."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from patcher.checkout import Checkout, build_command
from patcher.checks.builds import Build, build_states
from patcher.commands.selection import Selection
from patcher.commands.workspace import Workspace, open_workspace
from patcher.definition.catalog import Catalog
from patcher.model import Drift, Receipt, Restored


class AppliedPatch(Struct, frozen=True):
    """One patch that a checkout carries."""

    id: str
    run: str
    since: str
    components: tuple[str, ...]
    is_current: bool
    """Whether the definition is still the one that was applied."""


class Status(Struct, frozen=True):
    """What a checkout carries."""

    root: Path
    checkout: Checkout
    patches: tuple[AppliedPatch, ...]
    receipts: tuple[Receipt, ...]
    drift: tuple[Drift, ...]
    builds: tuple[Build, ...]
    build_command: str
    recovered: Restored | None = None


def status(root: Path | None, selection: Selection) -> Status:
    """Read the receipts and compare the tree with them; writes nothing."""
    workspace = open_workspace(root, selection)
    return Status(
        root=workspace.root,
        checkout=workspace.checkout,
        patches=tuple(_patches(workspace)),
        receipts=workspace.receipts,
        drift=workspace.drift,
        builds=tuple(build_states(workspace.root, workspace.states)),
        build_command=build_command(workspace.tree),
        recovered=workspace.recovered,
    )


def _patches(workspace: Workspace) -> Iterator[AppliedPatch]:
    known = workspace.catalog  # also without a patch: it says what is wrong with the user's own
    for one in workspace.in_effect:
        yield AppliedPatch(
            id=one.ref.id,
            run=one.receipt.run,
            since=one.receipt.started,
            components=one.receipt.components,
            is_current=_is_current(known, one.ref.id, workspace.digests[one.ref.id]),
        )


def _is_current(known: Catalog, id: str, digest: str) -> bool:
    return id in known and known.digest(id) == digest
