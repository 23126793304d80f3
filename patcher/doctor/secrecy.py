"""Which texts of a configuration no message may show. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

# Compiled when they are used: `apply` comes by here, mostly with nothing to judge.
_SECRET_NAME = (
    r"(?i)KEY|SECRET|TOKEN|PASS|CREDS|CREDENTIAL|AUTH|SALT|CERT|PRIVATE|CLIENT_ID|_IV$|URI$|_DSN"
    r"|WEBHOOK"
)
_HARMLESS = {"user_provided", "true", "false", "none", "null"}
_CREDENTIALS = r"(?i)[a-z][a-z0-9+.-]*://([^/@\s]+)@"


def secrets(settings: Mapping[str, str]) -> Iterator[str]:
    """Values of settings with a secret's name, and credentials inside URLs."""
    for name, value in settings.items():
        found = re.match(_CREDENTIALS, value)
        if found:
            yield from (value, found[1], *found[1].split(":", 1))
        elif re.search(_SECRET_NAME, name) and value.lower() not in _HARMLESS:
            yield value
