"""Reading `.env` files, and one edit: adding an item to a comma-separated setting. Pure."""

from __future__ import annotations

import re

from patcher.code.splice import newline_near

_LINE = (
    r"""(?m)^\s*(?:export\s+)?([\w.-]+)(?:\s*=\s*?|:\s+?)"""
    r"""(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|\s*`(?:\\`|[^`])*`|[^#\r\n]+)?\s*(?:#.*)?$"""
)
"""As in the package dotenv that every LibreChat release reads the file with (16.x, lib/main.js)."""

_HOST = r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?)(:\d{1,5})?"


def is_host(text: str) -> bool:
    """Whether `text` is HOST or HOST:PORT."""
    return re.fullmatch(_HOST, text) is not None


def values(source: bytes) -> dict[str, str]:
    """The settings in `source` as LibreChat reads them: of two with one name the later counts."""
    if not source:
        return {}
    text = source.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    return {match[1]: _unquoted(match[2] or "") for match in re.finditer(_LINE, text)}


def _unquoted(text: str) -> str:
    text = text.strip()
    quote = text[:1] if text[:1] in ("'", '"', "`") else ""
    if quote and len(text) > 1 and text.endswith(quote):
        text = text[1:-1]
    return text.replace("\\n", "\n").replace("\\r", "\r") if quote == '"' else text


def with_item(source: bytes, name: str, item: str) -> bytes:
    """`source` with `item` among the items of `name`; a missing setting is added at the end."""
    setting = re.compile(rb"^[ \t]*(?:export[ \t]+)?" + name.encode() + rb"[ \t]*=(.*?)\r?$", re.M)
    found = list(setting.finditer(source))
    newline = newline_near(source, 0)
    if not found:
        gap = b"" if not source or source.endswith(b"\n") else newline
        return source + gap + f"{name}={item}".encode() + newline
    # Of several, the last counts for dotenv and for docker's env_file: extending each is the same.
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
