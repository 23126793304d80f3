"""What one user, or two, see of a patched LibreChat: own lists, own models, few calls."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.live.conftest import Seen
from tests.live.keys import Key, new_key
from tests.live.librechat import User
from tests.live.report import row
from tests.live.streams import ILLEGAL

#: A list this old is asked for again before a model is called illegal.
RECHECK_AFTER = 61


@row(
    "GET /api/models as two users, keys saved",
    unpatched="v0.8.4: defaults for both",
    must="each user's own list",
)
def test_each_user_sees_the_models_of_the_own_key(
    owner: User, key: Key, url: str, endpoint: str, provider: str, seen: Seen
) -> None:
    other, other_key = User(url, endpoint).register(), new_key(provider, count=2)
    defaults = other.models()
    other.save_key(other_key.value)
    lists = owner.models(), other.models()
    seen(f"{len(lists[0])} and {len(lists[1])} own models; before a key: {', '.join(defaults)}")
    assert lists == ([*key.models], [*other_key.models])
    assert not {*lists[0], *lists[1]} & {*defaults}


@row(
    "chat in a model only this user's key has",
    unpatched=f"v0.8.4: `{ILLEGAL}`",
    must="answered",
)
def test_the_own_model_answers(owner: User, key: Key, seen: Seen) -> None:
    reply = owner.chat(key.models[1])
    seen(reply.summary)
    assert reply.answered and key.models[1] in reply.text


@row("another user asks for that model", unpatched="rejected", must="rejected")
@pytest.mark.usefixtures("validates")
def test_another_users_model_is_rejected(
    owner: User, key: Key, provider: str, url: str, endpoint: str, seen: Seen
) -> None:
    other = User(url, endpoint).register()
    other.save_key(new_key(provider).value)
    other.models()
    reply = other.chat(key.models[0])
    seen(f"rejected, `{reply.code}`")
    assert reply.code == ILLEGAL
    assert key.calls("chat") == 0


@row(
    "provider calls: 20 GETs in a row / 10 at once, one user",
    unpatched="v0.8.8-rc1: 20 / 10",
    must="1 / 1",
)
def test_many_questions_are_one_call(user: User, provider: str, seen: Seen) -> None:
    first, second = new_key(provider), new_key(provider)
    for key in (first, second):
        key.behave(delay=0.3)
    user.save_key(first.value)
    in_a_row = [user.models() for _ in range(20)]
    user.save_key(second.value)
    with ThreadPoolExecutor(10) as pool:
        at_once = [*pool.map(lambda _: user.models(), range(10))]
    seen(f"{first.calls()} / {second.calls()}")
    assert in_a_row == [[*first.models]] * 20
    assert at_once == [[*second.models]] * 10
    assert (first.calls(), second.calls()) == (1, 1)


@row("provider calls: one chat message", unpatched="v0.8.8-rc1: 1", must="0")
def test_a_message_costs_no_list(owner: User, key: Key, seen: Seen) -> None:
    calls = key.during(lambda: owner.chat(key.models[0]))
    seen(calls)
    assert calls == 0
    assert owner.replies[-1].answered


@row(
    "first message after saving a key, the conversation still on the default model",
    unpatched="v0.8.4: goes through",
    must="goes through",
)
def test_the_default_model_goes_through_after_saving_a_key(
    user: User, provider: str, seen: Seen
) -> None:
    default, key = user.models()[0], new_key(provider)
    user.save_key(key.value)
    reply = user.chat(default)
    seen(f"reaches the provider ({key.calls('chat')} call), no violation")
    assert reply.code == ""
    assert key.calls("chat") >= 1


@row(
    "expired key: chat in the user's own model",
    unpatched="`expired_user_key`",
    must="`expired_user_key`, no violation",
)
def test_an_expired_key_is_said_to_be_expired(owner: User, key: Key, seen: Seen) -> None:
    owner.save_key(key.value, hours=-1)
    reply = owner.chat(key.models[0])
    seen(f"`{reply.code}`")
    assert reply.code == "expired_user_key"


@row(
    "a model added at the provider 61 s ago, chosen by name",
    unpatched="illegal until restart / yes",
    must="answered, 1 call",
)
@pytest.mark.slow
def test_a_new_model_answers_after_a_minute(owner: User, key: Key, seen: Seen) -> None:
    added = f"{key.models[0]}-added"
    key.behave(models=[*key.models, added])
    time.sleep(RECHECK_AFTER)  # the server's own clock decides
    calls = key.during(lambda: owner.chat(added))
    seen(f"{owner.replies[-1].summary}, {calls} call")
    assert owner.replies[-1].answered
    assert calls == 1


@row(
    "key replaced / revoked / expired, next GET",
    unpatched="v0.8.4: no effect / – / –",
    must="new list / defaults / defaults, no provider call",
)
def test_a_changed_key_changes_the_list_at_once(
    user: User, key: Key, provider: str, seen: Seen
) -> None:
    defaults, second = user.models(), new_key(provider)
    user.save_key(key.value)
    user.models()
    user.save_key(second.value)
    replaced = user.models()
    calls = second.calls()
    user.revoke()
    revoked = user.models()
    user.save_key(second.value, hours=-1)
    expired = user.models()
    more = second.calls() - calls
    kinds = [_kind(found, second, defaults) for found in (replaced, revoked, expired)]
    seen(f"{' / '.join(kinds)}, {more} calls")
    assert (replaced, revoked, expired) == ([*second.models], defaults, defaults)
    assert more == 0


def _kind(found: list[str], key: Key, defaults: list[str]) -> str:
    return {key.models: "new list", (*defaults,): "defaults"}.get((*found,), f"{found}")


@row(
    "POST /api/models/fetch: the endpoint, all endpoints, without login",
    unpatched="404",
    must="own list from the provider, own list, 401",
)
def test_the_refresh_request_answers(owner: User, key: Key, seen: Seen) -> None:
    added = [*key.models, f"{key.models[0]}-added"]
    key.behave(models=added)
    one = owner.refresh(endpoint=owner.endpoint)
    every = owner.refresh()
    owner.token = "nobody"
    nobody = owner.refresh()
    seen(f"{one.status} {one.data.get('source')}, {every.status}, {nobody.status}")
    assert (one.data["models"], one.data["source"]) == (added, "provider")
    assert every.data["endpoints"][owner.endpoint]["models"] == added
    assert nobody.status == 401
