"""Many users, and two server processes on one database."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.live.conftest import Seen, named
from tests.live.keys import Key, new_key
from tests.live.librechat import User
from tests.live.report import row

USERS = int(os.environ.get("LIBRECHAT_MANY_USERS", "20"))
REQUESTS = 20
AT_ONCE = 20

Crowd = list[tuple[User, Key]]


@pytest.fixture
def crowd(url: str, endpoint: str, provider: str) -> Crowd:
    """Users with a key each, none of whom has asked for a list."""

    def join(_: int) -> tuple[User, Key]:
        user, key = User(url, endpoint).register(), new_key(provider)
        user.save_key(key.value)
        return user, key

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [*pool.map(join, range(USERS))]


def _ask(crowd: Crowd) -> list[str]:
    """Everybody at once; answers what was wrong."""

    def look(member: tuple[User, Key]) -> str:
        user, key = member
        found = user.models()
        return "" if found == [*key.models] else f"{found} instead of {key.models}"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [wrong for wrong in pool.map(look, crowd) if wrong]


@row(
    f"{USERS} users, {REQUESTS} requests each, {AT_ONCE} at once",
    must=f"no list ever seen by another user, {USERS} provider calls",
)
def test_nobody_sees_the_list_of_another(crowd: Crowd, seen: Seen) -> None:
    # One user's requests come together, so that they meet while the list is being fetched.
    wrong = _ask([member for member in crowd for _ in range(REQUESTS)])
    calls = [key.calls() for _, key in crowd]
    seen(f"{len(wrong)} wrong lists in {len(crowd) * REQUESTS} answers, {sum(calls)} calls")
    assert wrong == []
    assert calls == [1] * len(crowd)


@row(
    f"two server processes on one database, {USERS} users, each asking one and then the other",
    must=f"{USERS} provider calls in all",
)
def test_two_processes_share_what_they_know(crowd: Crowd, seen: Seen) -> None:
    second = named("LIBRECHAT_SECOND_URL", "second process on the same database").rstrip("/")
    wrong = _ask(crowd) + _ask([(user.at(second), key) for user, key in crowd])
    calls = [key.calls() for _, key in crowd]
    seen(f"{sum(calls)} calls, {len(wrong)} wrong lists")
    assert wrong == []
    assert calls == [1] * len(crowd)
