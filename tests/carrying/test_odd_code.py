"""Checkouts with code that is no UTF-8, or nested as no person nests it: answers, no tracebacks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from patcher.capture.proposals import proposed
from patcher.edits.operations import AddProperty
from patcher.model import Change
from tests.carrying.conftest import Write
from tests.carrying.test_several_patches import COUNT
from tests.cli.running import Ran, Runner

CONTROLLER = "api/server/controllers/ModelController.js"
LATIN = b"\nmodule.exports.city = { name: 'M\xfcnchen' };\n"
BEFORE = """\
const router = require('express').Router();
const o = {
  q: 1,
};
router.get('/a', h);
function F() {
  const z = useA();
}
"""
DEEP = 2000


def test_an_edit_by_hand_in_a_file_that_is_not_utf_8_is_captured_byte_for_byte(
    run: Runner, checkout: Path, capture: Callable[..., Ran], tmp_path: Path
) -> None:
    file = checkout / CONTROLLER
    before = file.read_bytes()
    file.write_bytes(before + LATIN)
    done = capture("--as-edits")
    assert done.code == 0, done.err
    file.write_bytes(before)
    chosen = ("--patches", tmp_path / "into", "--patch", "mine")
    assert run("apply", "--root", checkout, *chosen).code == 0
    assert file.read_bytes() == before + LATIN


def test_what_is_nearest_is_shown_in_a_file_that_is_not_utf_8(
    run: Runner, own: Write, checkout: Path
) -> None:
    file = checkout / CONTROLLER
    file.write_bytes(LATIN + file.read_bytes())
    text = COUNT.replace("const router = express.Router()", "module.exports.city = 1").replace(
        "api/server/routes/models.js", CONTROLLER
    )
    done = run("explain", "count", "--patches", own("count", text), "--root", checkout)
    assert done.code == 1
    assert "the file is not UTF-8 (byte 0xfc on line 2)" in done.out
    assert "module.exports.city = { name: 'M\N{REPLACEMENT CHARACTER}nchen' };" in done.out


@pytest.mark.parametrize(
    "code",
    [
        "[" * DEEP + "1" + "]" * DEEP,
        "a" + "(b" * DEEP + ")" * DEEP,
        "{a:" * DEEP + "1" + "}" * DEEP,
        "(function(){" * DEEP + "})" * DEEP,
        "a" + ".b" * DEEP,
    ],
    ids=["list", "calls", "objects", "functions", "members"],
)
@pytest.mark.parametrize(
    ("place", "new"),
    [
        ("q: 1,\n", "  deep: {},\n"),
        ("h);\n", "router.post('/b', {});\n"),
        ("useA();\n", "  useB({});\n"),
    ],
    ids=["property", "route", "hook"],
)
def test_code_that_is_too_deep_for_a_definition_is_left_to_the_diff(
    code: str, place: str, new: str
) -> None:
    after = BEFORE.replace(place, place + new.replace("{}", code))
    assert after != BEFORE
    assert proposed(Change("x.js", "backend", BEFORE.encode(), after.encode())) == ()


def test_code_that_a_definition_may_hold_is_proposed_also_beside_what_is_too_deep() -> None:
    deep = "[" * DEEP + "]" * DEEP
    after = BEFORE.replace("q: 1,\n", "q: 1,\n  r: 2,\n").replace("h);\n", f"h);\nf({deep});\n")
    found = proposed(Change("x.js", "backend", BEFORE.encode(), after.encode()))
    assert found == (AddProperty("r: 2", "o"),)


@pytest.mark.parametrize("line", ["import { ü } from './b';\n", "import { b } from './b$';\n"])
def test_names_that_a_definition_cannot_hold_are_left_to_the_diff(line: str) -> None:
    before = "import { a } from './a';\n"
    change = Change("x.ts", "client", before.encode(), (before + line).encode())
    assert proposed(change) == ()
