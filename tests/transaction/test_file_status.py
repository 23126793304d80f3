"""How a file stands to a run: by its bytes; by its mode only where a run changed nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from patcher.errors import InputOutput
from patcher.model import ABSENT, FileState, ReceiptFile
from patcher.transaction.file_status import FileStatus, status_of
from patcher.transaction.files import Files, Seen
from patcher.transaction.problems import adding, explained, named
from patcher.transaction.real_disk import RealDisk

A, B, C = "a" * 64, "b" * 64, "c" * 64
PLAIN, RUNS = 0o644, 0o755
EDIT = (FileState(A, PLAIN), FileState(B, PLAIN))
MODE = (FileState(A, PLAIN), FileState(A, RUNS))
BOTH = (FileState(A, PLAIN), FileState(B, RUNS))
NEW = (ABSENT, FileState(A, PLAIN))
GONE = (FileState(A, PLAIN), ABSENT)


@pytest.mark.parametrize(
    ("run", "now", "expected"),
    [
        (EDIT, FileState(A, PLAIN), FileStatus.OLD),
        (EDIT, FileState(A, RUNS), FileStatus.OLD),
        (EDIT, FileState(B, PLAIN), FileStatus.NEW),
        (EDIT, FileState(B, RUNS), FileStatus.NEW),
        (EDIT, FileState(C, PLAIN), FileStatus.EDITED),
        (EDIT, ABSENT, FileStatus.MISSING),
        (EDIT, None, FileStatus.REPLACED),
        (MODE, FileState(A, PLAIN), FileStatus.OLD),
        (MODE, FileState(A, RUNS), FileStatus.NEW),
        (MODE, FileState(B, PLAIN), FileStatus.EDITED),
        (MODE, FileState(B, RUNS), FileStatus.EDITED),
        (MODE, ABSENT, FileStatus.MISSING),
        (MODE, None, FileStatus.REPLACED),
        (BOTH, FileState(A, RUNS), FileStatus.OLD),
        (BOTH, FileState(B, PLAIN), FileStatus.NEW),
        (NEW, ABSENT, FileStatus.OLD),
        (NEW, FileState(A, RUNS), FileStatus.NEW),
        (NEW, FileState(B, PLAIN), FileStatus.EDITED),
        (NEW, None, FileStatus.REPLACED),
        (GONE, ABSENT, FileStatus.NEW),
        (GONE, FileState(A, RUNS), FileStatus.OLD),
        (GONE, FileState(B, PLAIN), FileStatus.EDITED),
    ],
)
def test_status_of_a_file(
    run: tuple[FileState, FileState], now: FileState | None, expected: FileStatus
) -> None:
    assert status_of(ReceiptFile("x.js", "backend", *run), Seen(now)) is expected


@pytest.mark.parametrize(
    ("error", "told", "hint"),
    [
        (OSError(28, "x"), "a.js cannot be read: the disk is full", "free some space, then run"),
        (OSError(122, "x"), "a.js cannot be read: the disk quota is used up", "free some space,"),
        (OSError(30, "x"), "a.js cannot be read: the file system is mounted read-only", "mount"),
        (OSError(13, "x"), "a.js cannot be read: permission denied", "run the command as the"),
        (OSError(1, "x"), "a.js cannot be read: the system does not permit it", "run the command"),
        (OSError(5, "x"), "a.js cannot be read: the disk reports an input/output error", "check"),
        (OSError(24, "Too Many"), "a.js cannot be read: too many", "fix that, then run the same"),
        (OSError("Odd"), "a.js cannot be read: odd", "fix that, then run the same"),
    ],
)
def test_what_the_disk_says_is_told_with_the_next_step(
    error: OSError, told: str, hint: str
) -> None:
    with pytest.raises(InputOutput) as raised, explained("a.js", "read"):
        raise error
    assert str(raised.value) == told
    assert raised.value.hint.startswith(hint)
    assert raised.value.hint.endswith("then run the same command again")
    assert raised.value.__cause__ is error


def test_other_errors_are_not_explained() -> None:
    with pytest.raises(ValueError, match="mine"), explained("a.js", "read"):
        raise ValueError("mine")


def test_a_sentence_is_added_to_what_the_disk_said() -> None:
    with pytest.raises(InputOutput) as raised, adding("nothing was changed"):
        raise InputOutput("full", "free some space")
    assert str(raised.value) == "full; nothing was changed"
    assert raised.value.hint == "free some space"
    with pytest.raises(ValueError, match=r"^mine$"), adding("nothing was changed"):
        raise ValueError("mine")


def test_an_error_that_says_nothing_is_told_by_its_name() -> None:
    assert named(ValueError("mine")) == "mine"
    assert named(KeyboardInterrupt()) == "KeyboardInterrupt"


@pytest.fixture
def files(tmp_path: Path) -> Files:
    root = tmp_path / "root"
    (root / "api").mkdir(parents=True)
    (root / "api/a.js").write_bytes(b"a")
    (root / "link").symlink_to(root / "api", target_is_directory=True)
    (root / "a.js").symlink_to(root / "api/a.js")
    return Files(root, RealDisk())


@pytest.mark.parametrize(
    ("path", "problem", "reachable"),
    [
        ("api/a.js", "", True),
        ("api/none.js", "", True),
        ("none/none.js", "", True),
        ("a.js", "is a symbolic link", True),
        ("api", "is a folder", True),
        ("link/a.js", "lies behind link, which is a symbolic link", False),
        ("link/b/a.js", "lies behind link, which is a symbolic link", False),
        ("api/a.js/b", "lies behind api/a.js, which is a file", False),
    ],
)
def test_what_lies_at_a_path(files: Files, path: str, problem: str, reachable: bool) -> None:
    seen = files.see(path)
    assert (seen.problem, seen.reachable) == (problem, reachable)
    assert (seen.state is None) is bool(problem)
    assert seen.data == (b"a" if path == "api/a.js" else b"")
    assert files.obstacle(path) == ("" if reachable else problem)


@pytest.mark.parametrize(
    ("path", "free"),
    [
        ("api/a.js", False),
        ("api/b.js", True),
        ("a.js", False),
        ("link/b.js", False),
        ("x/y", False),
    ],
)
def test_a_path_is_free_where_nothing_lies_and_real_folders_lead(
    files: Files, path: str, free: bool
) -> None:
    assert files.is_free(path) is free


def test_folders_that_are_missing_come_outermost_first(files: Files) -> None:
    assert files.missing_folders(["api/b/c/x.js", "d/y.js", "api/z.js", "d/e/y.js"]) == (
        "api/b",
        "api/b/c",
        "d",
        "d/e",
    )


def test_a_folder_goes_only_when_it_is_empty(files: Files) -> None:
    files.make_folder("api/b")
    for folder in ("api", "api/b", "none", "link", "api/a.js"):
        files.remove_folder_if_empty(folder)
    assert (files.root / "api/a.js").exists() and (files.root / "link").is_symlink()
    assert not (files.root / "api/b").exists()


def test_a_folder_whose_parent_is_gone_is_not_made(files: Files) -> None:
    told = "none/b cannot be made: the folder above it is gone"
    with pytest.raises(InputOutput) as raised:
        files.make_folder("none/b")
    assert str(raised.value) == told


def test_names_of_a_folder(files: Files) -> None:
    assert files.names("api") == ["a.js"]
    assert files.names("none") == []


@pytest.mark.parametrize(
    ("do", "told"),
    [
        (lambda f: f.remove("none.js"), "none.js cannot be removed: "),
        (lambda f: f.replace("none.js", "b.js"), "b.js cannot be replaced: "),
        (lambda f: f.write("api/a.js", b"", 0o644, (0, 0)), "api/a.js cannot be written: "),
        (lambda f: f.write("api/a.js", b"", 0o644, (0, 0), "b.js"), "b.js cannot be written: "),
        (lambda f: f.sync_files({"none.js": "b.js"}), "b.js cannot be written: "),
        (lambda f: f.names("api/a.js"), "api/a.js cannot be read: "),
    ],
)
def test_what_fails_names_the_file(files: Files, do: object, told: str) -> None:
    assert callable(do)
    with pytest.raises(InputOutput) as raised:
        do(files)
    assert str(raised.value).startswith(told)


def test_a_file_is_removed_only_where_it_lies(files: Files) -> None:
    files.remove_if_there("none.js")
    files.remove_if_there("link/a.js")
    assert (files.root / "api/a.js").exists()
    files.remove_if_there("api/a.js")
    assert not (files.root / "api/a.js").exists()
