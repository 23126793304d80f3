"""The suites' own tools, which need no LibreChat: the provider, and the reader of chats."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.live.keys import new_key
from tests.live.provider import make_server
from tests.live.streams import Reply, read_reply
from tests.live.web import Answer, ask, opened

ILLEGAL = '{ \\"type\\": \\"illegal_model_request\\", \\"info\\": \\"LiteLLM|x\\" }'


@pytest.fixture
def address() -> Iterator[str]:
    with make_server(0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def _models(address: str, key: str) -> Answer:
    return ask("GET", f"{address}/v1/models", None, {"Authorization": f"Bearer {key}"})


def test_each_key_has_its_models_and_its_count(address: str) -> None:
    one, other = new_key(address), new_key(address, known=False)
    answer = _models(address, one.value)
    assert [entry["id"] for entry in answer.data["data"]] == [*one.models]
    assert _models(address, other.value).status == 401
    assert (one.calls(), other.calls(), one.calls("chat")) == (1, 1, 0)


def test_faults_come_and_go(address: str) -> None:
    key = new_key(address)
    key.behave(status=500)
    assert _models(address, key.value).status == 500
    key.behave(status=200, hang=True)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_models, address, key.value)
        key.behave(hang=False)
        assert waiting.result().status == 200
    assert ask("PUT", f"{address}/control/keys/k", {"colour": "red"}).status == 400


def test_a_hostile_answer_is_the_one_that_was_named(address: str) -> None:
    key = new_key(address)
    key.behave(hostile="echo")
    first, *_ = _models(address, key.value).data["data"]
    assert first["id"] == key.value
    key.behave(hostile=None)
    assert len(_models(address, key.value).data["data"]) == len(key.models)
    assert ask("PUT", f"{address}/control/keys/k", {"hostile": "nonsense"}).status == 400


def test_a_flood_ends_when_nobody_listens(address: str) -> None:
    key = new_key(address)
    key.behave(hostile="tiny chunks")
    headers = {"Authorization": f"Bearer {key.value}"}
    with opened("GET", f"{address}/v1/models", None, headers) as answer:
        assert answer.read(1000) == b" " * 1000
    assert key.calls() == 1


@pytest.mark.parametrize("stream", [True, False])
def test_a_chat_is_answered_in_the_models_of_the_key(address: str, stream: bool) -> None:
    key = new_key(address)
    headers = {"Authorization": f"Bearer {key.value}"}

    def chat(model: str) -> Answer:
        body = {"model": model, "stream": stream, "messages": []}
        return ask("POST", f"{address}/v1/chat/completions", body, headers)

    assert f"Hello from {key.models[0]}." in chat(key.models[0]).text
    assert chat("another").status == 400
    assert key.calls("chat") == 2


@pytest.mark.parametrize(
    ("stream", "reply"),
    [
        pytest.param(
            'data: {"event":"on_message_delta","data":{"delta":{"content":[{"text":"Hel"}]}}}\n'
            'data: {"event":"on_message_delta","data":{"delta":{"content":[{"text":"lo"}]}}}\n'
            'data: {"final":true,"responseMessage":{"content":[{"type":"text","text":"Hello"}]}}\n',
            Reply("Hello"),
            id="an answer",
        ),
        pytest.param(
            f'event: error\ndata: {{"error":"{ILLEGAL}"}}\n',
            Reply("", ILLEGAL.replace("\\", "")),
            id="refused by v0.8.4",
        ),
        pytest.param(
            f'event: error\ndata: {{"error":true,"final":true,"text":"{ILLEGAL}"}}\n',
            Reply("", ILLEGAL.replace("\\", "")),
            id="refused by v0.8.1",
        ),
        pytest.param(
            'data: {"final":true,"responseMessage":{"content":[{"type":"error","error":"401"}]}}\n',
            Reply("", "401"),
            id="refused by the provider",
        ),
        pytest.param(
            'event: message\ndata: {"message":true,"text":"Hel"}\n'
            'event: message\ndata: {"final":true,"responseMessage":{"text":"Hello"}}\n',
            Reply("Hello"),
            id="an answer of v0.7.5",
        ),
        pytest.param(
            'event: error\ndata: {"text":"Illegal model request"}\n',
            Reply("", "Illegal model request"),
            id="refused by v0.7.5",
        ),
        pytest.param("data: [DONE]\n: nothing\n", Reply(), id="nothing said"),
    ],
)
def test_a_stream_is_read(stream: str, reply: Reply) -> None:
    assert read_reply(stream.encode().splitlines(keepends=True)) == reply
    assert reply.code == ("illegal_model_request" if "llegal" in reply.error else "")
