"""Shipped definitions are found read already, and mean what their text means."""

from __future__ import annotations

from pathlib import Path

import pytest

from patcher.definition.compiled import COMPILED, as_text, read_already
from patcher.definition.plain_yaml import read_yaml
from patcher.resources import patches_folder

SHIPPED = sorted(patches_folder().glob("*/patch.yaml"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_what_was_read_is_what_would_be_read(file: Path) -> None:
    text = file.read_bytes()
    # After a change:
    # python -m patcher.definition.compiled patches/*/patch.yaml > patcher/definition/compiled.json
    assert read_already(text, "here.yaml") == read_yaml(text, "here.yaml")


def test_nothing_else_is_kept() -> None:
    texts = [file.read_bytes() for file in SHIPPED]
    assert COMPILED.read_text() == as_text(texts)


@pytest.mark.parametrize("change", [b" ", b"\n", b"# mine\n"])
def test_a_text_that_differs_in_anything_is_not_found(change: bytes) -> None:
    assert read_already(SHIPPED[0].read_bytes() + change, "here.yaml") is None
