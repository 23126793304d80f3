"""Edges of single edits: what is taken, what is free, what leaves a block; and their reasons."""

from __future__ import annotations

import pytest

from patcher.code.splice import Splice, extent, line_number, occurrences, splice
from patcher.code.syntax import (
    enclosing_statement,
    own_nodes,
    parse,
    parse_edited,
    path_to,
    problems,
    statements_below,
    stray_awaits,
)
from patcher.edits import operations as op
from patcher.errors import AnchorNotFound
from patcher.model import Operation
from patcher.plan.edit import edited

COMPONENT = """\
import { useA, useB } from './hooks';
function Root(props) {
  const a = useA();
  useEffect(() => {}, []);
  if (!a) {
    return null;
  }
  useB(a);
  return a;
}
"""


@pytest.mark.parametrize(
    ("source", "operation", "reason"),
    [
        (
            "const { a } = require('./a');\n",
            op.AddExport(("a",), "./a"),
            "a CommonJS file takes one local name at a time: leave out `from`, or add an import "
            "too",
        ),
        (
            "const a = 1;\n",
            op.AddExport(("a", "b")),
            "a CommonJS file takes one local name at a time: leave out `from`, or add an import "
            "too",
        ),
        (
            "export const a = 1;\n",
            op.AddExport(("b as a",), "./b"),
            "cannot export `a`: line 1 exports something else by that name",
        ),
        *(
            (
                f"f();\n{taken}\n",
                op.AddExport((f"mine as {name}",)),
                f"cannot export `{name}`: line 2 exports something else by that name",
            )
            for taken, name in [
                ("export default f;", "default"),
                ("export default class {}", "default"),
                ("export { f as default };", "default"),
                ("export * as all from './b';", "all"),
                ("export type { a } from './b';", "a"),
                ("export interface a {}", "a"),
                ("export const [b, { a }] = f();", "a"),
            ]
        ),
        ("f();\n", op.AddImport(("a",), "./a", True), "a CommonJS file has no type imports"),
        (
            "import { a } from './b';\n",
            op.AddImport(("a",), "./a"),
            "cannot import `a` as `a`: line 1 binds that name to something of './b'",
        ),
        (
            "import type { a } from './b';\n",
            op.AddImport(("a",), "./a"),
            "cannot import `a` as `a`: line 1 binds that name to a type of './b'",
        ),
        (
            "import x from './b';\nconst a = 1;\n",
            op.AddImport(("z as a",), "./a"),
            "cannot import `z` as `a`: line 2 declares that name",
        ),
        ("// nothing\n", op.AddImport(("a",), "./a"), "the file holds no code"),
        (
            COMPONENT,
            op.AddHook("const a = useC();", "Root"),
            "line 3 declares `a` already, in another way",
        ),
        (
            COMPONENT,
            op.AddHook("const props = useC();", "Root"),
            "line 2 declares `props` already, in another way",
        ),
        (
            COMPONENT,
            op.AddHook("useB(1);", "Root"),
            "line 8 calls `useB` already, in another way",
        ),
        (
            COMPONENT,
            op.AddHook("useC();", "Root", "useB(a)"),
            "`Root` may return on line 5, before `useB(a)` on line 8: a hook must not stand there",
        ),
        (
            "function Root() {\n  f();\n  useA();\n  useA();\n}\n",
            op.AddHook("useC();", "Root", "useA()"),
            "the anchor `useA()` matches 2 places at the top level of `Root`: lines 3, 4",
        ),
        (
            "function Root() {\n  f();\n}\n",
            op.AddHook("useC();", "Root"),
            "the anchor `a hook call` matches nothing at the top level of `Root`",
        ),
        (
            "function f() {\n  return 1;\n}\n",
            op.InsertAfter("return 1", "g();"),
            "nothing below line 2 is reached: it leaves the block",
        ),
        (
            "function f(a) {\n  g();\n}\n",
            op.InsertAfter("g()", "const a = 1;"),
            "line 1 declares `a` already, in another way",
        ),
        (
            "const o = { a: 1 };\n",
            op.AddProperty("a: 2", "o"),
            "line 1 sets `a` already, to something else",
        ),
        (
            "const o = f(a, {});\n",
            op.AddProperty("a: 2", "o"),
            "the anchor `o = { … }` matches nothing: line 1 sets something else",
        ),
        (
            "router.get('/a', g, h);\n",
            op.AddRoute("get /a", "get /b", "i"),
            "line 1 registers `get /a` already, with another handler than `i`",
        ),
        (
            "const r = router.get('/a', h);\n",
            op.AddRoute("get /b", "get /a", "i"),
            "the anchor `get('/a', …)` matches nothing as a statement of its own",
        ),
        (
            "r.get('/a', h);\nr.get('/a', i);\n",
            op.AddRoute("get /b", "get /a", "i"),
            "the anchor `get('/a', …)` matches 2 places: lines 1, 2",
        ),
    ],
)
def test_why_an_edit_has_no_place(source: str, operation: Operation, reason: str) -> None:
    with pytest.raises(AnchorNotFound) as refused:
        edited(source.encode(), operation, "a.tsx")
    assert str(refused.value) == reason


@pytest.mark.parametrize(
    ("source", "operation", "result"),
    [
        (
            COMPONENT,
            op.AddHook("useC();", "Root"),
            COMPONENT.replace("[]);\n", "[]);\n  useC();\n"),
        ),
        (
            COMPONENT,
            op.AddHook("useEffect(() => {}, [a]);", "Root"),
            COMPONENT.replace("[]);\n", "[]);\n  useEffect(() => {}, [a]);\n"),
        ),
        (
            COMPONENT,
            op.AddHook("useC();", "Root", "useA()"),
            COMPONENT.replace("useA();\n", "useA();\n  useC();\n"),
        ),
        (
            "function Root() {\n  useA();\n  x.y = 1;\n}\n",
            op.AddHook("const c = useC();", "Root"),
            "function Root() {\n  useA();\n  const c = useC();\n  x.y = 1;\n}\n",
        ),
        (
            "import 'x';\nexport * from './c';\nf();\n",
            op.AddExport(("a", "b as c"), "./a"),
            "import 'x';\nexport * from './c';\nexport { a, b as c } from './a';\nf();\n",
        ),
        (
            "export { a } from './a';\n",
            op.AddExport(("a", "b"), "./a"),
            "export { a } from './a';\nexport { b } from './a';\n",
        ),
        (
            "export type { a } from './a';\nexport { type b } from './a';\n",
            op.AddExport(("*",), "./a"),
            "export type { a } from './a';\nexport { type b } from './a';\nexport * from './a';\n",
        ),
        (
            "const a = 1;\nmodule.exports = { b };\n",
            op.AddExport(("a",)),
            "const a = 1;\nmodule.exports = { b, a };\n",
        ),
        (
            "const a = 1;\nmodule.exports = {\n  b\n};\n",
            op.AddExport(("a as c",)),
            "const a = 1;\nmodule.exports = {\n  b,\n  c: a\n};\n",
        ),
        (
            "#!/usr/bin/env node\n'use strict';\nf();\n",
            op.AddImport(("default as a",), "./a"),
            "#!/usr/bin/env node\n'use strict';\n\nconst a = require('./a');\nf();\n",
        ),
        (
            "import b from './b';\nf();\n",
            op.AddImport(("* as a",), "./a"),
            "import b from './b';\nimport * as a from './a';\nf();\n",
        ),
        (
            "import b from './b'\nf()\n",
            op.AddImport(("default as a", "c as d"), "./a"),
            "import b from './b'\nimport a from './a'\nimport { c as d } from './a'\nf()\n",
        ),
        (
            "const { b } = require('./a/');\nf();\n",
            op.AddImport(("c as d",), "./a"),
            "const { b, c: d } = require('./a/');\nf();\n",
        ),
        (
            "import type { B } from './a';\nf();\n",
            op.AddImport(("c",), "./a"),
            "import type { B } from './a';\nimport { c } from './a';\nf();\n",
        ),
        (
            "import type { B } from './a';\nf();\n",
            op.AddImport(("C",), "./a", True),
            "import type { B, C } from './a';\nf();\n",
        ),
    ],
)
def test_what_an_edit_makes(source: str, operation: Operation, result: str) -> None:
    made, _ = edited(source.encode(), operation, "a.tsx")
    assert made is not None
    assert made.decode() == result
    assert edited(made, operation, "a.tsx")[0] is None


@pytest.mark.parametrize(
    ("source", "operation", "line"),
    [
        ("f();\nexport * from './a';\n", op.AddExport(("b",), "./a"), 2),
        ("import 'x';\nimport { a } from './a';\n", op.AddImport(("a",), "./a"), 2),
        ("import 'x';\nimport type { a } from './a';\n", op.AddImport(("a",), "./a", True), 2),
        ("f();\nconst a = require('./a');\n", op.AddImport(("default as a",), "./a"), 2),
        ("const o = {\n  'a': 1,\n};\n", op.AddProperty("a: 1", "o"), 2),
        ("const o = {\n  a,\n};\n", op.AddProperty("a: a", "o"), 2),
        ("f();\nr.get('/a', g, h);\n", op.AddRoute("get /a", "get /b", "h"), 2),
        (COMPONENT, op.AddHook("const a = useA()", "Root"), 3),
    ],
)
def test_what_is_there_already_is_told_with_its_line(
    source: str, operation: Operation, line: int
) -> None:
    assert edited(source.encode(), operation, "a.tsx") == (None, line)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a();\n<<<<<<< HEAD\nold();\n", "the merge conflict on line 2 is not resolved"),
        ("a();\nold(;\n", "the file has a syntax error on line 2: `old(;`"),
        ("a();\n\0old();\n", "the file holds NUL bytes: it is not source code"),
        (
            "old();\n" + "x" * 90 + "(;\n",
            "the file has a syntax error on line 2: `" + "x" * 80 + "`",
        ),
        # What is shown is cut by bytes first, in the middle of a character here.
        (
            "old();\n(" + "\U0001f600" * 90 + "\n",
            "the file has a syntax error on line 2: `(" + "\U0001f600" * 79 + "`",
        ),
    ],
)
def test_why_a_file_is_not_edited(source: str, reason: str) -> None:
    with pytest.raises(AnchorNotFound) as refused:
        edited(source.encode(), op.Replace("old()", "fresh()"), "a.js")
    assert str(refused.value) == reason


def test_bytes_that_are_no_text_are_told_with_their_line() -> None:
    with pytest.raises(AnchorNotFound) as refused:
        edited(b"a();\n\n'\xe9';\n", op.Replace("a()", "b()"), "a.js")
    assert str(refused.value) == "the file is not UTF-8 (byte 0xe9 on line 3)"


def test_an_await_that_would_stray_is_refused_unless_one_strayed_before() -> None:
    source = "function f() {\n  old();\n}\n"
    with pytest.raises(AnchorNotFound) as refused:
        edited(source.encode(), op.Replace("old()", "await x()"), "a.js")
    assert str(refused.value) == (
        "the result would have `await` in a function that is not async, near line 2"
    )
    made, _ = edited(b"async " + source.encode(), op.Replace("old()", "await x()"), "a.js")
    assert made == b"async function f() {\n  await x();\n}\n"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("await a();\n", []),
        ("function f() { await a(); }", [1]),
        ("async function f() {\n  g(() => await a());\n  await b();\n}", [2]),
        ("class A { static { await a(); } }", [1]),
        ("const o = { await: 1 };\nx.await = 'await';\n", []),
    ],
)
def test_stray_awaits(source: str, lines: list[int]) -> None:
    assert stray_awaits(parse(source.encode())) == lines


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("export type * from './a';\n", []),
        ("f();\nexport type * from './a';\ng(;\n", [3]),
        ("f(type *);\n", [1]),
        ("f();\n", []),
        ("a b c\nf(;\n", [1, 2]),
    ],
)
def test_lines_of_syntax_errors(source: str, lines: list[int]) -> None:
    assert problems(parse(source.encode())) == lines


def test_where_an_edit_begins_and_ends() -> None:
    source = b"ab\ncd\nef"
    assert extent(source, Splice(4, 7, b"X")) == (4, 7, 5, (1, 1), (2, 1), (1, 2))
    assert extent(source, Splice(4, 4, b"X\nYZ")) == (4, 4, 8, (1, 1), (1, 1), (2, 2))
    assert [line_number(source, n) for n in (0, 2, 3, 8)] == [1, 1, 2, 3]


def test_parsing_what_edits_have_made_gives_the_same_tree() -> None:
    before = parse(b"f(1);\ng(2);\n")
    edits = [Splice(2, 3, b"10,\n11"), Splice(8, 9, b"")]
    after = splice(before.source, edits)
    assert str(parse_edited(before, edits, after).root) == str(parse(after).root)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (b"a", [0]),
        (b"a a", [0, 2]),
        (b"ab a1 _a $a a_ a$ A", []),
        (b"(a)", [1]),
        (b"a.a-a", [0, 2, 4]),
        (b"aa", []),
        (b"0a a0 Za aZ za az 9a a9", []),
    ],
)
def test_whole_words_only(source: bytes, found: list[int]) -> None:
    assert list(occurrences(source, b"a")) == found


def test_words_between_two_offsets() -> None:
    assert list(occurrences(b"a a a", b"a", 1, 4)) == [2]
    assert list(occurrences(b"xa a", b"a", 1)) == [3]
    assert list(occurrences(b"a ab", b"a", 0, 3)) == [0]


def test_ways_through_a_tree() -> None:
    module = parse(b"f();\nfunction g() {\n  h(() => { i(); });\n}\n")
    root = module.root
    names = [module.text(n).split("(")[0] for n in statements_below(root)]
    assert names == ["f", "function g", "h", "i"]
    assert len(list(statements_below(root, 2))) <= 2
    call = root.descendant_for_byte_range(0, 1)
    assert call is not None and enclosing_statement(call) == root.children[0]
    assert path_to(root, call)[-1] == root
    own = [module.text(n) for n in own_nodes(root) if n.type == "identifier"]
    assert own == ["f"]


def test_code_that_is_nested_absurdly_deep_is_refused_with_its_line() -> None:
    module = parse(b"\nx = " + b"[" * 1200 + b"deep" + b"]" * 1200 + b";\n")
    at = module.source.index(b"deep")
    node = module.root.descendant_for_byte_range(at, at + 4)
    assert node is not None
    with pytest.raises(AnchorNotFound, match="the code on line 2 is nested too deep"):
        path_to(module.root, node)
