"""Paths in definitions: inside the checkout, and the same file on every system."""

from __future__ import annotations

import re
from functools import lru_cache

from patcher.definition.words import shortened
from patcher.edits.texts import FilePath, form_of

_MAX_PATH, _MAX_NAME = 1000, 255
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
"""Names of devices on Windows, whatever follows behind a dot."""
_OF_OTHERS = frozenset({".git", ".librechat-patcher"})


def path_problem(path: str) -> str:
    """What is wrong with a path; an empty text for nothing."""
    form = form_of(FilePath)
    if not re.fullmatch(form.pattern, path):
        return f"must be {form.words}, not `{shortened(path)}`"
    parts = path.split("/")
    if len(path) > _MAX_PATH or not all(map(_is_portable, parts)):
        return f"names `{shortened(path)}`, which not every system takes as a file's name"
    if any(part.lower() in _OF_OTHERS for part in parts):
        return f"names `{shortened(path)}`, which belongs to git or to librechat-patcher"
    return ""


@lru_cache(maxsize=1024)  # the files of a patch lie in few folders
def _is_portable(name: str) -> bool:
    """Whether Windows, macOS and Linux all take a file name as it stands."""
    trimmed = name.strip(" ") == name and not name.endswith(".")
    encoded = name.encode(errors="ignore")
    fits = encoded.decode() == name and len(encoded) <= _MAX_NAME
    return trimmed and fits and name.lower().partition(".")[0] not in _RESERVED
