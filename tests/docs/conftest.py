"""What the tests of the pages share with those of the commands."""

from __future__ import annotations

from tests.cli.conftest import run as run
