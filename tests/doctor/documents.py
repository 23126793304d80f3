"""A librechat.yaml made of pieces, and what doctor says of it."""

from __future__ import annotations

from collections.abc import Mapping

from patcher.checks.transport import Policy
from patcher.definition.yaml import read_config
from patcher.doctor import config
from patcher.doctor.diagnosis import Diagnosis, Severity

FILE = "librechat.yaml"


def entry(**keys: str) -> str:
    """An endpoint with nothing wrong; a key that is given empty is left out."""
    good = {
        "name": "LiteLLM",
        "apiKey": "user_provided",
        "baseURL": "https://llm.example.com/v1",
        "models": "{ default: [a], fetch: true }",
    }
    written = (f"{k}: {v}" for k, v in {**good, **keys}.items() if v)
    return "    - { " + ", ".join(written) + " }\n"


def document(*entries: str, version: str = "version: 1.2.8\n") -> str:
    return f"{version}endpoints:\n  custom:\n" + "".join(entries)


def judged(
    text: str, policy: Policy | None = None, environment: Mapping[str, str] | None = None
) -> list[Diagnosis]:
    """What is wrong with a librechat.yaml."""
    read = read_config(text.encode())
    found = config.read(read, environment or {}) if read else ()
    return list(config.diagnose(FILE, read, found, policy or Policy()))


def told(text: str, **options: Mapping[str, str]) -> list[tuple[str, Severity, str]]:
    return [(d.code, d.severity, d.where) for d in judged(text, **options)]  # type: ignore[arg-type]
