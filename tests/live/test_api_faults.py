"""A provider that fails, hangs or refuses the key: lists stay, nobody is called a violator."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable

import pytest

from tests.live.conftest import Seen
from tests.live.keys import Key, new_key
from tests.live.librechat import User
from tests.live.report import row
from tests.live.streams import ILLEGAL
from tests.live.web import used_keys

#: So much of what it cannot parse does JSON.parse quote at least.
QUOTED = 10
FAULTS = [
    pytest.param({"status": 500}, id="500"),
    pytest.param({"delay": 6.0}, id="6 s"),
]


@row(
    "provider /models answers 500, or takes 6 s, warm cache: chat in the user's own model",
    unpatched="v0.8.8-rc1: illegal model",
    must="answered, list unchanged",
)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_warm_list_outlives_the_provider(
    owner: User, key: Key, fault: dict[str, float], seen: Seen
) -> None:
    key.behave(**fault)
    reply = owner.chat(key.models[0])
    unchanged = owner.models() == [*key.models]
    seen(f"{_name(fault)}: {reply.summary}, list {'un' if unchanged else ''}changed")
    assert reply.answered
    assert unchanged


@row(
    "the same after a forced refresh has failed",
    must="last good list with `stale` and an error code",
)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_failed_refresh_keeps_the_list(
    owner: User, key: Key, fault: dict[str, float], seen: Seen
) -> None:
    key.behave(**fault)
    answer = owner.refresh(endpoint=owner.endpoint).data
    reply = owner.chat(key.models[0])
    seen(f"{_name(fault)}: {answer['source']}, `{answer['error']['code']}`, chat {reply.summary}")
    assert (answer["source"], answer["models"]) == ("stale", [*key.models])
    assert reply.answered


@row(
    "the same with nothing ever cached: 20 GETs",
    unpatched="v0.8.8-rc1: 20 calls, 5 s each",
    must="1 call, 1 slow GET; chat answered or a coded error, no violation",
)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_provider_that_never_answered_is_asked_once(
    user: User, key: Key, fault: dict[str, float], seen: Seen
) -> None:
    defaults = user.models()
    key.behave(**fault)
    user.save_key(key.value)
    slow = 0
    for _ in range(20):
        took = _seconds(lambda: _same(user.models(), defaults))
        slow += took > 1
    reply = user.chat(key.models[0])
    seen(f"{_name(fault)}: {key.calls()} call, {slow} slow GET, chat {reply.summary}")
    assert key.calls() == 1
    assert reply.code != ILLEGAL


@row(
    "wrong key: 20 GETs",
    unpatched="v0.8.8-rc1: 20 calls",
    must="1 call; chat says invalid key, no violation",
)
def test_a_wrong_key_is_asked_once(user: User, provider: str, seen: Seen) -> None:
    defaults, key = user.models(), new_key(provider, known=False)
    user.save_key(key.value)
    for _ in range(20):
        _same(user.models(), defaults)
    reply = user.chat("some-model")
    invalid = "Invalid API key" in reply.error
    seen(f"{key.calls()} call; chat {'says invalid key' if invalid else reply.summary}")
    assert key.calls() == 1
    assert invalid


@row(
    "a malformed stored key: list, refresh, chat",
    unpatched="v0.8.4: `invalid_user_key`, the key in the log (Node 20)",
    must="defaults, `invalid_user_key` twice; the log is searched below",
)
@pytest.mark.parametrize("length", [20, 64])
def test_a_malformed_key_is_named(user: User, provider: str, length: int, seen: Seen) -> None:
    """Node 20 and later quote up to 20 characters whole, and of more the first ten."""
    defaults, key = user.models(), new_key(provider)
    stored = ("sk" + uuid.uuid4().hex * 2)[:length]
    used_keys.update({stored, stored[:QUOTED]})
    user.save_raw(stored)
    found = user.models()
    refusal = user.refresh(endpoint=user.endpoint).data["error"]["code"]
    reply = user.chat(found[0])
    seen(f"{'defaults' if found == defaults else found}, {refusal}, chat {reply.summary}")
    assert found == defaults
    assert (refusal, reply.code) == ("invalid_user_key",) * 2
    assert key.calls() == 0


def _name(fault: dict[str, float]) -> str:
    return "500" if "status" in fault else f"{fault['delay']:.0f} s"


def _seconds(action: Callable[[], object]) -> float:
    started = time.monotonic()
    action()
    return time.monotonic() - started


def _same(found: list[str], wanted: list[str]) -> None:
    assert found == wanted
