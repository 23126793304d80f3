"""Diffs: written ones are what git takes, applied ones give what git gives."""

from __future__ import annotations

import difflib
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from patcher.code.splice import splice
from patcher.diffs.git_format import git_diff, parse_diff
from patcher.diffs.places import apply_diff, placed
from patcher.errors import AnchorNotFound, BadDefinition
from patcher.model import Change

from .support import BOM

NAMES = ["a.js", "a b.js", "deep/er/a.js", "ä/日本.ts", 'quo"te.js', "back\\slash.js", "tab\t.js"]

lines = st.lists(st.sampled_from(["", "a", "b", "  c", "}", "x = 1;", "é", "-", "+d", "\\ e"]))


@st.composite
def texts(draw: st.DrawFn) -> bytes:
    """A small file: LF, CR LF or mixed, with or without a last line end."""
    ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\n", "\r\n"]]))
    body = "".join(line + draw(st.sampled_from(ends)) for line in draw(lines))
    return (body + draw(st.sampled_from(["", "", "last"]))).encode()


def git_apply(folder: Path, diff: bytes, *options: str) -> bool:
    """Whether git takes the diff."""
    command = ["git", "apply", "--whitespace=nowarn", *options, "-"]
    return subprocess.run(command, cwd=folder, input=diff, capture_output=True).returncode == 0


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), before=st.none() | texts(), after=st.none() | texts())
def test_git_makes_of_a_written_diff_what_the_change_says(
    name: str, before: bytes | None, after: bytes | None
) -> None:
    assume(before != after)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if before is not None:
            path.write_bytes(before)
        diff = git_diff([Change(name, "all", before, after)])
        assert git_apply(Path(folder), diff)
        assert (path.read_bytes() if path.exists() else None) == after


def test_git_takes_several_files_at_once(tmp_path: Path) -> None:
    (tmp_path / "old.js").write_bytes(b"one\n")
    (tmp_path / "gone.js").write_bytes(b"")
    changes = [
        Change("old.js", "all", b"one\n", b"one\ntwo"),
        Change("new.js", "all", None, b"new\r\n", 0o755),
        Change("empty.js", "all", None, b""),
        Change("gone.js", "all", b"", None),
    ]
    assert git_apply(tmp_path, git_diff(changes))
    found = {p.name: p.read_bytes() for p in tmp_path.glob("*.js")}
    assert found == {"old.js": b"one\ntwo", "new.js": b"new\r\n", "empty.js": b""}
    assert (tmp_path / "new.js").stat().st_mode & 0o111


def unified(before: bytes, after: bytes, context: int) -> str:
    """A diff as a person would paste it: LF, and the mark for a last line without an end."""
    old, new = (t.decode().replace("\r\n", "\n").splitlines(keepends=True) for t in (before, after))
    parts = list(difflib.unified_diff(old, new, "a/file.js", "b/file.js", n=context))
    marked = (p if p.endswith("\n") else p + "\n\\ No newline at end of file\n" for p in parts)
    return "".join(marked)


@settings(max_examples=150, deadline=None)
@given(before=texts(), after=texts(), context=st.sampled_from([1, 3]))
def test_applied_diff_gives_what_it_was_made_of_or_is_refused(
    before: bytes, after: bytes, context: int
) -> None:
    diff = unified(before, after, context)
    assume(diff)
    try:
        found = placed(before, parse_diff(diff, "file.js"))
    except AnchorNotFound:
        return
    edits, _ = apply_diff(before, diff, "file.js")
    # Where lines repeat, a hunk may look as if it were there already: then nothing is known.
    if not any(hunk.is_there for hunk in found):
        result = splice(before, edits)
        assert result.replace(b"\r\n", b"\n") == after.replace(b"\r\n", b"\n")


@settings(max_examples=60, deadline=None)
@given(
    header=st.lists(st.sampled_from(["h1", "h2", "h3"]), unique=True),
    before=st.lists(st.integers(0, 99).map(str), unique=True, min_size=1),
    data=st.data(),
)
def test_git_and_this_module_agree_on_moved_hunks(
    header: list[str], before: list[str], data: st.DataObject
) -> None:
    """With lines that differ from each other, each hunk has one place, wherever it has moved."""
    at = data.draw(st.integers(0, len(before)))
    after = [*before[:at], "new", *before[at:]]
    diff = unified(_text(before), _text(after), 3)
    moved = _text([*header, *before])
    edits, line = apply_diff(moved, diff, "file.js")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "file.js").write_bytes(moved)
        if git_apply(Path(folder), diff.encode()):
            assert splice(moved, edits) == Path(folder, "file.js").read_bytes()
    assert splice(moved, edits) == _text([*header, *after])
    assert line == len(header) + max(at - 3, 0) + 1
    assert apply_diff(splice(moved, edits), diff, "file.js")[0] == ()


def _text(rows: list[str]) -> bytes:
    return "".join(row + "\n" for row in rows).encode()


HUNK = "--- a/f.js\n+++ b/f.js\n@@ -1,2 +1,3 @@\n one\n+new\n two\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"one\r\ntwo\r\n", b"one\r\nnew\r\ntwo\r\n"),
        (b"one\r\ntwo\n", b"one\r\nnew\r\ntwo\n"),
        (b"one\ntwo\r\n", b"one\nnew\ntwo\r\n"),
        (BOM + b"\none\ntwo\n", BOM + b"\none\nnew\ntwo\n"),
        (b"\xff\none\ntwo\n", b"\xff\none\nnew\ntwo\n"),
    ],
)
def test_line_ends_and_foreign_bytes_stay(before: bytes, after: bytes) -> None:
    assert splice(before, apply_diff(before, HUNK, "f.js")[0]) == after
    assert apply_diff(after, HUNK, "f.js")[0] == ()


def test_line_is_taken_out_where_line_ends_are_mixed() -> None:
    diff = "--- a/f.js\n+++ b/f.js\n@@ -1,3 +1,2 @@\n a\n \n-\n"
    before = b"a\n\n\r\n"
    assert splice(before, apply_diff(before, diff, "f.js")[0]) == b"a\n\n"


def test_diff_with_line_ends_of_windows_is_the_same_diff() -> None:
    assert apply_diff(b"one\ntwo\n", HUNK.replace("\n", "\r\n"), "f.js") == apply_diff(
        b"one\ntwo\n", HUNK, "f.js"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("blank", [" ", ""])
def test_an_empty_line_of_context_may_have_lost_its_blank(end: str, blank: str) -> None:
    """As mail programs and editors leave it; git takes it, too."""
    hunk = [" one", blank, "+two", " three"]
    diff = "--- a/f.js\n+++ b/f.js\n@@ -1,3 +1,4 @@\n" + "".join(line + end for line in hunk)
    before = "".join(line + end for line in ("one", "", "three")).encode()
    after = "".join(line + end for line in ("one", "", "two", "three")).encode()
    assert splice(before, apply_diff(before, diff, "f.js")[0]) == after


def test_diff_fills_an_empty_file() -> None:
    diff = "--- a/f.js\n+++ b/f.js\n@@ -0,0 +1 @@\n+one\n"
    assert splice(b"", apply_diff(b"", diff, "f.js")[0]) == b"one\n"
    assert apply_diff(b"one\n", diff, "f.js")[0] == ()


def test_diff_gives_and_takes_the_last_line_end() -> None:
    mark = "\\ No newline at end of file\n"
    given_end = f"--- a/f.js\n+++ b/f.js\n@@ -1 +1 @@\n-one\n{mark}+one\n"
    taken_end = f"--- a/f.js\n+++ b/f.js\n@@ -1 +1 @@\n-one\n+one\n{mark}"
    assert splice(b"one", apply_diff(b"one", given_end, "f.js")[0]) == b"one\n"
    assert splice(b"one\n", apply_diff(b"one\n", taken_end, "f.js")[0]) == b"one"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "changes one file; this one changes 0"),
        (HUNK + HUNK.replace("f.js", "g.js"), "changes one file; this one changes 2"),
        ("--- a/f.js\n+++ b/f.js\n@@ -1,2 +1,9 @@\n one\n", "the diff for f.js cannot be read"),
    ],
)
def test_text_that_is_no_diff_of_one_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadDefinition, match=message):
        parse_diff(text, "f.js")
