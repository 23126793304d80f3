"""What is wrong with librechat.yaml. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from patcher.checks.transport import Policy, Target, refuses, target_of
from patcher.doctor.diagnosis import Diagnosis, Severity
from patcher.doctor.endpoints import Endpoint, eligible
from patcher.doctor.settings import ALLOW_HTTP, HTTPS_ONLY

if TYPE_CHECKING:
    from patcher.doctor.yaml_file import Value
    from patcher.doctor.yaml_nodes import Unreadable

_BUILT_IN = frozenset(
    {
        "azureOpenAI", "openAI", "google", "anthropic", "assistants", "azureAssistants", "agents",
        "custom", "bedrock", "gptPlugins", "bingAI", "chatGPTBrowser",
    }
)  # fmt: skip
"""EModelEndpoint of packages/data-provider/src/schemas.ts: a custom endpoint may not be called so,
and LibreChat refuses the whole file (the last three names: up to v0.8.1)."""

_UNSAFE_IN_URL = r"[&#/%?]"
_MINIMAL = (
    "endpoints: { custom: [{ name: LiteLLM, apiKey: user_provided, "
    "baseURL: http://litellm:4000/v1, models: { default: [gpt-4o], fetch: true } }] }"
)
_VERSION = "version: 1.2.8"


def unreadable(file: str, error: Unreadable) -> Diagnosis:
    """LibreChat starts without its configuration, or not at all, when it cannot be parsed."""
    what = f"LibreChat cannot read it: {error}"
    fix = f"mend line {error.line} of {file}"
    if error.has_tab:
        fix = f"sed -i 's/\\t/  /g' {file}, then look at line {error.line}"
    return Diagnosis("yaml-invalid", Severity.ERROR, f"{file}:{error.line}", what, fix)


def missing(file: str, named: bool) -> Diagnosis:
    """There is no configuration, so there are no custom endpoints."""
    what = "CONFIG_PATH names a file that is not there" if named else "there is no such file"
    fix = f"cp librechat.example.yaml {file}"
    return Diagnosis("yaml-missing", Severity.ERROR, file, f"{what}, so no custom endpoint", fix)


def remote(host: str) -> Diagnosis:
    """A configuration behind a URL is not fetched."""
    what = f"CONFIG_PATH is a URL at {host}: it is not fetched, so its endpoints are not checked"
    fix = "save it as FILE, then run: CONFIG_PATH=FILE librechat-patcher doctor"
    return Diagnosis("yaml-remote", Severity.NOTE, "CONFIG_PATH", what, fix)


def diagnose(
    file: str, document: Value | None, endpoints: Sequence[Endpoint], policy: Policy
) -> Iterator[Diagnosis]:
    """The whole file: its version, its endpoints, and what the patched server will do with them."""
    yield from _version(file, document)
    served = eligible(endpoints)
    if not endpoints:
        what = "endpoints.custom has no entry: there is nothing that the patch could serve"
        yield Diagnosis("endpoints-none", Severity.ERROR, file, what, _MINIMAL)
    yield from _dropped(file, endpoints)
    for endpoint in endpoints:
        if not endpoint.lacks and endpoint.name:
            where = f"{file}:{endpoint.line} ({endpoint.name})"
            yield from _models(where, endpoint, bool(served))
            yield from _transport(where, endpoint, policy)


def _version(file: str, document: Value | None) -> Iterator[Diagnosis]:
    version = document.get("version") if document else None
    if version is None or version.text is None:
        what = "`version:` is missing" if version is None else "`version:` is a number, not a text"
        what += ", so LibreChat refuses the file"
        fix = _VERSION if version is None else 'put it in quotes: version: "1.2"'
        yield Diagnosis("yaml-version", Severity.ERROR, file, what, fix)


def _dropped(file: str, endpoints: Sequence[Endpoint]) -> Iterator[Diagnosis]:
    last = {e.name: e for e in endpoints if e.name}
    for endpoint in endpoints:
        name = endpoint.name or "without a name"
        where = f"{file}:{endpoint.line} ({name})"
        if endpoint.lacks:
            what = f"LibreChat leaves the endpoint out: it has no {', '.join(endpoint.lacks)}"
            fix = f"add to it: {endpoint.lacks[0]}: {_example(endpoint.lacks[0])}"
            yield Diagnosis("endpoint-dropped", Severity.ERROR, where, what, fix)
        elif not endpoint.name or endpoint.name in _BUILT_IN:
            what = "the name belongs to LibreChat itself, so LibreChat refuses the whole file"
            if not endpoint.name:
                what = "the name is no text, so LibreChat refuses the whole file"
            fix = f"name: {(endpoint.name or 'provider')}-custom"
            yield Diagnosis("endpoint-name", Severity.ERROR, where, what, fix)
        elif last[endpoint.name] is not endpoint:
            what = "an endpoint further down has the same name; LibreChat takes only that one"
            fix = f"name: {endpoint.name} 2"
            yield Diagnosis("endpoint-twice", Severity.ERROR, where, what, fix)
        elif re.search(_UNSAFE_IN_URL, endpoint.name):
            what = "LibreChat puts the name into URLs as it is: with & # / % ? keys are not saved"
            fix = f"name: {re.sub(_UNSAFE_IN_URL, ' ', endpoint.name).strip()}"
            yield Diagnosis("endpoint-name", Severity.ERROR, where, what, fix)


def _example(key: str) -> str:
    return {
        "name": "LiteLLM",
        "apiKey": "user_provided",
        "baseURL": "https://llm.example.com/v1",
        "models": "{ default: [MODEL], fetch: true }",
    }[key]


def _models(where: str, endpoint: Endpoint, others: bool) -> Iterator[Diagnosis]:
    if not endpoint.defaults:
        what = "`models.default` is no list with a model in it, so LibreChat refuses the file"
        yield Diagnosis(
            "default-missing", Severity.ERROR, where, what, "under `models:` add: default: [MODEL]"
        )
    if endpoint.fetch_is_odd:
        what = "`models.fetch` is neither true nor false, so LibreChat refuses the file"
        yield Diagnosis("fetch-odd", Severity.ERROR, where, what, "fetch: true")
    elif endpoint.has_user_part and not endpoint.fetch and not endpoint.is_ollama:
        what = "users bring their own key here, but see only the default models"
        severity = Severity.WARNING if others else Severity.ERROR
        yield Diagnosis("fetch-missing", severity, where, what, "under `models:` add: fetch: true")
    if endpoint.is_ollama and endpoint.has_user_part:
        what = "LibreChat asks an endpoint called Ollama itself, without the user's key"
        fix = "for a list per key choose another name, such as: name: Local models"
        yield Diagnosis("ollama", Severity.NOTE, where, what, fix)


def _transport(where: str, endpoint: Endpoint, policy: Policy) -> Iterator[Diagnosis]:
    for variable in endpoint.unset:
        what = f"it names the variable {variable}, which has no value in .env or here"
        fix = f"{variable}=… in .env"
        yield Diagnosis("variable-unset", Severity.WARNING, where, what, fix)
    if not endpoint.has_user_part or endpoint.is_ollama or endpoint.unset:
        return
    if endpoint.user_url:
        what = "users bring their own URL: it must be HTTPS and public"
        fix = f"for a provider of your own network: {ALLOW_HTTP}=HOST:PORT in .env"
        yield Diagnosis("url-of-user", Severity.NOTE, where, what, fix)
        return
    target = target_of(endpoint.url)
    if target is None:
        what = "the base URL is not an http or https URL: its models are never fetched"
        fix = "baseURL: https://llm.example.com/v1"
        yield Diagnosis("url-invalid", Severity.ERROR, where, what, fix)
    elif refuses(target, policy):
        yield _refused(where, target, policy)


def _refused(where: str, target: Target, policy: Policy) -> Diagnosis:
    if policy.https_only:
        what = f"{HTTPS_ONLY} refuses plain HTTP to {target.entry}"
        fix = f"{HTTPS_ONLY}=false in .env, or an https URL"
    else:
        what = f"keys would go over plain HTTP to {target.entry}, a public host: it is not asked"
        fix = f"use https, or run: librechat-patcher apply --allow-http {target.entry}"
        if not policy.allow_http:
            fix = f"use https, or add to .env: {ALLOW_HTTP}={target.entry} " + (
                f"(librechat-patcher apply --allow-http {target.entry} does it)"
            )
    return Diagnosis("http-refused", Severity.ERROR, where, what, fix)
