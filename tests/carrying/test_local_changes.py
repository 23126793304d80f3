"""What counts as changed by hand: line ends, modes, names, secrets; with git and without."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from patcher.model import Change
from tests.cli.running import Ran, Runner
from tests.conftest import git

ROUTES = "api/server/routes/models.js"
Capture = Callable[..., Ran]


def captured(done: Ran) -> dict[str, tuple[str, int, int]]:
    """Path to kind and counts of every file that was carried."""
    assert done.code == 0, done.err
    changes = json.loads(done.out)["changes"]
    return {c["path"]: (c["kind"], c["added"], c["removed"]) for c in changes}


def test_line_ends_that_git_wrote_at_the_checkout_are_no_change(
    capture: Capture, checkout: Path
) -> None:
    file = checkout / ROUTES
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    refused = capture()
    assert refused.code == 2 and "nothing was changed by hand" in refused.err
    file.write_bytes(file.read_bytes() + b"mine();\r\n")
    assert captured(capture("--format", "json")) == {ROUTES: ("modify", 1, 0)}


def test_line_ends_are_said_to_be_left_out_unless_git_wrote_them(
    capture: Capture, checkout: Path
) -> None:
    file = checkout / ROUTES
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert f"nothing was changed by hand but the line ends of {ROUTES}\n" in capture().err
    file.write_bytes(file.read_bytes() + b"mine();\r\n")
    assert f"left out: line ends; here they are CRLF, in git LF: {ROUTES}\n" in capture().out
    git(checkout, "config", "core.autocrlf", "true")
    assert "line ends" not in capture(id="again").out


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no modes")
def test_modes_that_git_does_not_mind_are_no_change(capture: Capture, checkout: Path) -> None:
    git(checkout, "config", "core.fileMode", "false")
    (checkout / ROUTES).chmod(0o755)
    (checkout / "api/new.js").write_text("one();\n", encoding="utf-8")
    (checkout / "api/new.js").chmod(0o755)
    assert captured(capture("--format", "json")) == {"api/new.js": ("add", 1, 0)}


def test_line_ends_of_one_line_are_a_change(capture: Capture, checkout: Path) -> None:
    file = checkout / ROUTES
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n", 1))
    assert captured(capture("--format", "json")) == {ROUTES: ("modify", 1, 1)}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no modes")
@pytest.mark.parametrize("before", [0o644, 0o755])
@pytest.mark.parametrize("also_text", [True, False])
def test_a_mode_that_was_set_by_hand_is_carried(
    capture: Capture, checkout: Path, before: int, also_text: bool
) -> None:
    file = checkout / ROUTES
    if before == 0o755:
        file.chmod(before)
        git(checkout, "commit", "-aqm", "let it run")
    file.chmod(0o755 if before == 0o644 else 0o644)
    if also_text:
        file.write_bytes(file.read_bytes() + b"mine();\n")
    expected = ("modify", int(also_text), 0)
    assert captured(capture("--format", "json")) == {ROUTES: expected}


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no modes")
@pytest.mark.parametrize("mode", [0o600, 0o664, 0o640])
def test_who_else_may_read_a_file_is_no_change(capture: Capture, checkout: Path, mode: int) -> None:
    (checkout / ROUTES).chmod(mode)
    assert capture().code == 2


def test_a_new_file_that_may_be_run_is_carried_as_such(
    capture: Capture, checkout: Path, tmp_path: Path
) -> None:
    new = checkout / "api/run.sh"
    new.write_text("#!/bin/sh\n", encoding="utf-8")
    new.chmod(0o755)
    (checkout / "api/read.txt").write_text("read me\n", encoding="utf-8")
    assert captured(capture("--format", "json")) == {
        "api/read.txt": ("add", 1, 0),
        "api/run.sh": ("add", 1, 0),
    }
    text = "".join(p.read_text(encoding="utf-8") for p in (tmp_path / "into/mine").glob("*.diff"))
    assert text.count("new file mode 100755") == 1


@pytest.mark.parametrize(
    ("name", "carried"),
    [
        (".env", False), (".env.local", False), ("api/.env", False), ("client/.env.prod", False),
        (".env.example", True), ("api/.environment", True), ("env", True),
        (".librechat-patcher.yaml", False), ("api/.librechat-patcher.yaml", True),
    ],
)  # fmt: skip
def test_secrets_and_settings_stay_where_they_are(
    capture: Capture, checkout: Path, name: str, carried: bool
) -> None:
    file = checkout / name
    text = "patches: []\n" if name.endswith(".yaml") else "A=1\n"
    file.write_text(text, encoding="utf-8")
    git(checkout, "add", "-f", name)
    git(checkout, "commit", "-qm", "with it", "--allow-empty")
    file.write_text(text + "# more\n", encoding="utf-8")
    done = capture("--format", "json")
    assert (done.code == 0) is carried
    if carried:
        assert list(captured(done)) == [name]


def test_what_was_written_into_the_checkout_itself_is_not_captured_again(
    run: Runner, checkout: Path
) -> None:
    (checkout / ROUTES).write_text("mine();\n", encoding="utf-8")
    for id in ("one", "two"):
        done = run(
            "capture", id, "--title", "x", "--into", checkout / "mine", "--root", checkout,
            "--format", "json",
        )  # fmt: skip
        assert list(captured(done)) == [ROUTES]


@pytest.mark.parametrize(
    ("only", "carried"),
    [
        ("api", ["api/a.js", "api/b/c.js"]),
        ("api/", ["api/a.js", "api/b/c.js"]),
        ("api/b", ["api/b/c.js"]),
        ("api/a.js", ["api/a.js"]),
        ("ap", None),
        ("api/a", None),
    ],
)
def test_paths_are_files_or_folders(
    capture: Capture, checkout: Path, only: str, carried: list[str] | None
) -> None:
    for path in ("api/a.js", "api/b/c.js", "client/d.js"):
        (checkout / path).parent.mkdir(parents=True, exist_ok=True)
        (checkout / path).write_text("x();\n", encoding="utf-8")
    done = capture("--path", only, "--format", "json")
    if carried is None:
        assert done.code == 2
        assert f"--path {only}: nothing was changed there by hand" in done.out
    else:
        assert list(captured(done)) == carried


@pytest.mark.skipif(os.name == "nt", reason="names are bytes elsewhere only")
def test_a_name_that_is_not_utf8_is_refused_and_not_left_out(
    capture: Capture, checkout: Path
) -> None:
    place = os.fsencode(checkout / "api") + b"/caf\xe9.js"
    try:
        with open(place, "w", encoding="utf-8") as file:  # noqa: PTH123 - a name that no Path has
            file.write("x();\n")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    done = capture()
    assert done.code == 1
    assert "api/caf\ufffd.js: its name is not UTF-8, so no patch can name it" in done.err
    (checkout / ROUTES).write_text("mine();\n", encoding="utf-8")
    assert list(captured(capture("--path", ROUTES, "--format", "json"))) == [ROUTES]


def test_a_checkout_below_the_top_of_a_repository_is_compared_with_its_part(
    run: Runner, copy_of: Callable[[str], Path], tmp_path: Path
) -> None:
    root = copy_of("e6-v0.8.4")
    git(root.parent, "init", "-q")
    git(root.parent, "add", "-A")
    git(root.parent, "commit", "-qm", "all")
    (root.parent / "beside.txt").write_text("not part of it\n", encoding="utf-8")
    (root / ROUTES).write_bytes((root / ROUTES).read_bytes() + b"mine();\n")
    done = run(
        "capture", "mine", "--title", "x", "--into", tmp_path / "into", "--root", root,
        "--format", "json",
    )  # fmt: skip
    assert captured(done) == {ROUTES: ("modify", 1, 0)}


def test_a_repository_that_does_not_hold_the_checkout_is_none(
    run: Runner, copy_of: Callable[[str], Path], tmp_path: Path
) -> None:
    root = copy_of("e6-v0.8.4")
    git(root.parent, "init", "-q")
    git(root.parent, "commit", "-qm", "nothing", "--allow-empty")
    done = run("capture", "mine", "--title", "x", "--into", tmp_path / "into", "--root", root)
    assert done.code == 2
    assert "is no git checkout, and no run is recorded" in done.err


def test_a_repository_that_git_cannot_read_is_an_error(
    run: Runner, copy_of: Callable[[str], Path], tmp_path: Path
) -> None:
    root = copy_of("e6-v0.8.4")
    (root / ".git").mkdir()
    done = run("capture", "mine", "--title", "x", "--into", tmp_path / "into", "--root", root)
    assert done.code == 6
    assert f"git rev-parse failed in {root}" in done.err


def test_a_git_that_dies_is_told(
    run: Runner, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying = tmp_path / "path/git"
    dying.parent.mkdir()
    dying.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
    dying.chmod(0o755)
    monkeypatch.setenv("PATH", str(dying.parent), prepend=os.pathsep)
    for arguments in (
        ["capture", "mine", "--title", "x", "--into", str(tmp_path / "i"), "--root", str(checkout)],
        ["matrix", "--repo", str(checkout)],
    ):
        done = run(*arguments)
        assert done.code == 6
        assert "git rev-parse failed" in done.err and "no message" in done.err
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    done = run("matrix", "--repo", checkout)
    assert done.code == 6 and "git cannot be started" in done.err


NEAR = f"""\
edits:
  - in: {ROUTES}
    find: const router = express.Router();
    insert_after: router.use(count);
"""


def test_a_hunk_keeps_as_much_context_as_fits_with_and_without_the_patch(
    run: Runner, capture: Capture, checkout: Path, own: Callable[..., Path], tmp_path: Path
) -> None:
    file = checkout / ROUTES
    file.write_text(
        "const router = express.Router();\none();\ntwo();\nthree();\nmodule.exports = router;\n",
        encoding="utf-8",
    )
    git(checkout, "commit", "-aqm", "a short one")
    folder = own("count", NEAR)
    assert run("apply", "--root", checkout, "--patches", folder, "--patch", "count").code == 0
    file.write_text(
        file.read_text(encoding="utf-8").replace("two();\n", "two();\nmine();\n"), encoding="utf-8"
    )
    assert capture("--patches", folder).code == 0
    (diff,) = (tmp_path / "into/mine").glob("*.diff")
    hunk = diff.read_text(encoding="utf-8").partition("@@\n")[2].splitlines()
    assert hunk[:5] == [" one();", " two();", "+mine();", " three();", " module.exports = router;"]


BETWEEN = f"""\
edits:
  - in: {ROUTES}
    find: one();
    insert_after: counted();
  - in: {ROUTES}
    find: three();
    insert_before: again();
"""


@pytest.mark.parametrize(
    ("around", "fits"), [(0, False), (1, True), (2, True)], ids=["no line", "one", "two"]
)
def test_a_change_is_carried_with_a_line_of_context_on_each_side_or_not_at_all(
    run: Runner,
    capture: Capture,
    checkout: Path,
    own: Callable[..., Path],
    tmp_path: Path,
    around: int,
    fits: bool,
) -> None:
    """Both edits of the patch come as near as `around` lines to the one that is changed."""
    file = checkout / ROUTES
    lines = ["one();", *(["near();"] * around), "two();", *(["by();"] * around), "three();"]
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    git(checkout, "commit", "-aqm", "a short one")
    folder = own("count", BETWEEN)
    done = run("apply", "--root", checkout, "--patches", folder, "--patch", "count")
    assert done.code == 0, done.err
    file.write_text(
        file.read_text(encoding="utf-8").replace("two();\n", "mine();\n"), encoding="utf-8"
    )
    done = capture("--patches", folder)
    if fits:
        assert done.code == 0, done.err
        (diff,) = (tmp_path / "into/mine").glob("*.diff")
        hunk = diff.read_text(encoding="utf-8").partition("@@\n")[2].splitlines()
        before, after = [" near();"] * around, [" by();"] * around
        assert hunk == [*before, "-two();", "+mine();", *after]
    else:
        assert done.code == 1
        assert f"{ROUTES}: what was changed cannot be carried: " in done.err
        assert not (tmp_path / "into").exists()


ADDED = "api/server/services/count.js"


@pytest.fixture
def patched(run: Runner, checkout: Path, own: Callable[..., Path]) -> Path:
    """The folder of the patch that `checkout` carries: an edit and a file of its own."""
    folder = own("count", NEAR)
    added = folder / "count/files" / ADDED
    added.parent.mkdir(parents=True)
    added.write_text("count();\n", encoding="utf-8")
    done = run("apply", "--root", checkout, "--patches", folder, "--patch", "count")
    assert done.code == 0, done.err
    return folder


def by_hand(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"mine();\n")


@pytest.mark.parametrize("made", [b"of another release\n", None])
def test_what_this_release_would_not_have_written_is_not_told_apart(
    capture: Capture,
    checkout: Path,
    patched: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    made: bytes | None,
) -> None:
    changes = {} if made is None else {ROUTES: Change(ROUTES, "backend", b"", made)}
    other = SimpleNamespace(changes=changes)
    monkeypatch.setattr("patcher.commands.in_effect.replayed", lambda *_: other)
    by_hand(checkout / ROUTES)
    done = capture("--patches", patched)
    assert done.code == 1
    assert f"{ROUTES}: was patched by other definitions than these and changed since" in done.err
    assert not (tmp_path / "into").exists()


@pytest.mark.parametrize(
    ("path", "change"),
    [(ROUTES, Path.unlink), (ADDED, Path.unlink), (ADDED, by_hand)],
    ids=["a patched file is gone", "an added file is gone", "an added file is changed"],
)
def test_a_file_of_ours_that_was_taken_or_changed_whole_is_not_told_apart(
    capture: Capture,
    checkout: Path,
    patched: Path,
    tmp_path: Path,
    path: str,
    change: Callable[[Path], None],
) -> None:
    change(checkout / path)
    done = capture("--patches", patched)
    assert done.code == 1
    assert (
        f"{path}: was added or patched by librechat-patcher and is no longer what it wrote"
        in done.err
    )
    assert not (tmp_path / "into").exists()
