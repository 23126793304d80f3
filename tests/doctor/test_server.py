"""`verify --url`: a running server is asked as a browser without a login would, then with one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Ran, Runner
from tests.doctor.providers import Asked, Provider, Reply

TOKEN = "a-token-that-nobody-may-see"
LISTS = {"LiteLLM": ["alice-1", "alice-2"], "openAI": ["gpt-4o"]}
ENTRY = {"models": LISTS["LiteLLM"], "source": "cache", "fetchedAt": "2026-11-23T09:00:00.000Z"}


class Patched:
    """A LibreChat with the patch, as far as these routes go; change what it answers."""

    def __init__(self) -> None:
        self.login = Reply(data={"token": TOKEN, "user": {}})
        self.get = Reply(data=LISTS)
        self.post = Reply(data={"endpoints": {"LiteLLM": ENTRY}})
        self.health = Reply(data={"since": "2026-11-23T09:00:00.000Z", "endpoints": {}})
        self.anonymous = Reply(401, body=b"Unauthorized")
        self.anonymous_post = self.anonymous

    def __call__(self, asked: Asked) -> Reply:
        if "Mozilla" not in asked.headers["User-Agent"]:
            return Reply(403, {"message": "Illegal request"})
        if asked.path == "/api/auth/login":
            return self.login
        if asked.path == "/api/models/fetch/health":
            return self.health
        is_post = (asked.method, asked.path) == ("POST", "/api/models/fetch")
        if not is_post and (asked.method, asked.path) != ("GET", "/api/models"):
            return Reply(404)
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self.anonymous_post if is_post else self.anonymous
        return self.post if is_post else self.get


@pytest.fixture(autouse=True)
def _no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LIBRECHAT_EMAIL", "LIBRECHAT_PASSWORD", "LIBRECHAT_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server(provider: Provider) -> Patched:
    patched = Patched()
    provider.answering = patched
    return patched


def asked(run: Runner, provider: Provider) -> Ran:
    return run("verify", "--url", f"{provider.url}/")


def test_a_patched_server_asks_for_a_login_at_both_routes(
    run: Runner, provider: Provider, server: Patched
) -> None:
    done = asked(run, provider)
    assert done.code == 0
    assert "server: 2 ok" in done.out
    assert "server: skipped round trip: no credentials: set LIBRECHAT_EMAIL" in done.out
    assert [(a.method, a.path, a.body) for a in provider.asked] == [
        ("GET", "/api/models", b""),
        ("POST", "/api/models/fetch", b"{}"),
    ]


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(404, {"message": "Endpoint not found"}), "this server does not run the patch"),
        (Reply(200, body=b"<!DOCTYPE html>"), "this server does not run the patch"),
        (Reply(200, {"endpoints": {}}), "not behind the login check"),
        (Reply(302, headers={"Location": "https://sso.example/?t=x"}), "it redirects (302)"),
        (Reply(502, body=b"Bad gateway"), "it answered 502 instead of 401"),
    ],
)
def test_anything_but_401_fails(
    run: Runner, provider: Provider, server: Patched, reply: Reply, told: str
) -> None:
    server.anonymous_post = reply
    done = asked(run, provider)
    assert done.code == 1
    assert "server: failed POST /api/models/fetch: " in done.out and told in done.out
    assert "sso.example" not in done.out
    assert len(provider.asked) == 2


@pytest.mark.parametrize("how", ["login", "token"])
def test_a_round_trip_compares_what_both_routes_list(
    run: Runner, provider: Provider, server: Patched, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    with_credentials(monkeypatch, how)
    done = run("verify", "--url", provider.url, "--format", "json")
    assert done.code == 0
    assert [(c["subject"], c["detail"]) for c in done.data["checks"][2:]] == [
        ("POST /api/models/fetch", "1 endpoints with a key of this account"),
        ("GET /api/models", "lists for 2 endpoints"),
        ("LiteLLM", "2 models (cache)"),
        ("GET /api/models/fetch/health", "nobody asked since 2026-11-23T09:00:00.000Z"),
    ]
    assert {"verdict": "passed"}.items() <= done.data["checks"][-1].items()
    shown = done.out + done.err
    assert not {s for s in (TOKEN, "alice@example.com", "pass-word-123") if s in shown}
    logins = [json.loads(a.body) for a in provider.asked if a.path == "/api/auth/login"]
    expected = [{"email": "alice@example.com", "password": "pass-word-123"}]
    assert logins == (expected if how == "login" else [])


def with_credentials(monkeypatch: pytest.MonkeyPatch, how: str = "login") -> None:
    if how == "token":
        monkeypatch.setenv("LIBRECHAT_TOKEN", TOKEN)
    else:
        monkeypatch.setenv("LIBRECHAT_EMAIL", "alice@example.com")
        monkeypatch.setenv("LIBRECHAT_PASSWORD", "pass-word-123")


WRONG = {
    "the login is refused": ("login", Reply(404, {"message": "no"}), "the login was refused (404)"),
    "the login gives no token": ("login", Reply(data={"user": {}}), "the login was refused (200)"),
    "no endpoints": ("post", Reply(data={"models": []}), "the answer has no `endpoints`"),
    "an odd source": (
        "post",
        Reply(data={"endpoints": {"LiteLLM": {**ENTRY, "source": "guess"}}}),
        "entries of another shape: 1",
    ),
    "models that are no names": (
        "post",
        Reply(data={"endpoints": {"LiteLLM": {**ENTRY, "models": [1]}}}),
        "entries of another shape: 1",
    ),
    "a fault in the server": ("post", Reply(500, {"error": {}}), "it answered 500"),
    "too many requests": ("post", Reply(429, {"error": {}}), "it answered 429"),
    "no map": ("get", Reply(data=["a"]), "does not map endpoints to lists of names"),
    "another list": (
        "get",
        Reply(data={"LiteLLM": ["default-model"]}),
        "GET /api/models and POST /api/models/fetch list different models",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_round_trip_that_does_not_hold_fails(
    run: Runner, provider: Provider, server: Patched, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with_credentials(monkeypatch)
    part, reply, told = WRONG[name]
    setattr(server, part, reply)
    done = asked(run, provider)
    assert done.code == 1
    assert told in done.out


def test_a_second_factor_is_no_failure_but_names_the_way(
    run: Runner, provider: Provider, server: Patched, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_credentials(monkeypatch)
    server.login = Reply(data={"twoFAPending": True, "tempToken": "x"})
    done = asked(run, provider)
    assert done.code == 0 and "second factor: set LIBRECHAT_TOKEN instead" in done.out


def test_a_token_that_has_expired_is_named(
    run: Runner, provider: Provider, server: Patched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBRECHAT_TOKEN", "old")
    done = asked(run, provider)
    assert done.code == 1 and "the token is not valid, or it has expired" in done.out


def test_no_server_is_a_failure_with_its_reason(run: Runner) -> None:
    done = run("verify", "--url", "http://127.0.0.1:9")
    assert done.code == 1
    assert "server: failed GET /api/models: nothing listens there" in done.out


def test_the_ladder_of_a_checkout_ends_with_the_server(
    run: Runner, checkout: Path, provider: Provider, server: Patched
) -> None:
    done = run("verify", "--root", checkout, "--url", provider.url)
    assert done.code == 0 and re.search(r"expectation: \d+ ok", done.out)
    assert "server: 2 ok" in done.out


@pytest.mark.parametrize(
    "url", ["ftp://a", "localhost:3080", "http://u:p@127.0.0.1/", "http://a/?q=1", "http://"]
)
def test_a_url_that_is_none_is_bad_usage(run: Runner, url: str) -> None:
    done = run("verify", "--url", url)
    assert done.code == 2
    assert "u:p" not in done.err


def test_credentials_do_not_go_over_plain_http_to_a_public_host() -> None:
    from patcher.checks.probe import _why_no_round_trip as why

    login = {"LIBRECHAT_TOKEN": "x"}
    assert "use https" in why("http://chat.example.com", login)
    assert why("https://chat.example.com", login) == ""
    assert why("http://127.0.0.1:3080", login) == why("http://librechat:3080", login) == ""


REAL = os.environ.get("LIBRECHAT_URL", "")


@pytest.mark.skipif(not REAL, reason="LIBRECHAT_URL names no running server with the patch")
def test_a_real_server_passes(run: Runner) -> None:
    done = run("verify", "--url", REAL)
    assert done.code == 0, done.out


def test_a_url_alone_is_about_the_server_also_in_a_checkout_that_is_not_patched(
    run: Runner,
    copy_of: Callable[[str], Path],
    provider: Provider,
    server: Patched,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(copy_of("e6-v0.8.4"))
    done = run("verify", "--url", provider.url)
    assert done.code == 0
    assert {line.partition(":")[0] for line in done.out.splitlines()} == {"server", "verified"}
