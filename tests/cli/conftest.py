from __future__ import annotations

from typing import Any

import pytest

from tests.cli.running import Runner


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Calls `librechat-patcher` with the given arguments; standard input is no terminal."""

    class NoTerminal:
        def isatty(self) -> bool:
            return False

        def __getattr__(self, name: str) -> Any:
            raise AssertionError(f"a command without a terminal read its standard input ({name})")

    monkeypatch.setattr("sys.stdin", NoTerminal())
    return Runner(capsys, monkeypatch)
