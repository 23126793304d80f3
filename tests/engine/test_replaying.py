"""Patches one after the other on the originals, and what leads from one set to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from patcher.diffs.git_format import read_diff
from patcher.diffs.parts import FileDiff
from patcher.edits.operations import Replace
from patcher.model import Change, Edit, Patch, Place
from patcher.plan.replay import Layer, Replay, differences, replayed
from patcher.trees import File, Overlay

from .support import MemoryTree, edit_of, patch_of

ALL = frozenset({"all"})
RUNS = "diff --git a/a.js b/a.js\nold mode 100644\nnew mode 100755\n"
NEW = (
    "diff --git a/n.js b/n.js\nnew file mode 100755\n--- /dev/null\n+++ b/n.js\n@@ -0,0 +1 @@\n+n\n"
)


@dataclass(frozen=True)
class ModedMemoryTree(MemoryTree):
    modes: Mapping[str, int] = field(default_factory=dict)

    def mode(self, path: str) -> int | None:
        return self.modes.get(path)


def whole(text: str) -> Edit:
    (file,) = read_diff(text.encode())
    assert isinstance(file, FileDiff)
    return Edit(Place("p.yaml", 1), file.path, "all", file)


def renaming(old: str, new: str) -> Patch:
    return patch_of(edit_of(Replace(find=f"{old}()", code=f"{new}()"), "a.js"))


TREE = ModedMemoryTree({"a.js": b"one();\n"}, {"a.js": 0o640})


def test_originals_stand_in_for_what_is_there() -> None:
    originals = {"a.js": File(b"was\n", 0o600), "gone.js": File(None, None)}
    tree = Overlay(ModedMemoryTree({**TREE.files, "gone.js": b"x", "b/c.js": b"b"}), originals)
    assert [tree.read(p) for p in ("a.js", "gone.js", "b/c.js", "none.js")] == [
        b"was\n",
        None,
        b"b",
        None,
    ]
    assert (tree.mode("a.js"), tree.mode("gone.js"), tree.mode("b/c.js")) == (0o600, None, None)
    assert Overlay(TREE, {}).mode("a.js") == 0o640
    assert Overlay(MemoryTree(TREE.files), {}).mode("a.js") is None
    assert tree.has_folder("b") and not tree.has_folder("c")


def test_each_patch_is_planned_on_what_the_earlier_ones_made() -> None:
    found = replayed(
        [Layer(renaming("one", "two"), ALL), Layer(renaming("two", "three"), ALL)], TREE
    )
    assert found.blocked == ()
    assert found.changes == {"a.js": Change("a.js", "all", b"one();\n", b"three();\n", None)}
    assert len(found.outcomes) == 2
    assert found.tree.read("a.js") == b"three();\n"


def test_only_chosen_components_are_replayed() -> None:
    found = replayed([Layer(renaming("one", "two"), frozenset())], TREE)
    assert found.changes == {} and len(found.outcomes) == 1


def test_what_cannot_be_made_is_told() -> None:
    found = replayed([Layer(renaming("none", "two"), ALL)], TREE)
    assert [o.path for o in found.blocked] == ["a.js"]
    assert found.changes == {}


@pytest.mark.parametrize("mode_first", [True, False])
def test_a_mode_outlives_edits_before_and_after_it(mode_first: bool) -> None:
    patches = [Layer(patch_of(whole(RUNS)), ALL), Layer(renaming("one", "two"), ALL)]
    found = replayed(patches if mode_first else patches[::-1], TREE)
    change = found.changes["a.js"]
    assert (change.before, change.after, change.mode) == (b"one();\n", b"two();\n", 0o750)


NOTHING = Replay({}, (), TREE)
ORIGINALS = {"a.js": File(b"one\n", 0o644)}


def made(before: bytes | None, after: bytes | None, mode: int | None = None) -> Replay:
    return Replay({"a.js": Change("a.js", "all", before, after, mode)}, (), TREE)


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (made(b"one\n", b"two\n"), NOTHING, (b"two\n", b"one\n", None)),
        (made(b"one\n", b"two\n", 0o755), NOTHING, (b"two\n", b"one\n", 0o644)),
        (made(b"one\n", b"one\n", 0o755), NOTHING, (b"one\n", b"one\n", 0o644)),
        (made(b"one\n", b"one\n", 0o755), made(b"one\n", b"one\n", 0o755), None),
        (made(b"one\n", b"two\n"), made(b"one\n", b"two\n"), None),
        (made(b"one\n", b"two\n"), made(b"one\n", b"2\n"), (b"two\n", b"2\n", None)),
        (made(b"one\n", b"two\n"), made(b"one\n", b"2\n", 0o755), (b"two\n", b"2\n", 0o755)),
        (made(b"one\n", b"two\n"), made(b"one\n", b"two\n", 0o755), (b"two\n", b"two\n", 0o755)),
        (made(b"one\n", None), NOTHING, (None, b"one\n", 0o644)),
        (made(b"one\n", None), made(b"one\n", None), None),
        (made(b"one\n", b"two\n"), made(b"one\n", None), (b"two\n", None, None)),
    ],
)
def test_what_leads_from_one_set_of_patches_to_another(
    now: Replay, then: Replay, expected: tuple[bytes | None, bytes | None, int | None] | None
) -> None:
    found = differences(now, then, ORIGINALS)
    assert found == (() if expected is None else (Change("a.js", "all", *expected),))


def test_a_file_without_a_saved_original_goes_back_to_what_the_replay_found() -> None:
    assert differences(made(b"0\n", b"1\n"), NOTHING, {}) == (
        Change("a.js", "all", b"1\n", b"0\n", None),
    )
    assert differences(made(None, b"1\n", 0o755), NOTHING, {}) == (
        Change("a.js", "all", b"1\n", None, None),
    )


def test_a_new_file_keeps_the_mode_of_its_diff() -> None:
    found = replayed([Layer(patch_of(whole(NEW)), ALL)], TREE)
    assert found.changes["n.js"] == Change("n.js", "all", None, b"n\n", 0o755)
