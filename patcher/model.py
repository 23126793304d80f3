"""The values that travel between the modules: plans, outcomes, receipts.

All are frozen; none does any work. Definitions (what a patch *is*) live in `operations`.
"""

from __future__ import annotations

from enum import Enum
from typing import Protocol, runtime_checkable

from patcher.values import dataclass


class Tree(Protocol):
    """Where planning reads from: a directory, or one revision of a git repository."""

    def read(self, path: str) -> bytes | None:
        """The bytes at `path` (POSIX, relative to the checkout), or None when there is no file.

        Raises `Blocked` for anything that is there but is not a plain file inside the checkout.
        """

    def has_folder(self, path: str) -> bool:
        """Whether `path` is a folder."""


@runtime_checkable
class ModedTree(Tree, Protocol):
    """A tree that knows which files may be run."""

    def mode(self, path: str) -> int | None:
        """The permission bits of the file at `path`; None when they are not known."""


class State(Enum):
    """How an edit stands to the tree it was planned on."""

    APPLIES = "applies"
    ALREADY = "already"
    NOT_HERE = "not here"
    """Not for this tree: a trait or a component says so."""
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Outcome:
    """What planning found for one edit of one patch."""

    patch: str
    path: str
    title: str
    """What the edit does, in words: `import fetchUserModelsController`."""
    state: State
    line: int | None = None
    """1-based line in the original file where the edit takes place, when there is one."""
    reason: str = ""
    """Why it is blocked or not here; empty otherwise."""
    rival: str = ""
    """Another patch that is in the way of a blocked edit."""


@dataclass(frozen=True)
class Change:
    """One file, before and after. `None` means that there is no file."""

    path: str
    component: str
    before: bytes | None
    after: bytes | None
    mode: int | None = None
    """Permission bits for the result; None keeps the original's (new files: 0o644)."""


@dataclass(frozen=True)
class PatchRef:
    """A patch as a receipt remembers it."""

    id: str
    digest: str
    """SHA-256 over the definition and its files, so that an edited patch is noticed."""


@dataclass(frozen=True)
class Plan:
    """Everything that `apply` would do, and nothing else. Pure data: a dry run is this, printed."""

    patches: tuple[PatchRef, ...]
    components: tuple[str, ...]
    changes: tuple[Change, ...]
    outcomes: tuple[Outcome, ...]
    removes: tuple[str, ...] = ()
    """Patches of earlier runs that this plan takes back, while `patches` stay."""

    @property
    def blocked(self) -> tuple[Outcome, ...]:
        """The edits that stand in the way; when there is one, nothing may be written."""
        return tuple(o for o in self.outcomes if o.state is State.BLOCKED)


@dataclass(frozen=True)
class FileState:
    """A file as a receipt remembers it. Both are None where there was no file."""

    sha256: str | None
    mode: int | None


ABSENT = FileState(None, None)


@dataclass(frozen=True)
class ReceiptFile:
    """One file of a run: what it was, what it became."""

    path: str
    component: str
    before: FileState
    after: FileState


class Phase(Enum):
    """How far a run has come. Anything but DONE and UNDONE is finished by the next command."""

    APPLYING = "applying"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


@dataclass(frozen=True)
class Kept:
    """A file that somebody changed after the run, and where a forced rollback laid it."""

    path: str
    copy: str


@dataclass(frozen=True)
class Receipt:
    """What one run did to a checkout; it lies beside the saved originals."""

    run: str
    """Run id: UTC start time and a random tail, sorts by time: `20261123T081500Z-3fa2`."""
    phase: Phase
    started: str
    """UTC, ISO 8601, seconds."""
    tool: str
    """Version of librechat-patcher."""
    librechat: str
    """What the checkout calls itself: `v0.8.4`, or empty when it does not say."""
    patches: tuple[PatchRef, ...]
    components: tuple[str, ...]
    files: tuple[ReceiptFile, ...]
    folders: tuple[str, ...]
    """Folders that the run made, outermost first; undone when they are empty again."""
    kept: tuple[Kept, ...] = ()
    """Drifted files that a forced rollback moved beside the restored ones."""
    removes: tuple[str, ...] = ()
    """Patches of earlier runs that this run has taken back, while its `patches` stayed."""


@dataclass(frozen=True)
class Drift:
    """A patched file that is no longer what the run wrote."""

    path: str
    kind: str
    """`edited`, `deleted`, `restored` (it is the original again) or `replaced` (not a file)."""


@dataclass(frozen=True)
class Restored:
    """What a rollback or a recovery did."""

    run: str
    restored: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Copies of drifted files, laid beside the restored ones."""
    left: tuple[str, ...] = ()
    """Files that somebody changed while the run was unfinished: left as they are."""
    found: Phase = Phase.DONE
    """How far the run had come; APPLYING or UNDOING when an earlier command was interrupted."""


class Verdict(Enum):
    """How a check of the verification ladder came out."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"
    """It could not run; that never counts as passed."""


@dataclass(frozen=True)
class Check:
    """One rung of the verification ladder on one file, or on the whole tree."""

    rung: str
    """`receipt`, `syntax`, `expectation`, `node`, `tsc`, `eslint` or `prettier`."""
    subject: str
    """The file, or what else was looked at."""
    verdict: Verdict
    detail: str = ""
    """Why it failed or was skipped; what was found to hold for an expectation."""
