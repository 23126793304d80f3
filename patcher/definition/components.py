"""The component that a path belongs to by its place in a checkout. Pure."""

from __future__ import annotations

_PLACES = (
    ("api/", "backend"),
    ("packages/data-provider/", "data-provider"),
    ("packages/client/", "client"),
    ("client/", "client"),
)


def component_of(path: str) -> str:
    """The component that a path in a checkout belongs to by its place; empty for no known one."""
    return next((c for prefix, c in _PLACES if path.startswith(prefix)), "")
