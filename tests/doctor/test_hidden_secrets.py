"""Which values are secret, and that a diagnosis hides them wherever they stand."""

from __future__ import annotations

import pytest

from patcher.doctor import diagnosis
from patcher.doctor.diagnosis import Diagnosis, Severity, hidden

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


SECRET_NAMES = [
    "OPENAI_API_KEY", "jwt_secret", "X_TOKEN", "MAIL_PASSWORD", "CREDS_X", "MY_CREDENTIAL",
    "AUTH_HEADER", "SALT", "CERT", "PRIVATE_X", "OPENID_CLIENT_ID", "CREDS_IV", "MONGO_URI",
    "SENTRY_DSN", "ALERT_WEBHOOK",
]  # fmt: skip
OTHER_NAMES = ["PORT", "HOST", "IV_PLACE", "URIS", "DOMAIN_CLIENT"]


@pytest.mark.parametrize("name", SECRET_NAMES)
def test_a_value_is_secret_by_its_name(name: str) -> None:
    assert list(diagnosis.secrets({name: "value-1"})) == ["value-1"]
    for word in ("User_Provided", "true", "FALSE", "None", "null"):
        assert not list(diagnosis.secrets({name: word})), word


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_other_values_are_not(name: str) -> None:
    assert not list(diagnosis.secrets({name: "value-1"}))


def test_credentials_in_a_url_are_secret_whole_and_in_parts() -> None:
    found = list(diagnosis.secrets({"PLACE": "HTTP+x.1-y://me:a:b@host/p", "B": "http://tok@host"}))
    assert found[:4] == ["HTTP+x.1-y://me:a:b@host/p", "me:a:b", "me", "a:b"]
    assert found[4:] == ["http://tok@host", "tok", "tok"]
    assert not list(diagnosis.secrets({"PLACE": "http://host/a@b"}))


def test_secrets_are_hidden_wherever_they_stand() -> None:
    found = Diagnosis("code", NOTE, "at abcd", "what abcd", "fix abcd")
    assert hidden([found], {"abcd"}) == (
        Diagnosis("code", NOTE, "at [hidden]", "what [hidden]", "fix [hidden]"),
    )


@pytest.mark.parametrize("order", [1, -1])
def test_a_secret_that_begins_another_uncovers_nothing_of_it(order: int) -> None:
    found = Diagnosis("code", NOTE, "", "", "abcd-efgh")
    assert hidden([found], ["abcd", "abcd-efgh", "efgh"][::order])[0].fix == "[hidden]"


def test_parts_of_words_are_not_hidden() -> None:
    found = Diagnosis("code", NOTE, "", "abcde", "abc")
    assert hidden([found], ["abc"]) == (found,)
    assert hidden([found], ["abcd"])[0].what == "[hidden]e"
