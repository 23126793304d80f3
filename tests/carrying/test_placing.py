"""Hunks at the borders of their files, beside each other and twice; names and titles of diffs."""

from __future__ import annotations

import pytest

from patcher.code.splice import splice
from patcher.diffs.git_format import (
    blob_id,
    git_diff,
    of_header,
    quoted,
    read_diff,
    split_diff,
    unquoted,
    without_prefixes,
)
from patcher.diffs.lines import same_text
from patcher.diffs.parts import FileDiff, Hunk, Line, Side
from patcher.diffs.places import placed, splices
from patcher.errors import AnchorNotFound
from patcher.model import Change

HEAD = "--- a/x\n+++ b/x\n"


def lines(text: str) -> bytes:
    return "".join(f"{c}\n" for c in text).encode()


def made(source: bytes, *hunks: str) -> bytes:
    (file,) = read_diff((HEAD + "".join(hunks)).encode())
    return splice(source, splices(source, placed(source, file)))


def refusal(source: bytes, *hunks: str, ids: str = "") -> str:
    head = f"diff --git a/x b/x\nindex {ids} 100644\n{HEAD}" if ids else HEAD
    (file,) = read_diff((head + "".join(hunks)).encode())
    with pytest.raises(AnchorNotFound) as refused:
        placed(source, file)
    return str(refused.value)


ADD_ON_TOP = "@@ -1 +1,2 @@\n+n\n a\n"
ADD_ON_TOP_OF_NONE = "@@ -0,0 +1,2 @@\n+n\n+m\n"
ADD_BELOW = "@@ -3 +3,2 @@\n a\n+n\n"
REMOVE_BELOW = "@@ -2,2 +2 @@\n a\n-b\n"
REMOVE_ON_TOP = "@@ -1,2 +1 @@\n-b\n a\n"
IN_THE_MIDDLE = "@@ -5 +5,2 @@\n+n\n a\n"


@pytest.mark.parametrize(
    ("source", "hunk", "result"),
    [
        ("axa", ADD_ON_TOP, "naxa"),
        ("xa", ADD_ON_TOP, "xna"),
        ("axa", ADD_BELOW, "axan"),
        ("axax", ADD_BELOW, "refused"),
        ("axaxa", IN_THE_MIDDLE, "refused"),
        ("xaxa", ADD_ON_TOP, "refused"),
        ("abxab", REMOVE_BELOW, "abxa"),
        ("baxba", REMOVE_ON_TOP, "axba"),
        ("", ADD_ON_TOP_OF_NONE, "nm"),
        ("x", ADD_ON_TOP_OF_NONE, "refused"),
        ("naxa", ADD_ON_TOP, "naxa"),
        ("axan", ADD_BELOW, "axan"),
        ("nm", ADD_ON_TOP_OF_NONE, "nm"),
    ],
)
def test_a_hunk_without_context_on_one_side_stands_at_that_end(
    source: str, hunk: str, result: str
) -> None:
    try:
        found = made(lines(source), hunk)
    except AnchorNotFound:
        found = b"refused"
    assert found == (b"refused" if result == "refused" else lines(result))


@pytest.mark.parametrize(
    ("source", "hunks", "message"),
    [
        (
            "abxab",
            ("@@ -1,2 +1,3 @@\n a\n+n\n b\n",),
            "the hunk `@@ -1,2 @@` fits 2 places: lines 1, 4",
        ),
        (
            "anbxab",
            ("@@ -1,2 +1,3 @@\n a\n+n\n b\n",),
            "the hunk `@@ -1,2 @@` is applied on line 1 and fits again on line 5",
        ),
        (
            "x",
            ("@@ -1,2 +1,3 @@\n a\n+n\n b\n",),
            "the hunk `@@ -1,2 @@` fits nowhere: its context is not in the file",
        ),
        (
            "x",
            ("@@ -0,0 +1 @@\n+n\n",),
            "the hunk `@@ -0,0 @@` has no context to find its place by",
        ),
        (
            "cdab",
            ("@@ -1,2 +1,2 @@\n a\n-b\n+B\n", "@@ -3,2 +3,2 @@\n c\n-d\n+D\n"),
            "the hunks fit in another order than the diff has them",
        ),
        (
            "abc",
            ("@@ -1,2 +1,2 @@\n-a\n+A\n b\n", "@@ -2,2 +2,2 @@\n b\n-c\n+C\n"),
            "the hunks `@@ -1,2 @@` and `@@ -2,2 @@` fit the same place: line 2",
        ),
    ],
)
def test_what_has_no_one_place_is_told_with_its_lines(
    source: str, hunks: tuple[str, ...], message: str
) -> None:
    assert refusal(lines(source), *hunks) == message


@pytest.mark.parametrize(("digits", "is_proof"), [(4, False), (6, False), (7, True), (12, True)])
def test_an_id_of_seven_digits_is_proof(digits: int, is_proof: bool) -> None:
    source = lines("abxab")
    ids = f"{blob_id(source)[:digits]}..{'0' * digits}"
    hunk = "@@ -4,2 +4,3 @@\n a\n+n\n b\n"
    text = f"diff --git a/x b/x\nindex {ids} 100644\n{HEAD}{hunk}"
    (file,) = read_diff(text.encode())
    if is_proof:
        assert splice(source, splices(source, placed(source, file))) == lines("abxanb")
    else:
        assert refusal(source, hunk, ids=ids).endswith("fits 2 places: lines 1, 4")


def test_a_place_has_its_lines() -> None:
    (file,) = read_diff(f"{HEAD}@@ -1,2 +1,3 @@\n a\n+n\n b\n".encode())
    (before,) = placed(lines("xab"), file)
    assert (before.line, before.start, before.end, before.is_there) == (2, 1, 3, False)
    (after,) = placed(lines("xanb"), file)
    assert (after.line, after.start, after.end, after.is_there) == (2, 1, 4, True)


def test_what_is_added_ends_as_the_line_above() -> None:
    hunk = "@@ -1,2 +1,3 @@\n a\n+n\n b\n"
    assert made(b"a\r\nb\r\n", hunk) == b"a\r\nn\r\nb\r\n"
    assert made(b"a\r\nb\n", hunk) == b"a\r\nn\r\nb\n"
    assert made(b"b\r\na\r\n", "@@ -1 +1,2 @@\n+n\n b\n") == b"n\r\nb\r\na\r\n"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a/x.js", b"a/x.js"),
        ("a/b c~!", b"a/b c~!"),
        ('a/"', b'"a/\\""'),
        ("a/\\", b'"a/\\\\"'),
        ("a/\a\b\t\n\v\f\r", b'"a/\\a\\b\\t\\n\\v\\f\\r"'),
        ("a/\x01\x7f", b'"a/\\001\\177"'),
        ("a/é", b'"a/\\303\\251"'),
    ],
)
def test_a_name_as_git_writes_it(name: str, written: bytes) -> None:
    assert quoted(name) == written
    assert unquoted(written) == name


@pytest.mark.parametrize("name", [b'"', b'"a', b'a"', b"a", b""])
def test_a_name_that_is_not_quoted_is_as_it_stands(name: bytes) -> None:
    assert unquoted(name) == name.decode()
    assert unquoted(b'""') == ""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a/x", "b/x", ("x", "x")),
        ("b/x", "a/x", ("x", "x")),
        ("i/x", "w/x", ("x", "x")),
        ("c/x", "o/x", ("x", "x")),
        ("a/x", "a/x", ("a/x", "a/x")),
        ("x/x", "b/x", ("x/x", "b/x")),
        ("/dev/null", "b/x", ("/dev/null", "x")),
        ("a/x", "/dev/null", ("x", "/dev/null")),
        ("/dev/null", "x", ("/dev/null", "x")),
    ],
)
def test_prefixes_are_cut_where_both_names_have_one(
    old: str, new: str, expected: tuple[str, str]
) -> None:
    assert without_prefixes(old, new) == expected


@pytest.mark.parametrize(
    ("rest", "names"),
    [
        (b"a/x b/x", ("a/x", "b/x")),
        (b"a/x y b/x y", ("a/x y", "b/x y")),
        (b"a/x b/y", ("", "")),
        (b"a/xx b/x", ("", "")),
        (b"a/x", ("", "")),
        (b'"a/\\303\\251" "b/\\303\\251"', ("a/é", "b/é")),
        (b'a/x "b/\\""', ("a/x", 'b/"')),
        (b'"a/\\"" b/x y', ('a/"', "b/x y")),
        (b'"a/x', ("", "")),
    ],
)
def test_names_behind_diff_git(rest: bytes, names: tuple[str, str]) -> None:
    assert of_header(rest) == names


BOTH, OLD, NEW = (Line(side, b"t\n") for side in Side)


@pytest.mark.parametrize(
    ("file", "title", "is_plain", "path"),
    [
        (FileDiff("a", "a", (Hunk(1, 1, (OLD,)),)), "apply a diff", True, "a"),
        (FileDiff(None, "a"), "create the file", False, "a"),
        (FileDiff("a", None), "delete the file", False, "a"),
        (FileDiff("a", "b"), "rename the file to b", False, "a"),
        (FileDiff("a", "b", is_copy=True), "copy the file to b", False, "a"),
        (FileDiff("a", "a", (), 0o644, 0o755), "set the file's mode to 755", False, "a"),
        (FileDiff("a", "a", (Hunk(1, 1, (OLD,)),), 0o644, 0o755), "apply a diff", False, "a"),
    ],
)
def test_what_a_diff_of_a_file_does(file: FileDiff, title: str, is_plain: bool, path: str) -> None:
    assert (str(file), file.is_plain, file.path) == (title, is_plain, path)


def test_a_hunk_has_two_sides() -> None:
    hunk = Hunk(3, 4, (BOTH, OLD, NEW, NEW))
    assert (len(hunk.old), len(hunk.new), hunk.head, hunk.changes) == (2, 3, "@@ -3,2 @@", True)
    assert not Hunk(1, 1, (BOTH,)).changes


def test_each_file_has_its_own_part_of_a_diff() -> None:
    one = b"diff --git a/x b/x\nold mode 100644\nnew mode 100755\n"
    two = b"diff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n"
    assert [part for part, _ in split_diff(b"Words\n" + one + two)] == [one, two]
    assert split_diff(b"") == ()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            Change("x", "all", b"a\nb\nc\n", b"a\nB\nc\n"),
            b"--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n",
        ),
        (
            Change("x", "all", None, b"a\n", 0o755),
            b"new file mode 100755\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n",
        ),
        (Change("x", "all", None, b""), b"new file mode 100644\n"),
        (
            Change("x", "all", b"a", None),
            b"deleted file mode 100644\n--- a/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
            b"\\ No newline at end of file\n",
        ),
        (Change("x", "all", b"a", b"a", 0o755), b"old mode 100644\nnew mode 100755\n"),
        (Change("x", "all", b"a", b"a", 0o640), b"old mode 100755\nnew mode 100644\n"),
    ],
)
def test_a_written_diff_byte_for_byte(change: Change, text: bytes) -> None:
    assert git_diff([change]) == b"diff --git a/x b/x\n" + text


def test_a_written_diff_with_ids() -> None:
    before, after = blob_id(b"a\n")[:12], blob_id(b"b\n")[:12]
    found = git_diff([Change("x", "all", b"a\n", b"b\n")], with_ids=True)
    assert f"\nindex {before}..{after}\n--- a/x\n".encode() in found
    found = git_diff([Change("x", "all", None, b"b\n")], with_ids=True)
    assert f"\nindex {'0' * 12}..{after}\n".encode() in found
    moded = git_diff([Change("x", "all", b"a", b"a", 0o755)], with_ids=True)
    assert b"index" not in moded


def test_texts_are_the_same_whichever_has_the_line_ends_of_windows() -> None:
    assert same_text(b"1\n2", b"1\r\n2") and same_text(b"1\r\n2", b"1\n2")
    assert not same_text(b"1\n", b"1") and not same_text(b"1\r", b"1\n")
