"""Patterns compare the shape of code; how it is written makes no difference."""

from __future__ import annotations

import pytest

from patcher.code.patterns import compile_pattern, matches
from patcher.code.syntax import parse
from patcher.errors import BadDefinition

SAME = [
    ("a name", "send", "send;"),
    ("a call", "send(models)", "send(models)"),
    ("quotes", "get('/')", 'get("/")'),
    ("empty strings", "get('')", 'get("")'),
    ("spacing", "get('/',one)", "get(\n  '/',\n  one\n)"),
    ("semicolon in the pattern only", "stop();", "stop()"),
    ("semicolon in the source only", "stop()", "stop();"),
    ("trailing comma", "get(one)", "get(one,)"),
    ("trailing comma in the pattern", "({ a, b, })", "x = { a, b }"),
    ("parentheses around a value", "x = y", "x = (y)"),
    ("parentheses in the pattern", "x = ((y))", "x = y"),
    ("parentheses of one parameter", "(x) => y", "x => y"),
    ("no parentheses of one parameter", "x => y", "(x) => y"),
    ("comments inside", "get(one, two)", "get(/* 1 */ one, // and\n two)"),
    ("comments in the pattern", "get(one /* two */)", "get(one)"),
    ("part of a statement", "get(one)", "const all = await get(one).then(f)"),
    ("part of a template", "models()", "`${models()}/fetch`"),
    ("a template", "`${base}/models`", "x = `${base}/models`"),
    ("hole for a value", "const models = $x", "const models = () => `${a}/b`"),
    ("hole for a property", "res.$method(x)", "res.send(x)"),
    ("hole for an object", "$router.get('/')", "app.routes.get('/')"),
    ("hole for a pattern", "const $names = f()", "const { a, b } = f()"),
    ("hole for a parameter", "($x) => $y", "x => x + 1"),
    ("hole for a type", "const x: $T = 1", "const x: Map<string, number> = 1"),
    ("hole for a block", "if (x) $body", "if (x) { stop(); }"),
    ("hole for a statement without braces", "if (x) $body", "if (x) stop();"),
    ("hole for a string", "require($m)", "require('./a')"),
    ("gap of nothing", "f($...rest)", "f()"),
    ("gap of several", "f($...rest)", "f(1, [2], 'three')"),
    ("gap in front", "f($...rest, last)", "f(1, 2, last)"),
    ("gap in the middle", "f(first, $...rest, last)", "f(first, last)"),
    ("two gaps", "f($...a, x, $...b)", "f(1, x, 2)"),
    ("two gaps that need a second try", "f($...a, x, y, $...b)", "f(x, x, y)"),
    ("gap of statements", "function f() { $...body }", "function f() { a(); return b; }"),
    ("gap of parameters", "function f($...p) { $...b }", "function f(a, { b }) {}"),
    ("gap of properties", "({ $...a, x, $...b })", "m = { one, x, two: 2 }"),
    ("same hole, same code", "$x.has($x)", "a.b.has(a.b)"),
    ("same gap, same code", "f($...a)(($...a))", "f(1)(1)"),
    ("pair of a literal", "retry: false", "f({ name, retry: false })"),
    ("quoted pair", "retry: 'a'", 'f({ retry: "a" })'),
    ("shorthand among others", "({ a })", "x = { a }"),
    ("method of a literal", "load() { $...b }", "x = { load() { return 1; } }"),
    ("several statements", "a();\nb();", "x();\na();\nb();"),
    ("comment between statements", "a();\nb();", "a();\n// then\nb();"),
    ("statements in a block", "a();\nb();", "if (x) { a(); b(); }"),
    ("statements with holes", "const $a = 1;\nf($a);", "const q = 1;\nf(q);"),
    ("export", "export const a = $b", "export const a = 1;"),
    ("declaration inside an export", "const a = $b", "export const a = 1;"),
    ("export of everything", "export * from './a'", 'export * from "./a"'),
    ("import", "import { a } from 'a'", "import { a, } from 'a'"),
    ("type arguments", "f<string>(x)", "f< string >(x)"),
    ("typed arrow", "(a: string): void => $b", "x = (a: string): void => {}"),
    ("as", "x as const", "y = x as const"),
    ("markup", "<a b={c} />", "x = <a b={c}/>"),
    ("markup with children", "<a><b /></a>", "x = (\n  <a>\n    <b />\n  </a>\n)"),
    ("markup with a hole", "<a b={$c} />", "x = <a b={() => 1} />"),
    ("await", "await $x", "y = await f()"),
    ("spread", "[...$x]", "y = [...a.b]"),
    ("regular expression", "/a+/g", "x = /a+/g"),
    ("number", "f(1)", "f(1)"),
    ("operator without words", "$x * 2", "y = a * 2"),
    ("class member", "class A { $...m }", "class A { b = 1; c() {} }"),
    ("text that is not ASCII", "f('é', $x)", 'f("é", "日本")'),
    ("elision", "const [, $x] = f()", "const [, a] = f()"),
]

DIFFERENT = [
    ("another name", "send(models)", "send(model)"),
    ("longer name", "send(x)", "resend(x)"),
    ("name with a dollar", "send(x)", "$send(x)"),
    ("other capitals", "send(x)", "Send(x)"),
    ("more arguments", "get(one)", "get(one, two)"),
    ("fewer arguments", "get(one, two)", "get(one)"),
    ("other order", "get(one, two)", "get(two, one)"),
    ("name is no string", "get(one)", "get('one')"),
    ("template is no string", "get('/')", "get(`/`)"),
    ("other string", "get('/')", "get('/a')"),
    ("empty string", "get('')", "get('a')"),
    ("string of the same word", "get", "x = 'get'"),
    ("comment of the same code", "get(one)", "// get(one)\n/* get(one) */"),
    ("string of the same code", "get(one)", "x = 'get(one)'"),
    ("text of a template", "get(one)", "x = `get(one)`"),
    ("regular expression of the same code", "get(one)", "x = /get(one)/"),
    ("method is no function", "get(one)", "x.get(one)"),
    ("function is no method", "x.get(one)", "get(one)"),
    ("optional call", "x.get(one)", "x?.get(one)"),
    ("new", "get(one)", "new get(one)"),
    ("await in the pattern", "await get(one)", "get(one)"),
    ("const is no let", "const a = 1", "let a = 1"),
    ("export in the pattern", "export const a = $b", "const a = 1;"),
    ("default export", "export const a = $b", "export default a;"),
    ("no value", "const a = $b", "let a;"),
    ("type in the source", "const a = $b", "const a: number = 1"),
    ("type in the pattern", "const a: $T = $b", "const a = 1"),
    ("two declarators", "const a = $b", "const a = 1, c = 2"),
    ("async in the source", "function f() { $...b }", "async function f() {}"),
    ("async arrow", "(x) => $y", "async (x) => 1"),
    ("two parameters for one hole", "($x) => $y", "(a, b) => 1"),
    ("one parameter and none", "x => $y", "() => 2"),
    ("one parameter and two", "x => $y", "(x, y) => 2"),
    ("one parameter and the last of two", "y => $z", "(x, y) => 2"),
    ("one parameter and a default value", "x => $y", "(x = 1) => 2"),
    ("one parameter and a typed one", "x => $y", "(x: string) => 2"),
    ("one parameter and an optional one", "x => $y", "(x?) => 2"),
    ("one parameter and all the rest", "x => $y", "(...x) => 2"),
    ("one parameter and a part of it", "x => $y", "({ x }) => 2"),
    ("two parameters and one", "(x, y) => $z", "x => 2"),
    ("no parameter and one", "() => $y", "x => 2"),
    ("default value", "(x) => $y", "(x = 1) => 2"),
    ("typed parameter", "(x) => $y", "(x: string) => 2"),
    ("other operator", "a + b", "x = a - b"),
    ("other side", "a - b", "x = b - a"),
    ("precedence", "(a + b) * c", "x = a + b * c"),
    ("same hole, other code", "$x.has($x)", "a.has(b)"),
    ("same gap, other code", "f($...a)($...a)", "f(1)(2)"),
    ("same gap, other length", "f($...a)($...a)", "f(1)(1, 1)"),
    ("gap without its neighbour", "f($...a, x)", "f(1, 2)"),
    ("gap that would be negative", "f(a, $...r, b)", "f(a)"),
    ("two gaps without the middle", "f($...a, x, $...b)", "f(1, 2)"),
    ("statements apart", "a();\nb();", "a();\nx();\nb();"),
    ("statements in other blocks", "a();\nb();", "a();\n{ b(); }"),
    ("statements at the end", "a();\nb();", "a();"),
    ("pair is no shorthand", "({ a: a })", "x = { a }"),
    ("shorthand is no pair", "({ a })", "x = { a: a }"),
    ("label is no pair", "retry: f()", "retry: f()"),
    ("more properties", "({ a })", "x = { a, b }"),
    ("pattern is no literal", "({ a })", "const { a } = x"),
    ("element is no elision", "const [$x] = f()", "const [, a] = f()"),
    ("elision is no element", "const [, $x] = f()", "const [a] = f()"),
    ("sequence is no list", "f(a, b)", "f((a, b))"),
    ("import of a type", "import { a } from 'a'", "import type { a } from 'a'"),
    ("other module", "export * from './a'", "export * from './b'"),
    ("other tag", "<a />", "x = <b />"),
    ("other attribute", "<a b={c} />", "x = <a b='c' />"),
    ("text in markup", "<a><b /></a>", "x = <a>c<b /></a>"),
    ("blank in markup", "<a>{b}{c}</a>", "x = <a>{b} {c}</a>"),
    ("type arguments in the source", "f(x)", "f<string>(x)"),
    ("statement is no expression", "if (a) b();", "a && b();"),
    ("block is no literal", "({})", "if (a) {}"),
    ("other number", "f(1)", "f(1.0)"),
    ("escape is not the letter", "f('\\n')", "f('n')"),
    ("getter is no method", "x = { a() {} }", "x = { get a() {} }"),
]


def _count(pattern: str, source: str) -> int:
    module = parse(source.encode())
    return len(matches(module, compile_pattern(pattern)))


@pytest.mark.parametrize(("pattern", "source"), [pytest.param(p, s, id=n) for n, p, s in SAME])
def test_pattern_fits_once(pattern: str, source: str) -> None:
    assert _count(pattern, source) == 1


@pytest.mark.parametrize(("pattern", "source"), [pytest.param(p, s, id=n) for n, p, s in DIFFERENT])
def test_pattern_does_not_fit(pattern: str, source: str) -> None:
    assert _count(pattern, source) == 0


def test_as_many_refusals_as_matches() -> None:
    assert len(DIFFERENT) >= len(SAME)


def test_holes_remember_the_code() -> None:
    module = parse(b"router.get('/', one(1), two, list);")
    (match,) = matches(module, compile_pattern("$r.get('/', $...guards, $handler)"))
    texts = {k: [module.text(n) for n in v] for k, v in match.captures.items()}
    assert texts == {"r": ["router"], "guards": ["one(1)", "two"], "handler": ["list"]}


def test_matches_are_in_the_order_of_the_source_and_limited_to_a_scope() -> None:
    module = parse(b"f(1);\nfunction g() { f(2); f(3); }\nf(4);")
    everywhere = matches(module, compile_pattern("f($x)"))
    assert [module.text(m.captures["x"][0]) for m in everywhere] == ["1", "2", "3", "4"]
    inside = matches(module, compile_pattern("f($x)"), module.root.children[1])
    assert [module.text(m.captures["x"][0]) for m in inside] == ["2", "3"]


def test_a_match_that_begins_earlier_comes_earlier_though_its_name_stands_later() -> None:
    module = parse(b"one(a.has(b)).has(c);\n")
    found = matches(module, compile_pattern("$x.has($y)"))
    assert [module.text(m.captures["y"][0]) for m in found] == ["c", "b"]


def test_match_inside_a_match_counts() -> None:
    assert _count("f($x)", "f(f(1))") == 2


@pytest.mark.parametrize("text", ["", "   ", "if (", "a b c", "}", "case 1:", "// nothing"])
def test_text_that_is_no_code_is_no_pattern(text: str) -> None:
    with pytest.raises(BadDefinition):
        compile_pattern(text)


def test_long_lists_are_compared_in_one_pass() -> None:
    numbers = ", ".join(map(str, range(20_000)))
    source = f"router.post('/a', {numbers}, last);"
    assert _count("router.post('/a', $...guards, last)", source) == 1
    assert _count("router.post('/a', $...guards, other)", source) == 0
