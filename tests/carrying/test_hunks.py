"""Single hunks: line ends, places, what is there already; and diffs that say nothing we know."""

from __future__ import annotations

import pytest

from patcher.code.splice import splice
from patcher.diffs.git_format import blob_id, read_diff
from patcher.diffs.places import apply_diff
from patcher.errors import AnchorNotFound, BadDefinition
from tests.carrying.conftest import Write
from tests.cli.running import Runner

HEAD = "--- a/x\n+++ b/x\n"
DIFF = HEAD + "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"
LF = b"one\ntwo\nthree\n"
CRLF = LF.replace(b"\n", b"\r\n")


def edited(source: bytes, diff: str) -> bytes:
    return splice(source, apply_diff(source, diff, "x")[0])


@pytest.mark.parametrize(
    ("source", "diff", "result"),
    [
        pytest.param(LF, DIFF, b"one\n2\nthree\n", id="LF on LF"),
        pytest.param(CRLF, DIFF, b"one\r\n2\r\nthree\r\n", id="LF on CRLF"),
        pytest.param(LF, DIFF.replace("\n", "\r\n"), b"one\n2\nthree\n", id="CRLF on LF"),
        pytest.param(CRLF, DIFF.replace("\n", "\r\n"), b"one\r\n2\r\nthree\r\n", id="CRLF on CRLF"),
        pytest.param(
            b"one\r\ntwo\nthree\r\n",
            DIFF,
            b"one\r\n2\nthree\r\n",
            id="mixed: as the line it replaces",
        ),
        pytest.param(
            LF,
            HEAD + "@@ -1,3 +1,3 @@\n-one\n+one\r\n two\n three\n",
            b"one\r\ntwo\nthree\n",
            id="only the line end changes",
        ),
        pytest.param(
            b"zero\n" * 50 + LF, DIFF, b"zero\n" * 50 + b"one\n2\nthree\n", id="far from its line"
        ),
        pytest.param(
            b"one",
            HEAD + "@@ -1 +1,2 @@\n-one\n\\ No newline at end of file\n+one\n+two\n",
            b"one\ntwo\n",
            id="the last line gets its end",
        ),
        pytest.param(
            b"one\n",
            HEAD + "@@ -1 +1 @@\n-one\n+one\n\\ No newline at end of file\n",
            b"one",
            id="the last line loses its end",
        ),
        pytest.param(b"", HEAD + "@@ -0,0 +1 @@\n+one\n", b"one\n", id="into an empty file"),
        pytest.param(
            b"end\nmid\nend\n",
            HEAD + "@@ -3 +3,2 @@\n end\n+more\n",
            b"end\nmid\nend\nmore\n",
            id="no line below: it was the end of its file",
        ),
        pytest.param(
            b"one\n2\nthree\nfour\n",
            DIFF + "@@ -3,2 +3,2 @@\n three\n-four\n+4\n",
            b"one\n2\nthree\n4\n",
            id="the first hunk is there already",
        ),
    ],
)
def test_a_hunk_that_fits(source: bytes, diff: str, result: bytes) -> None:
    assert edited(source, diff) == result
    assert apply_diff(result, diff, "x")[0] == ()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (LF + LF, "the hunk `@@ -1,3 @@` fits 2 places: lines 1, 4"),
        (CRLF + CRLF, "the hunk `@@ -1,3 @@` fits 2 places: lines 1, 4"),
        (
            b"one\n2\nthree\n" + LF,
            "the hunk `@@ -1,3 @@` is applied on line 1 and fits again on line 4",
        ),
        (
            b"one\ntwo \nthree\n",
            "the hunk `@@ -1,3 @@` fits nowhere: its context is not in the file",
        ),
        (b"one\ntwo\nthree", "the hunk `@@ -1,3 @@` fits nowhere: its context is not in the file"),
        (b"", "the hunk `@@ -1,3 @@` fits nowhere: its context is not in the file"),
    ],
)
def test_a_hunk_that_has_no_one_place(source: bytes, message: str) -> None:
    with pytest.raises(AnchorNotFound) as refused:
        apply_diff(source, DIFF, "x")
    assert str(refused.value) == message


def test_blob_ids_prove_which_of_two_places_is_meant() -> None:
    twice = LF + LF
    result = LF + b"one\n2\nthree\n"
    ids = f"index {blob_id(twice)[:9]}..{blob_id(result)[:9]} 100644\n"
    diff = f"diff --git a/x b/x\n{ids}" + DIFF.replace("-1,3 +1,3", "-4,3 +4,3")
    assert edited(twice, diff) == result
    assert apply_diff(result, diff, "x")[0] == ()
    assert edited(twice.replace(b"\n", b"\r\n"), diff) == result.replace(b"\n", b"\r\n")
    with pytest.raises(AnchorNotFound, match="fits 2 places: lines 1, 4"):
        apply_diff(twice + b"more\n", diff, "x")


def test_ids_that_lie_are_not_believed() -> None:
    ids = f"index {blob_id(LF + LF)[:9]}..{'0' * 9}\n"
    diff = f"diff --git a/x b/x\n{ids}" + DIFF.replace("-1,3 +1,3", "-2,3 +2,3")
    with pytest.raises(AnchorNotFound, match="does not fit the file that the diff names by its id"):
        apply_diff(LF + LF, diff, "x")


GIT = "diff --git a/x b/x\n"
WRONG = {
    "prose": ("Please apply.\n", "line 1: not a line of a diff: `Please apply.`"),
    "binary": (
        GIT + "index 1234567..7654321 100644\nBinary files a/x and b/x differ\n",
        "line 3: it is binary; put the file into `files/` instead: `Binary files a/x and b/x "
        "differ`",
    ),
    "binary of git": (
        GIT + "index 1234567..7654321 100644\nGIT binary patch\nliteral 3\nKcmZ\n",
        "line 3: it is binary; put the file into `files/` instead: `GIT binary patch`",
    ),
    "symbolic link": (
        GIT + "new file mode 120000\n",
        "line 2: neither a plain nor an executable file (100644, 100755): `new file mode 120000`",
    ),
    "submodule": (
        GIT + "index 1234567..7654321 160000\n" + DIFF,
        "line 2: neither a plain nor an executable file (100644, 100755): "
        "`index 1234567..7654321 160000`",
    ),
    "short hunk": (HEAD + "@@ -1,3 +1,3 @@\n one\n", "line 5: a hunk ends too early: ``"),
    "hunk with prose": (
        HEAD + "@@ -1,3 +1,3 @@\n one\nprose\n",
        "line 5: a hunk ends too early: `prose`",
    ),
    "prose below": (DIFF + "prose\n", "line 8: not a line of a diff: `prose`"),
    "two files": (
        DIFF.replace("b/x", "b/y"),
        "line 2: it names two files, x and y: `+++ b/y`",
    ),
    "no name": ("diff --git x\nold mode 100644\nnew mode 100755\n", "line 3: the file's name is "
                "missing: `new mode 100755`"),
    "two mails": (
        GIT + DIFF + "-- \n2.39.5\n\n" + GIT + DIFF,
        "line 9: more than one mail: `-- `",
    ),
    "name in Latin-1": (
        'diff --git "a/caf\\351.js" "b/caf\\351.js"\n' + DIFF,
        "line 1: the file's name is not UTF-8 text: "
        '`diff --git "a/caf\\351.js" "b/caf\\351.js"`',
    ),
    "old name in Latin-1": (
        DIFF.replace("a/x", '"a/caf\\351.js"'),
        "line 1: the file's name is not UTF-8 text: `--- \"a/caf\\351.js\"`",
    ),
    "new name in Latin-1": (
        DIFF.replace("b/x", '"b/caf\\351.js"'),
        "line 2: the file's name is not UTF-8 text: `+++ \"b/caf\\351.js\"`",
    ),
    "new name in Latin-1 of a rename": (
        GIT + 'similarity index 100%\nrename from x\nrename to "caf\\351.js"\n',
        "line 4: the file's name is not UTF-8 text: `rename to \"caf\\351.js\"`",
    ),
    "hunk of no file": ("@@ -1 +1 @@\n-a\n+b\n" + GIT + DIFF, "line 1: a hunk of no file: "
                        "`@@ -1 +1 @@`"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_means_nothing_is_refused_with_its_line(name: str) -> None:
    text, message = WRONG[name]
    with pytest.raises(BadDefinition) as refused:
        read_diff(text.encode())
    assert str(refused.value) == message


def test_words_around_a_mailed_diff_are_passed_over() -> None:
    mail = (
        f"From 1234 Mon Sep 17\nSubject: [PATCH] x\n\n---\n x | 2 +-\n\n{GIT}{DIFF}-- \n2.39.5\n\n"
    )
    assert [f.path for f in read_diff(mail.encode())] == ["x"]


DIFFS = "diffs:\n  - file: own.diff\n"
API = DIFF.replace("a/x", "a/api/x").replace("b/x", "b/api/x")


@pytest.mark.parametrize(
    ("text", "diff", "message"),
    [
        (DIFFS, "", "`file` names own.diff, which changes no file"),
        (DIFFS, "\n" * 200_000, "`file` names own.diff, which changes no file"),
        (DIFFS, "\n" * 200_001, "`file` names own.diff: more than 200,000 lines"),
        (DIFFS, "prose\n", "`file` names own.diff: line 1: not a line of a diff: `prose`"),
        (DIFFS, API + API, "`file` changes api/x a second time"),
        (
            DIFFS,
            DIFF,
            "`file` changes x, which is in no known component; say which: `component: …`",
        ),
        (
            DIFFS + "    component: servr\n",
            DIFF,
            "`component` names `servr`, which `components` lacks: backend, client",
        ),
        (
            DIFFS,
            API.replace("api/x", "packages/data-provider/x"),
            "`file` changes packages/data-provider/x of `data-provider`, which `components` lacks",
        ),
        (
            DIFFS,
            API.replace("api/x", ".git/hooks/x"),
            "`file` names own.diff: its path names `.git/hooks/x`, which belongs to git or to "
            "librechat-patcher",
        ),
        (DIFFS + "    when: old\n", API, "`when` names no trait: `old`; `traits` has none"),
        (
            DIFFS,
            API.replace("-two\n+2\n", " two\n"),
            "`file` names own.diff, which does not change api/x",
        ),
    ],
)
def test_a_whole_diff_that_cannot_be_is_refused(
    run: Runner, own: Write, text: str, diff: str, message: str
) -> None:
    folder = own("mine", text, own_diff=diff)
    done = run("list", "--patches", folder)
    assert done.code == 2
    line = 1 + next(
        n
        for n, part in enumerate(
            (folder / "mine/patch.yaml").read_text(encoding="utf-8").splitlines()
        )
        if f"{message.split('`')[1]}:" in part.removeprefix("  - ").strip()
    )
    assert done.err.startswith(f"error: {folder}/mine/patch.yaml:{line}: {message}\n")
