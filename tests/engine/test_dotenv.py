"""One item more in a setting of `.env`; everything else keeps its bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patcher.doctor.dotenv import is_host, with_item

NAME = "ALLOW"
CASES = [
    ("no file yet", b"", b"ALLOW=a:1\n"),
    ("other settings", b"PORT=3080\n", b"PORT=3080\nALLOW=a:1\n"),
    ("no last line end", b"PORT=3080", b"PORT=3080\nALLOW=a:1\n"),
    ("line ends of Windows", b"PORT=1\r\nA=2", b"PORT=1\r\nA=2\r\nALLOW=a:1\r\n"),
    ("empty", b"ALLOW=\n", b"ALLOW=a:1\n"),
    ("one other", b"ALLOW=b\n", b"ALLOW=b,a:1\n"),
    ("with CR LF", b"ALLOW=b\r\nPORT=1\r\n", b"ALLOW=b,a:1\r\nPORT=1\r\n"),
    ("double quotes", b'ALLOW="b, c"\n', b'ALLOW="b,c,a:1"\n'),
    ("single quotes", b"ALLOW='b'\n", b"ALLOW='b,a:1'\n"),
    ("export", b"export ALLOW = b\n", b"export ALLOW =b,a:1\n"),
    ("given twice", b"ALLOW=b\nALLOW=c\n", b"ALLOW=b,a:1\nALLOW=c,a:1\n"),
    ("longer name", b"ALLOWED=b\n", b"ALLOWED=b\nALLOW=a:1\n"),
    ("commented out", b"# ALLOW=b\n", b"# ALLOW=b\nALLOW=a:1\n"),
    ("Latin-1 elsewhere", b"NAME=caf\xe9\nALLOW=b\n", b"NAME=caf\xe9\nALLOW=b,a:1\n"),
]
PRESENT = [b"ALLOW=a:1\n", b"ALLOW= b , a:1\r\n", b'ALLOW="a:1"', b"export ALLOW='b,a:1'\n"]


@pytest.mark.parametrize(("before", "after"), [pytest.param(b, a, id=n) for n, b, a in CASES])
def test_item_is_added(before: bytes, after: bytes) -> None:
    assert with_item(before, NAME, "a:1") == after


@pytest.mark.parametrize("source", PRESENT)
def test_item_that_is_there_is_left_alone(source: bytes) -> None:
    assert with_item(source, NAME, "a:1") == source


@given(st.lists(st.sampled_from([b"ALLOW=b", b"X=1", b"", b"# c", b'ALLOW="c"', b"\xff=2"])))
def test_second_time_changes_nothing(rows: list[bytes]) -> None:
    once = with_item(b"\n".join(rows), NAME, "a:1")
    assert with_item(once, NAME, "a:1") == once


HOSTS = ["localhost", "litellm:4000", "10.0.0.1", "[::1]:8080", "a-b.c_d", "x:1"]
NO_HOSTS = ["", "http://a", "a b", "a:", "a:port", "a,b", "-a", "a/b", "[x]", "a:123456", "ä"]


@pytest.mark.parametrize("text", HOSTS)
def test_host_is_one(text: str) -> None:
    assert is_host(text)


@pytest.mark.parametrize("text", NO_HOSTS)
def test_other_text_is_none(text: str) -> None:
    assert not is_host(text)
