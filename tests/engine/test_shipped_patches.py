"""The patches that are shipped: they load, say why, show what they do, and stay thin."""

from __future__ import annotations

from pathlib import Path

import pytest

from patcher.definition.catalog import Catalog
from patcher.definition.folder import folders_in
from patcher.diffs.lines import line_counts
from patcher.diffs.parts import FileDiff
from patcher.model import Edit, Example, Patch, State
from patcher.plan.planner import plan

from .support import ERAS, REPOSITORY, fixture, run

PATCHES = dict(Catalog(folders_in(REPOSITORY / "patches")))
EXAMPLES = [(p, e) for p in PATCHES.values() for e in p.examples]

each_patch = pytest.mark.parametrize("patch", PATCHES.values(), ids=list(PATCHES))
each_example = pytest.mark.parametrize(
    ("patch", "example"), [pytest.param(p, e, id=f"{p.id}: {e.title}") for p, e in EXAMPLES]
)


def edit_shown(patch: Patch, example: Example) -> Edit:
    """The edit by its number; one that names several files counts once."""
    places = list(dict.fromkeys(e.place for e in patch.edits))
    return next(e for e in patch.edits if e.place == places[example.edit - 1])


@each_example
def test_example_does_what_it_shows(patch: Patch, example: Example) -> None:
    edit = edit_shown(patch, example)
    assert not isinstance(edit.operation, FileDiff), "a whole git diff shows itself"
    outcome, change = run(edit.operation, edit.path, example.before.encode())
    expected = example.after
    if expected is None:
        assert (outcome.state, change) == (State.ALREADY, None), outcome.reason
    else:
        assert outcome.state is State.APPLIES, outcome.reason
        assert change is not None
        assert (change.after or b"").decode() == expected


@each_patch
def test_patch_says_why_and_shows_both_kinds_of_example(patch: Patch) -> None:
    assert len(patch.why.split()) >= 5
    assert patch.title
    assert any(e.after is not None for e in patch.examples)
    assert any(e.after is None for e in patch.examples)
    assert all(e.title for e in patch.examples)


def test_ids_are_the_names_of_their_folders() -> None:
    folders = {p.parent.name for p in Path(REPOSITORY, "patches").glob("*/patch.yaml")}
    assert set(PATCHES) == folders
    assert "dynamic-models" in PATCHES


@pytest.mark.parametrize("era", ERAS, ids=lambda p: p.name)
def test_dynamic_models_adds_few_lines_to_files_that_exist(era: Path) -> None:
    patch = PATCHES["dynamic-models"]
    changes = plan([patch], fixture(era), patch.components).changes
    added = {c.path: line_counts(c)[0] for c in changes if c.before is not None}
    print(f"\n{era.name}: {sum(added.values())} lines added to {len(added)} files")
    assert max(added.values()) <= 12, added
    assert sum(added.values()) <= 45, added
