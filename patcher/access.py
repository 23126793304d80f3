"""Looking at places that may be closed to this user, or gone: they are as if nothing were there.

`Path.is_file` and its kin raise PermissionError up to Python 3.13, and OSError for a name that is
too long; `os.path` answers no. Reading what is there is not done here: that has to fail.
"""

from __future__ import annotations

import os
from pathlib import Path


def is_file(place: Path) -> bool:
    """Whether a file is seen there, through links."""
    return os.path.isfile(place)  # noqa: PTH113


def is_folder(place: Path) -> bool:
    """Whether a folder is seen there, through links."""
    return os.path.isdir(place)  # noqa: PTH112


def is_there(place: Path) -> bool:
    """Whether anything is seen there, through links."""
    return os.path.exists(place)  # noqa: PTH110


def is_closed(place: Path) -> bool:
    """Whether this user may not see if anything is there."""
    try:
        place.stat()
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return False


def names_in(folder: Path) -> list[str]:
    """The names in a folder, in order; none where it cannot be listed."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - a list of names is what is wanted
    except OSError:
        return []


def current_folder() -> Path | None:
    """Where the command was called; None when that folder has been deleted since."""
    try:
        return Path.cwd()
    except OSError:
        return None


def expanded(place: Path) -> Path:
    """`place` with a leading `~` replaced; as it is for a user who has no home."""
    return Path(os.path.expanduser(place))  # noqa: PTH111


def resolved(place: Path) -> Path:
    """`place` from the root on, without links as far as they can be followed."""
    try:
        return Path(os.path.realpath(place))
    except OSError:  # it is relative, and the current folder is gone
        return place
