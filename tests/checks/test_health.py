"""What `verify --url` makes of a server's report on its lists."""

from __future__ import annotations

import json
from typing import Any

import pytest

from patcher.checks import health, web
from patcher.cli.screen import Screen
from patcher.cli.verify import text
from patcher.commands.verify import Probed
from patcher.model import Check, Verdict

UP = {
    "lists": 2, "hits": 25, "calls": 8, "failures": {"provider_error": 1, "provider_timeout": 2},
    "lastSuccess": "2026-01-02T00:00:00.000Z", "lastFailure": "2026-01-01T00:00:00.000Z",
    "slowest": 5000,
}  # fmt: skip
DOWN = {**UP, "lastFailure": "2026-01-03T00:00:00.000Z"}
FRESH = {**UP, "failures": {}, "lastSuccess": None, "lastFailure": None}


def checked(status: int, data: Any) -> list[Check]:
    return list(health.checks(web.Answer(status, json.dumps(data).encode(), 0.1)))


def report(**endpoints: Any) -> dict[str, Any]:
    return {"since": "2026-01-01T00:00:00.000Z", "endpoints": endpoints}


def test_an_endpoint_whose_provider_fails_is_warned_of() -> None:
    found = checked(200, report(A=UP, B=DOWN, C=FRESH))
    verdicts = [(c.subject, c.verdict) for c in found]
    assert verdicts == [("A", Verdict.PASSED), ("B", Verdict.WARNED), ("C", Verdict.PASSED)]
    assert found[0].detail == (
        "2 lists, 25 hits, 8 calls, slowest 5000 ms, last success 2026-01-02T00:00:00.000Z,"
        " last failure 2026-01-01T00:00:00.000Z, 1 provider_error; 2 provider_timeout"
    )
    assert found[2].detail.endswith("last success never, last failure never, no failures")


@pytest.mark.parametrize(
    ("status", "data", "verdict"),
    [
        (403, {}, Verdict.SKIPPED),
        (404, {}, Verdict.SKIPPED),
        (200, "<html>", Verdict.SKIPPED),
        (200, {"since": "", "endpoints": {"A": {"lists": "2"}}}, Verdict.SKIPPED),
        (200, report(), Verdict.PASSED),
    ],
)
def test_without_a_report_the_rung_is_skipped(status: int, data: Any, verdict: Verdict) -> None:
    (found,) = checked(status, data)
    assert (found.subject, found.verdict) == (health.ROUTE, verdict)


def test_the_report_is_printed_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    probed = Probed(tuple(checked(200, report(LiteLLM=UP, A={**DOWN, "lists": 1000}))))
    text(Screen(quiet=False, color=False), probed)
    moments = "  last success 2026-01-02T00:00:00.000Z, last failure 2026-01-0{}T00:00:00.000Z"
    assert capsys.readouterr().out.splitlines() == [
        "health: ok     LiteLLM  2 lists     25 hits  8 calls  slowest 5000 ms",
        moments.format(1),
        "  1 provider_error; 2 provider_timeout",
        "health: warned A        1000 lists  25 hits  8 calls  slowest 5000 ms",
        moments.format(3),
        "  1 provider_error; 2 provider_timeout",
        "verified",
    ]
