"""Explained edits, whole diffs, examples: the pure parts behind `explain` and `check`."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from patcher.diffs.git_format import read_diff
from patcher.edits import operations as op
from patcher.errors import AnchorNotFound
from patcher.model import Change, Example, Patch, Place, State, Tree, Verdict
from patcher.plan.explanation import explanations
from patcher.plan.file_diffs import apply_file_diff
from patcher.plan.planner import plan
from patcher.plan.verification import example_checks
from patcher.trees import File, Overlay

from .support import FailingTree, MemoryTree, edit_of, patch_of
from .test_replaying import ModedMemoryTree, whole

SOURCE = b"1;\r\n2;\n3;\nold();\n5;\n6;\n7;\n"


def test_an_edit_is_shown_with_two_lines_on_either_side() -> None:
    patch = patch_of(edit_of(op.Replace("old()", "fresh()"), "a.js"))
    (found,) = explanations(patch, MemoryTree({"a.js": SOURCE}), ["all"])
    assert (found.state, found.line, found.first) == (State.APPLIES, 4, 2)
    assert found.code == ("2;", "3;", "old();", "5;", "6;")
    assert (found.anchor, found.reason, found.nearest) == ("old()", "", ())
    assert (found.path, found.title) == ("a.js", "replace `old()` by `fresh()`")


@pytest.mark.parametrize(
    ("source", "line", "first", "code"),
    [
        (b"old();\n2;\n3;\n4;\n", 1, 1, ("old();", "2;", "3;")),
        (b"1;\r\nold();\r\n", 2, 1, ("1;", "old();", "")),
        (b"1;\n2;\n3;\nold();", 4, 2, ("2;", "3;", "old();")),
    ],
)
def test_lines_around_an_edit_end_with_the_file(
    source: bytes, line: int, first: int, code: tuple[str, ...]
) -> None:
    patch = patch_of(edit_of(op.Replace("old()", "fresh()"), "a.js"))
    (found,) = explanations(patch, MemoryTree({"a.js": source}), ["all"])
    assert (found.line, found.first, found.code) == (line, first, code)


def test_each_edit_is_shown_on_what_those_above_have_made() -> None:
    patch = patch_of(
        edit_of(op.Replace("old()", "fresh()"), "a.js"),
        edit_of(op.InsertBefore("fresh()", "above();"), "a.js"),
        edit_of(op.Replace("old()", "other()"), "a.js"),
    )
    first, second, third = explanations(patch, MemoryTree({"a.js": SOURCE}), ["all"])
    assert "old();" in first.code and "fresh();" in second.code
    assert third.state is State.BLOCKED
    assert (third.line, third.code) == (None, ())
    assert "matches nothing" in third.reason


def test_a_blocked_edit_has_what_is_nearest_unless_there_is_no_file() -> None:
    patch = patch_of(edit_of(op.Replace("olds()", "fresh()"), "a.js"))
    (found,) = explanations(patch, MemoryTree({"a.js": SOURCE}), ["all"])
    assert [c.line for c in found.nearest] == [4]
    (found,) = explanations(patch, MemoryTree({}), ["all"])
    assert (found.nearest, found.reason) == ((), "the file is not there")
    failing = FailingTree({}, {"a.js": AnchorNotFound("is a link")})
    (found,) = explanations(patch, failing, ["all"])
    assert (found.nearest, found.reason) == ((), "is a link")


def test_an_edit_that_is_left_out_has_no_line() -> None:
    patch = patch_of(edit_of(op.Replace("old()", "fresh()"), "a.js"))
    (found,) = explanations(patch, MemoryTree({"a.js": SOURCE}), [])
    assert (found.state, found.line, found.code, found.nearest) == (
        State.NOT_APPLICABLE,
        None,
        (),
        (),
    )


def test_an_overlay_remembers_what_was_made_of_a_file() -> None:
    files = Overlay(ModedMemoryTree({"a": b"1", "b": b"2", "c": b"3"}, {"a": 0o644, "b": 0o600}))
    assert [files.read(p) for p in ("a", "b", "c", "d")] == [b"1", b"2", b"3", None]
    files.write("d", b"4", 0o755)
    files.write("a", b"11")
    files.write("b", b"2", 0o700)
    assert [files.read(p) for p in ("a", "b", "c", "d")] == [b"11", b"2", b"3", b"4"]
    assert [files.mode(p) for p in ("a", "b", "d")] == [0o644, 0o700, 0o755]
    assert files.files == {
        "d": File(b"4", 0o755),
        "a": File(b"11", None),
        "b": File(b"2", 0o700),
    }
    assert list(files.files) == ["d", "a", "b"]
    files.write("a", None)
    assert files.read("a") is None
    assert Overlay(MemoryTree({"a": b"1"})).mode("a") is None


HEADER = "diff --git a/x b/x\n"
BODY = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+2\n"
RUNS, STOPS = "old mode 100644\nnew mode 100755\n", "old mode 100755\nnew mode 100644\n"
MOVE = "diff --git a/x b/y\nsimilarity index 90%\nrename from x\nrename to y\n"
COPY = MOVE.replace("rename", "copy")
NEW = HEADER + "new file mode 100755\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+1\n"
GONE = HEADER + "deleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n"
MOVED_BODY = BODY.replace("b/x", "b/y")


@pytest.mark.parametrize(
    ("diff", "files", "modes", "expected"),
    [
        (HEADER + RUNS, {"x": b"1\n"}, {"x": 0o640}, {"x": (b"1\n", 0o750)}),
        (HEADER + RUNS, {"x": b"1\n"}, {"x": 0o644}, {"x": (b"1\n", 0o755)}),
        (HEADER + RUNS, {"x": b"1\n"}, {"x": 0o700}, {}),
        (HEADER + STOPS, {"x": b"1\n"}, {"x": 0o755}, {"x": (b"1\n", 0o644)}),
        (HEADER + STOPS, {"x": b"1\n"}, {"x": 0o600}, {}),
        (HEADER + RUNS, {"x": b"1\n"}, {}, {}),
        (HEADER + RUNS + BODY, {"x": b"1\n"}, {"x": 0o644}, {"x": (b"2\n", 0o755)}),
        (HEADER + RUNS + BODY, {"x": b"2\n"}, {"x": 0o644}, {"x": (b"2\n", 0o755)}),
        (HEADER + RUNS + BODY, {"x": b"2\n"}, {"x": 0o755}, {}),
        (HEADER + BODY, {"x": b"1\n"}, {"x": 0o755}, {"x": (b"2\n", None)}),
        (NEW, {}, {}, {"x": (b"1\n", 0o755)}),
        (NEW, {"x": b"1\r\n"}, {"x": 0o644}, {}),
        (GONE, {"x": b"1\n"}, {}, {"x": (None, None)}),
        (GONE, {"x": b"1\r\n"}, {}, {"x": (None, None)}),
        (GONE, {}, {}, {}),
        (MOVE, {"x": b"1\n"}, {"x": 0o700}, {"x": (None, None), "y": (b"1\n", 0o700)}),
        (MOVE + MOVED_BODY, {"x": b"1\n"}, {}, {"x": (None, None), "y": (b"2\n", None)}),
        (MOVE, {"y": b"1\n"}, {}, {}),
        (MOVE + MOVED_BODY, {"y": b"2\n"}, {}, {}),
        (COPY, {"x": b"1\n"}, {"x": 0o700}, {"y": (b"1\n", 0o700)}),
        (COPY + MOVED_BODY, {"x": b"1\n"}, {}, {"y": (b"2\n", None)}),
        (COPY, {"x": b"1\n", "y": b"1\r\n"}, {}, {}),
        (COPY + MOVED_BODY, {"x": b"1\n", "y": b"2\n"}, {}, {}),
    ],
)
def test_what_a_diff_makes_of_files(
    diff: str,
    files: dict[str, bytes],
    modes: dict[str, int],
    expected: dict[str, tuple[bytes | None, int | None]],
) -> None:
    state, changes = carried_out(diff, ModedMemoryTree(files, modes))
    assert {c.path: (c.after, c.mode) for c in changes} == expected
    assert {c.path: (c.before, c.component) for c in changes} == {
        path: (files.get(path), "all") for path in expected
    }
    assert state is (State.APPLIES if expected else State.ALREADY)


def carried_out(diff: str, tree: Tree) -> tuple[State, tuple[Change, ...]]:
    found = plan([patch_of(whole(diff))], tree, ["all"])
    return found.outcomes[0].state, found.changes


def test_a_plan_changes_what_differs_in_the_order_in_which_it_came_to() -> None:
    code = {"a.js": b"old();\n", "b": b"2\n", "c.js": b"old();\n"}
    tree = ModedMemoryTree(code, {"a.js": 0o640, "b": 0o600, "c.js": 0o644})
    there, back = op.Replace("old()", "fresh()"), op.Replace("fresh()", "old()")
    patch = patch_of(
        whole(NEW),
        edit_of(there, "c.js"),
        edit_of(there, "a.js"),
        whole((HEADER + RUNS).replace("/x", "/b")),
        edit_of(back, "c.js"),
    )
    found = plan([patch], tree, ["all"])
    assert [o.state for o in found.outcomes] == [State.APPLIES] * 5
    assert found.changes == (
        Change("x", "all", None, b"1\n", 0o755),
        Change("a.js", "all", b"old();\n", b"fresh();\n", None),
        Change("b", "all", b"2\n", b"2\n", 0o700),
    )


@pytest.mark.parametrize(
    ("diff", "files", "reason"),
    [
        (NEW, {"x": b"2\n"}, "x is there already and is not the file that the diff makes"),
        (GONE, {"x": b"2\n"}, "the file is not the one that the diff deletes"),
        (MOVE, {}, "the file is not there"),
        (MOVE, {"x": b"1\n", "y": b"1\n"}, "y is there already, so x cannot be renamed to it"),
        (MOVE + MOVED_BODY, {"y": b"1\n"}, "the file is not there"),
        (COPY, {"x": b"1\n", "y": b"2\n"}, "y is there already and is not the file that the diff"),
        (COPY, {}, "the file is not there"),
        (HEADER + BODY, {}, "the file is not there"),
        (HEADER + BODY, {"x": b"3\n"}, "the hunk `@@ -1,1 @@` fits nowhere"),
    ],
)
def test_files_that_are_neither_before_nor_after_a_diff(
    diff: str, files: dict[str, bytes], reason: str
) -> None:
    (file,) = read_diff(diff.encode())
    with pytest.raises(AnchorNotFound) as refused:
        apply_file_diff(file, Overlay(MemoryTree(files)))
    assert str(refused.value).startswith(reason)


def example(before: str, after: str | None, title: str = "") -> Example:
    return Example(Place("p.yaml", 9), 1, before, after, title)


def shown(patch: Patch, *examples: Example) -> list[tuple[str, str]]:
    checks = list(example_checks(replace(patch, examples=examples)))
    assert {(c.rung, c.subject) for c in checks} == {("example", "p.yaml:9")}
    return [(c.verdict.value, c.detail) for c in checks]


def test_examples_hold_or_say_why_not() -> None:
    patch = patch_of(edit_of(op.Replace("old()", "fresh()"), "a.js"))
    assert shown(
        patch,
        example("old();\n", "fresh();\n", "as told"),
        example("fresh();\n", None),
        example("fresh();\n", "fresh();\n"),
        example("old();\n", None, "left alone"),
        example("1;\nold();\n", "other();\n"),
        example("12345;\n", "fresh();\n"),
    ) == [
        ("passed", "edit 1: as told"),
        ("passed", "edit 1"),
        ("failed", "edit 1: it changes nothing"),
        ("failed", "edit 1: left alone: it changes the code to `fresh();`"),
        ("failed", "edit 1: it gives `1;\\nfresh();`"),
        ("failed", "edit 1: the anchor `old()` matches nothing"),
    ]
    assert Verdict.PASSED.value == "passed"


def test_a_whole_diff_takes_no_example() -> None:
    assert shown(patch_of(whole(HEADER + BODY)), example("1\n", "2\n")) == [
        ("failed", "edit 1: a whole diff shows itself: it takes no example")
    ]
