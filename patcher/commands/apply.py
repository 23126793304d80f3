"""`apply` and `diff`: plan, show, back up, write, verify."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from patcher.checkout import Checkout
from patcher.commands.next_steps import next_steps
from patcher.commands.older_version import plan_over_older
from patcher.commands.selection import Selection
from patcher.commands.workspace import Workspace, open_workspace
from patcher.doctor import dotenv
from patcher.errors import BadUsage, InputOutput
from patcher.librechat import ALLOW_HTTP, CLIENT, ENV_FILE, PAGE
from patcher.model import Change, Check, Patch, Plan, Receipt, Restored, Tree
from patcher.plan.planner import plan
from patcher.plan.verification import failures, result_checks

_PAGE_INSTEAD = (
    "this tree has no sources of {absent} (a shipped image): page is taken instead, a script "
    "beside the client that is built already"
)
_PAGE_CHOSEN = "page is taken, not client: nothing must be built; restart the server"
_CLIENT_CHOSEN = (
    "client is taken, not page, since its sources are here: it must be built; without a build: "
    "--only backend --only page"
)
_WITHOUT_CLIENT = (
    "this tree has no sources of {absent} (a shipped image): only the server is patched. Lists are "
    "right after a reload of the page; saving a key does not refresh an open page"
)
_SAMPLE = "LibreChat-sample"
_AFTER_SAMPLE = (
    "see the plan for your LibreChat: librechat-patcher apply --root DIR --dry-run",
    "then patch it: librechat-patcher apply --root DIR",
)


class ApplyOptions(Struct, frozen=True):
    """What `apply` and `diff` were asked for."""

    root: Path | None = None
    selection: Selection = Selection()
    allow_http: tuple[str, ...] = ()
    """HOST or HOST:PORT that the server may ask over plain HTTP, written to `.env`."""
    dry_run: bool = False


class Planned(Struct, frozen=True):
    """A plan for one checkout, and whether its result would hold."""

    JSON_ALSO: ClassVar = ("stands",)

    root: Path
    checkout: Checkout
    plan: Plan
    checks: tuple[Check, ...]
    remarks: tuple[str, ...]
    """What the user should know: an untested version, a component that is left out."""
    recovered: Restored | None = None
    """The unfinished run that was finished or rolled back first, if there was one."""

    @property
    def failed(self) -> tuple[Check, ...]:
        """Checks of the planned result that do not hold."""
        return failures(self.checks)

    @property
    def stands(self) -> bool:
        """Whether the plan may be carried out."""
        return not self.plan.blocked and not self.failed


class Applied(Struct, frozen=True):
    """What `apply` did."""

    JSON_ALSO: ClassVar = ("ok",)

    planned: Planned
    receipt: Receipt | None
    """None when nothing was written: a dry run, nothing to do, or it was declined."""
    next_steps: tuple[str, ...] = ()
    sample_diff: tuple[Change, ...] = ()
    """The changes to show as a diff; only `--sample` fills it."""

    @property
    def ok(self) -> bool:
        """Whether all that was asked for is there."""
        return self.planned.stands


def apply(options: ApplyOptions, confirm: Callable[[Planned], bool]) -> Applied:
    """Carry the chosen patches into the checkout, all of them or nothing.

    `confirm` is shown the plan and may decline it. Nothing is written when the plan is blocked,
    when its result does not hold, or when there is nothing to do. Raises `PatcherError`; after
    one, the tree is as it was.
    """
    workspace = open_workspace(options.root, options.selection)
    planned = _planned(workspace, options)
    idle = options.dry_run or not planned.stands or not planned.plan.changes
    if idle or not confirm(planned):
        return Applied(planned, None)
    receipt = workspace.write(planned.plan)
    changed = {c.component for c in planned.plan.changes}
    ids = [p.id for p in planned.plan.patches]
    return Applied(planned, receipt, next_steps(workspace, changed, ids))


def apply_sample(options: ApplyOptions) -> Applied:
    """`apply` on a copy of the bundled sample, in a new temporary folder; needs no LibreChat.

    The folder is left for the user to look at; its path is in the answer. Raises `InputOutput`
    when there is no place for it.
    """
    root = _copied_sample()
    applied = apply(replace(options, root=root), lambda _: True)
    changes = applied.planned.plan.changes
    return replace(
        applied,
        sample_diff=tuple(c for c in changes if c.before is not None),
        next_steps=_AFTER_SAMPLE,
    )


def _copied_sample() -> Path:
    try:
        root = Path(tempfile.mkdtemp(prefix="librechat-patcher-")) / _SAMPLE
        return shutil.copytree(_sample(), root)
    except OSError as error:
        raise InputOutput(
            f"the sample cannot be copied: {error.strerror or error}",
            "set TMPDIR to a folder that you may write to",
        ) from error


def _sample() -> Path:
    """The sample: in the wheel's data, or beside the sources."""
    package = Path(__file__).parents[1]
    bundled = package / "data" / "sample"
    return bundled if bundled.is_dir() else package.parent / "fixtures" / "sample"


def plan_for(options: ApplyOptions) -> Planned:
    """The plan alone, as `diff` and a dry run show it; the tree is only read."""
    return _planned(open_workspace(options.root, options.selection), options)


def _planned(workspace: Workspace, options: ApplyOptions) -> Planned:
    patches = workspace.chosen()
    wanted = workspace.components(patches)
    result = plan_over_older(workspace, patches, wanted) or plan(
        patches, workspace.tree, wanted, _owned(workspace)
    )
    for host in options.allow_http:
        result = _with_allowed_host(result, workspace.tree, host)
    return Planned(
        root=workspace.root,
        checkout=workspace.checkout,
        plan=result,
        checks=tuple(result_checks(patches, result.components, workspace.tree, result)),
        remarks=tuple(_remarks(workspace, patches)),
        recovered=workspace.recovered,
    )


def _owned(workspace: Workspace) -> set[str]:
    """Files that an earlier run added and nobody has changed since."""
    added = {f.path for r in workspace.receipts for f in r.files if f.before.sha256 is None}
    return {path for path in added if workspace.is_as_written(path)}


def _remarks(workspace: Workspace, patches: Sequence[Patch]) -> Iterator[str]:
    checkout, selection = workspace.checkout, workspace.selection
    for patch in patches:
        if checkout.is_tested(patch):
            continue
        yield f"{checkout.title} is not among the releases {patch.id} was tested on"
        if not checkout.is_in_range(patch):
            yield f"{patch.id} is made for LibreChat {patch.librechat}"
    known = {c for p in patches for c in p.components}
    wanted = workspace.components(patches)
    absent = sorted(known - set(checkout.components) - set(selection.skip) - {PAGE.name})
    if absent and not selection.only:
        said = _PAGE_INSTEAD if PAGE.name in wanted else _WITHOUT_CLIENT
        yield said.format(absent=" and ".join(absent))
    elif PAGE.name in wanted:
        yield _PAGE_CHOSEN
    elif {PAGE.name, CLIENT.name} <= known & set(checkout.components) and CLIENT.name in wanted:
        yield _CLIENT_CHOSEN


def _with_allowed_host(result: Plan, tree: Tree, host: str) -> Plan:
    """The plan with `host` in DYNAMIC_MODELS_ALLOW_HTTP of `.env`."""
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
