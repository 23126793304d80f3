"""A tree with some of its files replaced: as a plan will leave it, or as it once was."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from patcher.errors import AnchorNotFound
from patcher.model import Change
from patcher.plan.planner import plan
from patcher.trees import File, Overlay, with_changes

from .planned import NEW, PATH, rename
from .support import MemoryTree, patch_of


def test_a_tree_with_changes_reads_the_result() -> None:
    tree = MemoryTree({PATH: b"old();\n", "other.js": b"f();\n"})
    result = plan([patch_of(rename(), files=[NEW])], tree, ["all"])
    after = with_changes(tree, result.changes)
    assert after.read(PATH) == b"renamed();\n"
    assert after.read(NEW.path) == NEW.content
    assert after.read("other.js") == b"f();\n"
    assert after.read("absent.js") is None
    assert (after.has_folder("src"), after.has_folder("lib")) == (True, False)


@dataclass(frozen=True)
class TreeWithModes(MemoryTree):
    """A checkout that tells permissions."""

    def mode(self, path: str) -> int | None:
        return 0o755 if path in self.files else None


@pytest.mark.parametrize(
    ("change", "mode"),
    [
        (None, 0o755),
        (Change(PATH, "all", b"old", b"new"), 0o755),
        (Change(PATH, "all", b"old", b"new", 0o600), 0o600),
        (Change(PATH, "all", b"old", None), None),
        (Change(PATH, "all", b"old", None, 0o600), None),
        (Change("new.js", "all", None, b"new"), None),
        (Change("new.js", "all", None, b"new", 0o755), 0o755),
    ],
)
def test_the_mode_is_that_of_the_change_else_that_of_the_tree(
    change: Change | None, mode: int | None
) -> None:
    after = with_changes(TreeWithModes({PATH: b"old"}), [change] if change else [])
    assert after.mode(change.path if change else PATH) == mode


def test_a_tree_that_keeps_no_modes_has_none_under_an_overlay() -> None:
    tree = MemoryTree({PATH: b"old"})
    assert with_changes(tree, [Change(PATH, "all", b"old", b"new")]).mode(PATH) is None


def test_a_later_edit_keeps_the_mode_that_an_earlier_one_has_set() -> None:
    files = Overlay(TreeWithModes({PATH: b"old"}))
    files.write(PATH, b"new", 0o644)
    files.write(PATH, b"newer")
    assert (files.read(PATH), files.mode(PATH)) == (b"newer", 0o644)


@dataclass(frozen=True)
class TreeThatIsEdited(MemoryTree):
    """A checkout in which somebody works: no read gives what the one before gave."""

    reads: list[str] = field(default_factory=list)

    def read(self, path: str) -> bytes | None:
        self.reads.append(path)
        return b"old();\n" + b"// once more\n" * len(self.reads)


def test_what_a_change_calls_before_is_what_the_edit_was_placed_in() -> None:
    tree = TreeThatIsEdited({})
    change = plan([patch_of(rename())], tree, ["all"]).changes[0]
    assert tree.reads == [PATH]
    assert change.before is not None
    assert change.after == change.before.replace(b"old", b"renamed")


def test_files_as_they_once_were_hide_those_of_the_tree() -> None:
    tree = TreeWithModes({PATH: b"patched", "added.js": b"ours"})
    once = Overlay(tree, {PATH: File(b"original", 0o600), "added.js": File(None)})
    assert [once.read(p) for p in (PATH, "added.js")] == [b"original", None]
    assert [once.mode(p) for p in (PATH, "added.js")] == [0o600, None]


def test_an_overlay_over_an_overlay_leaves_the_one_below_as_it_was() -> None:
    below = Overlay(MemoryTree({PATH: b"one"}), {PATH: File(b"two")})
    above = Overlay(below)
    above.write(PATH, b"three")
    assert [t.read(PATH) for t in (above, below)] == [b"three", b"two"]
    assert above.before(PATH) == b"two"


def test_a_file_that_cannot_be_read_stops_who_asks_for_it() -> None:
    class Refusing(MemoryTree):
        def read(self, path: str) -> bytes | None:
            raise AnchorNotFound(f"{path} is a symbolic link")

    with pytest.raises(AnchorNotFound, match="is a symbolic link"):
        Overlay(Refusing({})).read(PATH)
