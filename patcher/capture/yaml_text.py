"""Writing definitions: operations and texts as YAML that `sections` reads back as they were."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from patcher.edits.operations import keys_of
from patcher.model import Operation

_PLAIN = re.compile(r"[A-Za-z_~./][A-Za-z0-9_./~-]*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n", "~"})


def scalar(text: str) -> str:
    """One line of text as a YAML value."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)


def block(text: str, indent: str) -> str:
    """Text of one or more lines as the value of a key that stands at `indent`."""
    if "\n" not in text.strip("\n") and text == text.strip():
        return scalar(text)
    lines = "".join(
        f"{indent}  {line}\n" if line else "\n" for line in text.strip("\n").split("\n")
    )
    return "|\n" + lines.rstrip("\n")


def edit(path: str, operation: Operation) -> str:
    """An edit of a definition."""
    head = f"  - in: {scalar(path)}\n"
    return head + "".join(f"    {line}\n" for line in _keys(operation))


def _keys(operation: Operation) -> Iterator[str]:
    for key, field in keys_of(type(operation)).items():
        value = getattr(operation, field.name)
        if field.required or value != field.default:
            yield f"{key}: {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        texts = [scalar(text) for text in value]
        return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    return block(value, "    ") if isinstance(value, str) else str(value)
