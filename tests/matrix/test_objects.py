"""Reading objects: the same bytes as a checkout has, few processes, partial clones, SHA-256."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from patcher.commands.matrix import MatrixOptions, matrix
from patcher.releases.git_objects import Objects
from patcher.trees import MAX_SOURCE, Folder, Revision
from tests.matrix.story import Story


def test_a_revision_reads_as_its_checkout_does(story: Story) -> None:
    names = [p.relative_to(story.folder).as_posix() for p in story.folder.rglob("*")]
    inside = [name for name in names if name != ".git" and not name.startswith(".git/")]
    folder = Folder(story.folder)
    with Objects(story.folder, MAX_SOURCE) as objects:
        revision = Revision(objects, "v0.8.4")
        for name in inside:
            assert revision.has_folder(name) == folder.has_folder(name), name
            if not folder.has_folder(name):
                assert revision.read(name) == folder.read(name), name
        for name in ("nowhere", "api/nowhere/x", "package.json/x"):
            assert revision.read(name) is None
            assert not revision.has_folder(name)


def test_objects_are_asked_for_once(releases: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = Objects._ask

    def counting(self: Objects, names: list[str]) -> object:
        asked.extend(names)
        return ask(self, names)

    monkeypatch.setattr(Objects, "_ask", counting)
    assert matrix(MatrixOptions(releases.folder)).ok
    assert len(asked) == len(set(asked))


def test_four_processes_do_for_any_number_of_releases(
    releases: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    start = subprocess.Popen.__init__

    def counting(self: subprocess.Popen[bytes], command: object, **options: object) -> None:
        started.append(command)
        start(self, command, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess.Popen, "__init__", counting)
    assert len(matrix(MatrixOptions(releases.folder)).rows) == 8
    assert len(started) <= 4, started


def test_a_repository_with_sha256(tmp_path: Path) -> None:
    story = Story(tmp_path / "new", "--object-format=sha256")
    story.become("e7-v0.8.8-rc1")
    assert len(story.commit("Release", tag="v0.8.8-rc1")) == 64
    assert matrix(MatrixOptions(story.folder)).ok


def test_a_partial_clone_fetches_what_is_missing_in_one_go(
    releases: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    releases.git("config", "uploadpack.allowFilter", "true")
    releases.git("config", "uploadpack.allowAnySHA1InWant", "true")
    clone = tmp_path / "partial"
    url = f"file://{releases.folder}"
    releases.git("clone", "-q", "--bare", "--filter=blob:none", url, str(clone))
    log = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(log))
    assert len(matrix(MatrixOptions(clone)).rows) == 8
    fetches = [
        line
        for line in log.read_text(encoding="utf-8").splitlines()
        if "built-in: git fetch" in line
    ]
    assert len(fetches) == 1, fetches

    log.unlink()
    assert matrix(MatrixOptions(clone)).ok
    assert "built-in: git fetch" not in log.read_text(encoding="utf-8")


def test_a_partial_clone_whose_remote_is_gone(releases: Story, tmp_path: Path) -> None:
    from patcher.errors import InputOutput

    clone = tmp_path / "partial"
    releases.git("config", "uploadpack.allowFilter", "true")
    url = f"file://{releases.folder}"
    releases.git("clone", "-q", "--bare", "--filter=blob:none", url, str(clone))
    subprocess.run(
        ["git", "-C", clone, "config", "remote.origin.url", tmp_path / "gone"], check=True
    )
    with pytest.raises(
        InputOutput, match=r"partial is a partial clone; its \d+ missing files cannot be"
    ):
        matrix(MatrixOptions(clone))
