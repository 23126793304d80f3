"""`doctor --probe` against a provider on 127.0.0.1."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.cli.running import Ran, Runner
from tests.doctor.conftest import GOOD
from tests.doctor.providers import Provider, Reply

KEY = "LIBRECHAT_PATCHER_KEY"


@pytest.fixture(autouse=True)
def _a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "sk-probe")
    monkeypatch.setattr("patcher.doctor.providers._TIMEOUT", 0.5)


def probed(run: Runner, root: Path, provider: Provider, text: str = GOOD) -> Ran:
    url = f"{provider.url}/v1"
    (root / "librechat.yaml").write_text(
        text.replace("http://litellm:4000/v1", url), encoding="utf-8"
    )
    return run("doctor", "--probe", "--root", root)


def test_count_and_latency_are_printed(run: Runner, checkout: Path, provider: Provider) -> None:
    done = probed(run, checkout, provider)
    assert done.code == 0
    assert re.search(r"^probe LiteLLM: ok 2 models in \d+ ms$", done.out, re.M)
    assert [(a.method, a.path) for a in provider.asked] == [("GET", "/v1/models")]


def test_a_bare_list_is_read_as_the_server_reads_it(
    run: Runner, checkout: Path, provider: Provider
) -> None:
    provider.answering = lambda _: Reply(data=[{"id": "a"}, {"id": "a"}, {"no": 1}])
    assert "ok 1 model in" in probed(run, checkout, provider).out


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(403), "the provider refuses the key (403)"),
        (Reply(500, body=b"<html>"), "it answered 500"),
        (Reply(data={"models": []}), "the answer lists no models"),
        (Reply(data={"data": []}), "the answer lists no models"),
        (Reply(body=b"no json"), "the answer lists no models"),
        (Reply(302, headers={"Location": "/elsewhere"}), "it redirects (302)"),
        (Reply(body=b" " * (6 << 20)), "it sent more than 5 MiB"),
    ],
)
def test_an_answer_that_is_no_list_fails(
    run: Runner, checkout: Path, provider: Provider, reply: Reply, told: str
) -> None:
    provider.answering = lambda _: reply
    done = probed(run, checkout, provider)
    assert done.code == 1
    assert "probe LiteLLM: failed" in done.out and told in done.out
    assert len(provider.asked) == 1
    assert "1 provider does not answer" in done.out


def test_a_slow_provider_fails_in_time(run: Runner, checkout: Path, provider: Provider) -> None:
    def slow(_: object) -> Reply:
        time.sleep(1.5)
        return Reply()

    provider.answering = slow
    done = probed(run, checkout, provider)
    assert done.code == 1 and "it did not answer within 0.5 s" in done.out


def test_a_closed_port_is_named(run: Runner, checkout: Path, provider: Provider) -> None:
    text = GOOD.replace("http://litellm:4000/v1", "http://127.0.0.1:9/v1")
    done = probed(run, checkout, provider, text)
    assert done.code == 1 and "nothing listens there" in done.out


def test_without_a_key_it_is_skipped_and_the_variable_is_named(
    run: Runner, checkout: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEY)
    done = probed(run, checkout, provider)
    assert done.code == 0 and not provider.asked
    assert "skipped no key for it: set LIBRECHAT_PATCHER_KEY_LITELLM" in done.out


def test_one_key_does_not_go_to_two_providers(
    run: Runner, checkout: Path, provider: Provider
) -> None:
    second = GOOD.split("custom:\n")[1].replace("LiteLLM", "Other one")
    second = second.replace("http://litellm:4000/v1", "https://other.example.com/v1")
    done = probed(run, checkout, provider, GOOD + second)
    assert done.code == 0 and not provider.asked
    assert "set LIBRECHAT_PATCHER_KEY_OTHER_ONE" in done.out


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://llm.example.com/v1", "the server refuses plain HTTP to this host"),
        ("user_provided", "users bring their own URL"),
        ("http://no-such-host-anywhere/v1", "its name is not known on this machine"),
    ],
)
def test_a_key_goes_nowhere_that_the_server_would_not_send_it(
    run: Runner, checkout: Path, provider: Provider, url: str, told: str
) -> None:
    done = probed(run, checkout, provider, GOOD.replace("http://litellm:4000/v1", url))
    assert f"probe LiteLLM: skipped {told}" in done.out


def test_a_local_name_with_a_public_address_gets_no_key(
    run: Runner, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("8.8.8.8", 0))])
    done = run("doctor", "--probe", "--root", checkout)
    assert "skipped its name leads to a public address over plain HTTP" in done.out
