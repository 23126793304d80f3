"""What the tests of the pages share with those of the commands."""

from __future__ import annotations

from tests.cli.conftest import run as run
from tests.updates.conftest import clone as clone
from tests.updates.conftest import upstream as upstream
