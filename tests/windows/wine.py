"""Windows programs under Wine, with stand-ins for python.exe; for tests that skip without Wine."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TIMEOUT = 120


def launcher() -> Path:
    """pip's own launcher: an .exe that starts what the line appended to it names."""
    distlib = pytest.importorskip("pip._vendor.distlib", reason="pip carries no launcher")
    found = Path(str(distlib.__file__)).with_name("t64.exe")
    if not found.exists():
        pytest.skip("pip carries no launcher")
    return found


def windows(path: Path) -> str:
    """How Wine calls a path of this system."""
    return "Z:" + str(path).replace("/", "\\")


@dataclass(frozen=True)
class Finished:
    """What a program left behind."""

    code: int
    output: str


class Wine:
    """One Windows, with its own drive C:."""

    def __init__(self, prefix: Path) -> None:
        self._environment = {
            **os.environ,
            "WINEPREFIX": str(prefix),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",
        }
        self._environment.pop("DISPLAY", None)

    def boot(self) -> None:
        """Make drive C: and the registry; takes some seconds."""
        subprocess.run(
            ["wine", "wineboot", "--init"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=True,
        )

    def call(self, line: str, here: Path, environment: dict[str, str]) -> Finished:
        """Run one line of a batch file in cmd.exe.

        Not with `call`: Wine 8 makes 1 of every exit code then.
        """
        (here / "line.bat").write_bytes(f"@echo off\r\n{line}\r\n".encode())
        done = subprocess.run(
            ["wine", "cmd", "/c", "line.bat"],
            cwd=here,
            env={**self._environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT,
            check=False,
        )
        output = done.stdout.decode(errors="replace").replace("\r\n", "\n")
        return Finished(done.returncode, output)


def make_stub(place: Path, script: Path) -> None:
    """An .exe at `place` that runs `script` with its own path and its arguments.

    The path of the script may have no blank in it; that of the program may.
    """
    text = (HERE / "stub-python.bat").read_text(encoding="utf-8")
    place.parent.mkdir(parents=True, exist_ok=True)
    script.write_bytes(text.replace("\n", "\r\n").encode())
    line = f"#!C:\\windows\\system32\\cmd.exe /c {windows(script)}\n".encode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as empty:
        empty.writestr("__main__.py", "")
    place.write_bytes(launcher().read_bytes() + line + archive.getvalue())


def require_wine() -> None:
    """Skip, by name, where there is no Wine."""
    if shutil.which("wine") is None:
        pytest.skip("wine is not installed")
