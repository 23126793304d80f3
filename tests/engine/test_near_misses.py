"""What is nearest to code that was not found, and what an edit looks for, in words."""

from __future__ import annotations

import pytest

from patcher.diffs.git_format import read_diff
from patcher.diffs.parts import FileDiff
from patcher.edits import OPERATIONS
from patcher.edits import operations as op
from patcher.model import Operation
from patcher.plan.near_misses import NearMiss, anchor_of, near_misses

HUNKS = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-one\n+1\n two\n@@ -9 +9 @@\n-nine\n+9\n"
(FILE,) = read_diff(HUNKS.encode())
(MODE,) = read_diff(b"diff --git a/x b/x\nold mode 100644\nnew mode 100755\n")


WORDS = [
    (op.AddImport(("a",), "./b"), "the imports; those of './b'"),
    (op.AddExport(("a",)), "the last export, or `module.exports`"),
    (op.AddRoute("post /a", "get /b", "h"), "the route get /b"),
    (op.AddHook("useA();", "Root"), "the last hook at the top level of Root"),
    (op.AddHook("useA();", "Root", "useB()"), "useB() at the top level of Root"),
    (op.AddProperty("a", "o"), "the object literal that o is set to"),
    (op.WrapValue("a", "f($value)"), "what a is set to"),
    (op.WrapValue("a", "f($value)", "g"), "what a is set to, inside g"),
    (op.WrapReturn("a", "f($value)"), "what a returns"),
    (op.InsertBefore(" a();\n b();\n", "c();"), "a();\n b();"),
    (op.InsertAfter("a()", "c();", "g"), "a(), inside g"),
    (op.Replace("a()", "c()"), "a()"),
    (op.AddModule("a.js"), 'the one `</body>` of a page with one id="root"'),
    (op.SetRevision("a.html"), "the entry of a.html in the list of what is kept"),
    (op.Diff(HUNKS), "`@@ -1,2 @@`, `@@ -9,1 @@`"),
    (FILE, "`@@ -1,2 @@`, `@@ -9,1 @@`"),
    (MODE, "set the file's mode to 755"),
]


@pytest.mark.parametrize(("operation", "words"), WORDS, ids=lambda v: str(v)[:40])
def test_anchor_in_words(operation: Operation, words: str) -> None:
    assert anchor_of(operation) == words


def test_every_operation_says_itself_what_it_looks_for() -> None:
    kinds: tuple[type[Operation], ...] = (*OPERATIONS, FileDiff)
    for kind in kinds:
        name = kind.__name__
        assert "sought" in vars(kind), f"{name} needs a method `sought()`, as its neighbours have"
        shown = {type(operation) for operation, _ in WORDS}
        assert kind in shown, f"WORDS in tests/engine/test_near_misses.py wants a row for {name}"


SOURCE = b"""\
import { one } from './one';
function outer() {
  const inner = {
    get: () => {
      send(models, 1);
    },
  };
  send(model, 2);
}
class Shop {
  open() {
    sell(models);
  }
}
"""


def test_the_most_alike_comes_first_with_what_it_stands_in() -> None:
    found = near_misses(SOURCE, op.Replace("send(models, 2);", "x();"))
    assert [(c.line, c.inside) for c in found] == [
        (8, "outer"),
        (5, "outer > inner > get"),
        (12, "Shop > open"),
    ]
    assert found[0] == NearMiss(8, ("send(model, 2);",), "outer", "")


def test_no_more_than_was_asked_for_and_nothing_that_is_not_alike() -> None:
    wanted = op.Replace("send(models, 2);", "x();")
    assert len(near_misses(SOURCE, wanted, 1)) == 1
    assert near_misses(SOURCE, op.Replace("@@@###", "x();")) == ()


def test_code_is_alike_from_two_fifths_on() -> None:
    assert len(near_misses(b"x1;\n", op.Replace("xy", "z()"))) == 1
    assert near_misses(b"x12;\n", op.Replace("xy", "z()")) == ()


def test_one_candidate_a_line() -> None:
    found = near_misses(b"send(a); send(b);\nsend(c);\n", op.Replace("send(d);", "x();"))
    assert [c.line for c in found] == [1, 2]


@pytest.mark.parametrize(("lines", "shown"), [(4, 6), (5, 6), (6, 6)])
def test_long_code_is_cut(lines: int, shown: int) -> None:
    body = "".join(f"  f({n});\n" for n in range(lines))
    (found,) = near_misses(
        f"function big() {{\n{body}}}\n".encode(), op.WrapReturn("big", "f($value)"), 1
    )
    assert len(found.code) == shown
    assert (found.code[-1] == "…") is (lines + 2 > 6)
    assert found.code[4] == "  f(3);"


@pytest.mark.parametrize(
    ("source", "line", "code", "note"),
    [
        (b"0\none\nTWO\n", 2, ("one", "TWO"), "line 3 would have to be `two`"),
        (b"ONE\r\ntwo\r\n", 1, ("ONE", "two"), "line 1 would have to be `one`"),
        (b"x", 1, ("x",), "line 1 would have to be `one`"),
        (b"a\none\nb\none\n", 2, ("one", "b"), "line 3 would have to be `two`"),
    ],
)
def test_a_hunk_is_nearest_where_most_of_its_lines_stand(
    source: bytes, line: int, code: tuple[str, ...], note: str
) -> None:
    text = HUNKS.partition("@@ -9")[0]
    expected = (NearMiss(line, code, "", note),)
    assert near_misses(source, op.Diff(text)) == expected
    (file,) = read_diff(text.encode())
    assert near_misses(source, file) == expected


def test_hunks_that_fit_and_empty_files_have_no_candidates() -> None:
    assert near_misses(b"", FILE) == ()
    assert near_misses(b"one\ntwo\nNINE\n", FILE) == (
        NearMiss(1, ("one",), "", "line 1 would have to be `nine`"),
    )
    assert len(near_misses(b"ONE\nTWO\n", FILE)) == 2
    assert len(near_misses(b"ONE\nTWO\n", FILE, 1)) == 1
