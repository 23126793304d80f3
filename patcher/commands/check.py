"""`check`: run a definition's examples, and its matrix where there is a clone of LibreChat."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from patcher.access import resolved
from patcher.commands.matrix import MatrixOptions, matrix
from patcher.commands.selection import Selection, available, clone_of, patches_in
from patcher.definition.catalog import Catalog, shipped_folder
from patcher.definition.ordering import in_order
from patcher.model import Check, Patch
from patcher.plan.verification import example_checks, failures, strict_checks, syntax_checks
from patcher.releases.compatibility import Matrix


class CheckedPatch(Struct, frozen=True):
    """One patch: its examples, and the releases that it fits."""

    id: str
    title: str
    edits: int
    examples: tuple[Check, ...]
    broken: tuple[Check, ...]
    """Files that the patch adds and that do not parse."""
    matrix: Matrix | None
    """None where no clone of LibreChat was named."""

    @property
    def ok(self) -> bool:
        """Whether every example holds and every release can be patched."""
        held = not failures(self.examples) and not self.broken
        return held and (self.matrix is None or self.matrix.ok)


class Checked(Struct, frozen=True):
    """All patches of a folder."""

    patches: tuple[CheckedPatch, ...]

    @property
    def ok(self) -> bool:
        """Whether all of them hold."""
        return all(patch.ok for patch in self.patches)


def check(folder: Path, repository: Path | None) -> Checked:
    """Check the patch in `folder`, or every patch that it holds.

    Raises `BadDefinition` or `BadUsage` for a folder that holds none, or a wrong one.
    """
    found = Catalog(patches_in(folder))
    place = resolved(folder)
    is_builtin = resolved(shipped_folder()) in (place, place.parent)
    folders = () if is_builtin else (folder,)
    known = available(Selection(folders=folders))
    in_order(list(found.values()), known)
    clone = clone_of(repository)
    return Checked(
        tuple(
            CheckedPatch(
                id=patch.id,
                title=patch.title,
                edits=len(patch.edits),
                examples=tuple(example_checks(patch)),
                broken=_broken_files(patch),
                matrix=_matrix(clone, patch.id, folders),
            )
            for patch in found.values()
        )
    )


def _broken_files(patch: Patch) -> tuple[Check, ...]:
    """The files that a patch adds and that do not parse."""
    added = {f.path: f.content for f in patch.files}
    return failures((*syntax_checks({}, added), *strict_checks({}, added)))


def _matrix(repository: Path | None, id: str, folders: tuple[Path, ...]) -> Matrix | None:
    if repository is None:
        return None
    return matrix(MatrixOptions(repository, (), Selection(ids=(id,), folders=folders)))
