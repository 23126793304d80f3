"""post-install-dynamic-models.sh with stand-ins for Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import PROJECT

WRAPPER = "post-install-dynamic-models.sh"
PYTHON = """#!/bin/sh
echo "$*" >>"$LOG"
case "$1 $2" in
"-c "*) [ "$PYTHON_IS" != old ] && [ ! -e "$0.gone" ] ;;
"-m venv")
  [ "$PYTHON_IS" = "without venv" ] && exit 1
  for last; do :; done
  mkdir -p "$last/bin" && cp "$0" "$last/bin/python" && rm -f "$last/bin/python.gone"
  touch "$last/pyvenv.cfg" ;;
"-m pip")
  [ "$PYTHON_IS" = "without network" ] && exit 1
  cp "$0" "${0%/*}/librechat-patcher" ;;
"apply "*) echo "patched: $*"; exit 4 ;;
esac
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell script")


@dataclass(frozen=True)
class Place:
    """The wrapper beside the project's pyproject.toml, and a Python."""

    folder: Path
    python: Path

    @property
    def own(self) -> Path:
        return self.folder / ".venv"

    @property
    def calls(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def run(
        self, *arguments: str, python_is: str = "", **more: str
    ) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHON": str(self.python),
            "PYTHON_IS": python_is,
            "LOG": str(self.folder / "log"),
            **more,
        }
        (self.folder / "log").write_text("", encoding="utf-8")
        return subprocess.run(
            ["sh", str(self.folder / WRAPPER), *arguments],
            cwd=self.folder.parent,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folder = tmp_path / "a folder"
    folder.mkdir()
    for name in (WRAPPER, "pyproject.toml"):
        shutil.copy(PROJECT / name, folder)
    python = tmp_path / "python"
    python.write_text(PYTHON, encoding="utf-8")
    python.chmod(0o755)
    return Place(folder, python)


def test_the_first_run_makes_an_environment_and_hands_everything_on(place: Place) -> None:
    done = place.run("--root", "/my chat", "--yes")
    assert (done.returncode, done.stdout) == (4, "patched: apply --root /my chat --yes\n")
    assert f"-m venv {place.own}\n" in place.calls
    assert f"--prefer-binary --editable={place.folder}\n" in place.calls


def test_the_second_run_only_runs(place: Place) -> None:
    place.run()
    done = place.run("--yes")
    assert done.returncode == 4 and done.stderr == ""
    assert "venv" not in place.calls and "pip" not in place.calls


def test_sources_that_moved_on_are_installed_again(place: Place) -> None:
    place.run()
    (place.folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    assert place.run().returncode == 4
    assert "pip" in place.calls
    place.run()
    assert "pip" not in place.calls


def test_an_environment_whose_python_has_gone_is_made_again(place: Place) -> None:
    place.run()
    (place.own / "bin/python.gone").touch()
    done = place.run()
    assert done.returncode == 4
    assert f"-m venv --clear {place.own}" in place.calls


def test_what_cannot_be_installed_leaves_nothing_behind(place: Place) -> None:
    done = place.run(python_is="without network")
    assert done.returncode == 6 and "the package could not be installed" in done.stderr
    assert not place.own.exists()


def test_an_environment_of_the_user_is_not_removed(place: Place, tmp_path: Path) -> None:
    (tmp_path / "theirs/keep").mkdir(parents=True)
    theirs = str(tmp_path / "theirs")
    done = place.run(python_is="without network", LIBRECHAT_PATCHER_ENV=theirs)
    assert done.returncode == 6
    assert (tmp_path / "theirs/keep").exists()


def test_a_python_without_venv_is_named(place: Place) -> None:
    done = place.run(python_is="without venv")
    assert done.returncode == 6 and "cannot make a virtual environment" in done.stderr


def test_alone_it_takes_the_published_package(place: Place) -> None:
    (place.folder / "pyproject.toml").unlink()
    assert place.run().returncode == 4
    assert "--prefer-binary librechat-patcher\n" in place.calls
