"""Sets up the private environment of the post-install scripts, then runs the command in it.

`post-install-dynamic-models.sh` and `.bat` start it: beside its sources as this file, and in the
one-file form as the `__main__` of the archive at the script's own end (`tools/one_file.py`). Only
the standard library is there yet. The exit code is that of the command, or 6 when there is no
environment to run it in.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipimport
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

LOCK = "lock.txt"
"""In the archive: the dependencies, a version and the hashes of its wheels each."""
WHEEL_HASH = "wheel.sha256"
"""In the archive: the hash of this project's wheel, and its name, as `sha256sum` writes them."""

MARK = "installed.txt"
"""In the environment: what was installed. It is written last."""
_UNFINISHED = "unfinished"

_WINDOWS = os.name == "nt"
_SCRIPTS = "Scripts" if _WINDOWS else "bin"
_EXE = ".exe" if _WINDOWS else ""
_ELSEWHERE = "set LIBRECHAT_PATCHER_ENV to a folder that you can write to"


class CannotSetUp(Exception):
    """There is no environment to run in; `hint` is the next step."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Source(Protocol):
    """Where the package comes from."""

    folder: Path
    """Where the script lies."""

    def usual_place(self) -> Path:
        """The environment, unless `LIBRECHAT_PATCHER_ENV` names one."""

    def version(self) -> str:
        """What the mark says once this is installed; another text means install again."""

    def requirements(self, scratch: Path, /) -> list[str]:
        """The arguments of `pip install` or `uv pip install`; may write to `scratch`."""


class Clone:
    """The sources beside the script, used as they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def usual_place(self) -> Path:
        """Beside the script, where `./run-tests.sh` has it, too."""
        return self.folder / ".venv"

    def version(self) -> str:
        """Of the sources only what says which packages they need."""
        return hashlib.sha256((self.folder / "pyproject.toml").read_bytes()).hexdigest()

    def requirements(self, _scratch: Path, /) -> list[str]:
        """The package, to be run from where it is."""
        return ["--editable", str(self.folder)]


class Archive:
    """The one-file form: a wheel of this project, and hashes for everything that it needs."""

    def __init__(self, script: Path) -> None:
        self._script = script
        self.folder = script.parent

    def usual_place(self) -> Path:
        """Below the user's home: the script may lie in a LibreChat checkout, or be moved."""
        usual = "~/AppData/Local" if _WINDOWS else "~/.cache"
        variable = "LOCALAPPDATA" if _WINDOWS else "XDG_CACHE_HOME"
        return Path(os.environ.get(variable) or usual).expanduser() / "librechat-patcher"

    def version(self) -> str:
        """Every byte of the archive counts."""
        return hashlib.sha256(self._script.read_bytes()).hexdigest()

    def requirements(self, scratch: Path, /) -> list[str]:
        """Unpack wheel and lock; raises `CannotSetUp` for a wheel with another hash."""
        try:
            # Unlike zipfile it leaves check sums alone: the hash below is the better word.
            archive = zipimport.zipimporter(str(self._script))
            lock = archive.get_data(LOCK).decode()
            expected, name = archive.get_data(WHEEL_HASH).decode().split()
            wheel = archive.get_data(name)
        except (ImportError, OSError, ValueError, EOFError, zlib.error) as error:
            raise self._changed(str(error)) from error
        found = hashlib.sha256(wheel).hexdigest()
        if found != expected:
            raise self._changed(f"{name} has sha256 {found}, expected {expected}")
        (scratch / name).write_bytes(wheel)
        line = f"librechat-patcher @ {(scratch / name).as_uri()} --hash=sha256:{expected}\n"
        (scratch / LOCK).write_text(line + lock, encoding="utf-8")
        options = ["--require-hashes", "--no-deps", "--only-binary=:all:"]
        return [*options, "--requirement", str(scratch / LOCK)]

    def _changed(self, what: str) -> CannotSetUp:
        message = f"{self._script} is damaged, or was changed: {what}"
        return CannotSetUp(message, "download it again, and compare its sha256 with SHA256SUMS")


def main(arguments: Sequence[str]) -> int:
    """Set up what is missing, and hand the arguments to `librechat-patcher apply`, or to the
    command that they begin with."""
    here = Path(__file__).resolve().parent
    source: Source = Archive(here) if here.is_file() else Clone(here.parent)
    try:
        place = _place(source)
        if not is_ready(place, source):
            sys.stderr.write(f"setting up {place} (once)\n")
            set_up(place, source)
    except CannotSetUp as error:
        sys.stderr.write(f"error: {error}\nnext: {error.hint}\n")
        return 6
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: nothing was installed, nothing was patched\n")
        return 130
    verb = () if arguments and not arguments[0].startswith("-") else ("apply",)
    command = [str(place / _SCRIPTS / f"librechat-patcher{_EXE}"), *verb, *arguments]
    own = {**os.environ, "LIBRECHAT_PATCHER_WRAPPER_DIR": str(source.folder)}
    if not _WINDOWS:
        os.execve(command[0], command, own)
    return subprocess.call(command, env=own)


def _place(source: Source) -> Path:
    if given := os.environ.get("LIBRECHAT_PATCHER_ENV"):
        return Path(given).absolute()
    try:
        return source.usual_place()
    except RuntimeError as error:
        raise CannotSetUp("there is no home folder for the environment", _ELSEWHERE) from error


def is_ready(place: Path, source: Source) -> bool:
    """Whether this very source is installed there, and the Python below it is still the same."""
    return _mark(place) == source.version() and _runs(place, "import patcher")


def set_up(place: Path, source: Source) -> None:
    """Make the environment at `place`, or complete it; raises `CannotSetUp`.

    A folder that this made is removed again if anything goes wrong; a process that is killed
    leaves one with the mark `unfinished`.
    """
    try:
        with _made(place), tempfile.TemporaryDirectory() as scratch:
            requirements = source.requirements(Path(scratch))
            if wheels := os.environ.get("WHEELS"):
                requirements += ["--no-index", "--find-links", str(Path(wheels).absolute())]
            if uv := shutil.which("uv"):
                _install_with_uv(uv, place, requirements)
            else:
                _install_with_pip(place, requirements)
            (place / MARK).write_text(source.version(), encoding="utf-8")
    except OSError as error:
        said = error.strerror or str(error)
        raise CannotSetUp(f"{error.filename or place}: {said}", _ELSEWHERE) from error


@contextmanager
def _made(place: Path) -> Iterator[None]:
    """The folder, which is removed again if this made it and something goes wrong."""
    is_broken = (place / "pyvenv.cfg").exists() and not _runs(place, "")
    if is_broken or _mark(place) == _UNFINISHED:
        shutil.rmtree(place)
    is_new = not place.exists()
    if is_new:
        place.mkdir(parents=True)
        (place / MARK).write_text(_UNFINISHED, encoding="utf-8")
    try:
        yield
    except BaseException:
        if is_new:
            shutil.rmtree(place, ignore_errors=True)
        raise


def _install_with_uv(uv: str, place: Path, requirements: list[str]) -> None:
    if not _runs(place, ""):
        options = ["--quiet", "--no-cache", "--allow-existing", f"--python={sys.executable}"]
        _make([uv, "venv", *options, str(place)])
    # On Alpine arm64 the newest versions of these two have no wheel.
    compiled = [f"--only-binary={name}" for name in ("tree-sitter", "tree-sitter-typescript")]
    options = ["--quiet", "--no-cache", *compiled, f"--python={_python(place)}"]
    _install([uv, "pip", "install", *options, *requirements])


def _install_with_pip(place: Path, requirements: list[str]) -> None:
    if not _runs(place, "import pip"):
        _make([sys.executable, "-m", "venv", str(place)])
    options = ["--quiet", "--no-cache-dir", "--prefer-binary", "--disable-pip-version-check"]
    _install([_python(place), "-m", "pip", "install", *options, *requirements])


def _make(line: list[str]) -> None:
    if subprocess.call(line) != 0:
        message = f"no virtual environment could be made in {line[-1]}, for the reason above"
        hint = "install uv or the package python3-venv, then run this again"
        raise CannotSetUp(message, hint)


def _install(line: list[str]) -> None:
    if subprocess.call(line) != 0:
        message = "the packages could not be installed, for the reason above"
        hint = "check the network, or set WHEELS to a folder with the wheels; then run this again"
        raise CannotSetUp(message, hint)


def _mark(place: Path) -> str:
    try:
        return (place / MARK).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _python(place: Path) -> str:
    return str(place / _SCRIPTS / f"python{_EXE}")


def _runs(place: Path, code: str) -> bool:
    try:
        done = subprocess.run([_python(place), "-c", code], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
