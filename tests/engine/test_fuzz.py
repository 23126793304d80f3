"""Mutated sources through the public way: the result is right, or nothing is planned.

About 500 examples; `HYPOTHESIS_PROFILE=long` makes it 20 000, drawn anew each time.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patcher.code.syntax import CODE_FILES, parse, problems
from patcher.model import Plan
from patcher.plan.planner import plan
from patcher.plan.verification import failures, result_checks, strict_result_checks

from .mutations import HARMFUL, HARMLESS, TARGETS, Mutation, other_style
from .support import (
    DEVIATIONS,
    DYNAMIC_MODELS,
    ERAS,
    MemoryTree,
    carried_out,
    fixture,
    is_subsequence,
    tokens,
)

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
TREES = {p.name: fixture(p) for p in (*ERAS, *DEVIATIONS)}
COUNTS: Counter[str] = Counter()

fuzzed = settings(
    max_examples=50_000 if LONG else 1_500,
    deadline=None,
    derandomize=not LONG,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module", autouse=True)
def _report() -> Iterator[None]:
    yield
    print(f"\nfuzz: {dict(COUNTS)}")


def mutated(data: st.DataObject, mutations: Mapping[str, Mutation], restyle: bool) -> MemoryTree:
    """A fixture tree in which one to three target files are changed."""
    tree = TREES[data.draw(st.sampled_from(sorted(TREES)))]
    files = dict(tree.files)
    present = [t for t in TARGETS if t in files and t.endswith(CODE_FILES)]
    for path in data.draw(st.lists(st.sampled_from(present), min_size=1, max_size=3, unique=True)):
        for name in data.draw(st.lists(st.sampled_from(sorted(mutations)), min_size=1, max_size=3)):
            files[path] = mutations[name](files[path], data)
        if restyle and data.draw(st.booleans()):
            files[path] = other_style(files[path], data)
    return MemoryTree(files)


def planned(tree: MemoryTree) -> tuple[list[str], Plan]:
    """The plan for all components that the tree has sources of."""
    paths = {e.component: e.path for e in DYNAMIC_MODELS.edits}
    components = [c for c, path in paths.items() if path in tree.files]
    return components, plan([DYNAMIC_MODELS], tree, components)


def assert_right(tree: MemoryTree, components: list[str], result: Plan) -> None:
    """All promises hold, no code is lost, no error is new, and a second run has nothing to do."""
    checks = result_checks([DYNAMIC_MODELS], components, tree, result)
    assert failures((*checks, *strict_result_checks(result))) == ()
    for change in result.changes:
        if change.before is not None and change.after is not None:
            assert problems(parse(change.after)) == []
            assert is_subsequence(tokens(change.before), tokens(change.after)), change.path
    again = plan([DYNAMIC_MODELS], carried_out(tree, result), components)
    assert (again.changes, again.blocked) == ((), ())


@fuzzed
@given(st.data())
def test_harmless_changes_do_not_keep_the_patch_out(data: st.DataObject) -> None:
    tree = mutated(data, HARMLESS, restyle=True)
    components, result = planned(tree)
    assert result.blocked == ()
    assert_right(tree, components, result)
    COUNTS["harmless, applied"] += 1


@fuzzed
@given(st.data())
def test_harmful_changes_block_or_leave_the_result_right(data: st.DataObject) -> None:
    tree = mutated(data, {**HARMLESS, **HARMFUL}, restyle=False)
    components, result = planned(tree)
    if result.blocked:
        assert all(o.path and o.reason for o in result.blocked)
        COUNTS["harmful, blocked"] += 1
        return
    broken = failures(result_checks([DYNAMIC_MODELS], components, tree, result))
    if broken:
        # `apply` refuses these as it refuses blocked plans: promises are asked before writing.
        COUNTS["harmful, promise not held"] += 1
        return
    assert_right(tree, components, result)
    COUNTS["harmful, applied"] += 1
