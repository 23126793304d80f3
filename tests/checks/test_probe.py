"""Rung 5, answer by answer: what a running server says, and what the ladder makes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from patcher.checks import probe, web
from patcher.errors import BadUsage
from patcher.model import Check, Verdict

PASSED, FAILED, SKIPPED = Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED
BASE = "http://127.0.0.1:3080"
GET, POST, LOGIN = "GET /api/models", "POST /api/models/fetch", "POST /api/auth/login"
HEALTH = "GET /api/models/fetch/health"
NO_ADMINISTRATOR = Check("health", HEALTH, SKIPPED, "this account is not an administrator's")
LOGGED_OUT = [
    Check("server", GET, PASSED, "401 without a login"),
    Check("server", POST, PASSED, "401 without a login"),
]
TOKEN = {"LIBRECHAT_TOKEN": "t"}
PASSWORD = {"LIBRECHAT_EMAIL": "e", "LIBRECHAT_PASSWORD": "p"}
ENTRY = {"models": ["a", "b"], "source": "provider", "fetchedAt": None}
Asked = list[tuple[str, str, Mapping[str, str], Any, bool]]


def answer(status: int, data: Any = None, body: bytes | None = None) -> web.Answer:
    return web.Answer(status, json.dumps(data).encode() if body is None else body, 0.1)


class Server:
    """Answers by `METHOD /path`, without a login with 401; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: Asked = []
        self.anonymous = {GET: answer(401), POST: answer(401)}
        self.answers: dict[str, web.Answer | Exception] = {
            GET: answer(200, {"A": ["a", "b"], "B": []}),
            POST: answer(200, {"endpoints": {"A": ENTRY}}),
            LOGIN: answer(200, {"token": "t"}),
            HEALTH: answer(403, {"error": {"code": "forbidden"}}),
        }

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], timeout: float,
        payload: Any, proxy: bool,
    ) -> web.Answer:  # fmt: skip
        assert timeout == 10
        what = f"{method} {url.removeprefix(BASE)}"
        self.asked.append((method, url, headers, payload, proxy))
        found = self.answers.get(what, answer(404))
        if what != LOGIN and headers.get("Authorization") != "Bearer t":
            found = self.anonymous[what]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server()
    monkeypatch.setattr("patcher.checks.web.ask", found)
    return found


def checked(environment: Mapping[str, str], url: str = BASE) -> list[Check]:
    return list(probe.checks(url, environment))


def test_without_credentials_it_must_ask_for_a_login(server: Server) -> None:
    why = "no credentials: set LIBRECHAT_EMAIL and LIBRECHAT_PASSWORD, or LIBRECHAT_TOKEN"
    for environment in ({}, {"LIBRECHAT_EMAIL": "e"}, {"LIBRECHAT_PASSWORD": "p"}):
        assert checked(environment) == [*LOGGED_OUT, Check("server", "round trip", SKIPPED, why)]
    assert [(m, u, p) for m, u, _, p, _ in server.asked[:2]] == [
        ("GET", f"{BASE}/api/models", None),
        ("POST", f"{BASE}/api/models/fetch", {}),
    ]
    headers = server.asked[0][2]
    assert headers == {"User-Agent": web.BROWSER, "Accept": "application/json"}


@pytest.mark.parametrize("environment", [TOKEN, PASSWORD, {**TOKEN, **PASSWORD}])
def test_with_credentials_both_routes_must_list_the_same(
    server: Server, environment: Mapping[str, str]
) -> None:
    assert checked(environment) == [
        *LOGGED_OUT,
        Check("server", POST, PASSED, "1 endpoints with a key of this account"),
        Check("server", GET, PASSED, "lists for 2 endpoints"),
        Check("server", "A", PASSED, "2 models (provider)"),
        NO_ADMINISTRATOR,
    ]
    logins = [payload for _, url, _, payload, _ in server.asked if url.endswith("/login")]
    is_logged_in = "LIBRECHAT_TOKEN" not in environment
    assert logins == [{"email": "e", "password": "p"}] * is_logged_in
    assert [p for *_, p, _ in server.asked[-3:]] == [{}, None, None]


NOT_PATCHED = (
    "so the route is not there: this server does not run the patch; is it restarted since "
    "`apply`, and does it run this checkout?"
)


@pytest.mark.parametrize("route", [GET, POST])
@pytest.mark.parametrize(
    ("found", "why"),
    [
        (answer(404, {}), f"it answered 404, {NOT_PATCHED}"),
        (answer(200, body=b"<html>"), f"it answered 200, {NOT_PATCHED}"),
        (answer(300), "it redirects (300): give the address that it redirects to"),
        (answer(399), "it redirects (399): give the address that it redirects to"),
        (answer(299), "it answered 299 instead of 401"),
        (answer(400), "it answered 400 instead of 401"),
        (answer(403), "it answered 403 instead of 401"),
        (
            answer(200, {"A": []}),
            "it answered 200 without a login: the route is not behind the login check",
        ),
    ],
)
def test_anything_else_than_401_without_a_login_fails(
    server: Server, route: str, found: web.Answer, why: str
) -> None:
    server.anonymous[route] = found
    expected = [Check("server", c.subject, FAILED, why) if c.subject == route else c
                for c in LOGGED_OUT]  # fmt: skip
    assert checked({})[:2] == expected


@pytest.mark.parametrize(("route", "before"), [(LOGIN, LOGGED_OUT), (POST, LOGGED_OUT)])
def test_a_server_that_stops_answering_ends_the_ladder(
    server: Server, route: str, before: list[Check]
) -> None:
    server.answers[route] = web.Unanswered("gone")
    assert checked(PASSWORD) == [*before, Check("server", route, FAILED, "gone")]


LOGINS = [
    (answer(404, {}), FAILED, LOGIN, "the login was refused (404)"),
    (answer(200, {"token": ""}), FAILED, LOGIN, "the login was refused (200)"),
    (answer(200, {"token": 7}), FAILED, LOGIN, "the login was refused (200)"),
    (answer(200, ["t"]), FAILED, LOGIN, "the login was refused (200)"),
    (answer(201, {"token": "t"}), FAILED, LOGIN, "the login was refused (201)"),
    (
        answer(200, {"twoFAPending": True}), SKIPPED, "round trip",
        "the account asks for a second factor: set LIBRECHAT_TOKEN instead",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("found", "verdict", "subject", "why"), LOGINS)
def test_a_login_that_does_not_succeed(
    server: Server, found: web.Answer, verdict: Verdict, subject: str, why: str
) -> None:
    server.answers[LOGIN] = found
    assert checked(PASSWORD) == [*LOGGED_OUT, Check("server", subject, verdict, why)]


def post(**endpoints: Any) -> web.Answer:
    return answer(200, {"endpoints": endpoints})


DIFFER = f"{GET} and {POST} list different models"
GET_OK = Check("server", GET, PASSED, "lists for 2 endpoints")
EXPIRED = "it answered 401: the token is not valid, or it has expired"
ROUND_TRIPS: Mapping[str, tuple[str, web.Answer, list[Check]]] = {
    "refused": (
        POST, answer(401), [Check("server", POST, FAILED, EXPIRED), GET_OK],
    ),
    "broken": (
        POST, answer(500), [Check("server", POST, FAILED, "it answered 500"), GET_OK],
    ),
    "no endpoints": (
        POST, answer(200, []),
        [Check("server", POST, FAILED, "the answer has no `endpoints`"), GET_OK],
    ),
    "endpoints of another shape": (
        POST, answer(200, {"endpoints": []}),
        [Check("server", POST, FAILED, "the answer has no `endpoints`"), GET_OK],
    ),
    "nothing to fetch": (
        POST, post(),
        [Check("server", POST, PASSED, "0 endpoints with a key of this account"), GET_OK],
    ),
    "an error of the provider": (
        POST, post(A={**ENTRY, "source": "stale", "error": {"code": "provider_timeout"}}),
        [
            Check("server", POST, PASSED, "1 endpoints with a key of this account"), GET_OK,
            Check(
                "server", "A", PASSED,
                "2 models (stale, the provider failed with provider_timeout)",
            ),
        ],
    ),
    "an error without a code": (
        POST, post(A={**ENTRY, "source": "default", "error": {"code": 7}}),
        [
            Check("server", POST, PASSED, "1 endpoints with a key of this account"), GET_OK,
            Check("server", "A", PASSED, "2 models (default)"),
        ],
    ),
    "another list": (
        POST, post(A={**ENTRY, "source": "cache", "models": ["b", "a"]}),
        [
            Check("server", POST, PASSED, "1 endpoints with a key of this account"), GET_OK,
            Check("server", "A", FAILED, DIFFER),
        ],
    ),
    "a GET that is refused": (
        GET, answer(401),
        [
            Check("server", POST, PASSED, "1 endpoints with a key of this account"),
            Check("server", GET, FAILED, EXPIRED),
        ],
    ),
    "a GET that is no map": (
        GET, answer(200, ["a"]),
        [
            Check("server", POST, PASSED, "1 endpoints with a key of this account"),
            Check(
                "server", GET, FAILED, "the answer does not map endpoints to lists of names"
            ),
        ],
    ),
    "a GET of numbers": (
        GET, answer(200, {"A": ["a", "b"], "B": [1]}),
        [
            Check("server", POST, PASSED, "1 endpoints with a key of this account"),
            Check(
                "server", GET, FAILED, "the answer does not map endpoints to lists of names"
            ),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_a_round_trip(server: Server, name: str) -> None:
    route, found, expected = ROUND_TRIPS[name]
    server.answers[route] = found
    assert checked(TOKEN) == [*LOGGED_OUT, *expected, NO_ADMINISTRATOR]


@pytest.mark.parametrize(
    "change",
    [
        {"source": "guess"}, {"source": None}, {"source": []}, {"source": {}}, {"models": "ab"},
        {"models": [1]}, {"models": None}, {"fetchedAt": 7},
    ],
)  # fmt: skip
def test_an_entry_of_another_shape(server: Server, change: Mapping[str, Any]) -> None:
    server.answers[POST] = post(A={**ENTRY, **change}, B=[], C=ENTRY)
    assert checked(TOKEN)[2] == Check("server", POST, FAILED, "entries of another shape: 2")
    failed = [c.subject for c in checked(TOKEN)[4:] if c.verdict is FAILED]
    assert failed == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("url", "sent", "proxy"),
    [
        ("http://chat.example.com", False, True),
        ("https://chat.example.com", True, True),
        ("http://127.0.0.1", True, False),
        ("http://librechat", True, False),
        ("https://10.0.0.1/", True, False),
    ],
)
def test_credentials_are_kept_from_plain_http_to_a_public_host(
    monkeypatch: pytest.MonkeyPatch, url: str, sent: bool, proxy: bool
) -> None:
    proxies = []

    def ask(*arguments: Any) -> web.Answer:
        proxies.append(arguments[-1])
        return answer(401)

    monkeypatch.setattr("patcher.checks.web.ask", ask)
    last = checked(TOKEN, url)[2]
    why = "credentials are not sent over plain HTTP to a public host: use https"
    assert (last == Check("server", "round trip", SKIPPED, why)) is not sent
    assert set(proxies) == {proxy}


@pytest.mark.parametrize(
    ("url", "message", "hint"),
    [
        ("nowhere", "--url is not an http or https URL", "such as --url http://localhost:3080"),
        ("http://0x-1:x", "--url is not an http or https URL", "such as"),
        *(
            (
                url,
                "--url must be the plain address of the server: no credentials, query or fragment",
                "give credentials as LIBRECHAT_EMAIL and LIBRECHAT_PASSWORD, or LIBRECHAT_TOKEN",
            )
            for url in ("http://u@a", "http://:p@a", "http://a?q", "http://a#f")
        ),
    ],
)
def test_what_is_no_address_of_a_server(url: str, message: str, hint: str) -> None:
    with pytest.raises(BadUsage) as caught:
        checked({}, url)
    assert str(caught.value) == message
    assert caught.value.hint.startswith(hint)


def test_a_path_is_kept_and_slashes_at_the_end_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def ask(_: str, url: str, *__: Any) -> web.Answer:
        asked.append(url)
        return answer(401)

    monkeypatch.setattr("patcher.checks.web.ask", ask)
    checked({}, " http://a/chat// ")
    assert asked == ["http://a/chat/api/models", "http://a/chat/api/models/fetch"]
