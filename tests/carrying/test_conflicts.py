"""Two patches that do not go together: which is in whose way, and in which order they would go."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from patcher.edits import operations as op
from patcher.model import AddedFile, Link, Operation, Outcome, Patch, Place, Plan, State
from patcher.plan.planner import plan
from tests.engine.support import MemoryTree, edit_of, patch_of


def patch(id: str, *operations: Operation, files: tuple[AddedFile, ...] = ()) -> Patch:
    edits = [
        replace(edit_of(o, "a.js"), place=Place(f"{id}.yaml", n + 1))
        for n, o in enumerate(operations)
    ]
    made = patch_of(*edits, files=list(files))
    return replace(made, id=id, place=Place(f"{id}.yaml", 1))


def planned(*patches: Patch, source: bytes = b"one();\ntwo();\n") -> Plan:
    return plan(patches, MemoryTree({"a.js": source}), ["all"])


def blocked(*patches: Patch) -> Outcome:
    (outcome,) = planned(*patches).blocked
    return outcome


TAKES_ONE = patch("first", op.Replace("two()", "zwei()"), op.Replace("one()", "eins()"))
NEEDS_ONE = patch("second", op.InsertAfter("one()", "more();"))


def test_the_edit_that_is_in_the_way_is_named() -> None:
    outcome = blocked(TAKES_ONE, NEEDS_ONE)
    assert outcome.rival == "first"
    assert outcome.reason.endswith(
        "; `second` would have its place on line 1 without the patch "
        "`first` (first.yaml:2: replace `one()` by `eins()`)"
        "; in the other order all of them fit: --patch second --patch first"
    )


def test_a_file_that_is_in_the_way_is_named() -> None:
    one = patch("first", files=(AddedFile("new.js", "all", b"1;\n"),))
    other = patch("second", files=(AddedFile("new.js", "all", b"2;\n"),))
    outcome = blocked(one, other)
    assert outcome.rival == "first"
    assert outcome.reason.endswith(
        "; `second` would have its place without the patch `first` adds the file new.js"
    )


def test_a_patch_that_is_in_the_way_as_a_whole_is_named() -> None:
    first = patch("first", op.Replace("one()", "eins()"), op.Replace("two()", "zwei()"))
    outcome = blocked(first, patch("second", op.Replace("one(); two();", "both();")))
    assert outcome.rival == "first"
    assert "without the patch `first` (first.yaml:1)" in outcome.reason


LINKS = (Link("first", Place("second.yaml", 1)),)


@pytest.mark.parametrize(
    "linked", [replace(NEEDS_ONE, needs=LINKS), replace(NEEDS_ONE, after=LINKS)]
)
def test_no_other_order_is_told_to_a_patch_that_comes_after_by_itself(linked: Patch) -> None:
    outcome = blocked(TAKES_ONE, linked)
    assert outcome.rival == "first" and "in the other order" not in outcome.reason


def test_no_other_order_is_told_where_it_does_not_help() -> None:
    second = patch("second", op.Replace("one()", "uno()"))
    outcome = blocked(TAKES_ONE, second)
    assert outcome.rival == "first" and "in the other order" not in outcome.reason


def test_the_nearest_rival_is_named_and_the_others_stay_in_the_order() -> None:
    between = patch("between", op.InsertBefore("two()", "b();"))
    outcome = blocked(patch("zero"), TAKES_ONE, patch("idle"), NEEDS_ONE)
    assert outcome.rival == "first"
    assert outcome.reason.endswith("--patch zero --patch second --patch first --patch idle")
    assert blocked(between, TAKES_ONE, NEEDS_ONE).rival == "first"


def test_what_nobody_is_in_the_way_of_has_no_rival() -> None:
    outcome = blocked(TAKES_ONE, patch("second", op.Replace("none()", "x()")))
    assert outcome.rival == "" and "would have its place" not in outcome.reason
    assert "in the other order" not in blocked(patch("own", op.Replace("no()", "x()"))).reason


def test_outcomes_that_are_not_blocked_are_as_they_were() -> None:
    result = planned(TAKES_ONE, replace(NEEDS_ONE, edits=(*NEEDS_ONE.edits, *TAKES_ONE.edits[:1])))
    assert [o.state for o in result.outcomes] == [
        State.APPLIES,
        State.APPLIES,
        State.BLOCKED,
        State.ALREADY,
    ]
    assert [o.rival for o in result.outcomes] == ["", "", "first", ""]
