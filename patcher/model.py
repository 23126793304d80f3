"""The values that travel between the modules: patches, plans, outcomes, receipts.

All are frozen; none does any work. What an edit can do is in `edits.operations`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Protocol, runtime_checkable

from msgspec import Struct


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


class Place(Struct, frozen=True):
    """Where something stands in a definition, for messages: `patches/x/patch.yaml:12`."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Sought(Struct, frozen=True):
    """What an operation looks for."""

    words: str
    code: str
    """The first line of such code, which `explain` compares with; empty for a diff."""


class Operation(Struct, frozen=True):
    """What an edit does to its file: one of `edits.operations`, or a `FileDiff`.

    `str()` of one says it in words.
    """

    def sought(self) -> Sought:
        """What it looks for, for `explain`. Every operation says it itself."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it looks for")


class Condition(Struct, frozen=True):
    """Where an edit or an expectation is meant: where a trait holds, or where it does not."""

    trait: str
    wants: bool = True
    """Whether the trait must hold; false for `not TRAIT`."""


class Edit(Struct, frozen=True):
    """One operation on one file of the checkout."""

    place: Place
    path: str
    component: str
    operation: Operation
    """What is done; a `FileDiff` comes from a diff of many files."""
    when: Condition | None = None
    """None for always."""


class Trait(Struct, frozen=True):
    """A fact of the syntax that tells variants of LibreChat apart, whatever their version says."""

    name: str
    path: str
    has: str


class Expectation(Struct, frozen=True):
    """What must hold of a patched file: `has` stands in `inside`, and before `before`."""

    place: Place
    path: str
    component: str
    has: str
    why: str
    inside: str = ""
    before: str = ""
    when: Condition | None = None


class Example(Struct, frozen=True):
    """One edit shown on a small piece of code; without `after` nothing may change."""

    place: Place
    edit: int
    """1-based number of the edit in the definition."""
    before: str
    after: str | None
    title: str = ""


class AddedFile(Struct, frozen=True):
    """A file that the patch brings along, under `files/` beside its definition."""

    path: str
    component: str
    content: bytes


class Link(Struct, frozen=True):
    """Another patch that a patch names in `needs` or `after`."""

    id: str
    place: Place


class Patch(Struct, frozen=True):
    """A whole definition, checked."""

    id: str
    title: str
    why: str
    librechat: str
    """Range of releases it is made for, as `packaging` reads it: `>=0.7.0`."""
    components: Mapping[str, str]
    """Component name to what it brings, in the order of the definition."""
    traits: Mapping[str, Trait]
    edits: tuple[Edit, ...]
    expectations: tuple[Expectation, ...]
    examples: tuple[Example, ...]
    place: Place
    files: tuple[AddedFile, ...] = ()
    tested: tuple[str, ...] = ()
    """Tags of the releases that a measured run has passed on, oldest first."""
    digest: str = ""
    """SHA-256 over the definition and the added files."""
    versions: frozenset[str] = frozenset()
    """What the package.json of those releases says; not always the tag's version."""
    needs: tuple[Link, ...] = ()
    """Patches without which this one makes no sense; they come along, and first."""
    after: tuple[Link, ...] = ()
    """Patches that come first when they are chosen too."""


class State(Enum):
    """How an edit stands to the tree it was planned on."""

    APPLIES = "applies"
    ALREADY = "already"
    NOT_APPLICABLE = "not here"
    """Not for this tree: a trait or a component says so."""
    BLOCKED = "blocked"


class Outcome(Struct, frozen=True):
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


class Change(Struct, frozen=True):
    """One file, before and after. `None` means that there is no file."""

    path: str
    component: str
    before: bytes | None
    after: bytes | None
    mode: int | None = None
    """Permission bits for the result; None keeps the original's (new files: 0o644)."""


class PatchRef(Struct, frozen=True):
    """A patch as a receipt remembers it."""

    id: str
    digest: str
    """SHA-256 over the definition and its files, so that an edited patch is noticed."""


class Plan(Struct, frozen=True):
    """Everything that `apply` would do, and nothing else. Pure data: a dry run is this, printed."""

    patches: tuple[PatchRef, ...]
    components: tuple[str, ...]
    changes: tuple[Change, ...]
    outcomes: tuple[Outcome, ...]
    removes: tuple[str, ...] = ()
    """Patches of earlier runs that this plan rolls back, while `patches` stay."""

    @property
    def blocked(self) -> tuple[Outcome, ...]:
        """The edits that stand in the way; when there is one, nothing may be written."""
        return tuple(o for o in self.outcomes if o.state is State.BLOCKED)


class FileState(Struct, frozen=True):
    """A file as a receipt remembers it. Both are None where there was no file."""

    sha256: str | None
    mode: int | None


ABSENT = FileState(None, None)


class ReceiptFile(Struct, frozen=True):
    """One file of a run: what it was, what it became."""

    path: str
    component: str
    before: FileState
    after: FileState


class Phase(Enum):
    """How far a run has come. Anything but DONE and ROLLED_BACK is finished by the next command.

    The values are in receipts on disk, those of 0.1.0 too: they stay as they are.
    """

    APPLYING = "applying"
    DONE = "done"
    ROLLING_BACK = "undoing"
    ROLLED_BACK = "undone"


class Kept(Struct, frozen=True):
    """A file that somebody changed after the run, and where a forced rollback laid it."""

    path: str
    copy: str


class Receipt(Struct, frozen=True):
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
    """Folders that the run made, outermost first; removed when they are empty again."""
    kept: tuple[Kept, ...] = ()
    """Drifted files that a forced rollback moved beside the restored ones."""
    removes: tuple[str, ...] = ()
    """Patches of earlier runs that this run has rolled back, while its `patches` stayed."""


class Head(Struct, frozen=True):
    """Where a git checkout stands."""

    commit: str
    branch: str = ""
    """The branch that HEAD follows, as `refs/heads/main`; empty for a detached HEAD."""


class Update(Struct, frozen=True):
    """A move of a git checkout to another commit that is under way.

    It lies in the state folder from before the first file is touched until all is done: who finds
    it there brings the checkout back to `old`, or, when `is_applied`, finishes.
    """

    old: Head
    new: Head
    old_name: str
    """What the user calls it: `v0.8.3`, `main`."""
    new_name: str
    last_run: str
    """The newest run before it, empty for none; newer ones are the update's own."""
    is_applied: bool = False
    """Whether the patches are in the new release: from here on there is no way back."""


class Drift(Struct, frozen=True):
    """A patched file that is no longer what the run wrote."""

    path: str
    kind: str
    """`edited`, `deleted`, `restored` (it is the original again) or `replaced` (not a file)."""


class Restored(Struct, frozen=True):
    """What a rollback or a recovery did."""

    run: str
    restored: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]
    """Copies of drifted files, laid beside the restored ones."""
    left: tuple[str, ...] = ()
    """Files that somebody changed while the run was unfinished: left as they are."""
    found: Phase = Phase.DONE
    """How far the run had come; not DONE when an earlier command was interrupted."""
    update: str = ""
    """What became of an interrupted update, in words; then the run is one of its own, if any."""


class Verdict(Enum):
    """How a check of the verification ladder came out."""

    PASSED = "passed"
    WARNED = "warned"
    """It passed, and there is something to know about it."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """It could not run; that never counts as passed."""


class Check(Struct, frozen=True):
    """One rung of the verification ladder on one file, or on the whole tree."""

    rung: str
    """`receipt`, `syntax`, `expectation`, `page`, `node`, `tsc`, `eslint` or `prettier`."""
    subject: str
    """The file, or what else was looked at."""
    verdict: Verdict
    detail: str = ""
    """Why it failed or was skipped; what was found to hold for an expectation."""
