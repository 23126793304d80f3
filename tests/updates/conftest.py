"""An upstream repository with a release for each era of the fixtures, and clones of it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import run
from tests.cli.running import Runner
from tests.conftest import ERAS, contents, fixture_folder, git

__all__ = ["git", "run"]

RELEASES = [era.partition("-")[2] for era in ERAS]
"""`v0.7.0` to `v0.8.8-rc1`, oldest first."""
OLD, NEW = "v0.7.9", "v0.8.4"
ROUTES = "api/server/routes/models.js"
"""Patched in every release, and another one in each."""
HOOKED = "client/src/routes/Root.tsx"
"""Patched in every release, and the same from `OLD` to `NEW`."""
README = "README.md"
"""Not patched, and another one in every release."""
NOTES = "NOTES.md"
"""Not patched, and the same in every release."""
Clone = Callable[..., Path]


def said(root: Path, *arguments: str) -> str:
    """What git prints in a checkout."""
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def commit_of(root: Path, name: str) -> str:
    return said(root, "rev-parse", f"{name}^{{commit}}").strip()


def lay(root: Path, era: str) -> None:
    """Make the files of a checkout those of an era."""
    for path in root.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.copytree(fixture_folder(era), root, dirs_exist_ok=True)
    if OLD <= era.partition("-")[2] <= NEW:
        shutil.copy2(fixture_folder("e6-v0.8.4") / HOOKED, root / HOOKED)
    (root / README).write_text(f"LibreChat {era}\n", encoding="utf-8")
    (root / NOTES).write_text("one\ntwo\nthree\n", encoding="utf-8")
    (root / ".gitignore").write_text(".env*\nlibrechat.yaml\nignored/\n", encoding="utf-8")


@pytest.fixture(scope="session")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with every release as a tag, and the last one as `main`. Not to be changed."""
    root = tmp_path_factory.mktemp("upstream")
    git(root, "init", "-q", "-b", "main")
    for era, release in zip(ERAS, RELEASES, strict=True):
        lay(root, era)
        git(root, "add", "-A")
        git(root, "commit", "-qm", f"Release {release}")
        git(root, "tag", release)
    return root


@pytest.fixture
def clone(upstream: Path, tmp_path: Path) -> Clone:
    """A function that gives a clone of `upstream`, at a release."""

    def make(release: str = OLD, *options: str) -> Path:
        root = tmp_path / "LibreChat"
        git(tmp_path, "clone", "-q", *options, f"file://{upstream}", str(root))
        git(root, "config", "advice.detachedHead", "false")
        if "--no-checkout" not in options:
            git(root, "checkout", "-q", release)
        return root

    return make


@pytest.fixture
def checkout(clone: Clone, run: Runner) -> Path:
    """A patched checkout of `OLD`."""
    root = clone()
    assert run("apply", "--root", root, "--yes").code == 0
    return root


@pytest.fixture
def patched(checkout: Path) -> Iterator[Mapping[str, tuple[int, bytes]]]:
    """The files of `checkout`, patched."""
    yield state(checkout)


def state(root: Path) -> Mapping[str, tuple[int, bytes]]:
    """Every file of a checkout but those of git and of this tool."""
    return {path: file for path, file in contents(root).items() if not path.startswith(".git/")}


def index_of(root: Path) -> str:
    """What is staged."""
    return said(root, "diff", "--cached")


def is_release(root: Path, upstream: Path, release: str) -> bool:
    """Whether a checkout is a release, with no file more and no empty folder."""
    differs = said(root, "status", "--porcelain", "--ignored=no")
    folders = [p for p in root.rglob("*") if p.is_dir() and ".git" not in p.parts]
    empty = [p for p in folders if not any(p.iterdir())]
    return not differs and not empty and commit_of(root, "HEAD") == commit_of(upstream, release)
