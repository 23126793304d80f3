"""Which patches a command works with, and what it says when that cannot be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from patcher.commands.selection import Selection, available, chosen
from patcher.definition.catalog import shipped_folder
from tests.cli.running import Runner
from tests.conftest import fixture_folder

from .support import MINIMAL, fill

BUILT_IN = f"{shipped_folder()}/dynamic-models/patch.yaml:1"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    return Runner(capsys, monkeypatch)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders with a patch `own` each, and others, below the current folder."""
    monkeypatch.chdir(tmp_path)
    other = MINIMAL.replace("id: own", "id: other")
    fill(tmp_path, {"mine/own/patch.yaml": MINIMAL, "mine/other/patch.yaml": other})
    fill(tmp_path, {"theirs/own/patch.yaml": MINIMAL, "mine/readme/readme.md": "Not a patch."})
    fill(
        tmp_path,
        {"same/dynamic-models/patch.yaml": MINIMAL.replace("id: own", "id: dynamic-models")},
    )
    (tmp_path / "none").mkdir()
    return tmp_path


WRONG = {
    "no such folder": (
        ["--patches", "nowhere"],
        "error: --patches nowhere: there is no such folder\n"
        "next: name a folder with patch.yaml, or the folder that holds such folders\n",
    ),
    "a definition instead of its folder": (
        ["--patches", "mine/own/patch.yaml"],
        "error: --patches mine/own/patch.yaml: there is no such folder\n"
        "next: name a folder with patch.yaml, or the folder that holds such folders\n",
    ),
    "an empty folder": (
        ["--patches", "none"],
        "error: --patches none: there is no */patch.yaml in it\n"
        "next: name the folder that holds one folder per patch\n",
    ),
    "an id of two own patches": (
        ["--patches", "mine", "--patches", "theirs"],
        "error: two patches are called own: mine/own/patch.yaml:1, theirs/own/patch.yaml:1\n"
        "next: rename one of them: its folder and its `id:`\n",
    ),
    "an id of a built-in patch": (
        ["--patches", "same"],
        f"error: two patches are called dynamic-models: {BUILT_IN}, "
        "same/dynamic-models/patch.yaml:1\n"
        "next: rename one of them: its folder and its `id:`\n",
    ),
    "an unknown id": (
        ["--patch", "branding"],
        "error: there is no patch called branding\nnext: see `librechat-patcher list`\n",
    ),
    "a misspelt id": (
        ["--patches", "mine", "--patch", "othr"],
        "error: there is no patch called othr; did you mean other?\n"
        "next: see `librechat-patcher list`\n",
    ),
}


@pytest.mark.parametrize("command", ["list", "apply", "diff", "verify"])
@pytest.mark.parametrize("case", WRONG)
def test_message(run: Runner, command: str, case: str) -> None:
    arguments, message = WRONG[case]
    where = [] if command == "list" else ["--root", str(fixture_folder("e6-v0.8.4"))]
    done = run(command, *arguments, *where, "--no-color")
    assert (done.code, done.out, done.err) == (2, "", message)


def ids(*folders: str, named: tuple[str, ...] = ()) -> list[str]:
    return [p.id for p in chosen(Selection(named, tuple(map(Path, folders))))]


def test_a_folder_of_patches_adds_all_of_them() -> None:
    assert ids("mine") == ["dynamic-models", "other", "own"]


def test_a_folder_that_is_a_patch_adds_that_one() -> None:
    assert ids("mine/own") == ["dynamic-models", "own"]


def test_the_current_folder_may_be_the_patch(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here / "mine/own")
    assert ids(".") == ["dynamic-models", "own"]


def test_without_folders_there_is_the_default() -> None:
    assert ids() == ["dynamic-models"]


def test_named_patches_come_in_the_order_of_their_names_each_once() -> None:
    assert ids("mine", named=("own", "other", "own")) == ["own", "other"]


def test_what_is_not_named_is_still_available() -> None:
    assert list(available(Selection(("own",), (Path("mine"),)))) == [
        "dynamic-models", "env-example", "refresh-shared-models", "other", "own",
    ]  # fmt: skip


def test_list_says_that_own_patches_are_on(run: Runner) -> None:
    done = run("list", "--patches", "mine/own", "--patch", "own", "--no-color")
    assert done.out == (
        "own: Limit how often models are listed\n"
        "  backend: a limit for GET /api/models\n"
        "  edits 1 file, adds 0\n"
        "  LibreChat >=0.7.0; tested on no release yet\n"
    )
