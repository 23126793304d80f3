"""What a patched server says of its lists: numbers by endpoint, for administrators.

The report is the answer of `GET /api/models/fetch/health` of the patch dynamic-models; each
process of the server counts for itself, from its start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from patcher.checks import web
from patcher.model import Check, Verdict

RUNG = "health"
ROUTE = "GET /api/models/fetch/health"


class _Endpoint(msgspec.Struct, frozen=True, rename="camel"):
    lists: int
    hits: int
    calls: int
    failures: Mapping[str, int]
    last_success: str | None
    last_failure: str | None
    slowest: int

    @property
    def verdict(self) -> Verdict:
        """Whether the provider answered when it was last asked."""
        is_down = self.last_failure and self.last_failure > (self.last_success or "")
        return Verdict.WARNED if is_down else Verdict.PASSED

    def __str__(self) -> str:
        failures = "; ".join(f"{n} {code}" for code, n in self.failures.items())
        return ", ".join(
            (
                f"{self.lists} lists",
                f"{self.hits} hits",
                f"{self.calls} calls",
                f"slowest {self.slowest} ms",
                f"last success {self.last_success or 'never'}",
                f"last failure {self.last_failure or 'never'}",
                failures or "no failures",
            )
        )


class _Report(msgspec.Struct, frozen=True):
    since: str
    endpoints: Mapping[str, _Endpoint]


def checks(answer: web.Answer) -> Iterator[Check]:
    """One check an endpoint of the report: passed, or warned while its provider does not answer.

    Skipped without an administrator's login, and where an older version of the patch runs.
    """
    if answer.status == 403:
        yield _skipped("this account is not an administrator's")
        return
    report = _report(answer.data)
    if answer.status != 200 or report is None:
        yield _skipped(f"it answered {answer.status}, no report: an older version of the patch?")
        return
    for name, endpoint in report.endpoints.items():
        yield Check(RUNG, name, endpoint.verdict, str(endpoint))
    if not report.endpoints:
        yield Check(RUNG, ROUTE, Verdict.PASSED, f"nobody asked since {report.since}")


def _report(data: Any) -> _Report | None:
    try:
        return msgspec.convert(data, _Report)
    except msgspec.ValidationError:
        return None


def _skipped(why: str) -> Check:
    return Check(RUNG, ROUTE, Verdict.SKIPPED, why)
