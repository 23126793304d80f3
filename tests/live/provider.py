"""An OpenAI-compatible provider to try a LibreChat against: a model list per key, and faults.

    python -m tests.live.provider PORT

It listens on 127.0.0.1 only; librechat.yaml names it as `baseURL: http://127.0.0.1:PORT/v1`. A key
is unknown, and refused, until it has been put there:

    PUT  /control/keys/KEY  {"models": [...], "delay": seconds, "status": 500, "hang": true}
    GET  /control/calls?key=KEY   -> {"models": 3, "chat": 1}; of all keys together without `key`

What a PUT leaves out stays as it was. `delay`, `status` and `hang` are for the model list alone;
what hangs is answered once `hang` is false. So is `hostile`, which names an answer of hostile.py.
"""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.live.hostile import HOSTILE

LONGEST_HANG = 60.0
USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}


@dataclass(frozen=True)
class Behaviour:
    """How one key is answered. No models: the key is refused."""

    models: tuple[str, ...] | None = None
    delay: float = 0.0
    status: int = 200
    hang: bool = False
    hostile: str | None = None

    def __post_init__(self) -> None:
        if self.hostile is not None and self.hostile not in HOSTILE:
            raise ValueError(f"no answer of hostile.py is called {self.hostile}")


@dataclass
class State:
    """What the provider knows and what it was asked."""

    keys: dict[str, Behaviour] = field(default_factory=dict)
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def configure(self, key: str, wishes: Mapping[str, Any]) -> None:
        with self.changed:
            if "models" in wishes:
                models = wishes["models"]
                wishes = {**wishes, "models": None if models is None else tuple(models)}
            self.keys[key] = replace(self.keys.get(key, Behaviour()), **wishes)
            self.changed.notify_all()

    def behaviour(self, key: str) -> Behaviour:
        with self.changed:
            return self.keys.get(key, Behaviour())

    def count(self, what: str, key: str) -> None:
        with self.changed:
            self.calls[what, key] += 1

    def counted(self, key: str | None) -> dict[str, int]:
        totals = {"models": 0, "chat": 0}
        with self.changed:
            for (what, owner), number in self.calls.items():
                if key in (None, owner):
                    totals[what] += number
        return totals

    def wait(self, key: str) -> Behaviour:
        """Stands still as long as the key's behaviour says; answers what holds afterwards."""
        with self.changed:
            delay = self.keys.get(key, Behaviour()).delay
            if delay:
                self.changed.wait_for(lambda: False, delay)
            self.changed.wait_for(lambda: not self.keys.get(key, Behaviour()).hang, LONGEST_HANG)
        return self.behaviour(key)


class Handler(BaseHTTPRequestHandler):
    """The provider's paths, and those that control it."""

    protocol_version = "HTTP/1.1"
    # Head and body in one packet: two cost a delayed acknowledgement, 40 ms a call.
    wbufsize = -1
    disable_nagle_algorithm = True
    state: State

    def log_message(self, *arguments: object) -> None:
        """Keys are not written anywhere."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/v1/models":
            self._models()
        elif address.path == "/control/calls":
            key = parse_qs(address.query).get("key", [None])[0]
            self._send(200, self.state.counted(key))
        else:
            self._refuse(404, "not found")

    def do_PUT(self) -> None:
        wishes = self._body()
        prefix = "/control/keys/"
        if not self.path.startswith(prefix):
            return self._refuse(404, "not found")
        try:
            self.state.configure(unquote(self.path[len(prefix) :]), wishes)
        except (TypeError, ValueError) as error:
            return self._refuse(400, str(error))
        return self._send(200, {})

    def do_POST(self) -> None:
        body = self._body()
        if self.path != "/v1/chat/completions":
            return self._refuse(404, "not found")
        key, model = self._key(), str(body.get("model"))
        self.state.count("chat", key)
        models = self.state.behaviour(key).models
        if models is None:
            return self._refuse(401, "Invalid API key")
        if model not in models:
            return self._refuse(400, f"model {model} not available for this key")
        answer = f"Hello from {model}."
        return self._stream(model, answer) if body.get("stream") else self._whole(model, answer)

    def _models(self) -> None:
        key = self._key()
        self.state.count("models", key)
        behaviour = self.state.wait(key)
        if behaviour.hostile is not None:
            return self._attack(behaviour.hostile, key)
        if behaviour.status != 200:
            return self._refuse(behaviour.status, f"failing as told, asked with {key}")
        if behaviour.models is None:
            return self._refuse(401, f"Invalid API key {key}")
        entries = [{"id": name, "object": "model", "created": 1} for name in behaviour.models]
        return self._send(200, {"object": "list", "data": entries})

    def _attack(self, hostile: str, key: str) -> None:
        self.close_connection = True
        try:
            for part in HOSTILE[hostile](key):
                self.connection.sendall(part)
        except ConnectionError:
            """The server that asked has had enough."""

    def _key(self) -> str:
        return self.headers.get("Authorization", "").partition(" ")[2]

    def _body(self) -> dict[str, Any]:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(text or b"{}")
        return body if isinstance(body, dict) else {}

    def _send(self, status: int, answer: object) -> None:
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _refuse(self, status: int, message: str) -> None:
        self._send(status, {"error": {"message": message, "type": "invalid_request_error"}})

    def _whole(self, model: str, answer: str) -> None:
        choice = {"index": 0, "finish_reason": "stop", "message": {"content": answer}}
        self._send(200, {"id": "chat", "model": model, "choices": [choice], "usage": USAGE})

    def _stream(self, model: str, answer: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        head = {"id": "chat", "object": "chat.completion.chunk", "created": 1, "model": model}
        deltas = [{"role": "assistant", "content": ""}, {"content": answer}]
        ends = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
        for choice in [*ends, {"index": 0, "delta": {}, "finish_reason": "stop"}]:
            self._event(json.dumps({**head, "choices": [choice]}))
        self._event(json.dumps({**head, "choices": [], "usage": USAGE}))
        self._event("[DONE]")
        self.close_connection = True

    def _event(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())


class Server(ThreadingHTTPServer):
    """Handles bursts: 200 users may ask at once."""

    daemon_threads = True
    request_queue_size = 256


def make_server(port: int) -> Server:
    """A provider of its own on this port of 127.0.0.1; 0 picks one."""
    return Server(("127.0.0.1", port), type("OwnHandler", (Handler,), {"state": State()}))


if __name__ == "__main__":
    with make_server(int(sys.argv[1]) if len(sys.argv) > 1 else 4000) as serving:
        print(f"http://127.0.0.1:{serving.server_port}/v1", flush=True)
        serving.serve_forever()
