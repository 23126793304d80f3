"""The one law of paths: inside the checkout, and the same file on every system. Pure.

Definitions are refused while they are read (`path_problem`), plans and receipts once more before a
byte is written (`objection`): both ask the same questions, and each answers as its reader needs it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from functools import lru_cache

from patcher.errors import shortened

STATE_FOLDER = ".librechat-patcher"
"""Where a checkout remembers what was done to it; lies in the checkout's root."""

PATTERN = r"(?!.*(^|/)\.{0,2}(/|$))[^\\:*?\"<>|\x00-\x1f]+"
"""What a regular expression can say of the law, for the JSON Schema."""
FORM = "a plain path inside the checkout"
"""What `PATTERN` allows, in words."""

_MAX_PATH, _MAX_NAME = 1000, 255
"""Characters of a path, bytes of a name."""
_CLOSED = frozenset({".git", STATE_FOLDER})
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
"""Names of devices on Windows, whatever follows behind a dot."""


def as_argument(path: object) -> str:
    """A path as one types it into a shell: quoted where it must be; of Windows in its quotes."""
    text = str(path)
    return f'"{text}"' if "\\" in text else shlex.quote(text)


def path_problem(path: str) -> str:
    """What is wrong with a path of a definition, as the end of a sentence; empty for nothing."""
    if not re.fullmatch(PATTERN, path):
        return f"must be {FORM}, not `{shortened(path)}`"
    parts = path.split("/")
    if _is_long(parts) or not path.isprintable() or not all(map(_is_portable, parts)):
        return f"names `{shortened(path)}`, which not every system takes as a file's name"
    if any(part.lower() in _CLOSED for part in parts):
        return f"names `{shortened(path)}`, which belongs to git or to librechat-patcher"
    return ""


def objection(path: str) -> str:
    """Why `path` may not be written to, as the end of a sentence; empty when it may.

    All of the law but the lengths: a copy of a drifted file has a longer name than the file.
    """
    if not path:
        return "is empty"
    if not path.isprintable():
        return "has a character that cannot be printed"
    if path.startswith("/"):
        return "is absolute"
    if "\\" in path or ":" in path:
        return "has a backslash or a colon, which Windows takes for a folder or a drive"
    return _objection_to(path.split("/"))


def _objection_to(parts: Sequence[str]) -> str:
    if ".." in parts:
        return "leads out of its folder with `..`"
    if any(part in ("", ".") for part in parts):
        return "has an empty or a `.` part"
    if any(part[-1] in ". " for part in parts):
        return "has a part that ends in a dot or a space, which Windows drops"
    if not all(re.fullmatch(PATTERN, part) and _is_portable(part) for part in parts):
        return "has a part that not every system takes as a file's name"
    for part in parts:
        if part.lower() in _CLOSED:
            return f"lies in {part}, which no patch may touch"
    return ""


def _is_long(parts: Sequence[str]) -> bool:
    too_long = any(len(part.encode(errors="ignore")) > _MAX_NAME for part in parts)
    return too_long or sum(map(len, parts)) + len(parts) - 1 > _MAX_PATH


@lru_cache(maxsize=1024)  # the files of a patch lie in few folders
def _is_portable(name: str) -> bool:
    """Whether Windows, macOS and Linux all take a file name as it stands."""
    trimmed = name.strip(" ") == name and not name.endswith(".")
    encoded = name.encode(errors="ignore")
    return trimmed and encoded.decode() == name and name.lower().partition(".")[0] not in _DEVICES


def folders_above(path: str) -> tuple[str, ...]:
    """The folders that lead to `path`, outermost first: `a/b/c.js` gives `a`, `a/b`."""
    parts = path.split("/")[:-1]
    return tuple("/".join(parts[: n + 1]) for n in range(len(parts)))
