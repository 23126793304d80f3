"""`--update-tested`: a measured run is written down, and read again by the other commands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from patcher.checkout import describe
from patcher.commands.apply import ApplyOptions, plan_for
from patcher.definition.catalog import shipped_folder
from patcher.definition.patch import load
from patcher.trees import Folder
from tests.cli.running import Runner
from tests.matrix.story import ANCHOR, ROOT, Story


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the built-in patch that the commands take for the built-in one."""
    folder = tmp_path / "shipped"
    shutil.copytree(shipped_folder() / "dynamic-models", folder / "dynamic-models")
    monkeypatch.setattr("patcher.commands.selection.shipped_folder", lambda: folder)
    return folder / "dynamic-models" / "tested.txt"


def test_good_releases_are_listed_with_what_they_call_themselves(
    run: Runner, releases: Story, shipped: Path
) -> None:
    shipped.unlink()
    done = run("matrix", "--repo", releases.folder, "--update-tested")
    assert done.code == 0 and f"written: {shipped}" in done.out
    lines = shipped.read_text(encoding="utf-8").splitlines()
    assert lines[1:3] == ["v0.7.0 0.7.0", "v0.7.5 v0.7.5"]
    assert lines[-2:] == ["v0.8.8-rc1 v0.8.8-rc1", "v0.8.8 v0.8.8-rc1"]
    assert b"\r" not in shipped.read_bytes()
    patch = load(shipped.parent)
    assert patch.tested[0] == "v0.7.0" and len(patch.tested) == 8


def test_bad_ones_leave_others_stay(run: Runner, story: Story, shipped: Path) -> None:
    shipped.write_text(
        "# by hand\n\nv0.8.5 v0.8.5\nv0.7.3 0.7.3\nv0.7.3-rc 0.7.2\n", encoding="utf-8"
    )
    story.replace(ROOT, ANCHOR, "useSession()")
    story.commit("Break", tag="v0.8.5")
    assert run("matrix", "--repo", story.folder, "--update-tested").code == 1
    lines = shipped.read_text(encoding="utf-8").splitlines()
    assert lines[1:] == ["v0.7.3-rc 0.7.2", "v0.7.3 0.7.3", "v0.8.4 v0.8.4"]


@pytest.mark.parametrize(
    "options", [["--refs", "v0.8.4..main"], ["--only", "client"], ["--skip", "client"]]
)
def test_a_run_that_says_less_is_refused(
    run: Runner, story: Story, shipped: Path, options: list[str]
) -> None:
    before = shipped.read_bytes()
    done = run("matrix", "--repo", story.folder, "--update-tested", *options)
    assert done.code == 2 and "--update-tested is for releases" in done.err
    assert shipped.read_bytes() == before


def test_branches_are_not_listed(run: Runner, story: Story, shipped: Path) -> None:
    before = shipped.read_bytes()
    assert run("matrix", "--repo", story.folder, "--refs", "main", "--update-tested").code == 0
    assert shipped.read_bytes() == before


def test_a_file_that_cannot_be_written(
    run: Runner, story: Story, shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, _: bytes) -> None:
        assert self == shipped
        raise OSError(30, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    done = run("matrix", "--repo", story.folder, "--update-tested")
    assert done.code == 6 and f"{shipped}: cannot be written: Read-only" in done.err
    assert "next: work in a clone of librechat-patcher" in done.err


@pytest.mark.parametrize("version", ["0.7.2", "v0.7.2"])
def test_a_tag_whose_package_names_an_older_version_is_no_unknown_one(
    story: Story, shipped: Path, version: str
) -> None:
    shipped.write_text("v0.7.3-rc 0.7.2\n", encoding="utf-8")
    story.replace("package.json", '"v0.8.4"', f'"{version}"')
    patch = load(shipped.parent)
    assert describe(Folder(story.folder)).is_tested(patch)
    assert plan_for(ApplyOptions(story.folder)).remarks == ()


def test_what_is_not_listed_is_remarked(story: Story, shipped: Path) -> None:
    shipped.write_text("v0.8.4 v0.8.4-rc9\n", encoding="utf-8")
    (remark,) = plan_for(ApplyOptions(story.folder)).remarks
    assert remark == "LibreChat v0.8.4 is not among the releases dynamic-models was tested on"
