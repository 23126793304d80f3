"""What is different on Windows and can be tried anywhere: consoles, paths, files with CR LF."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path, PureWindowsPath

import pytest

from patcher.doctor.advice import build_line
from patcher.doctor.dotenv import values, with_item
from tests.conftest import PROJECT

Copy = Callable[[str], Path]


def run(*arguments: str, encoding: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process whose console has `encoding`."""
    return subprocess.run(
        [sys.executable, "-m", "patcher", *arguments],
        env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": encoding},
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_a_narrow_console_shows_what_it_can(copy_of: Copy, encoding: str) -> None:
    root = copy_of("crlf")
    (root / "librechat.yaml").write_text(
        "version: 1.2.8\nendpoints: { custom: [{ name: 'Ключ 模型', apiKey: user_provided,"
        " baseURL: '${UNSET}', models: { default: [a] } }] }\n",
        encoding="utf-8",
    )
    for arguments, expected in (
        (["diff"], 0),
        (["apply", "--yes"], 0),
        (["doctor"], 1),
        (["doctor", "--format", "json"], 1),
        (["status"], 0),
    ):
        done = run(*arguments, "--root", str(root), encoding=encoding)
        assert (done.returncode, done.stderr) == (expected, b""), arguments
    done = run("doctor", "--help", encoding=encoding)
    assert done.returncode == 0 and b"--probe" in done.stdout


def test_commands_to_paste_quote_a_windows_folder_as_cmd_does() -> None:
    root = PureWindowsPath(r"C:\Users\Ada Lovelace\LibreChat")
    line = build_line(str(root), "npm run frontend", has_tools=True)
    assert line == r'cd "C:\Users\Ada Lovelace\LibreChat" && npm run frontend'


def test_an_env_file_with_windows_line_ends_is_read_and_kept() -> None:
    source = b"A=1\r\nDYNAMIC_MODELS_ALLOW_HTTP=a:1\r\nB='x y'\r\n"
    assert values(source) == {"A": "1", "DYNAMIC_MODELS_ALLOW_HTTP": "a:1", "B": "x y"}
    extended = with_item(source, "DYNAMIC_MODELS_ALLOW_HTTP", "b:2")
    assert extended == source.replace(b"a:1", b"a:1,b:2")


def test_an_env_file_in_another_encoding_is_read_as_far_as_it_goes() -> None:
    assert values(b"NAME=Andr\xe9\nKEY=abc\n")["KEY"] == "abc"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("K=a b # note", "a b"),
        ("K='a # b'", "a # b"),
        ('K="a\\nb"', "a\nb"),
        ("K='a\\nb'", "a\\nb"),
        ("export K=a", "a"),
        ("K: a", "a"),
        ("K=", ""),
        ("K", None),
        ("  K = a  ", "a"),
        ("K=a\nK=b", "b"),
        ("#K=a", None),
        ('K=`it\'s "x"`', 'it\'s "x"'),
        ("\ufeffK=a", "a"),
        ('K="first\nsecond"', "first\nsecond"),
    ],
)
def test_env_lines_are_read_as_librechat_reads_them(line: str, value: str | None) -> None:
    assert values(line.encode()).get("K") == value
