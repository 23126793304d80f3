"""`apply` and `diff`: plan, show, back up, write, verify."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from patcher.checkout import Checkout, build_command
from patcher.commands.selection import Selection, chosen, components
from patcher.commands.settings import configured
from patcher.commands.target import Target, final_states, open_target
from patcher.doctor import dotenv
from patcher.errors import BadUsage, InputOutput
from patcher.librechat import ALLOW_HTTP, ENV_FILE
from patcher.model import Change, Patch, Plan, Tree
from patcher.plan.planner import plan
from patcher.plan.verification import result_checks
from patcher.results import Applied, Planned
from patcher.transaction.files import sha256

_WITHOUT_CLIENT = (
    "this tree has no sources of {absent} (a shipped image): only the server is patched. Lists are "
    "right after a reload of the page; saving a key does not refresh an open page"
)


class ApplyOptions(Struct, frozen=True):
    """What `apply` and `diff` were asked for."""

    root: Path | None = None
    selection: Selection = field(default_factory=Selection)
    allow_http: tuple[str, ...] = ()
    """HOST or HOST:PORT that the server may ask over plain HTTP, written to `.env`."""
    dry_run: bool = False


def apply(options: ApplyOptions, confirm: Callable[[Planned], bool]) -> Applied:
    """Carry the chosen patches into the checkout, all of them or nothing.

    `confirm` is shown the plan and may decline it. Nothing is written when the plan is blocked,
    when its result does not hold, or when there is nothing to do. Raises `PatcherError`; after
    one, the tree is as it was.
    """
    target = open_target(options.root)
    return apply_to(target, options, confirm)


def apply_to(target: Target, options: ApplyOptions, confirm: Callable[[Planned], bool]) -> Applied:
    """`apply` on a checkout that is open already."""
    planned = _planned(target, options)
    idle = options.dry_run or not planned.stands or not planned.plan.changes
    if idle or not confirm(planned):
        return Applied(planned, None)
    with target.store.locked():
        receipt = target.store.commit(planned.plan, target.checkout.version)
    return Applied(planned, receipt, _next_steps(target, planned))


def plan_for(options: ApplyOptions) -> Planned:
    """The plan alone, as `diff` and a dry run show it; the tree is only read."""
    return _planned(open_target(options.root), options)


def _planned(target: Target, options: ApplyOptions) -> Planned:
    selection = configured(options.selection, target.root)
    patches = chosen(selection)
    wanted = components(selection, patches, target.checkout)
    result = _plan(target, selection, patches, wanted)
    for host in options.allow_http:
        result = _with_allowed_host(result, target.tree, host)
    return Planned(
        root=target.root,
        checkout=target.checkout,
        plan=result,
        checks=tuple(result_checks(patches, result.components, target.tree, result)),
        remarks=tuple(_remarks(patches, target.checkout, selection)),
        recovered=target.recovered,
    )


def _plan(
    target: Target, selection: Selection, patches: Sequence[Patch], wanted: Sequence[str]
) -> Plan:
    if target.live_receipts():
        # Imported late: the first run finds nothing older.
        from patcher.commands.renewing import renewed

        found = renewed(target, patches, wanted, selection)
        if found is not None:
            return found
    return plan(patches, target.tree, wanted, _owned(target))


def _owned(target: Target) -> set[str]:
    """Files that an earlier run added and nobody has changed since."""
    receipts = target.live_receipts()
    after = final_states(receipts)
    added = {f.path for r in receipts for f in r.files if f.before.sha256 is None}
    contents = ((p, target.tree.read(p)) for p in added)
    return {p for p, c in contents if c is not None and sha256(c) == after[p].sha256}


def _remarks(patches: Sequence[Patch], checkout: Checkout, selection: Selection) -> Iterator[str]:
    for patch in patches:
        if checkout.is_tested(patch):
            continue
        yield f"{checkout.title} is not among the releases {patch.id} was tested on"
        if not checkout.is_in_range(patch):
            yield f"{patch.id} is made for LibreChat {patch.librechat}"
    known = {c for p in patches for c in p.components}
    absent = sorted(known - set(checkout.components) - set(selection.skip))
    if absent and not selection.only:
        yield _WITHOUT_CLIENT.format(absent=" and ".join(absent))


def _with_allowed_host(result: Plan, tree: Tree, host: str) -> Plan:
    """The plan with `host` in DYNAMIC_MODELSALLOW_HTTP of `.env`."""
    if not dotenv.is_host(host):
        raise BadUsage(f"--allow-http {host}: not HOST or HOST:PORT", "such as litellm:4000")
    before = next((c.after for c in result.changes if c.path == ENV_FILE), tree.read(ENV_FILE))
    after = dotenv.with_item(before or b"", ALLOW_HTTP, host)
    if after == before:
        return result
    others = tuple(c for c in result.changes if c.path != ENV_FILE)
    original = tree.read(ENV_FILE)
    mode = 0o600 if original is None else None
    return replace(result, changes=(*others, Change(ENV_FILE, "backend", original, after, mode)))


def _next_steps(target: Target, planned: Planned) -> tuple[str, ...]:
    from patcher.commands.next_steps import next_steps

    done = {c.component for c in planned.plan.changes}
    try:
        return next_steps(target.root, done, build_command(target.tree), os.environ)
    except InputOutput as error:
        # The checkout is patched; a configuration that cannot be read only costs the advice.
        return (f"{error}; {error.hint}", "then: librechat-patcher doctor")
