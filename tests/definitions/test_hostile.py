"""Hostile and careless definitions: each is refused with one clear message, nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Runner
from tests.conftest import contents, fixture_folder

from . import hostile_edits, hostile_files, hostile_yaml
from .support import COUNTS, Wrong, refusal

CASES = [*hostile_yaml.cases(), *hostile_edits.cases(), *hostile_files.cases()]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(autouse=True, scope="module")
def _counted() -> Iterator[None]:
    """Both counts are printed, so that a table that lost its cases is seen."""
    COUNTS["hostile definitions tried"] += len(CASES)
    yield


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Runner:
    return Runner(capsys, monkeypatch)


@every_case
def test_refused_with_file_line_and_reason(case: Wrong, tmp_path: Path) -> None:
    case.build(tmp_path)
    said = refusal(tmp_path / "own")
    # libyaml and the Python parser word the same error differently.
    expected, is_cut, _ = case.message.partition("…") if case.is_parsers else (case.message, "", "")
    if is_cut:
        assert said.startswith(expected)
    else:
        assert said == expected
    COUNTS["hostile definitions refused"] += 1


def test_there_are_enough_cases_and_no_two_of_one_name() -> None:
    names = [case.name for case in CASES]
    assert len(names) >= 80
    assert len(set(names)) == len(names)


COMMANDS = ("apply", "diff", "verify", "list", "status")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_refuses_and_touches_nothing(
    command: str, run: Runner, tmp_path: Path
) -> None:
    root = fixture_folder("e6-v0.8.4")
    before = contents(root)
    for number, case in enumerate(CASES[COMMANDS.index(command) :: len(COMMANDS)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        case.build(folder)
        where = () if command == "list" else ("--root", root)
        done = run(command, *where, "--patches", folder / "own", "--no-color")
        assert (done.code, done.out) == (2, ""), case.name
        assert done.err.startswith("error: "), case.name
        assert "Traceback" not in done.err, case.name
    assert contents(root) == before
    assert not (root / ".librechat-patcher").exists()
