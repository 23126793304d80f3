"""The same LibreChat with a real provider behind it: only what such a provider can show.

LIBRECHAT_REAL_KEY    a key of the provider that librechat.yaml names
LIBRECHAT_REAL_MODEL  the model to chat in; without it no message is sent
"""

from __future__ import annotations

import pytest

from tests.live.conftest import Seen, named
from tests.live.librechat import User
from tests.live.report import row
from tests.live.streams import ILLEGAL

WRONG_KEY = "sk-live-this-key-is-wrong"
GETS = 5


@pytest.fixture
def real_owner(user: User) -> User:
    user.save_key(named("LIBRECHAT_REAL_KEY", "key of a real provider"))
    return user


@row("real provider: list of the key, twice", must="the provider's list, the second from cache")
def test_the_real_list_is_shown(real_owner: User, seen: Seen) -> None:
    models = real_owner.models()
    answer = real_owner.refresh(endpoint=real_owner.endpoint, maxAge=60).data
    seen(f"{len(models)} models, then `{answer['source']}`")
    assert (answer["source"], answer["models"]) == ("cache", models)


@row("real provider: chat", must="answered")
def test_the_real_model_answers(real_owner: User, seen: Seen) -> None:
    reply = real_owner.chat(named("LIBRECHAT_REAL_MODEL", "model to chat in"))
    seen(reply.summary)
    assert reply.answered


@row("real provider: a model that the key does not have", must="rejected")
@pytest.mark.usefixtures("validates")
def test_an_unknown_model_is_rejected(real_owner: User, seen: Seen) -> None:
    real_owner.models()
    reply = real_owner.chat("no-such-model-anywhere")
    seen(f"`{reply.code}`")
    assert reply.code == ILLEGAL


@row("real provider: wrong key, then none", must="defaults, `provider_unauthorized`; defaults")
def test_a_wrong_real_key_shows_defaults(real_owner: User, url: str, seen: Seen) -> None:
    defaults = User(url, real_owner.endpoint).register().models()
    real_owner.save_key(WRONG_KEY)
    refused = real_owner.refresh(endpoint=real_owner.endpoint).data["error"]["code"]
    found = [real_owner.models() for _ in range(GETS)]
    real_owner.revoke()
    seen(f"`{refused}`, {'defaults' if found == [defaults] * GETS else found[0]}")
    assert refused == "provider_unauthorized"
    assert [*found, real_owner.models()] == [defaults] * (GETS + 1)
