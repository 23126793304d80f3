"""Who may import whom, who may touch the disk, and how large a module may be.

The table is exact. A test that fails here says which row to change; ask first whether the
direction is meant. The lowest layer stands first.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from .support import REPOSITORY

PACKAGE = REPOSITORY / "patcher"
TABLE = Path(__file__).with_name("imports.txt")
IMPURE = frozenset({"os", "pathlib", "subprocess", "time", "random", "shutil", "tempfile", "io"})
ONLY = {
    "tree_sitter": "code.syntax",
    "tree_sitter_typescript": "code.syntax",
    "rich": "cli.screen",
    "typer": "cli",
}
"""Third-party package to the one module or package of ours that may import it."""
WRITERS = frozenset({"transaction"})
NAMED_WRITERS = {
    "commands.capture": "proves a captured patch on a folder in a new temporary one",
    "commands.apply": "copies the bundled sample into a new temporary folder",
    "commands.matrix": "records releases beside a definition, and the summary that CI asks for",
    "releases.moving": "clears away what a git has left that was killed in the midst of a move",
    "capture.patch_writer": "writes a captured patch into a folder of its own, not a checkout",
}
"""Modules outside of `transaction` that write, each with what."""
EFFECTS: Mapping[str, str] = {
    "trees": "`Folder` reads a checkout; `Overlay` and `Revision` know no disk",
    "definition.catalog": "finds the folders of patches",
    "definition.decode": "resolves a path beside the definition",
    "definition.diff_entries": "reads a diff beside the definition",
    "definition.folder": "reads the folder of a patch",
    "definition.patch": "names the folder and the file that it reads",
    "definition.compiled": "reads what the wheel keeps of the definitions",
    "definition.reader": "names the file that it reads",
    "definition.schema": "prints the schema",
}
"""Modules of pure rows that may know the disk, each with what for."""
MOST_LINES, MOST_LINES_OF_A_FUNCTION, MOST_LATE_IMPORTS = 400, 50, 12

FOR_OTHERS: Mapping[str, str] = {
    "cli.app.list_commands": "typer calls it",
    "checks.web.redirect_request": "urllib calls it",
    "edits.page_tags.handle_startendtag": "the parser of the standard library calls it",
    "edits.page_tags.handle_data": "the parser of the standard library calls it",
    "edits.page_tags.handle_endtag": "the parser of the standard library calls it",
    "definition.compiled.as_bytes": "the wheel's build hook calls it",
    "definition.compiled.persistent_id": "pickle calls it",
    "definition.compiled.persistent_load": "pickle calls it",
}
"""What nothing in the package reads, each with who does."""

_WRITES = frozenset(
    {
        "chmod", "copy", "copy2", "copyfile", "copytree", "hardlink_to", "link", "makedirs",
        "mkdir", "mkdtemp", "mkstemp", "move", "removedirs", "rename", "rmdir", "rmtree",
        "symlink", "symlink_to", "touch", "truncate", "unlink", "utime", "write_bytes",
        "write_text",
    }
)  # fmt: skip
_MODULES = frozenset({"os", "shutil", "tempfile"})
_ONLY_OF_MODULES = frozenset({"copy", "copy2", "copyfile", "link", "move", "remove", "replace"})
"""Names that mean a write only as functions of these modules: `text.replace` is none."""


def _sources() -> Mapping[str, ast.Module]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__") if parts != ("__init__",) else "patcher"
        if "data" not in parts:
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


SOURCES = _sources()


def group(module: str) -> str:
    """The row of a module: itself, or the package that it is in."""
    return module.partition(".")[0]


def imported(tree: ast.AST) -> Iterator[str]:
    """Full names of all modules that are imported, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = [f"{node.module}.{a.name}" for a in node.names]
            known = [i for i in inside if i.removeprefix("patcher.") in SOURCES]
            yield from known or [node.module]


def imports_by_row() -> Mapping[str, set[str]]:
    rows: dict[str, set[str]] = defaultdict(set)
    for name, tree in SOURCES.items():
        for full in imported(tree):
            if full.startswith("patcher"):
                rows[group(name)].add(group(full.removeprefix("patcher.")))
        rows[group(name)].discard(group(name))
    return rows


def table() -> tuple[Mapping[str, set[str]], frozenset[str]]:
    """The rows of the table, and which of them are pure."""
    rows, pure = {}, set()
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, targets = line.partition(":")
            rows[name.strip("* ")] = set(targets.split())
            pure |= {name.strip("* ")} if name.startswith("*") else set()
    return rows, frozenset(pure)


ROWS, PURE = table()


def test_imports_are_those_of_the_table() -> None:
    wrong = []
    for row, real in imports_by_row().items():
        if row not in ROWS:
            wrong.append(f"new: add `{row}: {' '.join(sorted(real))}`, with `* ` if it is pure")
        elif real != ROWS[row]:
            more, less = sorted(real - ROWS[row]), sorted(ROWS[row] - real)
            wrong.append(f"`{row}`: add {more}, if that is meant; take out {less}")
    assert not wrong, f"in {TABLE.name}: " + "; ".join(wrong)


def test_table_has_no_row_for_what_is_gone() -> None:
    assert set(ROWS) <= set(imports_by_row()), f"take them out of {TABLE.name}"


def test_no_import_leads_up() -> None:
    """Nor in a circle: each row imports only those above it, the lowest layer first."""
    above: set[str] = set()
    for row, targets in ROWS.items():
        assert targets <= above, f"`{row}` must stand below {sorted(targets - above)}"
        above.add(row)


def test_pure_modules_know_no_disk_clock_or_chance() -> None:
    for name, tree in SOURCES.items():
        if group(name) in PURE and name not in EFFECTS:
            roots = {full.partition(".")[0] for full in imported(tree)}
            assert not roots & IMPURE, f"{name} is marked `*` in {TABLE.name}"


def test_pure_modules_import_only_pure_ones() -> None:
    for row in PURE:
        assert ROWS[row] <= PURE, f"`{row}` is marked `*`, {sorted(ROWS[row] - PURE)} are not"


def test_each_library_has_one_place() -> None:
    for name, tree in SOURCES.items():
        for full in imported(tree):
            place = ONLY.get(full.partition(".")[0])
            assert place in (None, name, group(name)), f"{name}: only `{place}` may import {full}"


def writes(tree: ast.AST) -> Iterator[str]:
    """Calls that write, rename or delete."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        if isinstance(function, ast.Attribute):
            owner = function.value.id if isinstance(function.value, ast.Name) else ""
            of_module = owner in _MODULES and function.attr in _ONLY_OF_MODULES
            of_path = function.attr in _WRITES - _ONLY_OF_MODULES
            if of_module or of_path or (function.attr == "open" and _opens_to_write(node)):
                yield f"{function.attr} on line {node.lineno}"
        elif isinstance(function, ast.Name) and function.id == "open" and _opens_to_write(node):
            yield f"open on line {node.lineno}"


def _opens_to_write(call: ast.Call) -> bool:
    values = [*call.args, *(k.value for k in call.keywords if k.arg == "mode")]
    modes = [v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
    return any(set(mode) & set("wax+") and len(mode) <= 3 for mode in modes)


def test_only_the_transaction_writes() -> None:
    for name, tree in SOURCES.items():
        if group(name) not in WRITERS and name not in NAMED_WRITERS:
            found = list(writes(tree))
            assert not found, f"{name} writes ({', '.join(found)}): go through `transaction`"


def test_named_writers_are_there_and_write() -> None:
    for name in NAMED_WRITERS:
        assert name in SOURCES
        assert list(writes(SOURCES[name])), f"{name} writes nothing: take it out of NAMED_WRITERS"


@pytest.mark.parametrize(
    "code",
    [
        "p.write_bytes(b'')",
        "Path(x).write_text('')",
        "open(p, 'w')",
        "p.open(mode='ab')",
        "os.replace(a, b)",
        "os.remove(a)",
        "shutil.rmtree(a)",
        "p.unlink()",
        "p.mkdir()",
    ],
)
def test_a_write_is_seen(code: str) -> None:
    assert list(writes(ast.parse(code)))


@pytest.mark.parametrize("code", ["t.replace('a', 'b')", "open(p)", "p.open('rb')", "d.copy()"])
def test_reading_is_no_write(code: str) -> None:
    assert not list(writes(ast.parse(code)))


def test_modules_are_opened_for_one_reason() -> None:
    for path in PACKAGE.rglob("*.py"):
        count = len(path.read_text(encoding="utf-8").splitlines())
        assert count <= MOST_LINES, f"{path.name} has {count} lines: split it by what one looks for"


def test_functions_fit_a_screen() -> None:
    for name, tree in SOURCES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                assert length <= MOST_LINES_OF_A_FUNCTION, f"{name}.{node.name}: {length} lines"


def named(module: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Name and full name of all functions, classes, constants, methods and fields."""
    classes = (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    for body in (tree.body, *(owner.body for owner in classes)):
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name, f"{module}.{node.name}"
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        yield target.id, f"{module}.{target.id}"


def read(tree: ast.AST) -> Iterator[str]:
    """Names that are read or imported, also those of attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.attr


def test_nothing_is_there_that_nobody_reads() -> None:
    used = {name for tree in SOURCES.values() for name in read(tree)}
    dead = [
        full
        for module, tree in SOURCES.items()
        for name, full in named(module, tree)
        if name not in used and not name.startswith("__") and full not in FOR_OTHERS
    ]
    assert not dead


def test_every_error_is_made_somewhere() -> None:
    """Or it is the base of one that is."""
    errors = [node for node in SOURCES["errors"].body if isinstance(node, ast.ClassDef)]
    calls = (n for t in SOURCES.values() for n in ast.walk(t) if isinstance(n, ast.Call))
    made = {name for call in calls for name in read(call.func)}
    bases = {name for error in errors for base in error.bases for name in read(base)}
    assert {error.name for error in errors} <= made | bases


def late_imports() -> Iterator[tuple[str, str]]:
    """Imports inside functions, each with its line and the one above; by name of the module."""
    for name in SOURCES:
        path = PACKAGE.joinpath(*name.split("."))
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if name == "patcher" or not file.is_file():
            continue
        lines = file.read_text(encoding="utf-8").splitlines()
        for function in ast.walk(SOURCES[name]):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Import | ast.ImportFrom):
                        yield name, "\n".join(lines[node.lineno - 2 : node.lineno])


def test_an_import_inside_a_function_says_how_many_milliseconds_it_saves() -> None:
    """But for modules that only one system has."""
    found = [text for _, text in late_imports() if "msvcrt" not in text and "fcntl" not in text]
    assert len(found) <= MOST_LATE_IMPORTS
    assert not [text for text in found if not re.search(r"\b\d+ ms\b", text)]
