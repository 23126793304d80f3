"""What a chat said, read from its stream of server-sent events."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

#: The codes that LibreChat itself answers with, in a text that is JSON.
CODE = re.compile(r'"type"\s*:\s*"(\w+)"')
ILLEGAL = "illegal_model_request"
#: The same in the words of v0.7.0 to v0.8.1 (api/server/middleware/validateModel.js).
ILLEGAL_BEFORE = "Illegal model request"


@dataclass(frozen=True)
class Reply:
    """The outcome of one message."""

    text: str = ""
    error: str = ""

    @property
    def answered(self) -> bool:
        return bool(self.text) and not self.error

    @property
    def code(self) -> str:
        """LibreChat's word for what went wrong; empty for the provider's own errors."""
        if self.error == ILLEGAL_BEFORE:
            return ILLEGAL
        # What a provider says is quoted by v0.7.x: `invalid_request_error`, `server_error`.
        codes = [code for code in CODE.findall(self.error) if not code.endswith("_error")]
        return codes[0] if codes else ""

    @property
    def summary(self) -> str:
        return "answered" if self.answered else self.code or self.error[-120:] or "no answer"


def events(lines: Iterable[bytes]) -> Iterator[tuple[str, Any]]:
    """Name and data of each event; data that is no JSON is left out."""
    name = "message"
    for line in lines:
        text = line.decode(errors="replace").rstrip("\r\n")
        if text.startswith("event: "):
            name = text.removeprefix("event: ")
        elif text.startswith("data: "):
            try:
                yield name, json.loads(text.removeprefix("data: "))
            except ValueError:
                continue
        elif not text:
            name = "message"


def read_reply(lines: Iterable[bytes]) -> Reply:
    """Reads to the final event. Releases up to v0.8.2 send it as the answer of the POST itself."""
    text = ""
    for name, data in events(lines):
        if not isinstance(data, dict):
            continue
        if name == "error":
            error = data.get("error")
            return Reply(text, error if isinstance(error, str) else str(data.get("text") or data))
        text += "".join(_delta(data))
        if data.get("final"):
            return _final(text, data.get("responseMessage") or {})
    return Reply(text)


def _delta(data: dict[str, Any]) -> Iterator[str]:
    if data.get("event") != "on_message_delta":
        return
    for part in data["data"]["delta"]["content"]:
        if isinstance(part.get("text"), str):
            yield part["text"]


def _final(text: str, message: dict[str, Any]) -> Reply:
    parts = [part for part in message.get("content") or [] if isinstance(part, dict)]
    failed = [str(part.get("error")) for part in parts if part.get("type") == "error"]
    if message.get("error"):
        failed.append(str(message.get("text")))
    said = "".join(part["text"] for part in parts if isinstance(part.get("text"), str))
    whole = message.get("text")  # v0.7.x has no parts
    if not said and isinstance(whole, str) and not failed:
        said = whole
    return Reply(text or said, " ".join(failed))
