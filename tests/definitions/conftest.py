"""The figures that these tests print at the end."""

from __future__ import annotations

import pytest

from .support import COUNTS


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what, number in sorted(COUNTS.items()):
        terminalreporter.write_line(f"definitions: {number} {what}")
