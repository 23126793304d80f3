"""`verify`: the verification ladder on a checkout as it is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from patcher.checks import toolchain
from patcher.commands.selection import Selection, available, chosen, components
from patcher.commands.settings import configured
from patcher.commands.target import Target, final_states, first_runs, in_effect, open_target
from patcher.errors import NoCheckout
from patcher.model import ABSENT, Check, Patch, Receipt, Verdict
from patcher.plan.verification import expectation_checks, strict_checks, syntax_checks
from patcher.results import Probed, Verified
from patcher.transaction.files import sha256


def verify(root: Path | None, selection: Selection, url: str | None = None) -> Verified | Probed:
    """Receipts, syntax, expectations, the checkout's own tools, and with `url` a running server.

    Writes nothing. With a `url` no checkout is needed: `Probed` is the answer where there is none.
    """
    asked = () if url is None else _ask(url)
    try:
        target = open_target(root)
    except NoCheckout:
        if url is None or root is not None:
            raise
        return Probed(asked)
    receipts = target.live_receipts()
    selection = configured(selection, target.root)
    patches, unknown = _patches(selection, receipts)
    return Verified(
        root=target.root,
        checkout=target.checkout,
        checks=(
            *_checks(target, patches, _components(target, selection, patches, receipts)),
            *unknown,
            *asked,
        ),
        recovered=target.recovered,
    )


def _patches(
    selection: Selection, receipts: Sequence[Receipt]
) -> tuple[tuple[Patch, ...], tuple[Check, ...]]:
    """The patches that are named; else those that the checkout carries; else the default ones.

    Also a skipped check for each that it carries and whose definition is not at hand.
    """
    carried = dict.fromkeys(one.ref.id for one in in_effect(receipts))
    if selection.ids or not carried:
        return chosen(selection), ()
    known = available(selection)
    why = "its definition is not at hand; name the folder that holds it: --patches DIR"
    unknown = tuple(
        Check("expectation", id, Verdict.SKIPPED, why) for id in carried if id not in known
    )
    ids = tuple(id for id in carried if id in known)
    return chosen(replace(selection, ids=ids)) if ids else (), unknown


def _ask(url: str) -> tuple[Check, ...]:
    # Imported late: only --url needs the network.
    from patcher.checks import probe

    return tuple(probe.checks(url, os.environ))


def _components(
    target: Target, selection: Selection, patches: Sequence[Patch], receipts: Sequence[Receipt]
) -> tuple[str, ...]:
    """What was asked for; else what the receipts say was patched; else all that is there."""
    wanted = components(selection, patches, target.checkout) if patches else ()
    applied = {c for r in receipts for c in r.components}
    return tuple(c for c in wanted if not applied or c in applied or selection.only)


def _checks(target: Target, patches: Sequence[Patch], wanted: Sequence[str]) -> Iterator[Check]:
    receipts = target.live_receipts()
    yield from _receipt_checks(target, receipts)
    before = _originals(target, patches, wanted, receipts)
    after = {p: c for p in before if (c := target.tree.read(p)) is not None}
    yield from syntax_checks(before, after)
    yield from strict_checks(before, after)
    yield from expectation_checks(patches, wanted, target.tree)
    yield from toolchain.checks(target.root, before, after)


def _receipt_checks(target: Target, receipts: Sequence[Receipt]) -> Iterator[Check]:
    if not receipts:
        why = "no run is recorded here: the patch was not applied, or with git"
        yield Check("receipt", str(target.root), Verdict.SKIPPED, why)
    for path, state in final_states(receipts).items():
        content = target.tree.read(path)
        found = ABSENT.sha256 if content is None else sha256(content)
        if found == state.sha256:
            yield Check("receipt", path, Verdict.PASSED)
        else:
            detail = "is gone" if content is None else "is not what was written"
            yield Check("receipt", path, Verdict.FAILED, detail)


def _originals(
    target: Target, patches: Sequence[Patch], wanted: Sequence[str], receipts: Sequence[Receipt]
) -> dict[str, bytes | None]:
    """The patched files and what they were before, where the receipts know."""
    paths = {e.path for p in patches for e in p.edits if e.component in wanted}
    added = {f.path for p in patches for f in p.files if f.component in wanted}
    originals: dict[str, bytes | None] = dict.fromkeys(sorted(added))
    runs = first_runs(receipts)
    for path in sorted(paths):
        receipt = runs.get(path)
        made = {f.path for f in receipt.files if f.before == ABSENT} if receipt else set()
        if receipt is not None and path not in made:
            originals[path] = target.store.original(receipt, path)
        elif path in made or not receipts:
            originals[path] = None
    return originals
