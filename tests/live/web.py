"""JSON over HTTP, and one place that sees every answer."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Any

#: LibreChat turns away what does not look like a browser.
BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0 Safari/537.36"
)
PATIENCE = 60.0

#: Every key that a suite has used, and the answers that carried one.
used_keys: set[str] = set()
leaks: list[str] = []


@dataclass(frozen=True)
class Answer:
    """Status, content type and body of an answer."""

    status: int
    kind: str
    text: str

    @property
    def data(self) -> Any:
        return json.loads(self.text)


def watch(where: str, text: str) -> None:
    """Remembers an answer that carries a key."""
    if any(key in text for key in used_keys):
        leaks.append(where)


@contextmanager
def opened(
    method: str, url: str, body: object = None, headers: Mapping[str, str] | None = None
) -> Iterator[HTTPResponse | urllib.error.HTTPError]:
    """The answer, still to be read; a status of refusal is an answer, too."""
    request = urllib.request.Request(
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"User-Agent": BROWSER, "Content-Type": "application/json", **(headers or {})},
    )
    try:
        response = urllib.request.urlopen(request, timeout=PATIENCE)
    except urllib.error.HTTPError as refusal:
        response = refusal
    with response:
        yield response


def ask(
    method: str, url: str, body: object = None, headers: Mapping[str, str] | None = None
) -> Answer:
    """One request with its whole answer."""
    with opened(method, url, body, headers) as response:
        text = response.read().decode(errors="replace")
        status = response.status or 0
        answer = Answer(status, response.headers.get("Content-Type", ""), text)
    watch(f"{method} {url.partition('?')[0]}: {answer.status}", text)
    return answer
