"""`await` where its function is not async, which tree-sitter lets pass."""

from __future__ import annotations

import pytest

from patcher.code.syntax import parse, problems, stray_awaits
from patcher.edits.operations import WrapReturn
from patcher.model import State

from .support import run

STRAY = [
    ("function", "function f() {\n  await g();\n}", [2]),
    ("arrow", "const f = () => await g();", [1]),
    ("arrow in an async one", "async function f() {\n  h(() => {\n    await g();\n  });\n}", [3]),
    ("method", "class A {\n  m() {\n    await g();\n  }\n}", [3]),
    ("field", "class A {\n  a = await g();\n}", [2]),
    ("loop", "function f() {\n  for await (const a of b) {}\n}", [2]),
    ("two", "function f() {\n  await g();\n  await h();\n}", [2, 3]),
]

WELCOME = [
    ("async function", "async function f() { await g(); }"),
    ("async arrow", "const f = async () => await g();"),
    ("async method", "class A { async m() { await g(); } }"),
    ("async generator", "async function* f() { await g(); }"),
    ("inside branches", "async function f() { if (a) { try { await g(); } catch {} } }"),
    ("top of a module", "await g();"),
    ("comment", "function f() { // await g();\n}"),
    ("string", "function f() { return 'await g()'; }"),
    ("property", "function f() { return a.await; }"),
    ("part of a word", "function f() { return awaited; }"),
]


@pytest.mark.parametrize(("title", "code", "lines"), STRAY, ids=[s[0] for s in STRAY])
def test_await_in_a_function_that_is_not_async_is_found(
    title: str, code: str, lines: list[int]
) -> None:
    module = parse(code.encode())
    assert problems(module) == [], "else this check would not be needed"
    assert stray_awaits(module) == lines


@pytest.mark.parametrize(("title", "code"), WELCOME, ids=[w[0] for w in WELCOME])
def test_await_where_it_may_stand_is_let_be(title: str, code: str) -> None:
    assert stray_awaits(parse(code.encode())) == []


WRAP = WrapReturn(function="f", template="await own($value)")
STRAY_BEFORE = "function g() { await h(); }\n"


def test_edit_that_would_await_in_a_plain_function_is_blocked() -> None:
    outcome, change = run(WRAP, "a.ts", b"function f() {\n  return a;\n}\n")
    assert (outcome.state, change) == (State.BLOCKED, None)
    assert outcome.reason == (
        "the result would have `await` in a function that is not async, near line 2"
    )


@pytest.mark.parametrize("before", ["", STRAY_BEFORE], ids=["a good file", "one that had a stray"])
def test_edit_that_awaits_in_an_async_function_applies(before: str) -> None:
    outcome, change = run(WRAP, "a.ts", f"{before}async function f() {{ return a; }}\n".encode())
    assert outcome.state is State.APPLIES
    assert change is not None and b"await own(a)" in (change.after or b"")
