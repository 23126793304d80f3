"""What `docs/generate.py` has written: the table of releases, and pictures free of any machine."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from patcher.definition.catalog import shipped_folder
from patcher.definition.patch import load
from tests.conftest import PROJECT

IMAGES = PROJECT / "docs" / "images"
TABLE = re.compile(r"<!-- support:.*?-->\n(.*?)<!-- /support -->", re.DOTALL)


def table() -> str:
    found = TABLE.findall((PROJECT / "docs" / "releases.md").read_text(encoding="utf-8"))
    assert len(found) == 1
    return str(found[0])


def test_the_page_speaks_of_the_releases_that_are_listed() -> None:
    tested = load(shipped_folder() / "dynamic-models").tested
    span = f"{len(tested)} releases, {tested[0]} to {tested[-1]}"
    assert f"Measured on {span}: {len(tested)} of {len(tested)} releases" in table()


@pytest.mark.parametrize("name", ["apply", "status", "matrix"])
def test_pictures_show_a_command_and_no_machine(name: str) -> None:
    text = (IMAGES / f"{name}.svg").read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    shown = "".join(root.itertext()).replace("\xa0", " ")
    assert f"$ librechat-patcher {name} " in shown
    for foreign in ("/tmp", "/home", "/Users", str(Path.home()), str(PROJECT)):
        assert foreign not in shown
    links = set(re.findall(r"https?://[^\"' )<]+", text))
    assert links <= {"http://www.w3.org/2000/svg", "https://www.textualize.io"}
