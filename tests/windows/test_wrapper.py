"""post-install-dynamic-models.bat under Wine, with stand-ins for Python."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.windows.wine import Finished, Wine, make_stub, require_wine, windows
from tools import one_file

WRAPPER = "post-install-dynamic-models.bat"


@pytest.fixture(scope="module")
def wine(tmp_path_factory: pytest.TempPathFactory) -> Wine:
    require_wine()
    machine = Wine(tmp_path_factory.mktemp("wine") / "prefix")
    machine.boot()
    return machine


@dataclass(frozen=True)
class Place:
    """The wrapper beside what it starts, and a Python."""

    wine: Wine
    folder: Path
    python: Path

    @property
    def setup(self) -> Path:
        """What the wrapper has Python run."""
        return self.folder / "tools/environment.py"

    def run(self, arguments: str = "", python_is: str = "", python: Path | None = None) -> Finished:
        environment = {"PYTHON_IS": python_is, "PYTHON": windows(python or self.python)}
        line = f'"{windows(self.folder / WRAPPER)}" {arguments}'
        return self.wine.call(line, self.folder.parent, environment)


@pytest.fixture(params=["plain", "Program Files (x86) & more"])
def place(request: pytest.FixtureRequest, wine: Wine, tmp_path: Path) -> Place:
    folder = tmp_path / request.param
    (folder / "tools").mkdir(parents=True)
    for name in (WRAPPER, "tools/environment.py"):
        (folder / name).write_bytes((PROJECT / name).read_bytes())
    python = tmp_path / "python here" / "python.exe"
    make_stub(python, tmp_path / "stub-python.bat")
    return Place(wine, folder, python)


def test_it_is_written_with_windows_line_ends() -> None:
    content = (PROJECT / WRAPPER).read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert content.isascii()


def test_python_gets_what_makes_the_environment_and_every_argument(place: Place) -> None:
    done = place.run('--root "C:\\my chat" --yes')
    setup = windows(place.folder) + "\\tools\\environment.py"
    assert f'run: "{setup}" --root "C:\\my chat" --yes' in done.output
    assert done.code == 4, "the exit code of Python is that of the wrapper"


def test_a_python_that_is_named_and_wrong_is_an_error(place: Place) -> None:
    for done in (place.run(python_is="old"), place.run(python=place.folder / "no.exe")):
        assert (done.code, "run:" in done.output) == (2, False)
        assert "error: PYTHON is no Python 3.10 or newer" in done.output


def test_without_python_it_says_how_to_get_it(place: Place) -> None:
    done = place.wine.call(f'"{windows(place.folder / WRAPPER)}"', place.folder.parent, {})
    assert done.code == 2
    assert "error: Python 3.10 or newer is needed" in done.output
    assert "next: install it from python.org" in done.output


def test_copied_alone_it_says_what_it_needs(place: Place) -> None:
    place.setup.unlink()
    done = place.run("--yes")
    assert (done.code, "run:" in done.output) == (2, False)
    assert "error: this script needs the rest of librechat-patcher beside it" in done.output
    assert "next: run it in a clone of librechat-patcher, or take the one-file" in done.output


def test_the_one_file_form_gives_itself_to_python(place: Place) -> None:
    script = place.folder / WRAPPER
    whole = one_file.scripts("any.whl", b"\0" * 100_000)[WRAPPER]
    script.write_bytes(whole)
    place.setup.unlink()
    done = place.run("--yes")
    assert f'run: "{windows(script)}" --yes' in done.output and done.code == 4
    script.write_bytes(whole[:-1])
    done = place.run("--yes")
    assert (done.code, "run:" in done.output) == (2, False)
    assert f'error: damaged: "{windows(script)}"' in done.output
