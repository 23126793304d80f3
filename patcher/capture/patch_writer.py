"""Writing a new patch folder: whole, or not at all. Checkouts are written by `transaction` only."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from patcher.errors import BadUsage, InputOutput


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make `folder` with `files`. If this raises, there is no such folder, and nothing is left.

    Raises `BadUsage` when something of that name is there; that is never touched.
    """
    require_free(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            fill(made, files)
            made.chmod(0o755)
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise InputOutput(
            f"{folder} cannot be written: {error.strerror}", "choose another place: --into DIR"
        ) from error


def fill(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` below `folder`, which is there."""
    for name, content in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def require_free(folder: Path) -> None:
    """Raise `BadUsage` when something of that name is there."""
    if os.path.lexists(folder):
        raise BadUsage(
            f"{folder} is there already", "choose another id, another --into, or move it away"
        )
