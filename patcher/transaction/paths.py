"""Which paths may be written to, judged by their spelling alone."""

from __future__ import annotations

STATE_FOLDER = ".librechat-patcher"
"""Where a checkout remembers what was done to it; lies in the checkout's root."""

_CLOSED = (STATE_FOLDER, ".git")


def objection(path: str) -> str:
    """Why `path` may not be patched, as the end of a sentence; empty when it may.

    A good path is relative to the checkout, has `/` between its parts, and means the same file
    on every system.
    """
    parts = path.split("/")
    if not path:
        return "is empty"
    if not path.isprintable():
        return "has a character that cannot be printed"
    if path.startswith("/"):
        return "is absolute"
    if "\\" in path or ":" in path:
        return "has a backslash or a colon, which Windows takes for a folder or a drive"
    if ".." in parts:
        return "leads out of its folder with `..`"
    if any(part in ("", ".") for part in parts):
        return "has an empty or a `.` part"
    if any(part[-1] in ". " for part in parts):
        return "has a part that ends in a dot or a space, which Windows drops"
    for part in parts:
        if part.lower() in _CLOSED:
            return f"lies in {part}, which no patch may touch"
    return ""


def folders_above(path: str) -> tuple[str, ...]:
    """The folders that lead to `path`, outermost first: `a/b/c.js` gives `a`, `a/b`."""
    parts = path.split("/")[:-1]
    return tuple("/".join(parts[: n + 1]) for n in range(len(parts)))
