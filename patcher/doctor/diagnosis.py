"""One finding: how bad, where, what, and how to fix it; and which texts none may show. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from patcher.model import Verdict

_HIDDEN = "[hidden]"
_SHORTEST_SECRET = 4
"""Characters. Hiding shorter texts would hide parts of ordinary words."""

# Compiled when they are used: `apply` comes by here, mostly with nothing to judge.
_SECRET_NAME = (
    r"(?i)KEY|SECRET|TOKEN|PASS|CREDS|CREDENTIAL|AUTH|SALT|CERT|PRIVATE|CLIENT_ID|_IV$|URI$|_DSN"
    r"|WEBHOOK"
)
_HARMLESS = {"user_provided", "true", "false", "none", "null"}
_CREDENTIALS = r"(?i)[a-z][a-z0-9+.-]*://([^/@\s]+)@"


class Severity(Enum):
    """How bad it is."""

    ERROR = "error"
    """It keeps users from their models: it must be fixed."""
    WARNING = "warning"
    """It may be meant this way, or matters only when LibreChat is started in one certain way."""
    NOTE = "note"
    """Good to know."""


class Diagnosis(Struct, frozen=True):
    """One finding."""

    code: str
    """A name that stays the same between versions, such as `fetch-missing`."""
    severity: Severity
    where: str
    """The file, with a line where there is one, or what else was looked at."""
    what: str
    fix: str
    """The line to add or the command to run."""


class Probe(Struct, frozen=True):
    """What one provider answered."""

    endpoint: str
    verdict: Verdict
    models: int | None
    """How many models it lists; None when it was not asked or did not answer."""
    seconds: float | None
    detail: str


def hidden(diagnoses: Iterable[Diagnosis], secrets: Collection[str]) -> tuple[Diagnosis, ...]:
    """The diagnoses without any of `secrets`.

    A second line of defence: no diagnosis is made of a secret in the first place.
    """
    return tuple(
        replace(
            d, where=_hide(d.where, secrets), what=_hide(d.what, secrets), fix=_hide(d.fix, secrets)
        )
        for d in diagnoses
    )


def _hide(text: str, secrets: Collection[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, _HIDDEN)
    return text


def secrets(settings: Mapping[str, str]) -> Iterator[str]:
    """Values of settings with a secret's name, and credentials inside URLs."""
    for name, value in settings.items():
        found = re.match(_CREDENTIALS, value)
        if found:
            yield from (value, found[1], *found[1].split(":", 1))
        elif re.search(_SECRET_NAME, name) and value.lower() not in _HARMLESS:
            yield value
