"""Makes the one-file form of the post-install scripts.

    python -m tools.one_file dist                      builds the wheel, too
    python -m tools.one_file dist --wheel FILE

Each script in the folder is the one of this project, but for one line, with a zip archive at its
end that Python runs (PEP 441): `tools/environment.py` as `__main__.py`, the wheel with its hash,
and the lock. `unzip -l` lists it. The same wheel gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tools import environment

HERE = Path(__file__).parent
PROJECT = HERE.parent
SIZE_LIMIT = 600 * 1024
"""Bytes: what one may expect of a script that is downloaded."""

_SIZE = b"000000"
_SETUP_LINES = {
    "post-install-dynamic-models.sh": (
        b'setup=$(dirname "$self")/tools/environment.py\n',
        b"""setup=$self
if [ "$(wc -c <"$self")" -ne 000000 ]; then
  echo "error: $self is damaged: it should have 000000 bytes" >&2
  echo "next: download it again" >&2
  exit 2
fi
""",
    ),
    "post-install-dynamic-models.bat": (
        b'set "SETUP=%~dp0tools\\environment.py"\r\n',
        b"""set "SETUP=%~f0"\r
for %%F in ("%SETUP%") do if not "%%~zF"=="000000" echo error: damaged: "%SETUP%" 1>&2\r
for %%F in ("%SETUP%") do if not "%%~zF"=="000000" exit /b 2\r
""",
    ),
}
"""What the one-file form has instead of a line. Python would take a script that is cut off, or has
other line ends, for a program text."""


def main() -> None:
    """Write both scripts, and print their names."""
    parser = argparse.ArgumentParser(prog="python -m tools.one_file")
    parser.add_argument("folder", type=Path, help="where to write the scripts")
    parser.add_argument("--wheel", type=Path, help="of this project; else it is built")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        wheel = given.wheel or build_wheel(Path(scratch))
        for name, content in scripts(wheel.name, wheel.read_bytes()).items():
            path = given.folder / name
            path.write_bytes(content)
            path.chmod(0o755)
            sys.stdout.write(f"{path}\n")


def build_wheel(folder: Path) -> Path:
    """The wheel of the sources as they are, in `folder`."""
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", f"--wheel-dir={folder}"]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, PROJECT], check=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


def scripts(wheel_name: str, wheel: bytes) -> dict[str, bytes]:
    """The content of each script by its name; raises `ValueError` for one that is too large."""
    made = {}
    for name, (line, ours) in _SETUP_LINES.items():
        script = (PROJECT / name).read_bytes()
        if script.count(line) != 1:
            raise ValueError(f"{name} does not have this line once: {line.decode().strip()}")
        content = _with_archive(script.replace(line, ours), wheel_name, wheel)
        size = b"%06d" % len(content)
        if len(content) > SIZE_LIMIT:
            raise ValueError(f"{name} has {len(content)} bytes, more than {SIZE_LIMIT}")
        made[name] = content.replace(_SIZE, size, ours.count(_SIZE))
    return made


def _with_archive(script: bytes, wheel_name: str, wheel: bytes) -> bytes:
    checksum = f"{hashlib.sha256(wheel).hexdigest()}  {wheel_name}\n".encode()
    parts = {
        "__main__.py": (HERE / "environment.py").read_bytes(),
        environment.LOCK: (HERE / "lock.txt").read_bytes(),
        environment.WHEEL_HASH: checksum,
        wheel_name: wheel,
    }
    made = io.BytesIO(script)
    with zipfile.ZipFile(made, "a") as archive:
        for name, content in parts.items():
            # A wheel is compressed already, and this date is that of every entry.
            method = zipfile.ZIP_STORED if content is wheel else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return made.getvalue()


if __name__ == "__main__":
    main()
