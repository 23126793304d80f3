"""Answers that no honest provider gives, as bytes: what harmed a server once must not again.

Each is named and made from the key that was asked with. Most are whole answers; the floods go on
until the server that asked has left, or has taken more than any limit allows.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

#: Of a flood: blocks of a thousand pieces each.
BLOCKS = 2000
#: All that Unicode has to break a line, to turn the direction of text, or to be invisible.
UNPRINTABLE = "\u0000\u0085\u2028\u2029\u202e\u2066\u200b\ufeff\ud800"


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A whole answer, after which the connection ends."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def models(*names: str) -> bytes:
    """A list of models; lone surrogates stay escaped."""
    return json.dumps({"object": "list", "data": [{"id": name} for name in names]}).encode()


@lru_cache
def _empty_objects() -> bytes:
    return gzip.compress(b'{"data":[{"id":"one"}' + b",{}" * 1_700_000 + b"]}")


def _encoded(coding: str) -> Callable[[str], Iterable[bytes]]:
    return lambda key: [answer(models("one"), f"Content-Encoding: {coding}")]


def _gzip_of_empty_objects(key: str) -> Iterable[bytes]:
    yield answer(_empty_objects(), "Content-Encoding: gzip")


def _many_ids(key: str) -> Iterable[bytes]:
    yield answer(models(*map(str, range(200_000))))


def _deep(key: str) -> Iterable[bytes]:
    yield answer(b"[" * 5_000_000)


def _deep_in_a_model(key: str) -> Iterable[bytes]:
    yield answer(b'{"data":[{"id":"one","x":' + b"[" * 2_000_000 + b"]" * 2_000_000 + b"}]}")


def _tiny_chunks(key: str) -> Iterable[bytes]:
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield from [b"1\r\n \r\n" * 1000] * BLOCKS


def _early_hints(key: str) -> Iterable[bytes]:
    yield from [b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 1000] * BLOCKS


def _echo(key: str) -> Iterable[bytes]:
    yield answer(models(key, f"model-of-{key}", key.upper(), "one"), f"X-Key: {key}")


def _cut_gzip(key: str) -> Iterable[bytes]:
    yield answer(gzip.compress(models("one"))[:-12], "Content-Encoding: gzip")


def _unprintable(key: str) -> Iterable[bytes]:
    yield answer(models(*(f"model{mark}{place}" for place, mark in enumerate(UNPRINTABLE)), "one"))


def _byte_order_mark(key: str) -> Iterable[bytes]:
    yield answer(b"\xef\xbb\xbf" + models("one"))


def _wait(key: str) -> Iterable[bytes]:
    yield answer(b"{}", "Retry-After: 120", status="429 Too Many Requests")


HOSTILE: Mapping[str, Callable[[str], Iterable[bytes]]] = {
    "encoding constructor": _encoded("constructor"),
    "encoding __proto__": _encoded("__proto__"),
    "gzip of empty objects": _gzip_of_empty_objects,
    "many ids": _many_ids,
    "deep": _deep,
    "deep in a model": _deep_in_a_model,
    "tiny chunks": _tiny_chunks,
    "early hints": _early_hints,
    "echo": _echo,
    "cut gzip": _cut_gzip,
    "unprintable": _unprintable,
    "byte order mark": _byte_order_mark,
    "wait": _wait,
}
