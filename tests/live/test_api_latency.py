"""How long a list takes, beside an unpatched server in the same minute; printed, never asserted.

LIBRECHAT_UNPATCHED_URL names a server of another LibreChat whose librechat.yaml names the same
mock. Requests to both alternate, so that both meet the same load.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.live.conftest import Seen
from tests.live.keys import Key, new_key
from tests.live.librechat import User
from tests.live.report import row
from tests.live.web import BROWSER

REQUESTS = int(os.environ.get("LIBRECHAT_LATENCY_REQUESTS", "200"))
WARMING = 100
CHATS = 7
DELAY = 0.3


def _milliseconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def _summary(times: list[float]) -> str:
    tenth = statistics.quantiles(times, n=10)[0]
    return f"min {min(times):.1f}, p10 {tenth:.1f}, median {statistics.median(times):.1f} ms"


@contextmanager
def _getter(url: str, endpoint: str, key: Key) -> Iterator[Callable[[], None]]:
    """GET /api/models over a connection that stays open, as a browser keeps it."""
    user = User(url, endpoint).register()
    user.save_key(key.value)
    headers = {**user.headers, "User-Agent": BROWSER}
    with closing(HTTPConnection(urlsplit(url).netloc)) as connection:

        def get() -> None:
            connection.request("GET", "/api/models", headers=headers)
            with connection.getresponse() as response:
                response.read()

        yield get


@row(
    f"GET /api/models after the first, provider delay 300 ms, {REQUESTS} requests each in turn",
    unpatched="v0.8.8-rc1: 314 ms; v0.8.4: 3.2 – 4.3 ms",
    must="median under 15 ms, within 1.5 × of v0.8.4 unpatched in the same run",
)
def test_a_list_is_quick(url: str, endpoint: str, provider: str, seen: Seen) -> None:
    servers = {"patched": url}
    unpatched = os.environ.get("LIBRECHAT_UNPATCHED_URL")
    if unpatched:
        servers["unpatched"] = unpatched.rstrip("/")
    key = new_key(provider)
    key.behave(delay=DELAY)
    times: dict[str, list[float]] = {name: [] for name in servers}
    with ExitStack() as stack:
        getters = {
            name: stack.enter_context(_getter(server, endpoint, key))
            for name, server in servers.items()
        }
        for _ in range(WARMING + REQUESTS):
            for name, get in getters.items():
                times[name].append(_milliseconds(get))
    times = {name: measured[WARMING:] for name, measured in times.items()}
    for name, measured in times.items():
        seen(f"{name}: {_summary(measured)}")
    if unpatched:
        medians = [statistics.median(measured) for measured in times.values()]
        tenths = [statistics.quantiles(measured, n=10)[0] for measured in times.values()]
        seen(f"ratio {medians[0] / medians[1]:.2f} of medians, {tenths[0] / tenths[1]:.2f} of p10")


@row(
    "chat latency added by /models taking 300 ms",
    unpatched="v0.8.8-rc1: ~ 260 ms",
    must="none that can be measured",
)
def test_a_slow_list_does_not_slow_a_chat(owner: User, key: Key, seen: Seen) -> None:
    times: dict[float, list[float]] = {0.0: [], DELAY: []}
    for _ in range(CHATS):
        for delay, measured in times.items():
            key.behave(delay=delay)
            measured.append(_milliseconds(lambda: owner.chat(key.models[0])))
    quick, slow = (statistics.median(measured) for measured in times.values())
    seen(f"{slow - quick:+.0f} ms (medians of {CHATS}: {quick:.0f} and {slow:.0f} ms)")
    assert all(reply.answered for reply in owner.replies)
