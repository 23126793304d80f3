"""`matrix`: how the patches stand to every release of a git repository; none is checked out.

What it has measured can be written down: a patch's `tested.txt`, and a CI job's summary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from patcher.checkout import Checkout, describe
from patcher.commands.selection import Selection, chosen, components, configured
from patcher.definition.folder import TESTED, tested_releases
from patcher.diffs.parts import FileDiff
from patcher.errors import BadUsage, InputOutput
from patcher.librechat import COMPONENTS, PACKAGES
from patcher.model import Check, Outcome, Patch, Plan, State
from patcher.plan.planner import holds, plan
from patcher.plan.verification import failures, result_checks, strict_result_checks
from patcher.releases.compatibility import Fit, Judgement, Matrix, Row, Trouble
from patcher.releases.git_objects import Objects
from patcher.releases.revisions import Chosen, NamedCommit, choose, version_key
from patcher.trees import MAX_SOURCE, Revision

_AT_ONCE = 100
"""Commits whose objects are read together: enough to be quick, few enough to show progress."""

_HEAD = "# Written by `librechat-patcher matrix --repo DIR --update-tested`: tag, package.json.\n"

OnProgress = Callable[[int, int], None]


def _silent(done: int, of: int) -> None:
    """Nobody watches."""
    del done, of


class MatrixOptions(Struct, frozen=True):
    """What `matrix` was asked for."""

    repository: Path
    refs: tuple[str, ...] = ()
    """Globs, names, or one range A..B; empty for the release tags that the patches are made for."""
    selection: Selection = Selection()


def matrix(options: MatrixOptions, progress: OnProgress = _silent) -> Matrix:
    """Plan and verify (rungs 2 and 3) every revision that is meant; reads only.

    `progress` is told how many of how many are done. Raises `BadUsage` for a repository, a
    reference or a component that does not exist, `InputOutput` when git fails.
    """
    patches = chosen(configured(options.selection, None))
    everything = Checkout("", "", tuple(COMPONENTS))
    wanted = components(options.selection, patches, everything)
    judge = _Judge(patches, wanted)
    ranges = ",".join(dict.fromkeys(p.librechat for p in patches))
    found = choose(options.repository, options.refs, ranges, judge.targets)
    with Objects(options.repository, MAX_SOURCE) as objects:
        rows = tuple(_rows(judge, objects, found.revisions, progress))
    breaks, repairs = _turns(found, rows)
    return Matrix(
        repository=str(options.repository),
        patches=tuple(p.id for p in patches),
        components=wanted,
        rows=rows,
        left_out=found.left_out,
        range=found.range,
        breaks=breaks,
        repairs=repairs,
    )


def _rows(
    judge: _Judge, objects: Objects, revisions: Sequence[NamedCommit], progress: OnProgress
) -> Iterator[Row]:
    for start in range(0, len(revisions), _AT_ONCE):
        part = revisions[start : start + _AT_ONCE]
        objects.warm([r.commit for r in part], [*judge.targets, PACKAGES[0]])
        for done, revision in enumerate(part, start + 1):
            tree = Revision(objects, revision.commit)
            checkout = describe(tree)
            yield Row(
                name=revision.name,
                commit=revision.commit,
                date=revision.date,
                subject=revision.subject,
                version=checkout.version,
                is_tag=revision.is_tag,
                tested=revision.is_tag and all(revision.name in p.tested for p in judge.patches),
                judgement=judge(tree, checkout),
            )
            progress(done, len(revisions))


def _turns(found: Chosen, rows: Sequence[Row]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Commits at which a range breaks, and at which it is well again.

    Asked of what each commit builds on, not of the line above it: two branches that are listed
    one after the other do not break or fix each other.
    """
    if not found.range:
        return (), ()
    state = {row.commit: row.ok for row in rows}
    start, *commits = found.revisions
    breaks: list[str] = []
    repairs: list[str] = []
    for revision in commits:
        before = {state.get(p, state[start.commit]) for p in revision.parents or (start.commit,)}
        if before == {not state[revision.commit]}:
            (repairs if state[revision.commit] else breaks).append(revision.commit)
    return tuple(breaks), tuple(repairs)


class _Judge:
    """Patches and components; answers for a tree, and once for trees with the same files."""

    def __init__(self, patches: Sequence[Patch], wanted: Sequence[str]) -> None:
        self.patches = patches
        self._wanted = wanted
        self._known: dict[tuple[object, ...], Judgement] = {}
        edits = {(p.id, e.path): e.component for p in patches for e in p.edits}
        added = {(p.id, f.path): f.component for p in patches for f in p.files}
        self._component: Mapping[tuple[str, str], str] = {**edits, **added}
        self._of_path = {path: component for (_, path), component in self._component.items()}
        traits = [t.path for p in patches for t in p.traits.values()]
        expected = [e.path for p in patches for e in p.expectations]
        diffs = (e.operation for p in patches for e in p.edits)
        moved = (d.new for d in diffs if isinstance(d, FileDiff) and d.new)
        self.targets = tuple(dict.fromkeys((*self._of_path, *traits, *expected, *moved)))
        """Every path that decides about the outcome."""

    def __call__(self, tree: Revision, checkout: Checkout) -> Judgement:
        """The verdict on a tree."""
        key = (checkout.components, *map(tree.entry, self.targets))
        if key not in self._known:
            self._known[key] = self._judge(tree, checkout)
        return self._known[key]

    def _judge(self, tree: Revision, checkout: Checkout) -> Judgement:
        present = [c for c in self._wanted if c in checkout.components]
        result = plan(self.patches, tree, present)
        failed = failures(
            (*result_checks(self.patches, present, tree, result), *strict_result_checks(result))
        )
        troubles = tuple(self._troubles(result, failed, set(self._wanted) - set(present)))
        bad = {t.component: Fit.BLOCKED if result.blocked else Fit.FAILS for t in troubles}
        fits = []
        for component in self._wanted:
            outcomes = [o for o in result.outcomes if self._owner(o) == component]
            fit = bad.get(component) or _fit({o.state for o in outcomes})
            fits.append((component, fit if component in present else Fit.ABSENT))
        variant = (n for p in self.patches for n, t in p.traits.items() if holds(tree, t))
        return Judgement(tuple(fits), tuple(variant), troubles)

    def _troubles(
        self, result: Plan, failed: Sequence[Check], absent: set[str]
    ) -> Iterator[Trouble]:
        for component in sorted(absent):
            folder = COMPONENTS[component].sources
            yield Trouble(component, folder, "find the sources", "the folder is not there")
        for outcome in result.blocked:
            yield Trouble(self._owner(outcome), outcome.path, outcome.title, outcome.reason)
        for check in failed:
            component = self._of_path.get(check.subject, self._wanted[0])
            yield Trouble(component, check.subject, check.rung, check.detail)

    def _owner(self, outcome: Outcome) -> str:
        return self._component[outcome.patch, outcome.path]


def _fit(states: set[State]) -> Fit:
    if State.APPLIES in states:
        return Fit.APPLIES
    return Fit.ALREADY if State.ALREADY in states else Fit.NOT_APPLICABLE


def update_tested_releases(matrix: Matrix, selection: Selection) -> Path:
    """Write the releases that were just measured into the patch's `tested.txt`; its path.

    Good ones are added, bad ones removed, all others stay. Raises `BadUsage` when the run says
    nothing about releases of one whole patch; `InputOutput` when the file cannot be written.
    """
    if matrix.range or selection.only or selection.skip or len(matrix.patches) != 1:
        raise BadUsage(
            "--update-tested is for releases, one patch and all of its components",
            "leave out --only, --skip and a range; name one patch: --patch dynamic-models",
        )
    folder = Path(chosen(configured(selection, None))[0].place.file).parent
    known = dict(tested_releases(folder))
    for row in matrix.rows:
        if row.is_tag and row.ok:
            known[row.name] = row.version
        else:
            known.pop(row.name, None)
    lines = (f"{tag} {known[tag]}".rstrip() for tag in sorted(known, key=version_key))
    file = folder / TESTED
    try:
        file.write_bytes((_HEAD + "".join(f"{line}\n" for line in lines)).encode())
    except OSError as error:
        raise InputOutput(
            f"{file}: cannot be written: {error.strerror}",
            "work in a clone of librechat-patcher, not with an installed package",
        ) from error
    return file


def append(file: Path, text: str) -> None:
    """Add text to a file, such as GitHub's step summary; raises `InputOutput`."""
    try:
        with file.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise InputOutput(f"{file}: cannot be written: {error.strerror}") from error
