"""Values do not change: every dataclass is frozen, but for drafts that say so."""

from __future__ import annotations

import ast

from .support import REPOSITORY

DRAFTS = {
    "_Reader",
    "Draft",
    "_Header",
    "_Base",
}


def test_every_value_is_frozen_but_drafts() -> None:
    found = set()
    for path in sorted((REPOSITORY / "patcher").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                marks = {ast.unparse(d) for d in node.decorator_list}
                if any(m.startswith("dataclass") for m in marks):
                    assert marks <= {"dataclass", "dataclass(frozen=True)"}, node.name
                    found |= {node.name} if "dataclass" in marks else set()
    assert found == DRAFTS
