"""The settings DYNAMIC_MODELS_* judged one by one, and the policy that they make."""

from __future__ import annotations

import pytest

from patcher.checks.transport import Policy
from patcher.doctor import dynamic_models
from patcher.doctor.diagnosis import Diagnosis, Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


@pytest.mark.parametrize(
    ("variable", "value", "code", "severity", "what", "fix"),
    [
        (
            "DYNAMIC_MODELS_TTL", "a day", "setting-invalid", ERROR,
            "the value is not a duration such as 90s, 1h or 7d; the server ignores it and uses "
            "the default",
            "DYNAMIC_MODELS_TTL=24h",
        ),
        (
            "DYNAMIC_MODELS_ALLOW_HTTP", "http://a", "setting-invalid", ERROR,
            "the value is not a list of HOST or HOST:PORT, without http:// and without a path; "
            "the server ignores it and uses the default",
            "DYNAMIC_MODELS_ALLOW_HTTP=llm.example.com:4000",
        ),
        (
            "DYNAMIC_MODELS_HTTPS_ONLY", "2", "setting-invalid", ERROR,
            "the value is not true or false; the server ignores it and uses the default",
            "DYNAMIC_MODELS_HTTPS_ONLY=false",
        ),
        (
            "DYNAMIC_MODELS_ENABLED", " Off ", "switched-off", WARNING,
            "the patch is switched off: LibreChat behaves as if it were not there",
            "DYNAMIC_MODELS_ENABLED=true",
        ),
        (
            "DYNAMIC_MODELS_TIMEOUTS", "", "setting-unknown", WARNING,
            "there is no setting DYNAMIC_MODELS_TIMEOUTS",
            "rename it to DYNAMIC_MODELS_TIMEOUT in .env",
        ),
        (
            "DYNAMIC_MODELS_", "", "setting-unknown", WARNING,
            "there is no setting DYNAMIC_MODELS_",
            "rename it to DYNAMIC_MODELS_TTL in .env",
        ),
    ],
)  # fmt: skip
def test_a_setting_is_judged(
    variable: str, value: str, code: str, severity: Severity, what: str, fix: str
) -> None:
    (found,) = dynamic_models.diagnose({"PORT": "x", variable: value})
    assert found == Diagnosis(code, severity, variable, what, fix)


def test_a_setting_that_is_like_none_is_to_be_removed() -> None:
    name = "DYNAMIC_MODELS_WHATEVER_THIS_MAY_HAVE_BEEN_MEANT_TO_BE"
    (found,) = dynamic_models.diagnose({name: "1"})
    assert found.fix == f"remove {name} in .env"


DURATIONS = ["1ms", "5s", "2m", "24h", "365d", "1.5D", "90 s", "0.1s"]
NO_DURATIONS = ["0s", "365.1d", "5", "s", "1,5h", "-1h", "1w", ".5h", "1.h"]


@pytest.mark.parametrize("value", DURATIONS)
@pytest.mark.parametrize("name", ["TTL", "REFRESH_AFTER", "STALE_IF_ERROR", "TIMEOUT"])
def test_durations(name: str, value: str) -> None:
    assert not list(dynamic_models.diagnose({f"DYNAMIC_MODELS_{name}": value}))


@pytest.mark.parametrize("value", NO_DURATIONS)
def test_what_is_no_duration(value: str) -> None:
    assert len(list(dynamic_models.diagnose({"DYNAMIC_MODELS_TTL": value}))) == 1


@pytest.mark.parametrize("value", ["true", "1", "YES", "on", "false", "0", "no", "off", ""])
def test_flags_and_globs(value: str) -> None:
    assert not list(dynamic_models.diagnose({"DYNAMIC_MODELS_HTTPS_ONLY": value}))
    for name in ("INCLUDE", "EXCLUDE"):
        assert not list(dynamic_models.diagnose({f"DYNAMIC_MODELS_{name}": f"{value}*"}))
    on = value.lower() in ("true", "1", "yes", "on")
    assert dynamic_models.policy({"DYNAMIC_MODELS_HTTPS_ONLY": f" {value} "}).https_only is on
    off = value in ("false", "0", "no", "off")
    assert bool(list(dynamic_models.diagnose({"DYNAMIC_MODELS_ENABLED": value}))) is off


def test_the_policy_of_the_settings() -> None:
    assert dynamic_models.policy({}) == Policy((), https_only=False)
    hosts = " A.example:1, [::1]\tb "
    assert dynamic_models.policy({"DYNAMIC_MODELS_ALLOW_HTTP": hosts}).allow_http == (
        "a.example:1",
        "[::1]",
        "b",
    )
    assert dynamic_models.policy({"DYNAMIC_MODELS_ALLOW_HTTP": "a, http://b"}).allow_http == ()
