"""Values do not change: every Struct is frozen, but for drafts that say so."""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Iterator
from importlib import import_module

from msgspec import Struct

import patcher

from .support import REPOSITORY

DRAFTS = {"_Reader", "_Header"}
"""What a diff is read into, line by line."""


def structs(base: type[Struct] = Struct) -> Iterator[type[Struct]]:
    for kind in base.__subclasses__():
        if kind.__module__.startswith("patcher."):
            yield kind
            yield from structs(kind)


def test_every_value_is_frozen_but_drafts() -> None:
    for module in pkgutil.walk_packages(patcher.__path__, "patcher."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    found = {kind.__name__: kind.__struct_config__.frozen for kind in structs()}
    assert {"Operation", "AddImport", "FileDiff", "Plan"} <= set(found)
    assert {name for name, is_frozen in found.items() if not is_frozen} == DRAFTS


def test_no_value_is_a_dataclass() -> None:
    """One kind of value; a class that keeps something in memory is a plain class."""
    for path in sorted((REPOSITORY / "patcher").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                assert not [d for d in node.decorator_list if "dataclass" in ast.unparse(d)]
