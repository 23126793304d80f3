"""What a changed file has that it had not, told as edits; and the YAML that says them."""

from __future__ import annotations

import re

import pytest
import yaml

from patcher.capture import yaml_text
from patcher.capture.captured import (
    About,
    Capture,
    edits_of,
    folder_of,
    lack_of_proof,
    require_possible,
)
from patcher.capture.proposals import candidates, proposed
from patcher.code.syntax import parse
from patcher.edits import operations as op
from patcher.errors import Blocked
from patcher.model import Change, Operation
from tests.engine.support import MemoryTree, edit_of, patch_of

COMMONJS = """\
const router = require('express').Router();
const o = {
  a,
};
router.get('/a', one, last);
router.get('/b', last);
"""
MODULE = """\
import { a } from './a';
export const c = 1;
const o = wrap({
  a,
});
function Root() {
  const x = useA(1);
  return x;
}
"""


def told(before: str, after: str) -> list[list[Operation]]:
    found = candidates(parse(before.encode()), parse(after.encode()))
    return [list(alternatives) for alternatives in found]


@pytest.mark.parametrize("source", [COMMONJS, MODULE])
def test_nothing_new_is_nothing_told(source: str) -> None:
    assert told(source, source) == []


@pytest.mark.parametrize(
    ("place", "new", "expected"),
    [
        ("./a';\n", "import { b, c as d } from './b';\n", [[op.AddImport(("b", "c as d"), "./b")]]),
        ("./a';\n", "import type { b } from './b';\n", [[op.AddImport(("b",), "./b", True)]]),
        ("./a';\n", "import b from './b';\n", [[op.AddImport(("default as b",), "./b")]]),
        ("./a';\n", "import * as b from './b';\n", [[op.AddImport(("* as b",), "./b")]]),
        ("./a';\n", "import './b';\n", []),
        ("./a';\n", "export { b, c as d } from './b';\n", [[op.AddExport(("b", "c as d"), "./b")]]),
        ("./a';\n", "export * from './b';\n", [[op.AddExport(("*",), "./b")]]),
        ("./a';\n", "export { a };\n", [[op.AddExport(("a",))]]),
        ("./a';\n", "export const z = 1;\n", []),
        ("  a,\n", "  b: 1,\n", [[op.AddProperty("b: 1", "o")]]),
        (
            "useA(1);\n",
            "  useB(() => {\n    f();\n  });\n",
            [
                [
                    op.AddHook("useB(() => {\n  f();\n});", "Root", "useA(1)"),
                    op.AddHook("useB(() => {\n  f();\n});", "Root"),
                ]
            ],
        ),
        ("Root() {\n", "  useB<T>();\n", [[op.AddHook("useB<T>();", "Root")]]),
        ("Root() {\n", "  reuseB();\n", []),
        ("Root() {\n", "  f(1);\n", []),
    ],
)
def test_what_is_new_in_a_module(place: str, new: str, expected: list[list[Operation]]) -> None:
    assert MODULE.count(place) == 1
    assert told(MODULE, MODULE.replace(place, place + new)) == expected


@pytest.mark.parametrize(
    ("place", "new", "expected"),
    [
        ("Router();\n", "const b = require('./b');\n", [[op.AddImport(("default as b",), "./b")]]),
        ("Router();\n", "const { b } = require('./b');\n", [[op.AddImport(("b",), "./b")]]),
        (
            "/b', last);\n",
            "router.post('/c', mine);\n",
            [[op.AddRoute("post /c", like, "mine") for like in ("get /b", "get /a")]],
        ),
        ("/b', last);\n", "router.post('/c');\n", []),
        ("/b', last);\n", "router.send('/c', mine);\n", []),
        ("/b', last);\n", "router.post(path, mine);\n", []),
        ("/b', last);\n", "router.post('/c d', mine);\n", []),
        ("/b', last);\n", "post('/c', mine);\n", []),
        ("  a,\n", "  b,\n", [[op.AddProperty("b", "o")]]),
        ("/b', last);\n", "const p = { b };\n", []),
    ],
)
def test_what_is_new_in_commonjs(place: str, new: str, expected: list[list[Operation]]) -> None:
    assert COMMONJS.count(place) == 1
    assert told(COMMONJS, COMMONJS.replace(place, place + new)) == expected


@pytest.mark.parametrize("owner", ["const o = ", "export const o = ", "module.exports = "])
def test_what_is_new_in_an_object_wherever_it_is_set(owner: str) -> None:
    name = owner.split()[-2]
    before, after = f"{owner}{{ a }};\n", f"{owner}{{ a, b: 1 }};\n"
    assert [op.AddProperty("b: 1", name)] in told(before, after)


def test_only_the_last_five_routes_are_tried_as_models() -> None:
    before = "".join(f"router.get('/{n}', h);\n" for n in range(7))
    ((*found,),) = told(before, before + "router.get('/new', h);\n")
    expected = [op.AddRoute("get /new", f"get /{n}", "h") for n in (6, 5, 4, 3, 2)]
    assert found == expected


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.md", COMMONJS, COMMONJS.replace("  a,\n", "  a,\n  b,\n")),
        ("a.js", None, COMMONJS),
        ("a.js", COMMONJS, None),
        ("a.js", COMMONJS, COMMONJS.replace("  a,\n", "  a,\n  b,\n") + "f(;\n"),
        ("a.js", COMMONJS + "f(;\n", COMMONJS.replace("  a,\n", "  a,\n  b,\n")),
    ],
)
def test_nothing_is_proposed_for_what_is_no_code(
    path: str, before: str | None, after: str | None
) -> None:
    texts = [None if t is None else t.encode() for t in (before, after)]
    assert proposed(Change(path, "backend", texts[0], texts[1])) == ()


def test_what_writes_a_byte_too_many_is_not_proposed() -> None:
    after = COMMONJS.replace("  a,\n", "  b, a,\n")
    assert proposed(Change("a.js", "backend", COMMONJS.encode(), after.encode())) == ()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("~/a-b_c.d", "~/a-b_c.d"),
        ("two words", '"two words"'),
        ("", '""'),
        ("1", '"1"'),
        ("-a", '"-a"'),
        ("No", '"No"'),
        ("TRUE", '"TRUE"'),
        ("y", '"y"'),
        ("~", '"~"'),
        ("nothing", "nothing"),
        ("ä: b", '"ä: b"'),
    ],
)
def test_a_line_as_yaml(text: str, written: str) -> None:
    assert yaml_text.scalar(text) == written
    assert yaml.safe_load(written) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("one", "one"),
        ("one\n", "|\n    one"),
        (" one", "|\n     one"),
        ("one\n\n  two\n", "|\n    one\n\n      two"),
        ("\n\none\n two\n\n", "|\n    one\n     two"),
    ],
)
def test_lines_as_yaml(text: str, written: str) -> None:
    assert yaml_text.block(text, "  ") == written


def test_an_edit_as_yaml() -> None:
    assert yaml_text.edit("a.js", op.AddImport(("b", "c as d"), "./b", True)) == (
        '  - in: a.js\n    add_import: [b, "c as d"]\n    from: ./b\n    type: true\n'
    )
    assert yaml_text.edit("a.js", op.AddImport(("b",), "./b")) == (
        "  - in: a.js\n    add_import: b\n    from: ./b\n"
    )
    assert yaml_text.edit("a.js", op.WrapReturn("f", "g($value)", 2)) == (
        '  - in: a.js\n    wrap_return: f\n    with: "g($value)"\n    returns: 2\n'
    )


ABOUT = About("mine", "Does mine", "Because.", "v1.2.0-rc1")


def definition(capture: Capture) -> str:
    return folder_of(capture)["patch.yaml"].decode()


def test_the_definition_of_a_capture() -> None:
    changes = (
        Change("api/a.js", "backend", b"1\n", b"2\n"),
        Change("api/b.js", "backend", b"1\n", b"2\n"),
        Change("client/src/a.ts", "client", b"1\n", b"2\n"),
    )
    assert definition(Capture(ABOUT, changes)) == (
        "schema: 1\n"
        "id: mine\n"
        'title: "Does mine"\n'
        "why: Because.\n"
        'librechat: ">=1.2.0rc1"\n'
        "\n"
        "components:\n"
        "  backend: changes 2 files\n"
        "  client: changes 1 file\n"
        "\n"
        "diffs:\n"
        "  - file: mine.diff\n"
    )


@pytest.mark.parametrize(
    ("version", "range"),
    [("v0.8.4", ">=0.8.4"), ("0.1", ">=0.1"), ("", ">=0"), ("mine", ">=0")],
)
def test_the_range_of_a_capture(version: str, range: str) -> None:
    about = About("mine", "t", "w", version)
    text = definition(Capture(about, (Change("api/a.js", "backend", b"1\n", b"2\n"),)))
    assert f'\nlibrechat: "{range}"\n' in text


def test_files_of_no_component_are_of_the_backend() -> None:
    text = definition(Capture(ABOUT, (Change("README.md", "backend", b"1\n", b"2\n"),)))
    assert "  backend: changes 1 file\n" in text
    assert text.endswith("  - file: mine.diff\n    component: backend\n")


def test_binary_files_lie_beside_the_definition() -> None:
    changes = (Change("client/a.png", "client", None, b"\0"),)
    files = folder_of(Capture(ABOUT, changes))
    assert sorted(files) == ["files/client/a.png", "patch.yaml"]
    assert files["files/client/a.png"] == b"\0"
    assert "diffs:" not in files["patch.yaml"].decode()


def test_an_edit_leaves_the_rest_to_the_diff_and_a_mode_is_a_change() -> None:
    after = COMMONJS.replace("  a,\n", "  a,\n  b,\n").encode()
    change = Change("api/a.js", "backend", COMMONJS.encode(), after)
    edits: dict[str, tuple[Operation, ...]] = {"api/a.js": (op.AddProperty("b", "o"),)}
    assert Capture(ABOUT, (change,), edits).diffed == ()
    assert "diffs:" not in definition(Capture(ABOUT, (change,), edits))
    assert "edits:\n  - in: api/a.js\n    add_property: b\n    to: o\n" in definition(
        Capture(ABOUT, (change,), edits)
    )
    moded = Change("api/b.js", "backend", b"1\n", b"1\n", 0o755)
    assert Capture(ABOUT, (change, moded), edits).diffed == (moded,)


def test_context_of_a_file_is_as_asked() -> None:
    text = b"".join(b"%d\n" % n for n in range(9))
    change = Change("api/a.js", "backend", text, text.replace(b"4\n", b"four\n"))
    assert b"@@ -2,7 +2,7 @@" in Capture(ABOUT, (change,)).diff
    assert b"@@ -4,3 +4,3 @@" in Capture(ABOUT, (change,), context={"api/a.js": 1}).diff
    assert b"@@ -2,7 +2,7 @@" in Capture(ABOUT, (change,), context={"api/b.js": 1}).diff


def test_a_diff_names_the_files_as_git_does_so_that_it_can_be_merged() -> None:
    made = Capture(ABOUT, (Change("api/a.js", "backend", b"1\n", b"2\n"),)).diff
    assert re.search(rb"^index d00491f[0-9a-f]*\.\.0cfbf08[0-9a-f]*$", made, re.M)


def test_proposals_that_do_not_hold_together_are_left_out() -> None:
    change = Change("a.js", "backend", COMMONJS.encode(), COMMONJS.encode())
    fits: tuple[Operation, ...] = (op.AddProperty("b", "o"),)
    fails: tuple[Operation, ...] = (op.AddProperty("b", "none"),)
    assert edits_of([change], {"a.js": fits}) == {"a.js": fits}
    assert edits_of([change], {"a.js": fails}) == {}
    assert edits_of([change], {"a.js": ()}) == {}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (Change("api/a.png", "backend", b"\0", b"1"), "is binary, and a patch only adds binary"),
        (Change("api/a.png", "backend", b"1", b"\0"), "is binary, and a patch only adds binary"),
        (Change("a.png", "backend", None, b"\0"), "it is binary, and in no component's folder"),
        (Change("../a", "backend", None, b"1"), "its path"),
    ],
)
def test_what_no_patch_can_carry(change: Change, problem: str) -> None:
    with pytest.raises(Blocked) as refused:
        require_possible([Change("api/b.js", "backend", None, b"1"), change])
    first, line = str(refused.value).split("\n")
    assert first == "these changes cannot be carried; nothing was written:"
    assert line.startswith(f"  {change.path}: ") and problem in line
    require_possible([Change("api/a.png", "backend", None, b"\0")])


def test_proof_names_the_file_that_lacks_it() -> None:
    patch = patch_of(edit_of(op.Replace(find="old()", code="fresh()"), "a.js"))
    base = MemoryTree({"a.js": b"old();\n", "b.js": b"1\n"})
    good = Change("a.js", "all", b"old();\n", b"fresh();\n")
    assert lack_of_proof(patch, [good], base) is None
    other = Change("a.js", "all", b"old();\n", b"mine();\n")
    assert lack_of_proof(patch, [other], base) == ("a.js", "the result is not what is there")
    assert lack_of_proof(patch, [], base) == ("a.js", "is changed, too")
    found = lack_of_proof(patch, [good], MemoryTree({"a.js": b"none();\n"}))
    assert found is not None and found[0] == "a.js"
    assert found[1].startswith("replace `old()`") and "matches nothing" in found[1]
