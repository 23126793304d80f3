"""post-install-dynamic-models.sh beside its sources, with a stand-in for uv."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tools import environment

WRAPPER = "post-install-dynamic-models.sh"
UV = """#!/bin/sh
echo "uv $*" >>"$LOG"
for last; do :; done
case $1 in
venv)
  [ "$UV_IS" = "without venv" ] && exit 1
  mkdir -p "$last/bin" && touch "$last/pyvenv.cfg"
  printf '#!/bin/sh\\n[ ! -e "$0.gone" ]\\n' >"$last/bin/python"
  chmod +x "$last/bin/python"
  [ "$UV_IS" = "killed half-way" ] && kill -KILL $PPID
  [ "$UV_IS" = "interrupted half-way" ] && kill -INT $PPID
  exit 0 ;;
pip)
  [ "$UV_IS" = "without network" ] && exit 1
  for argument; do
    case $argument in --python=*) command=$(dirname "${argument#*=}")/librechat-patcher ;; esac
  done
  printf '#!/bin/sh\\necho "patched: $*"\\nexit 4\\n' >"$command"
  chmod +x "$command" ;;
esac
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell script")


@dataclass(frozen=True)
class Place:
    """The wrapper beside the project's pyproject.toml, and a uv."""

    folder: Path
    tools: Path

    @property
    def own(self) -> Path:
        return self.folder / ".venv"

    @property
    def calls(self) -> str:
        return (self.tools / "log").read_text(encoding="utf-8")

    def run(
        self, *arguments: str, script: Path | None = None, uv_is: str = "", **more: str
    ) -> subprocess.CompletedProcess[str]:
        variables = {
            "PATH": f"{self.tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHON": sys.executable,
            "UV_IS": uv_is,
            "LOG": str(self.tools / "log"),
            **more,
        }
        (self.tools / "log").write_text("", encoding="utf-8")
        return subprocess.run(
            ["sh", str(script or self.folder / WRAPPER), *arguments],
            cwd=self.folder.parent,
            env=variables,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folder = tmp_path / "a folder"
    (folder / "tools").mkdir(parents=True)
    for name in (WRAPPER, "pyproject.toml", "tools/environment.py"):
        shutil.copy(PROJECT / name, folder / name)
    tools = tmp_path / "bin"
    tools.mkdir()
    executable(tools / "uv", UV)
    return Place(folder, tools)


def executable(path: Path, script: str) -> None:
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)


def test_a_command_is_handed_on_as_it_is(place: Place) -> None:
    done = place.run("update", "--root", "/my chat")
    assert done.stdout == "patched: update --root /my chat\n"


def test_the_first_run_makes_an_environment_and_hands_everything_on(place: Place) -> None:
    done = place.run("--root", "/my chat", "--yes")
    assert (done.returncode, done.stdout) == (4, "patched: apply --root /my chat --yes\n")
    assert f"--python={sys.executable} {place.own}\n" in place.calls
    assert f"--editable {place.folder}\n" in place.calls


def test_the_second_run_only_runs(place: Place) -> None:
    place.run()
    done = place.run("--yes")
    assert done.returncode == 4 and done.stderr == ""
    assert place.calls == ""


def test_sources_that_moved_on_are_installed_again(place: Place) -> None:
    place.run()
    (place.folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    assert place.run().returncode == 4
    assert "uv pip" in place.calls and "uv venv" not in place.calls
    place.run()
    assert place.calls == ""


def test_an_environment_whose_python_has_gone_is_made_again(place: Place) -> None:
    place.run()
    (place.own / "bin/python.gone").touch()
    (place.own / "old").touch()
    assert place.run().returncode == 4
    assert "uv venv" in place.calls and not (place.own / "old").exists()


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("without network", "the packages could not be installed"),
        ("without venv", "no virtual environment could be made in "),
    ],
)
def test_what_cannot_be_installed_leaves_nothing_behind(
    place: Place, trouble: str, said: str
) -> None:
    done = place.run(uv_is=trouble)
    assert done.returncode == 6 and f"error: {said}" in done.stderr
    assert "\nnext: " in done.stderr
    assert not place.own.exists()


def test_ctrl_c_leaves_nothing_behind(place: Place) -> None:
    done = place.run(uv_is="interrupted half-way")
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.endswith("interrupted: nothing was installed, nothing was patched\n")
    assert not place.own.exists()
    assert place.run().returncode == 4


def test_what_a_killed_run_leaves_is_not_taken_for_an_environment(place: Place) -> None:
    done = place.run(uv_is="killed half-way")
    assert done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    (place.own / "half").touch()
    done = place.run()
    assert (done.returncode, done.stdout) == (4, "patched: apply\n")
    assert "uv venv" in place.calls and not (place.own / "half").exists()


def test_an_environment_that_somebody_else_made_is_completed(place: Place) -> None:
    """`./run-tests.sh` puts the tools of the tests into it."""
    place.run()
    (place.own / environment.MARK).unlink()
    (place.own / "theirs").touch()
    assert place.run().returncode == 4
    assert "uv pip" in place.calls and "uv venv" not in place.calls
    assert (place.own / "theirs").exists()


def test_a_folder_of_the_user_is_not_removed(place: Place, tmp_path: Path) -> None:
    (tmp_path / "theirs/keep").mkdir(parents=True)
    theirs = str(tmp_path / "theirs")
    done = place.run(uv_is="without network", LIBRECHAT_PATCHER_ENV=theirs)
    assert done.returncode == 6
    assert (tmp_path / "theirs/keep").exists()


def test_a_place_that_cannot_be_written_is_named(place: Place, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = place.run(LIBRECHAT_PATCHER_ENV=str(tmp_path / "file/env"))
    assert done.returncode == 6
    assert f"error: {tmp_path / 'file/env'}: Not a directory" in done.stderr
    assert "next: set LIBRECHAT_PATCHER_ENV to a folder that you can write to" in done.stderr


@pytest.mark.parametrize("absolute", [True, False])
def test_through_links_it_finds_its_own_folder(
    place: Place, tmp_path: Path, absolute: bool
) -> None:
    target = place.folder / WRAPPER if absolute else Path("..") / place.folder.name / WRAPPER
    (tmp_path / "links").mkdir()
    (tmp_path / "links/first").symlink_to(target)
    (tmp_path / "second").symlink_to(Path("links/first"))
    done = place.run("--yes", script=Path("second"))
    assert (done.returncode, done.stdout) == (4, "patched: apply --yes\n")
    assert place.own.exists()


def test_copied_alone_it_says_what_it_needs(place: Place) -> None:
    (place.folder / "tools/environment.py").unlink()
    done = place.run()
    assert done.returncode == 2 and place.calls == ""
    assert "this script needs the rest of librechat-patcher beside it" in done.stderr
    assert "next: run it in a clone of librechat-patcher, or take the one-file" in done.stderr


def test_a_python_that_is_named_and_wrong_is_an_error(place: Place, tmp_path: Path) -> None:
    executable(tmp_path / "old", "#!/bin/sh\nexit 1\n")
    for named in (str(tmp_path / "old"), str(tmp_path / "gone"), str(tmp_path)):
        done = place.run(PYTHON=named)
        assert done.returncode == 2 and place.calls == ""
        assert f"error: PYTHON={named} is no Python 3.10 or newer" in done.stderr


@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("apk", "next: apk add python3\n"),
        ("apt-get", "next: apt-get install python3 python3-venv\n"),
        ("", "next: install Python 3, or set PYTHON to where it is\n"),
    ],
)
def test_without_python_it_says_how_to_get_it(
    place: Place, tmp_path: Path, manager: str, line: str
) -> None:
    (tmp_path / "few").mkdir()
    for name in ("sh", "dirname", "readlink"):
        (tmp_path / "few" / name).symlink_to(str(shutil.which(name)))
    if manager:
        executable(tmp_path / "few" / manager, "#!/bin/sh\n")
    done = place.run(PYTHON="", PATH=str(tmp_path / "few"))
    assert done.returncode == 2
    assert done.stderr == f"error: Python 3.10 or newer is needed and was not found\n{line}"
