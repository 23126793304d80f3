"""`docs/architecture.md` and `CONTRIBUTING.md` name files that are there, and leave no room out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import PROJECT

PACKAGE = PROJECT / "patcher"
MAP = PROJECT / "docs" / "architecture.md"
TO_BE_MADE = {"add_item", "VERB", "ID"}
"""Names in examples of what a reader is going to add."""
QUOTED = re.compile(r"`([^`\s]+)`")


def _named(text: str) -> set[str]:
    """What looks like a path, without those that a reader is going to add."""
    names = {name for name in QUOTED.findall(text) if name.endswith((".py", ".txt", "/"))}
    return {n for n in names if not any(made in n for made in TO_BE_MADE) and "*" not in n}


@pytest.mark.parametrize("page", [MAP, PROJECT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_every_path_that_is_named_is_there(page: Path) -> None:
    named = _named(page.read_text(encoding="utf-8"))
    roots = (PACKAGE, PROJECT, PROJECT / "docs", PROJECT / "patches" / "dynamic-models")
    assert len(named) > 5
    assert not {n for n in named if not any((root / n).exists() for root in roots)}


def test_every_room_is_on_the_map() -> None:
    rooms = {
        f"{path.name}/" if path.is_dir() else path.name
        for path in PACKAGE.iterdir()
        if not path.name.startswith(("_", ".")) and path.name != "data"
    }
    assert not rooms - _named(MAP.read_text(encoding="utf-8"))


ERRANDS = {
    "add an operation": 4,
    "fix where an import is put": 2,
    "change what `status` prints": 2,
    "add a built-in patch": 1,
}
"""How many files an errand may take at most; a patch is one folder."""


@pytest.mark.parametrize("errand", ERRANDS)
def test_an_errand_takes_few_files(errand: str) -> None:
    rows = re.findall(rf"^\| {errand}.*? \| (.*) \|$", MAP.read_text(encoding="utf-8"), re.M)
    assert len(rows) == 1
    files = {name for name in QUOTED.findall(rows[0]) if "/" in name}
    assert 1 <= len(files) <= ERRANDS[errand], files


def test_modules_in_a_row_of_the_table_are_in_that_room() -> None:
    rows = re.findall(r"^\| `(\w+)/` \| (.*?) \|", MAP.read_text(encoding="utf-8"), re.M)
    assert len(rows) > 8
    for room, words in rows:
        for name in re.findall(r"`([a-z_]+)`", words):
            is_module = (PACKAGE / room / f"{name}.py").is_file()
            assert is_module or name in {
                "verify",
                "apply",
                "capture",
                "explain",
                "matrix",
                "update",
            } | {
                "needs",
                "after",
            }, f"{room}/{name}.py is not there"
