"""Which texts of a configuration no message may show. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_SECRET_NAME = re.compile(
    r"KEY|SECRET|TOKEN|PASS|CREDS|CREDENTIAL|AUTH|SALT|CERT|PRIVATE|CLIENT_ID|_IV$|URI$|_DSN|WEBHOOK",
    re.I,
)
_HARMLESS = {"user_provided", "true", "false", "none", "null"}
_CREDENTIALS = re.compile(r"[a-z][a-z0-9+.-]*://([^/@\s]+)@", re.I)


def secrets(settings: Mapping[str, str]) -> Iterator[str]:
    """Values of settings with a secret's name, and credentials inside URLs."""
    for name, value in settings.items():
        found = _CREDENTIALS.match(value)
        if found:
            yield from (value, found[1], *found[1].split(":", 1))
        elif _SECRET_NAME.search(name) and value.lower() not in _HARMLESS:
            yield value
