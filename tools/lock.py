"""Writes `lock.txt`: what the one-file form installs, to the version and the hash.

    python -m tools.lock            with uv on PATH; asks the package index

One lock for every system and Python that has wheels. It names no host: hashes say what is meant,
whichever index has it.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parent
LOCK = HERE / "lock.txt"
EXTRA = HERE / "lock.in"


def main() -> int:
    """Resolve anew; the exit code is that of uv."""
    asked = ["--universal", "--python-version=3.10", "--generate-hashes", "--no-build", "--upgrade"]
    shown = ["--quiet", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"]
    command = "--custom-compile-command=python -m tools.lock"
    files = ["pyproject.toml", str(EXTRA.relative_to(PROJECT))]
    into = f"--output-file={LOCK.relative_to(PROJECT)}"
    return subprocess.call(
        ["uv", "pip", "compile", *asked, *shown, command, into, *files], cwd=PROJECT
    )


if __name__ == "__main__":
    sys.exit(main())
