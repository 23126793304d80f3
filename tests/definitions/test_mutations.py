"""The shipped definition, broken at random: it loads or is refused, never anything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patcher.definition.patch import load
from patcher.errors import BadDefinition
from tests.conftest import PROJECT

from .support import COUNTS, fill
from .test_types import _places, _with

SHIPPED = (PROJECT / "patches/dynamic-models/patch.yaml").read_bytes()
LINES = SHIPPED.split(b"\n")
VALUES = yaml.safe_load(SHIPPED)
PLACES = list(_places(VALUES))
ODD_BYTES = [
    b"\0",
    b"\xff",
    b"\t",
    b"\r",
    b"&a ",
    b"*a",
    b"!!",
    b"'",
    b'"',
    b"{",
    b"[",
    b"|",
    b": ",
]
ODD_TEXTS = [
    *["", "$", "$...", "$x", "$$$x", "../x", "a(", "{", "`", "*", "f($value)", "not x", "\u2028"],
    *["\U0001f600", "({", "}); ({", "/* x */", "<a>", "#!/x", ";", "//", "'use strict'", "a\n\nb"],
    *["\\", "async", "=>", "class {", "${", "..."],
]
ODD_VALUES: list[Any] = [*ODD_TEXTS, 0, -1, 2**70, 0.5, True, None, [], [""], ["a", 1], {}, {1: 2}]
SIGNS = [
    *["a", "$x", "$...y", "(", ")", "{", "}", "[", "]", ",", ";", ":", "=>", "=", " ", "\n", "'s'"],
    *["`", "${", "//", "/*", "*/", "<", ">", ".", "function ", "class ", "return ", "#", "@"],
    *["?", "\u00e9", "\\"],
]
few = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

places = st.integers(min_value=0, max_value=len(SHIPPED) - 1)
texts = st.one_of(st.binary(min_size=1, max_size=6), st.sampled_from(ODD_BYTES))
keys = st.one_of(st.text(max_size=8), st.sampled_from([str(p[-1]) for p in PLACES]))
line_numbers = st.integers(min_value=0, max_value=len(LINES) - 1)


def some(*parts: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """A few tuples of values."""
    return st.lists(st.tuples(*parts), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutated") / "dynamic-models"


def loads_or_is_refused(folder: Path, text: bytes) -> None:
    fill(folder, {"patch.yaml": text})
    try:
        load(folder)
        COUNTS["mutated definitions that load"] += 1
    except BadDefinition as error:
        assert str(error).startswith(str(folder))
        COUNTS["mutated definitions that are refused"] += 1


@few
@given(edits=some(places, st.integers(0, 40), texts))
def test_bytes(folder: Path, edits: list[tuple[int, int, bytes]]) -> None:
    text = SHIPPED
    for place, removed, new in edits:
        text = text[:place] + new + text[place + removed :]
    loads_or_is_refused(folder, text)


@few
@given(moves=some(line_numbers, line_numbers, st.integers(0, 4)))
def test_lines(folder: Path, moves: list[tuple[int, int, int]]) -> None:
    lines = list(LINES)
    for one, other, how in moves:
        one, other = one % len(lines), other % len(lines)
        if how == 0:
            del lines[one]
        elif how == 1:
            lines.insert(one, lines[other])
        elif how == 2:
            lines[one], lines[other] = lines[other], lines[one]
        else:
            lines[one] = lines[one][2:] if how == 3 else b"  " + lines[one]
    loads_or_is_refused(folder, b"\n".join(lines))


@few
@given(edits=some(st.sampled_from(PLACES), st.sampled_from(ODD_VALUES)))
def test_values(folder: Path, edits: list[tuple[tuple[str | int, ...], Any]]) -> None:
    values = VALUES
    for place, value in edits:
        try:
            values = _with(values, place, value)
        except (KeyError, TypeError, IndexError):
            continue
    loads_or_is_refused(folder, yaml.safe_dump(values, allow_unicode=True).encode())


@few
@given(place=st.sampled_from(PLACES), key=keys)
def test_keys(folder: Path, place: tuple[str | int, ...], key: str) -> None:
    holder: Any = VALUES
    for step in place[:-1]:
        holder = holder[step]
    renamed = {(key if name == place[-1] else name): value for name, value in holder.items()}
    values = _with(VALUES, place[:-1], renamed)
    loads_or_is_refused(folder, yaml.safe_dump(values, allow_unicode=True).encode())


@few
@given(code=st.lists(st.sampled_from(SIGNS), max_size=14))
def test_snippets(folder: Path, code: list[str]) -> None:
    edit = {"in": "api/a.js", "find": "".join(code), "insert_after": "".join(code)}
    loads_or_is_refused(
        folder, yaml.safe_dump({**VALUES, "edits": [edit], "examples": []}).encode()
    )
    swapped = {**edit, "insert_after": "b()"}
    loads_or_is_refused(
        folder, yaml.safe_dump({**VALUES, "edits": [swapped], "examples": []}).encode()
    )
