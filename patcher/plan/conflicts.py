"""Which other patch is in the way of a blocked edit: the one without which it has its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from patcher.model import Edit, Outcome, Patch, Plan, State

Replan = Callable[[Sequence[Patch]], Plan]


def with_rivals(patches: Sequence[Patch], found: Plan, replan: Replan) -> Plan:
    """`found` (a plan of `patches`), each blocked edit with the patch that is in its way."""
    outcomes = tuple(
        _with_rival(patches, found, index, replan) if o.state is State.BLOCKED else o
        for index, o in enumerate(found.outcomes)
    )
    return replace(found, outcomes=outcomes)


def _with_rival(patches: Sequence[Patch], found: Plan, index: int, replan: Replan) -> Outcome:
    outcome = found.outcomes[index]
    at = next(i for i, p in enumerate(patches) if p.id == outcome.patch)
    number = index - next(i for i, o in enumerate(found.outcomes) if o.patch == outcome.patch)
    for rival in reversed(patches[:at]):
        for part, less in _lessened(rival):
            rest = [less if p is rival else p for p in patches[: at + 1]]
            alone = _own(replan(rest), outcome.patch)[number]
            if alone.state is not State.BLOCKED:
                reason = _reason(outcome, alone, part) + _other_order(patches, at, rival, replan)
                return replace(outcome, reason=reason, rival=rival.id)
    return outcome


def _other_order(patches: Sequence[Patch], at: int, rival: Patch, replan: Replan) -> str:
    """Words for those who may name the patches the other way round, when that helps."""
    patch = patches[at]
    rest = [p for p in patches if p is not patch]
    place = next(i for i, p in enumerate(rest) if p is rival)
    swapped = [*rest[:place], patch, *rest[place:]]
    named = {link.id for link in (*patch.needs, *patch.after)}
    if rival.id in named or replan(swapped).blocked:
        return ""
    ids = " ".join(f"--patch {p.id}" for p in swapped)
    return f"; in the other order all of them fit: {ids}"


def _lessened(rival: Patch) -> Iterator[tuple[str, Patch]]:
    """The patch without one of its edits or files, each named; at last without any."""
    for edit in rival.edits:
        yield _told(rival, edit), replace(rival, edits=_without(rival.edits, edit))
    for file in rival.files:
        rest = tuple(f for f in rival.files if f is not file)
        yield f"`{rival.id}` adds the file {file.path}", replace(rival, files=rest)
    yield f"`{rival.id}` ({rival.place})", replace(rival, edits=(), files=())


def _without(edits: tuple[Edit, ...], edit: Edit) -> tuple[Edit, ...]:
    return tuple(e for e in edits if e is not edit)


def _told(rival: Patch, edit: Edit) -> str:
    return f"`{rival.id}` ({edit.place}: {edit.operation})"


def _reason(outcome: Outcome, alone: Outcome, part: str) -> str:
    where = f" on line {alone.line}" if alone.line else ""
    return (
        f"{outcome.reason}; `{outcome.patch}` would have its place{where} without the patch {part}"
    )


def _own(plan: Plan, patch: str) -> Sequence[Outcome]:
    return [o for o in plan.outcomes if o.patch == patch]
