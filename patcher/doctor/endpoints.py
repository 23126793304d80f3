"""The custom endpoints of librechat.yaml: reading them, and what each lacks. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patcher.definition.yaml import Node
from patcher.librechat import ENDPOINT_KEYS, USER_PROVIDED, is_ollama

_REFERENCE = r"\$\{([^}]+)\}"


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
    direct: bool
    custom_headers: bool
    user_id_query: bool

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
        direct=bool((direct := entry.get("directEndpoint")) and direct.flag),
        custom_headers=entry.get("headers") is not None,
        user_id_query=bool((by_id := entry.get("models", "userIdQuery")) and by_id.flag),
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
