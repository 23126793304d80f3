"""Text is read and written in an encoding that is said: the machine's own need not be UTF-8."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT

FILES = sorted(
    path
    for folder in ("patcher", "tests", "benchmarks", "tools")
    for path in (PROJECT / folder).rglob("*.py")
    if "node_modules" not in path.parts
)
_ENCODING_AT = {"read_text": 0, "write_text": 1, "open": 3}
"""Where the encoding stands when it is given without its name."""
_TEXT = ("text", "universal_newlines")


def unsaid(tree: ast.AST) -> Iterator[int]:
    """The lines of calls that leave the encoding of a text to the machine."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and not _says(node) and _is_of_text(node):
            yield node.lineno


def _says(call: ast.Call) -> bool:
    position = _ENCODING_AT.get(_name(call))
    by_place = position is not None and len(call.args) > position
    return by_place or any(k.arg in ("encoding", None) for k in call.keywords)


def _is_of_text(call: ast.Call) -> bool:
    name = _name(call)
    if name in ("read_text", "write_text"):
        return True
    if name == "open":
        return "b" not in _mode(call)
    return any(k.arg in _TEXT and not _is_false(k.value) for k in call.keywords)


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _mode(call: ast.Call) -> str:
    """The mode of a file that is opened; `b` for what opens none: `os.open`, a browser's `open`."""
    is_method = isinstance(call.func, ast.Attribute)
    given = [k.value for k in call.keywords if k.arg == "mode"] or call.args[not is_method :][:1]
    owner = getattr(call.func.value, "id", "") if isinstance(call.func, ast.Attribute) else ""
    if owner == "os":
        return "b"
    if not given:
        return "r"
    return str(given[0].value) if isinstance(given[0], ast.Constant) else "b"


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and not value.value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_text_has_an_encoding(path: Path) -> None:
    lines = list(unsaid(ast.parse(path.read_bytes())))
    assert not lines, f"lines {lines}: say encoding='utf-8', or read bytes"


@pytest.mark.parametrize(
    "code",
    [
        "p.read_text()",
        "p.write_text('')",
        "open(p)",
        "open(p, 'w')",
        "p.open()",
        "p.open('a')",
        "subprocess.run(c, text=True)",
    ],
)
def test_a_missing_encoding_is_seen(code: str) -> None:
    assert list(unsaid(ast.parse(code))) == [1]


@pytest.mark.parametrize(
    "code",
    [
        "p.read_text('utf-8')",
        "p.write_text('', encoding='utf-8')",
        "open(p, 'rb')",
        "p.open(mode='ab')",
        "os.open(p, flags)",
        "subprocess.run(c)",
        "subprocess.run(c, text=False)",
        "subprocess.run(c, encoding='utf-8')",
    ],
)
def test_bytes_need_none(code: str) -> None:
    assert not list(unsaid(ast.parse(code)))
