"""How patches stand to many commits of a git repository, each read from its objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from patcher.checkout import Checkout, describe
from patcher.diffs.parts import FileDiff
from patcher.librechat import COMPONENTS, PACKAGES
from patcher.model import Check, Outcome, Patch, Plan, State
from patcher.plan.planner import holds, plan
from patcher.plan.verification import failures, result_checks, strict_result_checks
from patcher.releases.compatibility import Fit, Judgement, Row, Trouble
from patcher.releases.git_objects import Objects
from patcher.releases.revisions import Chosen, NamedCommit
from patcher.trees import Revision

_AT_ONCE = 100
"""Commits whose objects are read together: enough to be quick, few enough to show progress."""

OnProgress = Callable[[int, int], None]


def silent(done: int, of: int) -> None:
    """Nobody watches."""
    del done, of


def rows(
    judge: Judge, objects: Objects, revisions: Sequence[NamedCommit], progress: OnProgress = silent
) -> Iterator[Row]:
    """How the patches stand to each revision, in the order given; raises as `Objects`."""
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


def turns(found: Chosen, rows: Sequence[Row]) -> tuple[tuple[str, ...], tuple[str, ...]]:
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


class Judge:
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
            fits.append((component, fit if component in present else _without(component)))
        variant = (n for p in self.patches for n, t in p.traits.items() if holds(tree, t))
        return Judgement(tuple(fits), tuple(variant), troubles)

    def _troubles(
        self, result: Plan, failed: Sequence[Check], absent: set[str]
    ) -> Iterator[Trouble]:
        for component in sorted(c for c in absent if not COMPONENTS[c].stands_in_for):
            folder = COMPONENTS[component].sources
            yield Trouble(component, folder, "find the sources", "the folder is not there")
        for outcome in result.blocked:
            yield Trouble(self._owner(outcome), outcome.path, outcome.title, outcome.reason)
        for check in failed:
            component = self._of_path.get(check.subject, self._wanted[0])
            yield Trouble(component, check.subject, check.rung, check.detail)

    def _owner(self, outcome: Outcome) -> str:
        return self._component[outcome.patch, outcome.path]


def _without(component: str) -> Fit:
    """What to say of a component that a commit does not have."""
    return Fit.NOT_BUILT if COMPONENTS[component].stands_in_for else Fit.ABSENT


def _fit(states: set[State]) -> Fit:
    if State.APPLIES in states:
        return Fit.APPLIES
    return Fit.ALREADY if State.ALREADY in states else Fit.NOT_APPLICABLE
