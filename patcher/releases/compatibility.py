"""What `matrix` answers: how a patch stands to each of many commits. Values; none does any work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import groupby

from msgspec import Struct


class Fit(Enum):
    """How a component of a patch stands to one commit."""

    APPLIES = "applies"
    ALREADY = "already"
    """Every edit is there already."""
    NOT_APPLICABLE = "not here"
    """No edit is for this variant."""
    BLOCKED = "blocked"
    """An edit has no one place."""
    FAILS = "fails"
    """All edits have their place, but the result would not hold."""
    ABSENT = "absent"
    """The commit has no sources of the component, so `apply` would leave it out."""

    NOT_BUILT = "not built"
    """The component is built output, which no commit has: the tree that has it is asked."""

    @property
    def is_good(self) -> bool:
        """Whether the component can be patched, need not be, or cannot be judged here."""
        return self in (Fit.APPLIES, Fit.ALREADY, Fit.NOT_APPLICABLE, Fit.NOT_BUILT)


class Trouble(Struct, frozen=True):
    """One thing that stands in the way."""

    component: str
    path: str
    title: str
    """The edit, or the rung of the verification ladder."""
    reason: str


class Judgement(Struct, frozen=True):
    """What was found for a set of files; commits with the same files share it."""

    fits: tuple[tuple[str, Fit], ...]
    """Components in the order of the definition."""
    variant: tuple[str, ...]
    """The traits that hold."""
    troubles: tuple[Trouble, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every component can be patched, or need not be."""
        return not self.troubles and all(fit.is_good for _, fit in self.fits)


class Row(Struct, frozen=True):
    """One commit."""

    name: str
    commit: str
    date: str
    subject: str
    version: str
    """What its package.json says; upstream's tags do not always agree with it."""
    is_tag: bool
    tested: bool
    """Whether it is a release that an earlier measured run has passed."""
    judgement: Judgement

    @property
    def ok(self) -> bool:
        """Whether the patch can be applied to it."""
        return self.judgement.ok


class Matrix(Struct, frozen=True):
    """All that was asked for, oldest first."""

    repository: str
    patches: tuple[str, ...]
    components: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: tuple[str, ...] = ()
    """Release tags that the patch is not made for."""
    range: str = ""
    """`A..B` when every commit of a range was looked at; the first row is A itself."""
    breaks: tuple[str, ...] = ()
    """Commits of the range that cannot be patched, while what they build on can."""
    repairs: tuple[str, ...] = ()
    """Commits of the range that can be patched, while what they build on cannot."""

    @property
    def ok(self) -> bool:
        """Whether the patch can be applied to every row."""
        return all(row.ok for row in self.rows)

    @property
    def noun(self) -> str:
        """What a row is."""
        if self.range:
            return "commit"
        return "release" if all(row.is_tag for row in self.rows) else "revision"


class Group(Struct, frozen=True):
    """Neighbouring rows with the same outcome."""

    rows: tuple[Row, ...]

    @property
    def judgement(self) -> Judgement:
        """The outcome that they share."""
        return self.rows[0].judgement

    @property
    def tested(self) -> bool:
        """Whether all of them were tested before."""
        return self.rows[0].tested


def groups(rows: Sequence[Row]) -> Iterator[Group]:
    """Rows in their order, neighbours with the same outcome together."""
    for _, alike in groupby(rows, key=lambda row: (row.judgement, row.tested)):
        yield Group(tuple(alike))


def counted(matrix: Matrix) -> str:
    """`43 of 43 releases can be patched`, for the last line of every format."""
    good = sum(row.ok for row in matrix.rows)
    plural = "" if len(matrix.rows) == 1 else "s"
    return f"{good} of {len(matrix.rows)} {matrix.noun}{plural} can be patched"
