"""What does not exist: one message with the next step, and exit code 2 or 6."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from patcher.errors import InputOutput
from patcher.releases.git_objects import Objects
from patcher.trees import MAX_SOURCE
from tests.cli.running import Runner
from tests.matrix.story import ROUTES, Story


def test_no_repository_named(run: Runner) -> None:
    done = run("matrix")
    assert done.code == 2 and "--repo" in done.err


@pytest.mark.parametrize("kind", ["nowhere", "a file", "a folder"])
def test_a_repository_that_is_none(run: Runner, tmp_path: Path, kind: str) -> None:
    place = tmp_path / kind
    if kind == "a file":
        place.write_text("", encoding="utf-8")
    elif kind == "a folder":
        place.mkdir()
    done = run("matrix", "--repo", place)
    assert done.code == 2
    what = "a git repository" if kind == "a folder" else "a folder"
    assert f"{place} is not {what}" in done.err
    assert "next: name a clone of LibreChat" in done.err


@pytest.mark.parametrize("ref", ["v9*", "nowhere", "-h", "", "v0.8.4:package.json"])
def test_a_reference_that_is_none(run: Runner, releases: Story, ref: str) -> None:
    done = run("matrix", "--repo", releases.folder, f"--refs={ref}")
    assert done.code == 2
    assert "has no tag, branch or commit of that name" in done.err
    assert "next: its newest tags: v0.8.4, v0.8.8-rc1, v0.8.8" in done.err


def test_a_repository_without_releases(run: Runner, tmp_path: Path) -> None:
    story = Story(tmp_path / "new")
    done = run("matrix", "--repo", story.folder)
    assert done.code == 2
    assert "no tag v[0-9]* of the repository is a release within >=0.7.0" in done.err
    assert "git fetch --tags" in done.err
    assert run("matrix", "--repo", story.folder, "--refs", "HEAD").code == 2


def test_a_patch_and_a_component_that_are_none(run: Runner, releases: Story) -> None:
    assert run("matrix", "--repo", releases.folder, "--patch", "dynamic").code == 2
    assert run("matrix", "--repo", releases.folder, "--only", "frontend").code == 2


def test_a_format_that_is_none(run: Runner, releases: Story) -> None:
    done = run("matrix", "--repo", releases.folder, "--format", "xml")
    assert done.code == 2
    assert "--format xml: choose text, json, junit, markdown or github" in done.err


def test_git_is_not_installed(
    run: Runner, releases: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    done = run("matrix", "--repo", releases.folder)
    assert done.code == 6
    assert "git cannot be started" in done.err and "next: install git" in done.err


def test_a_repository_that_git_refuses(
    run: Runner, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    (story.folder / ".git" / "config").write_text(
        "[core]\n\trepositoryformatversion = 99\n", encoding="utf-8"
    )
    done = run("matrix", "--repo", story.folder)
    assert done.code == 6
    assert "git rev-parse failed" in done.err and "99" in done.err


def test_an_object_that_is_gone(run: Runner, story: Story) -> None:
    id = story.git("rev-parse", f"v0.8.4:{ROUTES}")
    object = story.folder / ".git" / "objects" / id[:2] / id[2:]
    object.chmod(0o600)
    object.unlink()
    done = run("matrix", "--repo", story.folder)
    assert done.code == 6
    assert f"git cannot read the object {id}" in done.err and "fsck" in done.err


def test_git_that_dies_on_the_way(
    run: Runner, releases: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = subprocess.Popen

    def killed(command: list[str], **options: object) -> object:
        if "cat-file" in command:
            command = ["false"] if os.name != "nt" else ["cmd", "/c", "exit 1"]
        return start(command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("patcher.releases.git_objects.subprocess.Popen", killed)
    done = run("matrix", "--repo", releases.folder)
    assert done.code == 6
    assert "git cannot read the object" in done.err


@pytest.mark.skipif(os.name == "nt", reason="the git that dies is a shell script")
@pytest.mark.parametrize("verb", ["rev-parse", "for-each-ref", "cat-file", "rev-list"])
@pytest.mark.parametrize("kept", [0, 30, 100])
def test_git_that_dies_in_the_middle_of_an_answer(
    run: Runner,
    broken: Story,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    kept: int,
) -> None:
    _dying_git(tmp_path / "bin", verb, kept)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    span = ("--refs", "v0.8.4..main") if verb == "rev-list" else ()
    done = run("matrix", "--repo", broken.folder, *span)
    assert done.code == 6
    assert done.err.startswith("error: ") and "next: " in done.err
    assert done.out == ""


def _dying_git(folder: Path, verb: str, kept: int) -> None:
    """A git in `folder` that is killed by the first `verb` once it has said `kept` bytes."""
    real = shutil.which("git")
    script = f"""\
#!/bin/sh
case " $* " in
*" {verb} "*) "{real}" "$@" | {{ head -c {kept}; kill -9 $$; }} ;;
esac
exec "{real}" "$@"
"""
    folder.mkdir()
    (folder / "git").write_text(script, encoding="utf-8")
    (folder / "git").chmod(0o755)


@pytest.mark.parametrize(
    "header", [b"", b"missing\n", b"0123 missing\n", b"0123 tree many\n", b"0123 tree 99\nshort"]
)
def test_an_answer_of_git_that_is_none(
    releases: Story, monkeypatch: pytest.MonkeyPatch, header: bytes
) -> None:
    with Objects(releases.folder, MAX_SOURCE) as objects:
        receive = io.BytesIO(header)
        monkeypatch.setattr(objects, "_pipes", lambda: (io.BytesIO(), receive))
        with pytest.raises(InputOutput, match=r"git cannot read the object HEAD\^\{tree\} of"):
            objects.root("HEAD")
        monkeypatch.undo()
