"""What CI tests with: every package pinned, and none to a version that users would not get."""

from __future__ import annotations

import re
import sys

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import PROJECT

CONSTRAINTS = (PROJECT / ".ci/constraints.txt").read_text(encoding="utf-8")
LINES = [line for line in CONSTRAINTS.splitlines() if line and not line.startswith("#")]


def test_a_constraint_is_a_name_and_a_version() -> None:
    assert LINES
    assert [line for line in LINES if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 reads no TOML")
def test_every_dependency_is_pinned_within_its_range() -> None:
    import tomllib

    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {canonicalize_name(n): v for n, v in (line.split("==") for line in LINES)}
    for text in (*project["dependencies"], *project["optional-dependencies"]["dev"]):
        wanted = Requirement(text)
        assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)]), text
