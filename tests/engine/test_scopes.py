"""Names lead to the one declaration that they mean, or nowhere."""

from __future__ import annotations

import pytest

from patcher.code.scopes import body, declaration, declared_names, parameter_names
from patcher.code.syntax import enclosing_statement, parse
from patcher.errors import AnchorNotFound

FOUND = [
    ("function", "function Root() {}", "Root", "", "Root"),
    ("exported function", "export function Root() {}", "Root", "", "Root"),
    ("default function", "export default function Root() {}", "Root", "", "Root"),
    ("async generator", "async function* Root() {}", "Root", "", "Root"),
    ("class", "export class Root {}", "Root", "", "Root"),
    ("constant", "const Root = 1;", "Root", "", "Root = 1"),
    ("exported arrow", "export const Root = () => 1;", "Root", "", "Root = () => 1"),
    ("typed constant", "const Root: FC<P> = (p) => p;", "Root", "", "Root: FC<P> = (p) => p"),
    ("second declarator", "let a = 1, Root = 2;", "Root", "", "Root = 2"),
    ("without a value", "let Root;", "Root", "", "Root"),
    ("module.exports", "module.exports = { a };", "module.exports", "", "module.exports = { a }"),
    ("exports of one name", "exports.Root = 1;", "exports.Root", "", "exports.Root = 1"),
    ("overloaded", "function f(a: A): B;\nfunction f(a) {}", "f", "", "f"),
    ("beside uses", "f(Root);\nconst Root = g(Root.x);\nRoot();", "Root", "", "Root = g(Root.x)"),
    ("beside nested ones", "const a = 1;\nfunction f() { const a = 2; }", "a", "", "a = 1"),
    ("inside a function", "function f() { const a = 2; }\nconst a = 1;", "a", "f", "a = 2"),
    ("inside a wrapped one", "const f = memo(() => { let a = 2; });", "a", "f", "a = 2"),
    ("property inside", "const f = make({ a: 1 });", "a", "f", "a: 1"),
    ("shorthand inside", "const f = make({ a });", "a", "f", "a"),
    (
        "variable beside its use",
        "const f = () => { const a = 1; return { a }; };",
        "a",
        "f",
        "a = 1",
    ),
    ("method inside", "class f { a() {} }", "a", "f", "a"),
    ("name with a dollar", "const $a = 1;\nconst a = 2;", "$a", "", "$a = 1"),
]

MISSING = [
    ("absent", "const a = 1;", "b", ""),
    ("in a comment", "// const b = 1;", "b", ""),
    ("in a string", "f('b = 1');", "b", ""),
    ("nested", "function f() { const b = 1; }", "b", ""),
    ("in a block", "if (x) { var b = 1; }", "b", ""),
    ("imported", "import { b } from 'b';", "b", ""),
    ("destructured", "const { b } = f();", "b", ""),
    ("parameter", "function f(b) {}", "b", "f"),
    ("part of a name", "const ab = 1, b$ = 2;", "b", ""),
    ("property at the top", "const a = { b: 1 };", "b", ""),
    ("member of something", "a.b = 1;", "b", ""),
    ("module.exports.name", "module.exports.b = 1;", "module.exports", ""),
    ("compared", "module.exports == 1;", "module.exports", ""),
    ("outside", "const b = 1;\nfunction f() { return b; }", "b", "f"),
    ("type", "type b = string;\ninterface b {}", "b", ""),
    ("scope is absent", "const b = 1;", "b", "g"),
]

TWICE = [
    ("twice", "var a = 1;\nvar a = 2;", "a", "", "1, 2"),
    ("declared and set", "let a;\na = 1;", "a", "", "1, 2"),
    ("function and variable", "function a() {}\nvar a;", "a", "", "1, 2"),
    ("exports set twice", "module.exports = a;\nmodule.exports = b;", "module.exports", "", "1, 2"),
    ("on one line", "var a = 1, a = 2;", "a", "", "1, 1"),
    ("shadowed inside", "function f() { let a; { let a; } }", "a", "f", "1, 1"),
    ("two properties", "const f = g({ a }, { a });", "a", "f", "1, 1"),
    ("scope is there twice", "var f = 1;\nvar f = () => { let a; };", "a", "f", "1, 2"),
]


@pytest.mark.parametrize(
    ("source", "name", "inside", "expected"), [pytest.param(*c, id=n) for n, *c in FOUND]
)
def test_name_is_found(source: str, name: str, inside: str, expected: str) -> None:
    module = parse(source.encode())
    found = declaration(module, name, inside, members=bool(inside))
    shown = module.text(found.node)
    assert shown == expected or shown.split("(")[0].split("{")[0].split()[-1] == expected


@pytest.mark.parametrize(
    ("source", "name", "inside"), [pytest.param(*c, id=n) for n, *c in MISSING]
)
def test_name_is_not_found(source: str, name: str, inside: str) -> None:
    with pytest.raises(AnchorNotFound, match="matches nothing"):
        declaration(parse(source.encode()), name, inside, members=bool(inside))


@pytest.mark.parametrize(
    ("source", "name", "inside", "lines"), [pytest.param(*c, id=n) for n, *c in TWICE]
)
def test_name_of_two_things_is_refused(source: str, name: str, inside: str, lines: str) -> None:
    with pytest.raises(AnchorNotFound, match=f"matches 2 places.*lines {lines}$"):
        declaration(parse(source.encode()), name, inside, members=bool(inside))


BODIES = [
    "function Root() { here(); }",
    "export default async function Root(props) { here(); }",
    "const Root = () => { here(); };",
    "const Root = function () { here(); };",
    "const Root = (() => { here(); });",
    "export const Root: FC = memo(() => { here(); });",
    "const Root = memo(forwardRef<A, B>(function Inner(props, ref) { here(); }));",
    "const Root = React.memo(() => { here(); }, equal);",
    "Root = () => { here(); };",
]


@pytest.mark.parametrize("source", BODIES)
def test_body_of_a_component_is_found(source: str) -> None:
    module = parse(source.encode())
    assert module.text(body(module, "Root")) == "{ here(); }"


@pytest.mark.parametrize(
    "source",
    [
        "const Root = () => here();",
        "const Root = 1;",
        "const Root = make(one);",
        "const Root = make(() => { a(); }, () => { b(); });",
        "const Root = { a() {} };",
        "class Root { render() {} }",
        "let Root;",
    ],
)
def test_what_has_no_body_is_refused(source: str) -> None:
    with pytest.raises(AnchorNotFound, match="`Root` has no function body with braces"):
        body(parse(source.encode()), "Root")


DECLARED = [
    ("const a = 1, { b, c: d, ...e } = f(), [g, [h = 1]] = i;", "a b d e g h"),
    ("function f() {}\nclass G {}\nasync function* h() {}", "f G h"),
    ("export const a = 1;\nexport function b() {}\nexport default class C {}", "a b C"),
    ("import a, { b, c as d, type E } from 'x';\nimport * as f from 'y';", "a b d E f"),
    ("type A = string;\ninterface B {}\nenum C {}", "A B C"),
    ("f(a);\nx = 1;\nif (y) { var z = 1; }\nexport { q };\nimport './r';", ""),
    ("export default () => { const a = 1; };", ""),
]


@pytest.mark.parametrize(("source", "names"), DECLARED)
def test_declared_names_of_a_block(source: str, names: str) -> None:
    module = parse(source.encode())
    assert " ".join(n for n, _ in declared_names(module, module.root)) == names


PARAMETERS = [
    ("function f(a, { b, c: d = e }, [g], ...h) { here(); }", "a b d g h"),
    ("const f = (a: A, b?: B, c = d) => { here(); };", "a b c"),
    ("const f = a => { here(); };", "a"),
    ("const f = () => { here(); };", ""),
    ("if (a) { here(); }", ""),
]


@pytest.mark.parametrize(("source", "names"), PARAMETERS)
def test_names_of_parameters(source: str, names: str) -> None:
    module = parse(source.encode())
    here = module.root.descendant_for_byte_range(source.index("here"), source.index("here") + 4)
    assert here is not None
    block = enclosing_statement(here).parent
    assert block is not None
    assert " ".join(n for n, _ in parameter_names(module, block)) == names
