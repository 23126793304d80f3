"""A provider, or a user with a base URL, that is out for harm: the server answers and lives.

LIBRECHAT_URL_ENDPOINT  an endpoint with `baseURL: user_provided`, for what users do to the server

That no key is in the log is what test_secrets.py looks for at the end.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

import pytest

from tests.live.conftest import Seen, named
from tests.live.hostile import HOSTILE
from tests.live.keys import Key, new_key
from tests.live.librechat import User
from tests.live.report import row
from tests.live.web import ask, leaks, used_keys

#: So many models of one answer are kept.
KEPT = 2000
#: Seconds for which what came of one refresh is the answer to the next.
SHARED_FOR = 5.5
INVALID = "invalid_response"

#: What the server makes of each answer: a code, or the list.
OUTCOMES: list[tuple[str, str | list[str]]] = [
    ("encoding constructor", INVALID),
    ("encoding __proto__", INVALID),
    ("gzip of empty objects", ["one"]),
    ("many ids", [str(number) for number in range(KEPT)]),
    ("deep", INVALID),
    ("deep in a model", INVALID),
    ("tiny chunks", INVALID),
    ("early hints", INVALID),
    ("echo", ["one"]),
    ("cut gzip", INVALID),
    ("unprintable", ["one"]),
    ("byte order mark", ["one"]),
    ("wait", "provider_error"),
]

#: Base URLs that users stored, by what is wrong, and the code of a refresh.
ADDRESSES = [
    pytest.param(f"https://{'a' * 60 + '.'}{'b' * 200}.example/v1", "blocked_url", id="long host"),
    pytest.param(f"https://{'ab.' * 100}example/v1", "blocked_url", id="long name"),
    pytest.param(f"https://models.example/{'a' * 2048}", "blocked_url", id="long path"),
    pytest.param(f"https://a{'/' * 100_000}a", "invalid_user_key", id="slashes"),
    pytest.param(f"https://{chr(0xE4) * 100_000}", "invalid_user_key", id="letters"),
]
#: None of them is a public host; the last does not exist.
INSIDE = ["localhost", "127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1", "nowhere.invalid"]


def test_all_that_is_hostile_has_an_outcome() -> None:
    assert [name for name, _ in OUTCOMES] == [*HOSTILE]


def _attacker(provider: str, user: User, hostile: str, models: Iterable[str]) -> Key:
    """A key that is stored for the user; the chat of its provider is harmless."""
    key = new_key(provider)
    key.behave(models=[*models], hostile=hostile)
    user.save_key(key.value)
    return key


@pytest.fixture
def bystander(url: str, endpoint: str, key: Key) -> User:
    """Somebody else, whose list has been asked for once."""
    somebody = User(url, endpoint).register()
    somebody.save_key(key.value)
    assert somebody.models() == [*key.models]
    return somebody


def _assert_unharmed(bystander: User, key: Key) -> None:
    """The process that was attacked still serves everybody else."""
    assert ask("GET", f"{bystander.url}/health").status == 200
    assert bystander.models() == [*key.models]
    assert leaks == []


@row(
    "a hostile answer of the provider: list, refresh, chat",
    unpatched="v0.8.8-rc1: blocked 47 s, 3.4 GB; hangs",
    must="a code or what is usable of it; the server lives",
)
@pytest.mark.parametrize(("hostile", "outcome"), OUTCOMES, ids=[name for name, _ in OUTCOMES])
def test_a_hostile_answer_is_one_that_failed(
    hostile: str,
    outcome: str | list[str],
    user: User,
    bystander: User,
    key: Key,
    provider: str,
    seen: Seen,
) -> None:
    defaults = user.models()
    _attacker(provider, user, hostile, defaults)
    found = user.models()
    _attacker(provider, user, hostile, defaults)
    refreshed = user.refresh(endpoint=user.endpoint).data
    _attacker(provider, user, hostile, defaults)
    reply = user.chat(defaults[0])
    answered = refreshed["models"] if "models" in refreshed else refreshed["error"]["code"]
    said = answered if isinstance(answered, str) else f"{len(answered)} models"
    seen(f"{hostile}: {len(found)} models, {said}, chat {reply.summary}")
    assert found == (defaults if isinstance(outcome, str) else outcome)
    assert answered == outcome
    assert reply.answered
    _assert_unharmed(bystander, key)


@row(
    "the provider answers 429 with Retry-After: 120; three refreshes, 6 s apart",
    unpatched="asked each time",
    must="1 call",
)
@pytest.mark.slow
def test_a_provider_that_wants_to_be_left_alone_is(user: User, provider: str, seen: Seen) -> None:
    key = _attacker(provider, user, "wait", [])
    codes = [user.refresh(endpoint=user.endpoint).data["error"]["code"]]
    for _ in range(2):
        time.sleep(SHARED_FOR)
        codes.append(user.refresh(endpoint=user.endpoint).data["error"]["code"])
    seen(f"{key.calls()} call, {', '.join(codes)}")
    assert codes == ["provider_error"] * 3
    assert key.calls() == 1


@pytest.fixture
def guest(url: str) -> User:
    """Somebody new, who names the address of the provider."""
    endpoint = named("LIBRECHAT_URL_ENDPOINT", "endpoint with a base URL of the user")
    return User(url, endpoint).register()


def _store(guest: User, address: str) -> None:
    key = f"sk-live-{guest.id}"
    used_keys.add(key)
    guest.save_raw(json.dumps({"apiKey": key, "baseURL": address}))


@row(
    "a user's base URL that no provider has: list, refresh, chat",
    unpatched="v0.8.8-rc1: chat aborts the process (SIGABRT)",
    must="defaults, refused twice; the server lives",
)
@pytest.mark.parametrize(("address", "code"), ADDRESSES)
def test_an_impossible_address_is_refused(
    address: str, code: str, guest: User, bystander: User, key: Key, seen: Seen
) -> None:
    defaults = guest.models()
    _store(guest, address)
    found = guest.models()
    refusal = guest.refresh(endpoint=guest.endpoint).data["error"]["code"]
    reply = guest.chat(defaults[0])
    seen(f"{len(address)} characters: {refusal}, chat {reply.summary}")
    assert found == defaults
    assert (refusal, reply.code) == (code, "invalid_user_key")
    _assert_unharmed(bystander, key)


@row(
    "a user's base URL inside the network, or nowhere",
    must="the same refusal for all",
)
def test_users_cannot_ask_which_names_exist_inside(guest: User, seen: Seen) -> None:
    refusals = set()
    for host in INSIDE:
        _store(guest, f"https://{host}/v1")
        answer = guest.refresh(endpoint=guest.endpoint)
        refusals.add((answer.status, answer.text))
    seen(f"{len(INSIDE)} addresses, {len(refusals)} refusal")
    assert len(refusals) == 1
    assert "blocked_url" in refusals.pop()[1]
