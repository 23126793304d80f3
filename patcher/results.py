"""What the commands answer: values that `render` shows and `report` turns into JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from patcher.doctor.diagnosis import Severity
from patcher.model import Verdict

if TYPE_CHECKING:
    from patcher.checkout import Checkout
    from patcher.checks.builds import Build
    from patcher.doctor.diagnosis import Diagnosis, Probe
    from patcher.model import Change, Check, Drift, Patch, Plan, Receipt, Restored


class Planned(Struct, frozen=True):
    """A plan for one checkout, and whether its result would hold."""

    root: Path
    checkout: Checkout
    plan: Plan
    checks: tuple[Check, ...]
    remarks: tuple[str, ...]
    """What the user should know: an untested version, a component that is left out."""
    recovered: Restored | None = None
    """The unfinished run that was put right first, if there was one."""

    @property
    def failed(self) -> tuple[Check, ...]:
        """Checks of the planned result that do not hold."""
        return tuple(c for c in self.checks if c.verdict is Verdict.FAILED)

    @property
    def stands(self) -> bool:
        """Whether the plan may be carried out."""
        return not self.plan.blocked and not self.failed


class Applied(Struct, frozen=True):
    """What `apply` did."""

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


class Verified(Struct, frozen=True):
    """The verification ladder, rung by rung."""

    root: Path
    checkout: Checkout
    checks: tuple[Check, ...]
    recovered: Restored | None = None

    @property
    def ok(self) -> bool:
        """Whether no check failed; what could not run is neither."""
        return all(c.verdict is not Verdict.FAILED for c in self.checks)


class Probed(Struct, frozen=True):
    """The rung of the ladder that needs no checkout: a running server."""

    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """Whether no check failed."""
        return all(c.verdict is not Verdict.FAILED for c in self.checks)


class Doctored(Struct, frozen=True):
    """What is wrong with a checkout and its configuration, and how to mend it."""

    root: Path
    checkout: Checkout
    diagnoses: tuple[Diagnosis, ...]
    probes: tuple[Probe, ...] = ()
    recovered: Restored | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing must be mended; warnings alone do not count."""
        errors = any(d.severity is Severity.ERROR for d in self.diagnoses)
        return not errors and all(p.verdict is not Verdict.FAILED for p in self.probes)


class RolledBack(Struct, frozen=True):
    """What `rollback` did."""

    root: Path
    restored: Restored | None
    """None when there was nothing to roll back."""
    stays: tuple[str, ...] = ()
    """Patches that are still applied, when only one was taken back."""


class Listing(Struct, frozen=True):
    """The patches there are."""

    patches: tuple[Patch, ...]
    default: tuple[str, ...]
    """Ids that `apply` takes when none is named."""


LAST = 10
"""How many releases `capture` asks: the last ones."""


class HunkFit(Struct, frozen=True):
    """How one hunk, or one new or deleted file, stands to the last releases."""

    path: str
    line: int
    """Where the hunk stands in the file that was captured; 0 for a whole file."""
    what: str
    """The first line that it adds or removes."""
    fits: int
    of: int
    misses: tuple[str, ...]
    """Releases on which it has no one place."""


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
