"""`doctor --probe`: each provider that librechat.yaml names is asked for its models."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from patcher.checks import web
from patcher.checks.transport import Policy, Target, is_listed, is_private, refuses, target_of
from patcher.doctor.config import Endpoint
from patcher.doctor.diagnosis import Probe
from patcher.model import Verdict

KEY = "LIBRECHAT_PATCHER_KEY"
"""The key for every endpoint, as long as all have one provider; else KEY_<ENDPOINT> for each."""

_TIMEOUT = 5
"""Seconds; like the server's own DYNAMIC_MODELS_TIMEOUT."""


def variable_of(endpoint: str) -> str:
    """The environment variable with the key of one endpoint: LIBRECHAT_PATCHER_KEY_LITELLM."""
    return f"{KEY}_{re.sub(r'[^A-Z0-9]+', '_', endpoint.upper()).strip('_')}"


def probes(
    endpoints: Sequence[Endpoint], policy: Policy, environment: Mapping[str, str]
) -> Iterator[Probe]:
    """Ask every endpoint whose URL the administrator sets.

    A key goes only where the patched server would send it: not over plain HTTP to a public host.
    """
    asked = [e for e in endpoints if e.name and not e.lacks and not e.is_ollama]
    targets = {t for e in asked if e.url and (t := target_of(e.url))}
    for endpoint in asked:
        target = target_of(endpoint.url) if endpoint.url else None
        key = environment.get(variable_of(endpoint.name), "")
        if not key and len(targets) == 1:
            key = environment.get(KEY, "")
        reason = _why_not(endpoint, target, key, policy)
        if target is None or reason:
            yield Probe(endpoint.name, Verdict.SKIPPED, None, None, reason)
        else:
            yield _asked(endpoint, target, key)


def _why_not(endpoint: Endpoint, target: Target | None, key: str, policy: Policy) -> str:
    if endpoint.user_url:
        return "users bring their own URL"
    if target is None:
        return "its base URL is not an http or https URL"
    if not key:
        return f"no key for it: set {variable_of(endpoint.name)}"
    if refuses(target, policy):
        return "the server refuses plain HTTP to this host"
    if target.scheme == "http" and not is_listed(target, policy.allow_http):
        return _why_not_there(target)
    return ""


def _why_not_there(target: Target) -> str:
    """The server looks at the address of a local name too, so the key stays here as well."""
    try:
        found = socket.getaddrinfo(target.host.strip("[]"), None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return "its name is not known on this machine (try it inside the compose network)"
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if all(map(is_private, addresses)):
        return ""
    return "its name leads to a public address over plain HTTP"


def _asked(endpoint: Endpoint, target: Target, key: str) -> Probe:
    headers = {"Accept": "application/json", "Authorization": f"Bearer {key}"}
    try:
        answer = web.ask(
            "GET",
            f"{endpoint.url.strip().rstrip('/')}/models",
            headers,
            _TIMEOUT,
            through_proxy=target.scheme == "https",
        )
    except web.Unanswered as error:
        return Probe(endpoint.name, Verdict.FAILED, None, None, str(error))
    names = _names(answer)
    verdict = Verdict.PASSED if names else Verdict.FAILED
    detail = "" if names else _failure(answer, endpoint)
    return Probe(endpoint.name, verdict, names, round(answer.seconds, 3), detail)


def _names(answer: web.Answer) -> int | None:
    """How many ids the answer lists, in the shapes that the patched server reads."""
    data = answer.data
    items = data.get("data") if isinstance(data, dict) else data
    if answer.status != 200 or not isinstance(items, list):
        return None
    ids = {i.get("id") for i in items if isinstance(i, dict) and isinstance(i.get("id"), str)}
    return len(ids - {""})


def _failure(answer: web.Answer, endpoint: Endpoint) -> str:
    if answer.status in (401, 403):
        return f"the provider refuses the key ({answer.status})"
    if 300 <= answer.status < 400:
        return f"it redirects ({answer.status}), which the server does not follow"
    if answer.status == 404 and not urlsplit(endpoint.url).path.strip("/"):
        return "it answered 404: the base URL may lack its path, often /v1"
    if answer.status != 200:
        return f"it answered {answer.status}"
    return "the answer lists no models: neither { data: [{ id }] } nor [{ id }]"
