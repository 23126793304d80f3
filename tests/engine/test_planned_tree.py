"""A tree as it will be when a plan has been carried out."""

from __future__ import annotations

from dataclasses import dataclass

from patcher.plan.planner import plan
from patcher.trees import with_changes

from .planned import NEW, PATH, rename
from .support import MemoryTree, patch_of


def test_planned_tree_reads_the_result() -> None:
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


def test_planned_tree_tells_the_modes_of_the_tree() -> None:
    tree = TreeWithModes({PATH: b"old();\n", "other.js": b"f();\n"})
    patch = patch_of(rename(), files=[NEW])
    after = with_changes(tree, plan([patch], tree, ["all"]).changes)
    assert [after.mode(p) for p in (PATH, "other.js", NEW.path)] == [0o755, 0o755, None]
    plain = MemoryTree(tree.files)
    assert with_changes(plain, plan([patch], plain, ["all"]).changes).mode(PATH) is None
