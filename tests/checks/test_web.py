"""One HTTP request: what is sent, what is read, and why nothing came."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from patcher.checks import web
from tests.doctor.providers import Asked, Provider, Reply, serving


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving() as server:
        yield server


def test_what_is_sent(provider: Provider) -> None:
    web.ask("GET", provider.url + "/a?b=1", {"X-Mine": "1"}, 5)
    web.ask("POST", provider.url + "/c", {"X-Mine": "2"}, 5, {"d": [1]})
    one, other = provider.asked
    assert (one.method, one.path, one.body) == ("GET", "/a?b=1", b"")
    assert (one.headers["X-Mine"], one.headers.get("Content-Type")) == ("1", None)
    assert (other.method, other.path, other.body) == ("POST", "/c", b'{"d": [1]}')
    assert other.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("status", [200, 204, 301, 302, 307, 400, 401, 404, 500, 503])
def test_every_status_is_an_answer_and_none_is_followed(provider: Provider, status: int) -> None:
    provider.answering = lambda _: Reply(status, body=b"", headers={"Location": "/elsewhere"})
    answer = web.ask("GET", provider.url, {}, 5)
    assert (answer.status, answer.body) == (status, b"")
    assert 0 <= answer.seconds < 5
    assert len(provider.asked) == 1


@pytest.mark.parametrize(
    ("body", "data"), [(b'{"a": 1}', {"a": 1}), (b"", None), (b"{", None), (b"[" * 99999, None)]
)
def test_a_body_is_json_or_nothing(body: bytes, data: object) -> None:
    assert web.Answer(200, body, 0.0).data == data


def test_a_body_has_a_largest_size(provider: Provider) -> None:
    provider.answering = lambda _: Reply(body=b"x" * web.MAX_ANSWER)
    assert len(web.ask("GET", provider.url, {}, 20).body) == 5 * 1024 * 1024
    provider.answering = lambda _: Reply(body=b"x" * (web.MAX_ANSWER + 1))
    with pytest.raises(web.Unanswered, match=r"^it sent more than 5 MiB$"):
        web.ask("GET", provider.url, {}, 20)


def test_the_environments_proxy_is_for_those_who_ask_for_it(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", provider.url)
    provider.answering = lambda asked: Reply(data=asked.path)
    through = web.ask("GET", "http://a.example/x", {}, 5, through_proxy=True)
    assert through.data == "http://a.example/x"
    assert web.ask("GET", provider.url + "/y", {}, 5).data == "/y"


def test_a_body_that_never_ends_is_cut_at_the_deadline(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.answering = lambda _: Reply(body=b"x" * 200_000)
    clock = iter([0.0, 4.0, 5.0, 5.1])
    monkeypatch.setattr("patcher.checks.web.time.monotonic", lambda: next(clock))
    with pytest.raises(web.Unanswered, match=r"^it did not answer within 5 s$"):
        web.ask("GET", provider.url, {}, 5)


@pytest.mark.parametrize(
    ("url", "headers", "reason"),
    [
        ("http://127.0.0.1:9/", {}, "nothing listens there (connection refused)"),
        ("http://127.0.0.1:9/ x", {}, "it could not be reached (InvalidURL)"),
        ("http://127.0.0.1:9/\u00e9", {}, "it could not be reached (UnicodeEncodeError)"),
    ],
)
def test_why_nothing_came(url: str, headers: dict[str, str], reason: str) -> None:
    with pytest.raises(web.Unanswered) as caught:
        web.ask("GET", url, headers, 5)
    assert str(caught.value) == reason
    assert caught.value.__cause__ is None


def test_a_key_that_no_header_can_hold_is_not_repeated(provider: Provider) -> None:
    with pytest.raises(web.Unanswered) as caught:
        web.ask("GET", provider.url, {"Authorization": "Bearer a\nb"}, 5)
    assert str(caught.value) == "it could not be reached (ValueError)"


def test_a_name_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    with pytest.raises(web.Unanswered) as caught:
        web.ask("GET", "http://nowhere.example/", {}, 5)
    assert str(caught.value) == "it could not be reached: Name or service not known"


def test_a_server_that_hangs_up(provider: Provider) -> None:
    def hang_up(_: Asked) -> Reply:
        raise ConnectionResetError

    provider.answering = hang_up
    with pytest.raises(web.Unanswered, match=r"\(RemoteDisconnected\)$"):
        web.ask("GET", provider.url, {}, 5)
