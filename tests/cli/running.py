"""Calling the command line in this process, as a user without a terminal would."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from patcher import cli


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The answer to `--format json`."""
        return json.loads(self.out)


class Runner:
    """Runs commands and catches exit code and text."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._patch = patch

    def __call__(self, *arguments: object) -> Ran:
        self._capsys.readouterr()
        self._patch.setattr("sys.argv", ["librechat-patcher", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = self._capsys.readouterr()
        code = left.value.code
        return Ran(code if isinstance(code, int) else 0, out, err)
