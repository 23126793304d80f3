"""Rung 5 of the verification ladder: a running server, asked over HTTP.

Without credentials it must ask for a login at both routes; with credentials from the environment
a full round trip is made. Nothing is changed on the server but its cache of model lists.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from patcher.checks import health, web
from patcher.checks.transport import is_private_host, target_of
from patcher.errors import BadUsage
from patcher.model import Check, Verdict

RUNG = "server"
TOKEN = "LIBRECHAT_TOKEN"
EMAIL = "LIBRECHAT_EMAIL"
PASSWORD = "LIBRECHAT_PASSWORD"

_TIMEOUT = 10
_GET = "GET /api/models"
_POST = "POST /api/models/fetch"
_LOGIN = "POST /api/auth/login"
_SOURCES = ("provider", "cache", "stale", "default")


class _Stopped(Exception):
    """The round trip cannot go on; the check says why."""

    def __init__(self, check: Check) -> None:
        super().__init__(check.detail)
        self.check = check


class _Server(Struct, frozen=True):
    base: str
    token: str = ""

    def ask(self, what: str, payload: Mapping[str, object] | None = None) -> web.Answer:
        method, path = what.split(" ")
        headers = {"User-Agent": web.BROWSER, "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            return web.ask(method, self.base + path, headers, _TIMEOUT, payload, self._is_public)
        except web.Unanswered as error:
            raise _Stopped(_failed(what, str(error))) from None

    @property
    def _is_public(self) -> bool:
        return not is_private_host(urlsplit(self.base).hostname or "")


def checks(url: str, environment: Mapping[str, str]) -> Iterator[Check]:
    """Ask the server at `url`; raises `BadUsage` when that is no URL of a server."""
    base = _base(url)
    try:
        server = _Server(base)
        yield _asks_for_login(_GET, server.ask(_GET))
        yield _asks_for_login(_POST, server.ask(_POST, {}))
        yield from _round_trip(base, environment)
    except _Stopped as stopped:
        yield stopped.check


def _base(url: str) -> str:
    target = target_of(url)
    parts = urlsplit(url.strip()) if target else None
    if parts is None:
        raise BadUsage("--url is not an http or https URL", "such as --url http://localhost:3080")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise BadUsage(
            "--url must be the plain address of the server: no credentials, query or fragment",
            f"give credentials as {EMAIL} and {PASSWORD}, or {TOKEN}",
        )
    return url.strip().rstrip("/")


def _asks_for_login(what: str, answer: web.Answer) -> Check:
    if answer.status == 401:
        return Check(RUNG, what, Verdict.PASSED, "401 without a login")
    return _failed(what, _instead_of_401(answer))


def _instead_of_401(answer: web.Answer) -> str:
    status = answer.status
    if status == 404 or (status == 200 and answer.data is None):
        # Between v0.7.x and v0.8.0 an unknown path is answered with the start page and 200.
        return (
            f"it answered {status}, so the route is not there: this server does not run the patch; "
            "is it restarted since `apply`, and does it run this checkout?"
        )
    if 300 <= status < 400:
        return f"it redirects ({status}): give the address that it redirects to"
    if status == 200:
        return "it answered 200 without a login: the route is not behind the login check"
    return f"it answered {status} instead of 401"


def _round_trip(base: str, environment: Mapping[str, str]) -> Iterator[Check]:
    reason = _why_no_round_trip(base, environment)
    if reason:
        yield Check(RUNG, "round trip", Verdict.SKIPPED, reason)
        return
    server = _Server(base, environment.get(TOKEN) or _log_in(_Server(base), environment))
    fetched, problem = _fetched(server.ask(_POST, {}))
    yield _judged(_POST, problem, f"{len(fetched)} endpoints with a key of this account")
    listed, problem = _listed(server.ask(_GET))
    yield _judged(_GET, problem, f"lists for {len(listed)} endpoints")
    if not problem:
        yield from (_same(name, entry, listed) for name, entry in fetched.items())
    yield from health.checks(server.ask(health.ROUTE))


def _why_no_round_trip(base: str, environment: Mapping[str, str]) -> str:
    has_login = environment.get(EMAIL) and environment.get(PASSWORD)
    if not environment.get(TOKEN) and not has_login:
        return f"no credentials: set {EMAIL} and {PASSWORD}, or {TOKEN}"
    parts = urlsplit(base)
    if parts.scheme == "http" and not is_private_host(parts.hostname or ""):
        return "credentials are not sent over plain HTTP to a public host: use https"
    return ""


def _log_in(server: _Server, environment: Mapping[str, str]) -> str:
    answer = server.ask(_LOGIN, {"email": environment[EMAIL], "password": environment[PASSWORD]})
    data = answer.data if isinstance(answer.data, dict) else {}
    if data.get("twoFAPending"):
        why = f"the account asks for a second factor: set {TOKEN} instead"
        raise _Stopped(Check(RUNG, "round trip", Verdict.SKIPPED, why))
    token = data.get("token")
    if answer.status != 200 or not isinstance(token, str) or not token:
        raise _Stopped(_failed(_LOGIN, f"the login was refused ({answer.status})"))
    return token


def _fetched(answer: web.Answer) -> tuple[dict[str, Any], str]:
    """The endpoints of a fetch, and what is wrong with the answer."""
    if answer.status != 200:
        return {}, _refusal(answer)
    data = answer.data
    endpoints = data.get("endpoints") if isinstance(data, dict) else None
    if not isinstance(endpoints, dict):
        return {}, "the answer has no `endpoints`"
    odd = [name for name, entry in endpoints.items() if not _is_entry(entry)]
    return endpoints, f"entries of another shape: {len(odd)}" if odd else ""


def _is_entry(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and _is_names(entry.get("models"))
        and entry.get("source") in _SOURCES
        and isinstance(entry.get("fetchedAt"), str | None)
    )


def _listed(answer: web.Answer) -> tuple[dict[str, Any], str]:
    if answer.status != 200:
        return {}, _refusal(answer)
    data = answer.data
    if not isinstance(data, dict) or not all(map(_is_names, data.values())):
        return {}, "the answer does not map endpoints to lists of names"
    return data, ""


def _is_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _refusal(answer: web.Answer) -> str:
    if answer.status == 401:
        return "it answered 401: the token is not valid, or it has expired"
    return f"it answered {answer.status}"


def _same(name: str, entry: Mapping[str, Any], listed: Mapping[str, Any]) -> Check:
    models = entry["models"] if _is_entry(entry) else None
    if models is None or listed.get(name) != models:
        return _failed(name, f"{_GET} and {_POST} list different models")
    error = entry.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    note = f", the provider failed with {code}" if isinstance(code, str) else ""
    return Check(RUNG, name, Verdict.PASSED, f"{len(models)} models ({entry['source']}{note})")


def _judged(what: str, problem: str, detail: str) -> Check:
    return _failed(what, problem) if problem else Check(RUNG, what, Verdict.PASSED, detail)


def _failed(what: str, detail: str) -> Check:
    return Check(RUNG, what, Verdict.FAILED, detail)
