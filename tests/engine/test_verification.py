"""Rungs 2 and 3: what parses, and whether a result is what the definition promises."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from patcher.edits.operations import Replace
from patcher.model import AddedFile, Check, Expectation, Patch, Place, Trait, Verdict
from patcher.plan.planner import plan
from patcher.plan.verification import (
    expectation_checks,
    failures,
    result_checks,
    strict_checks,
    strict_result_checks,
    syntax_checks,
)

from .support import MemoryTree, condition, edit_of, patch_of

GOOD, BAD, WORSE = b"f();\n", b"f(;\n", b"f(;\ng(;\nconst = ;\n"


@pytest.mark.parametrize(
    ("path", "before", "after", "verdicts"),
    [
        ("a.ts", GOOD, GOOD, "passed"),
        ("a.ts", GOOD, BAD, "failed"),
        ("a.ts", None, BAD, "failed"),
        ("a.ts", BAD, BAD, "passed"),
        ("a.ts", BAD, WORSE, "failed"),
        ("a.ts", GOOD, b"export type * from './a';\n", "passed"),
        ("a.ts", GOOD, b"export type * as all from './a';\nexport * from './b';\n", "passed"),
        ("a.ts", GOOD, b"const a = type * from './a';\n", "failed"),
        ("a.ts", GOOD, b"export tipe * from './a';\n", "failed"),
        ("a.js", GOOD, GOOD, "passed"),
        ("a.js", GOOD, b"f(\n", "failed"),
        ("a.md", GOOD, BAD, ""),
    ],
)
def test_syntax_is_as_good_as_it_was(
    path: str, before: bytes | None, after: bytes, verdicts: str
) -> None:
    checks = syntax_checks({path: before}, {path: after})
    assert " ".join(c.verdict.value for c in checks) == verdicts


@pytest.mark.parametrize(
    ("path", "before", "after", "verdicts"),
    [
        ("a.js", GOOD, GOOD, "passed"),
        ("a.js", GOOD, b"'use strict';\nwith (a) {}\n", "failed"),
        ("a.js", GOOD, b"function g() {\n  await f();\n}\n", "failed"),
        ("a.js", b"let a; let a;\n", b"let a; let a; f();\n", "passed"),
        ("a.js", b"with (a) {\n", b"with (b) {\n", "passed"),
        ("a.js", None, b"'\xff'", "failed"),
        ("a.ts", GOOD, BAD, ""),
        ("a.md", GOOD, BAD, ""),
    ],
)
def test_javascript_is_held_to_the_letter_where_there_is_time(
    path: str, before: bytes | None, after: bytes, verdicts: str
) -> None:
    checks = strict_checks({path: before}, {path: after})
    assert " ".join(c.verdict.value for c in checks) == verdicts


def test_syntax_error_is_told_with_its_line() -> None:
    (check,) = syntax_checks({"a.ts": GOOD}, {"a.ts": b"f();\ng(;\n"})
    assert check == Check("syntax", "a.ts", Verdict.FAILED, "syntax error near line 2")


EXPECTED = Expectation(
    place=Place("patch.yaml", 1),
    path="a.js",
    component="all",
    has="guard($x)",
    why="the route is guarded",
    inside="routes",
    before="listen()",
)

PROMISES = [
    ("held", "function routes() { guard(1); listen(); }", ""),
    (
        "in another function",
        "function routes() {}\nguard(1); listen();",
        "`guard($x)` is not there",
    ),
    (
        "in the wrong order",
        "function routes() { listen(); guard(1); }",
        "`guard($x)` does not stand before `listen()`",
    ),
    (
        "without the other",
        "function routes() { guard(1); }",
        "`guard($x)` does not stand before `listen()`",
    ),
    ("in a comment", "function routes() { /* guard(1); */ listen(); }", "`guard($x)` is not there"),
    ("without its function", "guard(1); listen();", "the anchor `routes` matches nothing"),
    ("no text", "\0", "the file holds NUL bytes: it is not source code"),
    ("no file", None, "the file is not there"),
]


@pytest.mark.parametrize(("source", "lack"), [pytest.param(s, w, id=n) for n, s, w in PROMISES])
def test_promise_is_held_or_what_lacks_is_named(source: str | None, lack: str) -> None:
    patch = replace(patch_of(), expectations=(EXPECTED,))
    tree = MemoryTree({} if source is None else {"a.js": source.encode()})
    (check,) = expectation_checks([patch], ["all"], tree)
    why = EXPECTED.why
    assert check == (
        Check("expectation", "a.js", Verdict.FAILED, f"{why}: {lack}")
        if lack
        else Check("expectation", "a.js", Verdict.PASSED, why)
    )


def _with_trait(when: str) -> Patch:
    expectation = replace(EXPECTED, when=condition(when), inside="", before="")
    return replace(
        patch_of(traits=[Trait("native", "b.js", "native()")]), expectations=(expectation,)
    )


@pytest.mark.parametrize(
    ("when", "other", "asked"),
    [
        ("native", b"native();", True),
        ("native", b"other();", False),
        ("native", None, False),
        ("not native", b"native();", False),
        ("not native", b"other();", True),
        ("not native", None, True),
    ],
)
def test_promise_of_a_variant_is_asked_of_that_variant(
    when: str, other: bytes | None, asked: bool
) -> None:
    files = {"a.js": b"guard(1);"} | ({} if other is None else {"b.js": other})
    checks = list(expectation_checks([_with_trait(when)], ["all"], MemoryTree(files)))
    assert [c.verdict for c in checks] == [Verdict.PASSED] * asked


def test_components_that_are_left_out_promise_nothing() -> None:
    added = AddedFile("new.js", "all", GOOD)
    patch = replace(patch_of(files=[added]), expectations=(EXPECTED,))
    assert list(expectation_checks([patch], ["other"], MemoryTree({}))) == []


def test_added_files_must_be_there() -> None:
    patch = patch_of(files=[AddedFile("new.js", "all", GOOD)])
    for files, verdict in (({}, Verdict.FAILED), ({"new.js": GOOD}, Verdict.PASSED)):
        (check,) = expectation_checks([patch], ["all"], MemoryTree(files))
        assert (check.subject, check.verdict) == ("new.js", verdict)
        assert failures([check]) == ((check,) if verdict is Verdict.FAILED else ())


def test_result_of_a_plan_is_checked_as_it_will_be() -> None:
    tree = MemoryTree({"a.js": b"function routes() { open(1); listen(); }"})
    edit = edit_of(Replace(find="open(1)", code="guard(1)"), "a.js")
    patch = replace(patch_of(edit), expectations=(EXPECTED,))
    checks = list(result_checks([patch], ["all"], tree, plan([patch], tree, ["all"])))
    assert [(c.rung, c.verdict.value) for c in checks] == [
        ("syntax", "passed"),
        ("expectation", "passed"),
    ]


def test_blocked_plan_has_no_result_to_check() -> None:
    tree = MemoryTree({})
    patch = patch_of(edit_of(Replace(find="open(1)", code="guard(1)"), "a.js"))
    result = plan([patch], tree, ["all"])
    assert list(result_checks([patch], ["all"], tree, result)) == []
    assert list(strict_result_checks(result)) == []


def test_result_of_a_plan_is_held_to_the_letter_too() -> None:
    new = AddedFile("new.js", "all", BAD)
    for code, verdict in (("fresh()", "passed"), ("delete x", "failed")):
        strict = MemoryTree({"a.js": b"'use strict';\nold();\n", "b.js": GOOD})
        patch = patch_of(edit_of(Replace(find="old()", code=code), "a.js"), files=[new])
        checks = list(strict_result_checks(plan([patch], strict, ["all"])))
        assert [(c.subject, c.verdict.value) for c in checks] == [("a.js", verdict)]
