"""No test looks at the usual places of the machine that runs it: somebody's LibreChat may be there.

A command is run as tests run it, in a process of its own, with a note of every place it looks at.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from patcher.checkout import USUAL_PLACES
from tests.cli.test_closed_places import every_command
from tests.conftest import PROJECT

_NOTE_PLACES = """
import os

def noting(call):
    def called(place=".", *arguments, **options):
        if not isinstance(place, int):
            with_note(os.fsencode(place))
        return call(place, *arguments, **options)
    return called

def with_note(place):
    os.write(notes, os.path.abspath(place) + b"\\n")

notes = os.open(os.environ["PLACES"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
for name in ("stat", "lstat", "listdir", "scandir", "open"):
    setattr(os, name, noting(getattr(os, name)))
"""
_REAL = [
    re.escape(place).replace(r"\*", "[^/]+").replace(r"\~", "(/root|/home/[^/]+)")
    for place in USUAL_PLACES
]
_USUAL = re.compile(rf"({'|'.join(_REAL)}|/home$)(/|$)")


@pytest.mark.skipif(os.name == "nt", reason="Windows has none of these places")
@every_command
def test_no_command_looks_at_the_usual_places_of_this_machine(
    tmp_path: Path, machine: Path, arguments: Sequence[str]
) -> None:
    if _USUAL.match(f"{tmp_path}") or _USUAL.match(f"{PROJECT}"):
        pytest.skip("the tests themselves lie in one of the usual places")
    (tmp_path / "noting").mkdir()
    (tmp_path / "noting/sitecustomize.py").write_text(_NOTE_PLACES, encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "patcher", *arguments],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((f"{tmp_path}/noting", str(PROJECT))),
            "PLACES": f"{tmp_path}/places",
            "TMPDIR": str(tmp_path),
        },
        capture_output=True,
    )
    places = (tmp_path / "places").read_text(encoding="utf-8").splitlines()
    searches = arguments[0] not in ("matrix", "check") and "--sample" not in arguments
    assert [place for place in places if _USUAL.match(place)] == []
    assert any(place.startswith(f"{machine}/app/api/") for place in places) is searches
    assert any(place == f"{machine}/home" for place in places) is searches
