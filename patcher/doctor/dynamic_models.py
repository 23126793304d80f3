"""The settings DYNAMIC_MODELS_*, judged as `settings.js` of the patch reads them. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from patcher.checks.transport import Policy
from patcher.doctor.diagnosis import Diagnosis, Severity
from patcher.librechat import ALLOW_HTTP, ENABLED, HTTPS_ONLY, SETTINGS_PREFIX

_TRUE = {"true", "1", "yes", "on"}
_FALSE = {"false", "0", "no", "off"}
_DURATION = r"(?ai)(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)"
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_LONGEST = 365 * 86400
_HOST = r"(?a)(\[[0-9a-f:.]+\]|[^\s/:@\[\]]+)(:\d{1,5})?"


def _is_flag(text: str) -> bool:
    return text.lower() in _TRUE | _FALSE


def _is_duration(text: str) -> bool:
    match = re.fullmatch(_DURATION, text)
    return match is not None and 0 < float(match[1]) * _SECONDS[match[2].lower()] <= _LONGEST


def _is_hosts(text: str) -> bool:
    return all(re.fullmatch(_HOST, host) for host in _split(text))


def _is_globs(_: str) -> bool:
    return True


def _split(text: str) -> tuple[str, ...]:
    return tuple(h for h in re.split(r"[\s,]+", text.lower()) if h)


class _Setting(Struct, frozen=True):
    is_valid: Callable[[str], bool]
    kind: str
    line: str
    """An example, and where there is one the default."""


_FLAG = "true or false"
_TIME = "a duration such as 90s, 1h or 7d"
_HOSTS = "a list of HOST or HOST:PORT, without http:// and without a path"
_SETTINGS = {
    "ENABLED": _Setting(_is_flag, _FLAG, "true"),
    "TTL": _Setting(_is_duration, _TIME, "24h"),
    "REFRESH_AFTER": _Setting(_is_duration, _TIME, "1h"),
    "STALE_IF_ERROR": _Setting(_is_duration, _TIME, "7d"),
    "TIMEOUT": _Setting(_is_duration, _TIME, "5s"),
    "ALLOW_HTTP": _Setting(_is_hosts, _HOSTS, "llm.example.com:4000"),
    "HTTPS_ONLY": _Setting(_is_flag, _FLAG, "false"),
    "BUILT_IN": _Setting(_is_flag, _FLAG, "true"),
    "KEYS_INDEX": _Setting(_is_flag, _FLAG, "true"),
    "INCLUDE": _Setting(_is_globs, "", ""),
    "EXCLUDE": _Setting(_is_globs, "", ""),
}


def policy(settings: Mapping[str, str]) -> Policy:
    """What the settings allow; one that is not valid counts as not set."""
    hosts = settings.get(ALLOW_HTTP, "").strip()
    only = settings.get(HTTPS_ONLY, "").strip()
    return Policy(_split(hosts) if _is_hosts(hosts) else (), only.lower() in _TRUE)


def diagnose(settings: Mapping[str, str]) -> Iterator[Diagnosis]:
    """Settings that the server ignores; values are not repeated."""
    for variable, value in settings.items():
        if variable.startswith(SETTINGS_PREFIX):
            yield from _judge(variable, value.strip())


def _judge(variable: str, value: str) -> Iterator[Diagnosis]:
    setting = _SETTINGS.get(variable.removeprefix(SETTINGS_PREFIX))
    if setting is None:
        near = difflib.get_close_matches(variable, [SETTINGS_PREFIX + n for n in _SETTINGS], 1)
        fix = f"rename it to {near[0]}" if near else f"remove {variable}"
        what = f"there is no setting {variable}"
        yield Diagnosis("setting-unknown", Severity.WARNING, variable, what, f"{fix} in .env")
    elif value and not setting.is_valid(value):
        what = f"the value is not {setting.kind}; the server ignores it and uses the default"
        fix = f"{variable}={setting.line}"
        yield Diagnosis("setting-invalid", Severity.ERROR, variable, what, fix)
    elif variable == ENABLED and value.lower() in _FALSE:
        what = "the patch is switched off: LibreChat behaves as if it were not there"
        yield Diagnosis("switched-off", Severity.WARNING, variable, what, f"{variable}=true")
