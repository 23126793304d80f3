"""Files beside a definition, and diffs, that must be refused: each, and the whole message."""

# ruff: noqa: E501
from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

from .support import HEAD, ROUTES, Builder, Wrong, fill, folder_of, patch

_DIFF = """\
--- a/api/server/routes/models.js
+++ b/api/server/routes/models.js
@@ -1,3 +1,3 @@
 one
-two
+2
 three
"""
_ONE_LINE = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n".replace("/x", f"/{ROUTES}")


def _renamed(name: str) -> str:
    return _DIFF.replace(f"a/{ROUTES}", name).replace(f"b/{ROUTES}", name)


_DIFFS: dict[str, tuple[str, str]] = {
    "empty diff": ("", "patch.yaml:10: `diff` must change one file; it changes none"),
    "diff of prose": ("Change the limit to 5.\n", "patch.yaml:10: `diff` cannot be read: line 1: not a line of a diff: `Change the limit to 5.`"),
    "diff without headers": ("@@ -1 +1 @@\n-a\n+b\n", "patch.yaml:10: `diff` cannot be read: line 1: not a line of a diff: `@@ -1 +1 @@`"),
    "hunk above the headers": ("@@ -1 +1 @@\n-a\n+b\n" + _DIFF, "patch.yaml:10: `diff` cannot be read: line 1: not a line of a diff: `@@ -1 +1 @@`"),
    "diff without hunks": (_DIFF[: _DIFF.index("@@")], "patch.yaml:10: `diff` changes nothing"),
    "diff without a target": (_ONE_LINE.replace("+++", "---"), "patch.yaml:10: `diff` cannot be read: line 1: not a line of a diff: `--- a/api/server/routes/models.js`"),
    "diff of two files": (_DIFF + _renamed("api/other.js"), "patch.yaml:10: `diff` must change one file; it changes 2"),
    "diff of one file, twice": (_DIFF + _DIFF, "patch.yaml:10: `diff` must change one file; it changes 2"),
    "diff of another file": (_renamed("api/other.js"), "patch.yaml:10: `diff` changes `api/other.js`, while `in` names api/server/routes/models.js"),
    "diff that leaves the checkout": (_renamed("a/../../../etc/passwd"), "patch.yaml:10: `diff` changes `a/../../../etc/passwd`, while `in` names api/server/routes/models.js"),
    "diff of an absolute path": (_renamed("/etc/passwd"), "patch.yaml:10: `diff` changes `/etc/passwd`, while `in` names api/server/routes/models.js"),
    "diff of a drive": (_renamed("C:\\Windows\\win.ini"), "patch.yaml:10: `diff` changes `C:\\Windows\\win.ini`, while `in` names api/server/routes/models.js"),
    "diff with a target of its own": (_DIFF.replace(f"b/{ROUTES}", "b/other.js"), "patch.yaml:10: `diff` cannot be read: line 2: it names two files, api/server/routes/models.js and other.js: `+++ b/other.js`"),
    "diff that adds a file": (_DIFF.replace(f"a/{ROUTES}", "/dev/null"), "patch.yaml:10: `diff` adds or deletes a file; put a new file into `files/` instead"),
    "diff that deletes the file": (_DIFF.replace(f"b/{ROUTES}", "/dev/null"), "patch.yaml:10: `diff` adds or deletes a file; put a new file into `files/` instead"),
    "diff that changes nothing": (_DIFF.replace("-two\n+2\n", " two\n"), "patch.yaml:10: `diff` changes nothing"),
    "counts too large": (_DIFF.replace("-1,3", "-1,5"), "patch.yaml:10: `diff` cannot be read: line 8: a hunk ends too early: ``"),
    "counts too small": (_DIFF.replace("-1,3 +1,3", "-1,2 +1,2"), "patch.yaml:10: `diff` cannot be read: line 7: not a line of a diff: ` three`"),
    "counts of old and new differ": (_DIFF.replace("+1,3", "+1,4"), "patch.yaml:10: `diff` cannot be read: line 8: a hunk ends too early: ``"),
    "counts of a million digits": (_DIFF.replace("+1,3", "+1," + "9" * 900_000), "patch.yaml:10: `diff` cannot be read: line 3: not a line of a diff: `@@ -1,3 +1,9999999999999999999999999999999999999999999999999`"),
    "hunk header that is broken": (_DIFF.replace("@@ -1,3", "@@ -one"), "patch.yaml:10: `diff` cannot be read: line 3: not a line of a diff: `@@ -one +1,3 @@`"),
    "hunk of nothing": (_DIFF[: _DIFF.index("@@")] + "@@ -0,0 +0,0 @@\n", "patch.yaml:10: `diff` changes nothing"),
    "garbage between hunks": (_DIFF + "garbage\n@@ -9 +9 @@\n-a\n+b\n", "patch.yaml:10: `diff` cannot be read: line 8: not a line of a diff: `garbage`"),
    "garbage in a hunk": (_DIFF.replace(" one", "one"), "patch.yaml:10: `diff` cannot be read: line 4: a hunk ends too early: `one`"),
    "binary files differ": (f"diff --git a/{ROUTES} b/{ROUTES}\nindex 1234567..89abcde 100644\nBinary files a/{ROUTES} and b/{ROUTES} differ\n", "patch.yaml:10: `diff` cannot be read: line 3: it is binary; put the file into `files/` instead: `Binary files a/api/server/routes/models.js and b/api/server/`"),
    "binary patch of git": (f"diff --git a/{ROUTES} b/{ROUTES}\nindex 1234567..89abcde 100644\nGIT binary patch\nliteral 3\nKcmZ\n\n", "patch.yaml:10: `diff` cannot be read: line 3: it is binary; put the file into `files/` instead: `GIT binary patch`"),
    "rename": (f"diff --git a/{ROUTES} b/api/b.js\nsimilarity index 90%\nrename from {ROUTES}\nrename to api/b.js\n" + _DIFF, "patch.yaml:10: `diff` changes `api/b.js`, while `in` names api/server/routes/models.js"),
    "change of mode": (f"diff --git a/{ROUTES} b/{ROUTES}\nold mode 100644\nnew mode 100755\n" + _DIFF, "patch.yaml:10: `diff` does more than change lines: it sets the mode of the file"),
    "new symbolic link": (f"diff --git a/{ROUTES} b/{ROUTES}\nnew file mode 120000\n" + _DIFF, "patch.yaml:10: `diff` cannot be read: line 2: neither a plain nor an executable file (100644, 100755): `new file mode 120000`"),
    "merge of three": (_DIFF.replace("@@ -1,3 +1,3 @@", "@@@ -1,3 -1,3 +1,3 @@@"), "patch.yaml:10: `diff` cannot be read: line 3: not a line of a diff: `@@@ -1,3 -1,3 +1,3 @@@`"),
    "conflict markers": (_DIFF + "<<<<<<< HEAD\n", "patch.yaml:10: `diff` cannot be read: line 8: not a line of a diff: `<<<<<<< HEAD`"),
    "diff of 25,000 lines": (_DIFF + "@@ -9,0 +9,25000 @@\n" + "+a\n" * 25_000, "patch.yaml:10: `diff` has more than 20,000 lines"),
    "5,000 hunks": (_DIFF + "@@ -1 +1 @@\n-a\n+b\n" * 5_000 + "?", "patch.yaml:10: `diff` cannot be read: line 15008: not a line of a diff: `?`"),
}  # fmt: skip


def _inline(diff: str) -> str:
    keys = f"edits:\n  - in: {ROUTES}\n    diff: |2\n"
    return HEAD + keys + "".join(f"      {line}\n" for line in diff.split("\n"))


def _beside(name: str) -> str:
    return HEAD + f"edits:\n  - in: {ROUTES}\n    diff_file: {name}\n"


def _link(name: str, target: str) -> Builder:
    def build(parent: Path) -> None:
        place = patch(parent) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(target)

    return build


def _file(name: str, content: bytes = b"x\n") -> Builder:
    return lambda parent: fill(patch(parent), {name: content})


def _pipe(name: str) -> Builder:
    def build(parent: Path) -> None:
        place = patch(parent) / name
        place.unlink(missing_ok=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(place)

    return build


def _socket(parent: Path) -> None:
    folder = patch(parent) / "files/api"
    folder.mkdir(parents=True)
    # A socket's whole path must be short, so it is bound from its folder.
    before = Path.cwd()
    os.chdir(folder)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.js")
    os.chdir(before)


def _many(parent: Path) -> None:
    fill(patch(parent), {f"files/api/{n}.js": b"" for n in range(2_001)})


def _definition_is_a_link(parent: Path) -> None:
    (patch(parent) / "patch.yaml").unlink()
    (parent / "own/patch.yaml").symlink_to("/dev/zero")


def _definition_is_a_folder(parent: Path) -> None:
    (parent / "own/patch.yaml").mkdir(parents=True)


_BESIDE: dict[str, tuple[str, dict[str, bytes], str]] = {
    "diff file that is not there": ("change.diff", {}, "change.diff: cannot be read: No such file or directory"),
    "diff file above the folder": ("../change.diff", {"../change.diff": b""}, "patch.yaml:10: `diff_file` must be the name of a file beside the definition, not `../change.diff`"),
    "diff file with an absolute path": ("/etc/passwd", {}, "patch.yaml:10: `diff_file` must be the name of a file beside the definition, not `/etc/passwd`"),
    "diff file with a drive": ("'C:change.diff'", {}, "patch.yaml:10: `diff_file` must be the name of a file beside the definition, not `C:change.diff`"),
    "diff file with a backslash": ("..\\change.diff", {}, "patch.yaml:10: `diff_file` must be the name of a file beside the definition, not `..\\change.diff`"),
    "diff file in a folder": ("diffs/change.diff", {"diffs/change.diff": b""}, "patch.yaml:10: `diff_file` must be the name of a file beside the definition, not `diffs/change.diff`"),
    "diff file that is the folder": (".", {}, "patch.yaml:10: `diff_file` must be the name of a file beside the definition, not `.`"),
    "diff file of Latin-1": ("change.diff", {"change.diff": b"caf\xe9\n"}, "patch.yaml:10: `diff_file` names change.diff, which is not UTF-8 text"),
    "diff file that is empty": ("change.diff", {"change.diff": b""}, "patch.yaml:10: `diff_file` must change one file; it changes none"),
    "diff file with counts too large": ("change.diff", {"change.diff": _DIFF.replace("-1,3", "-1,5").encode()}, "patch.yaml:10: `diff_file` cannot be read: line 8: a hunk ends too early: ``"),
    "diff file of 5 MiB": ("change.diff", {"change.diff": b"+" * (5 << 20)}, "change.diff: larger than 4 MiB"),
    "diff files of two edits": ("[a.diff, b.diff]", {}, "patch.yaml:10: `diff_file` must be a text, not a list"),
}  # fmt: skip


def _diff_file_is(kind: str) -> Builder:
    def build(parent: Path) -> None:
        folder = patch(parent, _beside("change.diff"))
        place = folder / "change.diff"
        if kind == "pipe":
            os.mkfifo(place)
        elif kind == "folder":
            place.mkdir()
        else:
            place.symlink_to(fill(parent, {"outside.diff": _DIFF}) / "outside.diff")

    return build


_BUILT: dict[str, tuple[Builder, str]] = {
    "no definition": (lambda parent: (parent / "own").mkdir(), "patch.yaml: cannot be read: No such file or directory"),
    "definition is a folder": (_definition_is_a_folder, "patch.yaml: is not a plain file"),
    "definition is a pipe": (_pipe("patch.yaml"), "patch.yaml: is not a plain file"),
    "definition is an endless device": (_definition_is_a_link, "patch.yaml: is not a plain file"),
    "diff file is a link": (_diff_file_is("link"), "change.diff: a patch must not hold symbolic links"),
    "diff file is a pipe": (_diff_file_is("pipe"), "change.diff: is not a plain file"),
    "diff file is a folder": (_diff_file_is("folder"), "change.diff: is not a plain file"),
    "added link to a file": (_link("files/api/a.js", "/etc/passwd"), "files/api/a.js: a patch must not hold symbolic links"),
    "added link to a file of the patch": (_link("files/api/a.js", "../../patch.yaml"), "files/api/a.js: a patch must not hold symbolic links"),
    "added link to nothing": (_link("files/api/a.js", "nowhere"), "files/api/a.js: a patch must not hold symbolic links"),
    "added link to a folder": (_link("files/api/lib", "/etc"), "files/api/lib: a patch must not hold symbolic links"),
    "added link to a folder of the patch": (_link("files/api/lib", ".."), "files/api/lib: a patch must not hold symbolic links"),
    "files is a link": (_link("files", "/etc"), "files: a patch must not hold symbolic links"),
    "files is a link to nothing": (_link("files", "nowhere"), "files: a patch must not hold symbolic links"),
    "files is a file": (_file("files"), "files: must be a folder: it holds the files that the patch adds"),
    "added pipe": (_pipe("files/api/a.js"), "files/api/a.js: is not a plain file"),
    "added socket": (_socket, "files/api/s.js: is not a plain file"),
    "added device": (_link("files/api/a.js", "/dev/null"), "files/api/a.js: a patch must not hold symbolic links"),
    "added file into .git": (_file("files/.git/hooks/post-checkout"), "files: names `.git`, which belongs to git or to librechat-patcher"),
    "added file into the state folder": (_file("files/.librechat-patcher/x"), "files: names `.librechat-patcher`, which belongs to git or to librechat-patcher"),
    "added file of no component": (_file("files/docs/a.md"), "patch.yaml:6: `components` holds no component for the added file docs/a.md"),
    "added file with a backslash": (_file("files/api/..\\..\\a.js"), "files: must be a plain path inside the checkout, not `api/..\\..\\a.js`"),
    "added file with a colon": (_file("files/api/a.js:b"), "files: must be a plain path inside the checkout, not `api/a.js:b`"),
    "added file with a line break": (_file("files/api/a\nb.js"), "files: must be a plain path inside the checkout, not `api/a`"),
    "added file with a device's name": (_file("files/api/aux.js"), "files: names `api/aux.js`, which not every system takes as a file's name"),
    "added file with a name that is not UTF-8": (_file("files/api/caf\udce9.js"), "files: names `api/caf\\udce9.js`, which not every system takes as a file's name"),
    "added file of 5 MiB": (_file("files/api/a.js", b"x" * (5 << 20)), "files/api/a.js: larger than 4 MiB"),
    "2,001 added files": (_many, "files: more than 2,000 files"),
}  # fmt: skip


def cases() -> Iterator[Wrong]:
    """Every entry of the tables as a patch folder."""
    for name, (diff, message) in _DIFFS.items():
        yield Wrong(name, folder_of(_inline(diff)), message)
    for name, (file, files, message) in _BESIDE.items():
        yield Wrong(name, folder_of(_beside(file), files), message)
    for name, (build, message) in _BUILT.items():
        yield Wrong(name, build, message)
