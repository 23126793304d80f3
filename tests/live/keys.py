"""The provider as a suite sees it: keys that are made, told how to behave, and counted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.live.web import ask, used_keys


@dataclass(frozen=True)
class Key:
    """A key of its own, so that nobody else's calls are counted with it."""

    provider: str
    value: str
    models: tuple[str, ...]

    def behave(self, **wishes: Any) -> None:
        answer = ask("PUT", f"{self.provider}/control/keys/{quote(self.value)}", wishes)
        assert answer.status == 200, answer.text

    def calls(self, what: str = "models") -> int:
        answer = ask("GET", f"{self.provider}/control/calls?key={quote(self.value)}")
        return int(answer.data[what])

    def during(self, action: Callable[[], object], what: str = "models") -> int:
        """How many calls an action costs."""
        before = self.calls(what)
        action()
        return self.calls(what) - before


def new_key(provider: str, *, count: int = 3, known: bool = True) -> Key:
    """A key with model names that nobody else has; unknown to the provider if so wished."""
    mark = uuid.uuid4().hex[:12]
    value = f"sk-live-{mark}"
    used_keys.add(value)
    key = Key(provider, value, tuple(f"m{mark[:6]}-{number}" for number in range(1, count + 1)))
    if known:
        key.behave(models=key.models)
    return key
