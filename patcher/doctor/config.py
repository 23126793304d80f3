"""librechat.yaml: its custom endpoints, what each lacks, and what is wrong with the file. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patcher.checks.transport import Policy, Target, refuses, target_of
from patcher.definition.nodes import Node, Unreadable
from patcher.doctor.diagnosis import Diagnosis, Severity
from patcher.librechat import (
    ALLOW_HTTP,
    BUILT_IN_ENDPOINTS,
    CONFIG_EXAMPLE,
    CONFIG_PATH,
    ENDPOINT_KEYS,
    HTTPS_ONLY,
    USER_PROVIDED,
    is_ollama,
)

_REFERENCE = r"\$\{([^}]+)\}"

_UNSAFE_IN_URL = r"[&#/%?]"
_MINIMAL = (
    "endpoints: { custom: [{ name: LiteLLM, apiKey: user_provided, "
    "baseURL: http://litellm:4000/v1, models: { default: [gpt-4o], fetch: true } }] }"
)
_VERSION = "version: 1.2.8"


class Endpoint(Struct, frozen=True):
    """One entry of `endpoints.custom`, without its secrets."""

    name: str
    line: int
    lacks: tuple[str, ...]
    """Which of `ENDPOINT_KEYS` are not there."""
    user_key: bool
    user_url: bool
    url: str
    """The URL with variables put in; empty when the user supplies it or there is none."""
    unset: tuple[str, ...]
    """Variables in baseURL or apiKey that have no value."""
    fetch: bool
    fetch_is_odd: bool
    """Whether `models.fetch` is neither true nor false for LibreChat."""
    defaults: int | None
    """How many default models; None where `models.default` is no list."""

    @property
    def has_user_part(self) -> bool:
        """Whether the user supplies the key or the URL."""
        return self.user_key or self.user_url

    @property
    def is_ollama(self) -> bool:
        """LibreChat asks such an endpoint itself, without a key (from v0.7.2 on)."""
        return is_ollama(self.name)

    @property
    def is_eligible(self) -> bool:
        """Whether the patch fetches its models with the user's key."""
        return self.has_user_part and self.fetch and not self.lacks and not self.is_ollama


def read(document: Node, environment: Mapping[str, str]) -> tuple[Endpoint, ...]:
    """The entries of `endpoints.custom`, in order; none where there is no such list."""
    entries = document.get("endpoints", "custom")
    items = (entries.items if entries else None) or ()
    return tuple(_endpoint(e, environment) for e in items if e.is_mapping)


def _endpoint(entry: Node, environment: Mapping[str, str]) -> Endpoint:
    models = entry.get("models")
    fetch = models.get("fetch") if models else None
    default = models.get("default") if models else None
    listed = default.items if default else None
    key, url = _text(entry, "apiKey"), _text(entry, "baseURL")
    resolved = resolve(url, environment)
    return Endpoint(
        name=_text(entry, "name"),
        line=entry.line,
        lacks=tuple(k for k in ENDPOINT_KEYS if entry.get(k) is None),
        user_key=resolve(key, environment) == USER_PROVIDED,
        user_url=resolved == USER_PROVIDED,
        url="" if resolved == USER_PROVIDED else resolved,
        unset=tuple(v for v in re.findall(_REFERENCE, key + url) if not environment.get(v)),
        fetch=bool(fetch and fetch.flag),
        fetch_is_odd=fetch is not None and fetch.flag is None,
        defaults=None if listed is None else len(listed),
    )


def _text(entry: Node, key: str) -> str:
    value = entry.get(key)
    return (value.text or "").strip() if value else ""


def resolve(text: str, environment: Mapping[str, str]) -> str:
    """`text` with `${NAME}` replaced; names without a value stay, as LibreChat leaves them."""
    return re.sub(_REFERENCE, lambda m: environment.get(m[1]) or m[0], text)


def secrets(document: Node, environment: Mapping[str, str]) -> Iterator[str]:
    """Texts that no message may show: keys, headers and parameters, as written and resolved."""
    entries = document.get("endpoints", "custom")
    for entry in (entries.items if entries else None) or ():
        for key in ("apiKey", "headers", "addParams"):
            value = entry.get(key)
            for text in value.texts() if value else ():
                if text != USER_PROVIDED:
                    yield from {text, resolve(text, environment)}


def eligible(endpoints: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
    """The endpoints that the patch serves; of two with one name LibreChat takes the later."""
    by_name = {e.name: e for e in endpoints if not e.lacks}
    return tuple(e for e in by_name.values() if e.is_eligible)


def unreadable(file: str, error: Unreadable) -> Diagnosis:
    """LibreChat starts without its configuration, or not at all, when it cannot be parsed."""
    what = f"LibreChat cannot read it: {error}"
    fix = f"fix line {error.line} of {file}"
    if error.has_tab:
        fix = f"sed -i 's/\\t/  /g' {file}, then look at line {error.line}"
    return Diagnosis("yaml-invalid", Severity.ERROR, f"{file}:{error.line}", what, fix)


def missing(file: str, named: bool) -> Diagnosis:
    """There is no configuration, so there are no custom endpoints."""
    what = f"{CONFIG_PATH} names a file that is not there" if named else "there is no such file"
    fix = f"cp {CONFIG_EXAMPLE} {file}"
    return Diagnosis("yaml-missing", Severity.ERROR, file, f"{what}, so no custom endpoint", fix)


def remote(host: str) -> Diagnosis:
    """A configuration behind a URL is not fetched."""
    what = f"{CONFIG_PATH} is a URL at {host}: it is not fetched, so its endpoints are not checked"
    fix = f"save it as FILE, then run: {CONFIG_PATH}=FILE librechat-patcher doctor"
    return Diagnosis("yaml-remote", Severity.NOTE, CONFIG_PATH, what, fix)


def diagnose(
    file: str, document: Node | None, endpoints: Sequence[Endpoint], policy: Policy
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


def _version(file: str, document: Node | None) -> Iterator[Diagnosis]:
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
        elif not endpoint.name or endpoint.name in BUILT_IN_ENDPOINTS:
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
