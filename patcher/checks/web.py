"""One HTTP request with limits on time and size. Redirects are not followed. Nothing is logged."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import IO, Any

from msgspec import Struct

MAX_ANSWER = 5 << 20
BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0 Safari/537.36"
)
"""LibreChat's uaParser turns away what is no browser, and counts it as a violation."""

_CHUNK = 1 << 16


class Unanswered(Exception):
    """No usable answer came; the message names neither a key nor a password."""


class Answer(Struct, frozen=True):
    """What came back."""

    status: int
    body: bytes
    seconds: float

    @property
    def data(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def ask(
    method: str,
    url: str,
    headers: Mapping[str, str],
    timeout: float,
    payload: Mapping[str, object] | None = None,
    through_proxy: bool = False,
) -> Answer:
    """Send one request; raises `Unanswered` when nothing, or too much, comes back in time.

    `through_proxy` uses the proxy that the environment names; a local server needs none.
    """
    data = None if payload is None else json.dumps(payload).encode()
    sent = {**headers, **({} if data is None else {"Content-Type": "application/json"})}
    request = urllib.request.Request(url, data, sent, method=method)
    proxies = urllib.request.ProxyHandler() if through_proxy else urllib.request.ProxyHandler({})
    opener = urllib.request.build_opener(proxies, _NoRedirects())
    start = time.monotonic()
    try:
        with _opened(opener, request, timeout) as response:
            body = _body(response, start + timeout)
            status = int(getattr(response, "status", 0) or getattr(response, "code", 0))
            return Answer(status, body, time.monotonic() - start)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unanswered(_reason(error, timeout)) from None


def _opened(
    opener: urllib.request.OpenerDirector, request: urllib.request.Request, timeout: float
) -> Any:
    try:
        return opener.open(request, timeout=timeout)
    except urllib.error.HTTPError as error:
        return error  # an answer as well: 401 is what one of the callers hopes for


def _body(response: IO[bytes], deadline: float) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while chunk := response.read(_CHUNK):
        size += len(chunk)
        if size > MAX_ANSWER:
            raise Unanswered(f"it sent more than {MAX_ANSWER >> 20} MiB")
        if time.monotonic() > deadline:
            raise TimeoutError
        chunks.append(chunk)
    return b"".join(chunks)


def _reason(error: Exception, timeout: float) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return f"it did not answer within {timeout:g} s"
    if isinstance(cause, ConnectionRefusedError):
        return "nothing listens there (connection refused)"
    if isinstance(cause, OSError) and cause.strerror:
        return f"it could not be reached: {cause.strerror}"
    return f"it could not be reached ({type(cause).__name__})"
