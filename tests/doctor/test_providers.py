"""`doctor --probe`, answer by answer: who is asked, with which key, and what it means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from patcher.checks import web
from patcher.checks.transport import Policy
from patcher.definition.yaml import read_config
from patcher.doctor import config
from patcher.doctor.diagnosis import Probe
from patcher.doctor.providers import probes, variable_of
from patcher.model import Verdict
from tests.doctor.documents import document, entry

PASSED, FAILED, SKIPPED = Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED
KEY = {"LIBRECHAT_PATCHER_KEY": "sk"}
LISTED = {"data": [{"id": "a"}, {"id": "b"}]}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked; the answer is two models, in 12.3456 s."""
    calls: list[Any] = []

    def ask(*arguments: Any, **named: Any) -> web.Answer:
        calls.append((*arguments, named))
        return web.Answer(200, json.dumps(LISTED).encode(), 12.3456)

    monkeypatch.setattr("patcher.checks.web.ask", ask)
    return calls


def probed(
    *entries: str, environment: Mapping[str, str] = KEY, policy: Policy | None = None
) -> list[Probe]:
    read = read_config(document(*entries).encode())
    assert read is not None
    found = config.read(read, {})
    return list(probes(found, policy or Policy(), environment))


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("LiteLLM", "LITELLM"), ("Other one!", "OTHER_ONE"), ("-a--b-", "A_B"),
        ("Gpt-4.1", "GPT_4_1"),
        ("É", ""),
    ],
)  # fmt: skip
def test_each_endpoint_has_a_variable(name: str, variable: str) -> None:
    assert variable_of(name) == f"LIBRECHAT_PATCHER_KEY_{variable}"


def test_an_endpoint_is_asked_as_the_server_would(asked: list[Any]) -> None:
    found = probed(entry(baseURL="' https://llm.example.com/v1// '"))
    assert found == [Probe("LiteLLM", PASSED, 2, 12.346, "")]
    assert asked == [
        (
            "GET",
            "https://llm.example.com/v1/models",
            {"Accept": "application/json", "Authorization": "Bearer sk"},
            5,
            {"through_proxy": True},
        )
    ]


def test_a_key_of_its_own_goes_before_the_one_for_all(asked: list[Any]) -> None:
    probed(entry(), environment={**KEY, "LIBRECHAT_PATCHER_KEY_LITELLM": "own"})
    assert asked[0][2]["Authorization"] == "Bearer own"


def test_one_key_is_for_one_place(asked: list[Any]) -> None:
    twice = probed(entry(), entry(name="Two"))
    assert [p.verdict for p in twice] == [PASSED, PASSED]
    other = probed(entry(), entry(name="Two", baseURL="https://other.example.com"))
    assert other == [
        Probe(n, SKIPPED, None, None, f"no key for it: set LIBRECHAT_PATCHER_KEY_{n.upper()}")
        for n in ("LiteLLM", "Two")
    ]


@pytest.mark.parametrize(
    ("keys", "policy", "why"),
    [
        ({"baseURL": "user_provided"}, Policy(), "users bring their own URL"),
        ({"baseURL": "nowhere"}, Policy(), "its base URL is not an http or https URL"),
        (
            {"baseURL": "http://llm.example.com"},
            Policy(),
            "the server refuses plain HTTP to this host",
        ),
        (
            {"baseURL": "http://litellm"},
            Policy((), https_only=True),
            "the server refuses plain HTTP to this host",
        ),
    ],
)
def test_who_is_not_asked(asked: list[Any], keys: dict[str, str], policy: Policy, why: str) -> None:
    found = probed(entry(**keys), policy=policy)
    assert found == [Probe("LiteLLM", SKIPPED, None, None, why)]
    assert asked == []


def test_what_is_no_endpoint_for_users_is_not_even_named(asked: list[Any]) -> None:
    assert probed(entry(name="Ollama"), entry(name="7"), entry(models="")) == []


@pytest.mark.parametrize(
    ("addresses", "why"),
    [
        (["10.0.0.1"], ""),
        (["fd00::1", "fe80::1%eth0"], "its name leads to a public address over plain HTTP"),
        (["127.0.0.1", "8.8.8.8"], "its name leads to a public address over plain HTTP"),
        (
            OSError("unknown"),
            "its name is not known on this machine (try it inside the compose network)",
        ),
        (
            UnicodeError("label too long"),
            "its name is not known on this machine (try it inside the compose network)",
        ),
    ],
)
def test_the_address_of_a_local_name_is_looked_at(
    asked: list[Any], monkeypatch: pytest.MonkeyPatch, addresses: Any, why: str
) -> None:
    def look_up(host: str, port: None, type: int) -> list[Any]:
        assert (host, port) == ("litellm", None)
        if isinstance(addresses, Exception):
            raise addresses
        return [(0, type, 0, "", (address, 0)) for address in addresses]

    monkeypatch.setattr("socket.getaddrinfo", look_up)
    local = entry(baseURL="http://litellm:4000")
    (found,) = probed(local)
    assert (found.verdict, found.detail) == (SKIPPED if why else PASSED, why)
    assert bool(asked) is not bool(why)
    (listed,) = probed(local, policy=Policy(("litellm:4000",)))
    assert listed.verdict is PASSED and asked[-1][-1] == {"through_proxy": False}


NOTHING = "the answer lists no models: neither { data: [{ id }] } nor [{ id }]"


@pytest.mark.parametrize(
    ("status", "data", "url", "models", "detail"),
    [
        (200, [{"id": "a"}, {"id": "a"}, {"id": ""}, {"id": 7}, "b"], "", 1, ""),
        (200, {"data": []}, "", 0, NOTHING),
        (200, {"data": {"id": "a"}}, "", None, NOTHING),
        (200, "text", "", None, NOTHING),
        (201, LISTED, "", None, "it answered 201"),
        (401, {}, "", None, "the provider refuses the key (401)"),
        (403, {}, "", None, "the provider refuses the key (403)"),
        (402, {}, "", None, "it answered 402"),
        (300, {}, "", None, "it redirects (300), which the server does not follow"),
        (399, {}, "", None, "it redirects (399), which the server does not follow"),
        (299, {}, "", None, "it answered 299"),
        (400, {}, "", None, "it answered 400"),
        (404, {}, "https://a.example/v1", None, "it answered 404"),
        (
            404,
            {},
            "https://a.example/",
            None,
            "it answered 404: the base URL may lack its path, often /v1",
        ),
    ],
)
def test_what_an_answer_means(
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    data: Any,
    url: str,
    models: int | None,
    detail: str,
) -> None:
    answer = web.Answer(status, json.dumps(data).encode(), 0.25)
    monkeypatch.setattr("patcher.checks.web.ask", lambda *_, **__: answer)
    found = probed(entry(baseURL=url) if url else entry())
    assert found == [Probe("LiteLLM", PASSED if not detail else FAILED, models, 0.25, detail)]


def test_no_answer_is_told_in_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: Any, **__: Any) -> web.Answer:
        raise web.Unanswered("it sleeps")

    monkeypatch.setattr("patcher.checks.web.ask", silent)
    assert probed(entry()) == [Probe("LiteLLM", FAILED, None, None, "it sleeps")]
