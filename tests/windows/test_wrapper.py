"""post-install-dynamic-models.bat under Wine, with stand-ins for Python."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.windows.wine import Finished, Wine, make_stub, require_wine, windows

WRAPPER = "post-install-dynamic-models.bat"


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Wine:
    require_wine()
    machine = Wine(tmp_path_factory.mktemp("wine") / "prefix")
    machine.boot()
    return machine


@dataclass(frozen=True)
class Place:
    """The wrapper beside the project's pyproject.toml, and a Python."""

    wine: Wine
    folder: Path
    python: Path

    @property
    def own(self) -> Path:
        """The environment that the wrapper makes."""
        return self.folder / ".venv"

    @property
    def log(self) -> list[str]:
        """How Python was called."""
        return (self.folder / "log").read_text(encoding="utf-8").split("\n")

    def run(self, arguments: str = "", python_is: str = "", **more: str) -> Finished:
        environment = {
            "STUB_LOG": windows(self.folder / "log"),
            "PYTHON_IS": python_is,
            "PYTHON": windows(self.python),
            **more,
        }
        line = f'"{windows(self.folder / WRAPPER)}" {arguments}'
        return self.wine.call(line, self.folder.parent, environment)


@pytest.fixture(params=["plain", "Program Files (x86) & more"])
def place(request: pytest.FixtureRequest, wine: Wine, tmp_path: Path) -> Place:
    folder = tmp_path / request.param
    folder.mkdir()
    (folder / WRAPPER).write_bytes((PROJECT / WRAPPER).read_bytes())
    (folder / "pyproject.toml").write_bytes((PROJECT / "pyproject.toml").read_bytes())
    python = tmp_path / "python here" / "python.exe"
    make_stub(python, tmp_path / "stub-python.bat")
    return Place(wine, folder, python)


def test_it_is_written_with_windows_line_ends() -> None:
    content = (PROJECT / WRAPPER).read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert content.isascii()


def test_the_first_run_makes_an_environment_and_hands_everything_on(place: Place) -> None:
    done = place.run('--root "C:\\my chat" --yes')
    assert 'patched: apply --root "C:\\my chat" --yes' in done.output
    assert done.code == 4, "the exit code of the command is that of the wrapper"
    assert (place.own / "Scripts/python.exe").exists()
    assert f'-m venv "{windows(place.folder)}\\.venv"' in "\n".join(place.log)
    assert f'"--editable={windows(place.folder)}"' in "\n".join(place.log)
    mark = place.own / "installed.toml"
    assert mark.read_bytes() == (place.folder / "pyproject.toml").read_bytes()


def test_the_second_run_only_runs(place: Place) -> None:
    place.run("--yes")
    (place.folder / "log").unlink()
    done = place.run("--yes")
    assert (done.code, "setting up" in done.output) == (4, False)
    assert not [line for line in place.log if "venv" in line.split()[:2] or "pip" in line[:6]]


def test_sources_that_moved_on_are_installed_again(place: Place) -> None:
    place.run("--yes")
    done = place.run("--yes", python_is="stale")
    assert done.code == 4 and "setting up" in done.output


def test_a_python_that_is_too_old_is_not_taken(place: Place) -> None:
    done = place.run("--yes", python_is="old")
    assert done.code == 2
    assert "error: Python 3.10 or newer is needed" in done.output
    assert "next: install it from python.org" in done.output
    assert not place.own.exists()


def test_a_python_without_venv_is_named(place: Place) -> None:
    done = place.run("--yes", python_is="without venv")
    assert done.code == 6 and "no virtual environment could be made" in done.output


def test_what_cannot_be_installed_leaves_nothing_behind(place: Place) -> None:
    done = place.run("--yes", python_is="without network")
    assert done.code == 6 and "the package could not be installed" in done.output
    assert not place.own.exists()


def test_an_environment_of_the_user_is_not_removed(place: Place, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    (theirs / "keep").mkdir(parents=True)
    done = place.run(python_is="without network", LIBRECHAT_PATCHER_ENV=windows(theirs))
    assert done.code == 6
    assert (theirs / "keep").exists()


def test_alone_it_takes_the_published_package(place: Place) -> None:
    (place.folder / "pyproject.toml").unlink()
    done = place.run("--yes")
    assert done.code == 4
    assert any(line.rstrip().endswith('"librechat-patcher"') for line in place.log)
