"""A user of a running LibreChat, as far as model lists are concerned."""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from tests.live.streams import Reply, read_reply
from tests.live.web import Answer, ask, opened, used_keys, watch

FIRST_MESSAGE = "00000000-0000-0000-0000-000000000000"
PASSWORD = "a-password-for-tests"
#: A chat that fails at once can end before its stream is asked for (v0.8.2 and later).
CHAT_ATTEMPTS = 3

#: Everybody who has logged in, by id.
registered: dict[str, User] = {}


def moment(hours: float) -> str:
    """The time so many hours from now, as LibreChat's client writes it."""
    then = datetime.now(timezone.utc) + timedelta(hours=hours)
    return then.strftime("%Y-%m-%dT%H:%M:%S.000Z")


@functools.cache
def has_ask_routes(url: str) -> bool:
    """Whether a chat goes to /api/ask/custom: v0.7.0 to v0.7.8; later releases know no such route.

    Their own /api/agents/chat answers for agents, and a plain chat there is not validated.
    """
    return ask("POST", f"{url}/api/ask/custom", {}).status == 401


@dataclass
class User:
    """Registered and logged in at `url`; `endpoint` is the one its keys are for."""

    url: str
    endpoint: str
    email: str = field(default_factory=lambda: f"u{uuid.uuid4().hex[:12]}@example.com")
    token: str = ""
    id: str = ""
    expires: str = "never"
    replies: list[Reply] = field(default_factory=list)

    def register(self) -> User:
        name = self.email.partition("@")[0]
        passwords = {"password": PASSWORD, "confirm_password": PASSWORD}
        about = {"name": name, "username": name, "email": self.email, **passwords}
        answer = ask("POST", f"{self.url}/api/auth/register", about)
        assert answer.status == 200, f"no registration: {answer.status} {answer.text[:200]}"
        return self.login()

    def login(self) -> User:
        about = {"email": self.email, "password": PASSWORD}
        answer = ask("POST", f"{self.url}/api/auth/login", about)
        assert answer.status == 200, f"no login: {answer.status} {answer.text[:200]}"
        self.token, self.id = answer.data["token"], answer.data["user"]["id"]
        registered[self.id] = self
        return self

    def at(self, url: str) -> User:
        """The same user at another process of the same LibreChat."""
        return replace(self, url=url)

    @property
    def headers(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        return ask(method, f"{self.url}{path}", body, self.headers)

    def save_key(self, key: str, hours: float | None = 12) -> None:
        """What the key dialog sends; None: never expires."""
        self.save_raw(json.dumps({"apiKey": key, "baseURL": ""}), hours)
        used_keys.add(key)

    def save_raw(self, value: str, hours: float | None = 12) -> None:
        self.expires = moment(hours) if hours is not None else "never"
        expires = self.expires if hours is not None else ""
        body = {"name": self.endpoint, "value": value, "expiresAt": expires}
        answer = self.ask("PUT", "/api/keys", body)
        assert answer.status == 201, f"no key saved: {answer.status} {answer.text[:200]}"

    def revoke(self) -> None:
        assert self.ask("DELETE", f"/api/keys/{self.endpoint}").status == 204

    def models(self) -> list[str]:
        answer = self.ask("GET", "/api/models")
        assert answer.status == 200, f"no list: {answer.status} {answer.text[:200]}"
        models: list[str] = answer.data[self.endpoint]
        return models

    def refresh(self, **wish: Any) -> Answer:
        return self.ask("POST", "/api/models/fetch", wish)

    def chat(self, model: str) -> Reply:
        """One message in a new conversation."""
        reply = None
        for _ in range(CHAT_ATTEMPTS):
            reply = self._chat(model)
            if reply is not None:
                break
        reply = reply or Reply(error="the stream was gone each time")
        self.replies.append(reply)
        watch(f"chat: {reply.summary}", reply.text + reply.error)
        return reply

    def _chat(self, model: str) -> Reply | None:
        message = self._message(model)
        if has_ask_routes(self.url):
            with opened("POST", f"{self.url}/api/ask/custom", message, self.headers) as answer:
                return read_reply(answer)
        path = f"{self.url}/api/agents/chat"
        with opened("POST", f"{path}/{self.endpoint}", message, self.headers) as answer:
            if "json" not in answer.headers.get("Content-Type", ""):
                return read_reply(answer)
            started = json.loads(answer.read())
        if "streamId" not in started:
            return Reply(error=json.dumps(started))
        with opened("GET", f"{path}/stream/{started['streamId']}", None, self.headers) as stream:
            return None if stream.status == 404 else read_reply(stream)

    def _message(self, model: str) -> Mapping[str, object]:
        return {
            "text": "hi",
            "sender": "User",
            "clientTimestamp": moment(0)[:19],
            "isCreatedByUser": True,
            "parentMessageId": FIRST_MESSAGE,
            "messageId": str(uuid.uuid4()),
            "error": False,
            "endpoint": self.endpoint,
            "endpointType": "custom",
            "model": model,
            "key": self.expires,
            "modelDisplayLabel": self.endpoint,
            "isTemporary": False,
            "isRegenerate": False,
            "isContinued": False,
        }
