"""The table at the end: what was seen of each promise.

A test names its line with `@row(check, unpatched=…, must=…)` and says what it saw with the fixture
`seen`. What is skipped or fails has its line as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import pytest

HEADINGS = ("check", "unpatched", "must be", "seen")
MARK = "row"

Test = TypeVar("Test", bound=Callable[..., object])
SAID = pytest.StashKey[list[str]]()


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    cells: tuple[str, str, str, str]

    def __str__(self) -> str:
        cells = (" ".join(cell.replace("|", "\\|").split()) for cell in self.cells)
        return f"| {' | '.join(cells)} |"


def row(check: str, *, unpatched: str = "-", must: str) -> Callable[[Test], Test]:
    """Gives a test its line: the unpatched column is what LibreChat itself was measured to do."""
    return pytest.mark.row(check, unpatched, must)


def line_of(item: pytest.Item, report: pytest.TestReport) -> Line | None:
    """The line of a test that has ended; None for tests without one."""
    mark = item.get_closest_marker(MARK)
    if mark is None:
        return None
    words: list[str] = item.stash.get(SAID, [])
    said = "; ".join(words)
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        said = f"not run: {reason.removeprefix('Skipped: ')}"
    elif report.failed:
        said = f"**FAILED** {said}".rstrip()
    check, unpatched, must = mark.args
    return Line((check, unpatched, must, said or "as it must be"))


def table(lines: list[Line]) -> str:
    """All lines as Markdown."""
    head = [str(Line(HEADINGS)), str(Line(("---",) * 4))]
    return "\n".join([*head, *map(str, lines)]) + "\n"
