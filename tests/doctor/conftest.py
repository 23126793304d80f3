from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import run as run
from tests.cli.running import Runner
from tests.doctor.providers import Provider, serving


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that the tests run on, and the same Node everywhere."""
    for name in ("CONFIG_PATH", "USE_REDIS", "REDIS_URI", "LIBRECHAT_PATCHER_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("patcher.commands.doctor._node_version", lambda: "v24.16.0")


@pytest.fixture
def checkout(run: Runner, copy_of: Callable[[str], Path]) -> Path:
    """A patched and built checkout with a configuration that has nothing wrong with it."""
    root = copy_of("e6-v0.8.4")
    assert run("apply", "--root", root).code == 0
    for output in ("packages/data-provider/dist/index.js", "client/dist/index.html"):
        (root / output).parent.mkdir(parents=True, exist_ok=True)
        (root / output).write_text("built\n", encoding="utf-8")
    (root / "librechat.yaml").write_text(GOOD, encoding="utf-8")
    (root / ".env").write_text("PORT=3080\n", encoding="utf-8")
    return root


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider on 127.0.0.1."""
    with serving() as server:
        yield server


GOOD = """\
version: 1.3.6
endpoints:
  custom:
    - name: LiteLLM
      apiKey: user_provided
      baseURL: http://litellm:4000/v1
      models:
        default: [gpt-4o-mini]
        fetch: true
"""
