"""The program as a process: what it exits with, and what becomes of what it has said."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "patcher"]
FULL = Path("/dev/full")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--version"], 0), (["--no-such-option"], 2), (["status", "--root", "no-such-folder"], 5)],
)
def test_leaves_with_the_code_of_the_command(arguments: list[str], code: int) -> None:
    done = subprocess.run([*COMMAND, *arguments], capture_output=True)
    assert done.returncode == code
    assert bool(done.stderr) == bool(code)


def test_all_that_was_said_arrives() -> None:
    buffered = {**os.environ, "PYTHONUNBUFFERED": ""}
    command = [*COMMAND, "apply", "--sample"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=buffered)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("roll back: ")
    assert done.stderr == ""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["--version", "list", "apply --sample"])
def test_a_stream_that_is_closed_is_no_failure(command: str, closed: str) -> None:
    program = shlex.join(COMMAND)
    done = subprocess.run(["sh", "-c", f"{program} {command} {closed}"], capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert bool(done.stdout) == (">&-" not in closed.replace("2>&-", ""))


@pytest.mark.parametrize("buffered", [True, False])
def test_nothing_is_complained_of_to_a_reader_that_leaves_early(buffered: bool) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*COMMAND, "list"],
            stdout=writing,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "" if buffered else "1"},
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("arguments", [["list"], ["list", "--format", "json"], ["--help"]])
@pytest.mark.parametrize("buffered", [True, False])
def test_an_answer_that_cannot_be_written_is_a_failure(
    arguments: list[str], buffered: bool
) -> None:
    with FULL.open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "" if buffered else "1"},
        )
    assert done.returncode == 6
    assert done.stderr == b"error: the answer cannot be written: No space left on device\n"


SCRIPT = Path(sys.executable).with_name("librechat-patcher")


@pytest.mark.skipif(not SCRIPT.exists(), reason="librechat-patcher is not installed here")
@pytest.mark.parametrize(
    ("command", "on_path", "name"),
    [
        ([str(SCRIPT)], False, str(SCRIPT)),
        ([str(SCRIPT)], True, "librechat-patcher"),
        (COMMAND, False, "librechat-patcher"),
    ],
)
def test_how_to_roll_back_is_what_can_be_typed_here(
    command: list[str], on_path: bool, name: str, tmp_path: Path
) -> None:
    path = [str(SCRIPT.parent)] * on_path + ["/usr/bin", "/bin"]
    env = {**os.environ, "PATH": os.pathsep.join(path), "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [*command, "apply", "--sample"], capture_output=True, encoding="utf-8", env=env
    )
    root = next(tmp_path.glob("*/LibreChat-sample"))
    assert done.stdout.splitlines()[-1] == f"roll back: {name} rollback --root {root}"


def test_a_console_that_cannot_show_a_character_shows_a_question_mark(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/patch.yaml").write_text(
        "schema: 1\nid: own\ntitle: Z\u00e4hlt \u65e5\u672c\nwhy: x\n"
        'librechat: ">=0.7.0"\ncomponents: { backend: x }\nedits:\n'
        "  - { in: api/a.js, find: a(), replace: b() }\n",
        encoding="utf-8",
    )
    for title, arguments in ((b"Z?hlt ??", ["list"]), (b"Z?hlt ??", ["list", "--quiet"])):
        done = subprocess.run(
            [*COMMAND, *arguments, "--patches", str(tmp_path / "own"), "--patch", "own"],
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "ascii:strict"},
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert title in done.stdout
