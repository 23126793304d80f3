"""Shipped definitions are found read already, and mean what their text means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from patcher.definition.compiled import COMPILED, as_text, read_already
from patcher.definition.fields import Section
from patcher.definition.plain_yaml import read_yaml
from patcher.errors import BadDefinition
from patcher.resources import patches_folder

SHIPPED = sorted(patches_folder().glob("*/patch.yaml"))


def looked_at(value: Any) -> Any:
    """The same, with all texts known to be good."""
    if isinstance(value, list):
        return [looked_at(item) for item in value]
    if not isinstance(value, Section):
        return value
    values = {key: looked_at(found) for key, found in value.values.items()}
    return replace(value, values=values, has_good_texts=True)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_what_was_read_is_what_would_be_read(file: Path) -> None:
    text = file.read_bytes()
    # After a change:
    # python -m patcher.definition.compiled patches/*/patch.yaml > patcher/definition/compiled.json
    assert read_already(text, "here.yaml") == looked_at(read_yaml(text, "here.yaml"))


def test_nothing_else_is_kept() -> None:
    assert COMPILED.read_text() == as_text(SHIPPED)


@pytest.mark.parametrize("change", [b" ", b"\n", b"# mine\n"])
def test_a_text_that_differs_in_anything_is_not_found(change: bytes) -> None:
    assert read_already(SHIPPED[0].read_bytes() + change, "here.yaml") is None


def test_a_definition_with_a_wrong_text_is_not_compiled(tmp_path: Path) -> None:
    file = tmp_path / "patch.yaml"
    file.write_bytes(SHIPPED[0].read_bytes().replace(b"librechat:", b"librechat: of 2024 #"))
    with pytest.raises(BadDefinition, match="must be a range"):
        as_text([file])
