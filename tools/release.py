"""Makes everything that a release consists of.

    python -m tools.release dist                    all of it, in a new folder
    python -m tools.release dist --tag v0.1.0       and the tag must be this version's

The folder has the wheel, the source distribution, both post-install scripts in their one-file form,
`SHA256SUMS` for all of them, and the changelog's section as `NOTES.md`. Needs `build`.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from pathlib import Path

from patcher import __version__
from tools import one_file

PROJECT = Path(__file__).parent.parent
CHANGELOG = PROJECT / "CHANGELOG.md"
NOTES = "NOTES.md"
CHECKSUMS = "SHA256SUMS"


class NotReady(Exception):
    """What is in the sources is no release."""


def main() -> int:
    """Make the folder; the exit code is 1 when the sources are not ready, with the reason."""
    parser = argparse.ArgumentParser(prog="python -m tools.release")
    parser.add_argument("folder", type=Path, help="a new or empty folder")
    parser.add_argument("--tag", help="must be v and the version")
    given = parser.parse_args()
    try:
        if given.folder.exists() and any(given.folder.iterdir()):
            raise NotReady(f"{given.folder} is not empty")
        notes = section(CHANGELOG.read_text(encoding="utf-8"), __version__)
        if given.tag and given.tag != f"v{__version__}":
            raise NotReady(f"tag {given.tag}, but patcher/__init__.py says {__version__}")
    except NotReady as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    subprocess.run([sys.executable, "-m", "build", "--outdir", given.folder, PROJECT], check=True)
    (wheel,) = given.folder.glob("*.whl")
    for name, content in one_file.scripts(wheel.name, wheel.read_bytes()).items():
        (given.folder / name).write_bytes(content)
    (given.folder / CHECKSUMS).write_text(checksums(given.folder), encoding="utf-8")
    (given.folder / NOTES).write_text(notes, encoding="utf-8")
    return 0


def section(changelog: str, version: str) -> str:
    """The part about a version, without its head; raises `NotReady` unless it has a day."""
    head = rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n"
    parts = re.split(head, changelog, flags=re.M)
    if len(parts) != 2:
        raise NotReady(f"CHANGELOG.md has no section `## [{version}] - YEAR-MONTH-DAY`")
    return re.split(r"^## ", parts[1], flags=re.M)[0].strip() + "\n"


def checksums(folder: Path) -> str:
    """A line for each file, as `sha256sum --check` reads it."""
    files = sorted(path for path in folder.iterdir() if path.name not in (NOTES, CHECKSUMS))
    hashes = ((hashlib.sha256(path.read_bytes()).hexdigest(), path.name) for path in files)
    return "".join(f"{digest}  {name}\n" for digest, name in hashes)


if __name__ == "__main__":
    sys.exit(main())
