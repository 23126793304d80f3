"""Small plans of one renamed call, for several rooms of tests."""

from __future__ import annotations

from collections.abc import Mapping

from patcher.edits.operations import Replace
from patcher.model import AddedFile, Edit, Patch, Plan
from patcher.plan.planner import plan

from .support import MemoryTree, edit_of

PATH = "src/a.js"
NEW = AddedFile("src/new.js", "all", b"one();\ntwo();\n")
RENAME = Replace(find="old()", code="renamed()")


def rename(path: str = PATH, component: str = "all", when: str = "") -> Edit:
    return edit_of(RENAME, path, component, when)


def planned(patch: Patch, files: Mapping[str, bytes], owned: tuple[str, ...] = ()) -> Plan:
    return plan([patch], MemoryTree(files), patch.components, owned)


def states(result: Plan) -> list[str]:
    return [o.state.value for o in result.outcomes]
