"""`status`: what a checkout carries, what drifted, and whether it has been built since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from patcher.checkout import build_command
from patcher.checks.builds import build_states
from patcher.commands.selection import Selection, available
from patcher.commands.settings import configured
from patcher.commands.target import Target, final_states, in_effect, open_target
from patcher.definition.catalog import Catalog
from patcher.model import Drift, Receipt
from patcher.results import AppliedPatch, Status


def status(root: Path | None, selection: Selection) -> Status:
    """Read the receipts and compare the tree with them; writes nothing."""
    target = open_target(root)
    receipts = target.live_receipts()
    return Status(
        root=target.root,
        checkout=target.checkout,
        patches=tuple(_patches(receipts, available(configured(selection, target.root)))),
        receipts=receipts,
        drift=tuple(_drift(target, receipts)),
        builds=tuple(build_states(target.root, final_states(receipts))),
        build_command=build_command(target.tree),
        recovered=target.recovered,
    )


def _patches(receipts: Sequence[Receipt], known: Catalog) -> Iterator[AppliedPatch]:
    found = in_effect(receipts)
    newest = {f.ref.id: f.ref.digest for f in found}
    for one in found:
        yield AppliedPatch(
            id=one.ref.id,
            run=one.run.run,
            since=one.run.started,
            components=one.components,
            is_current=one.ref.id in known and known.digest(one.ref.id) == newest[one.ref.id],
        )


def _drift(target: Target, receipts: Sequence[Receipt]) -> Iterator[Drift]:
    """Drift of each file against the newest run that wrote it."""
    newest = {f.path: r.run for r in receipts for f in r.files}
    for receipt in receipts:
        yield from (d for d in target.store.drift(receipt) if newest[d.path] == receipt.run)
