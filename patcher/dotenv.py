"""One edit of `.env` files: adding an item to a comma-separated setting. Pure."""

from __future__ import annotations

import re

from patcher.splice import newline_near

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?)(:\d{1,5})?")


def is_host(text: str) -> bool:
    """Whether `text` is HOST or HOST:PORT."""
    return _HOST.fullmatch(text) is not None


def with_item(source: bytes, name: str, item: str) -> bytes:
    """`source` with `item` among the items of `name`; a missing setting is added at the end."""
    setting = re.compile(rb"^[ \t]*(?:export[ \t]+)?" + name.encode() + rb"[ \t]*=(.*?)\r?$", re.M)
    found = list(setting.finditer(source))
    newline = newline_near(source, 0)
    if not found:
        gap = b"" if not source or source.endswith(b"\n") else newline
        return source + gap + f"{name}={item}".encode() + newline
    # dotenv keeps the first of several, docker's env_file the last: extend each.
    for match in reversed(found):
        source = source[: match.start(1)] + _extended(match[1], item) + source[match.end(1) :]
    return source


def _extended(value: bytes, item: str) -> bytes:
    text = value.decode("latin-1").strip()
    quote = text[0] if text[:1] in ("'", '"') and text.endswith(text[0]) and len(text) > 1 else ""
    items = [i.strip() for i in text.strip(quote or " ").split(",") if i.strip()]
    if item in items:
        return value
    return (quote + ",".join([*items, item]) + quote).encode("latin-1")
