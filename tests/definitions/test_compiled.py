"""Shipped definitions are found read already, and mean what their text means."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from patcher.definition.compiled import SHIPPED, as_text, compiled
from patcher.definition.definitions import load
from patcher.definition.reading import read_patch
from patcher.errors import BadDefinition
from patcher.resources import patches_folder

FILES = sorted(patches_folder().glob("*/patch.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.parent.name)
def test_what_was_read_is_what_would_be_read(file: Path) -> None:
    text = file.read_bytes()
    # After a change: see the head of `patcher.definition.compiled`.
    assert compiled(text, file) == read_patch(text, file)


def test_every_shipped_definition_is_kept_and_nothing_else() -> None:
    kept = {file.stem: file.read_text(encoding="utf-8") for file in SHIPPED.iterdir()}
    assert kept == {file.parent.name: as_text(file) for file in FILES}


@pytest.mark.parametrize("change", [b" ", b"\n", b"# mine\n"])
def test_a_text_that_differs_in_anything_is_not_found(change: bytes) -> None:
    assert compiled(FILES[0].read_bytes() + change, FILES[0]) is None


def test_a_shipped_definition_in_a_folder_of_another_name_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(FILES[0].parent, folder)
    with pytest.raises(BadDefinition, match="`id` is `dynamic-models`, but the folder is called"):
        load(folder)


def test_a_file_of_no_component_beside_a_shipped_definition_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "dynamic-models"
    shutil.copytree(FILES[0].parent, folder)
    (folder / "files/docs").mkdir()
    (folder / "files/docs/a.md").write_bytes(b"# A\n")
    line = 1 + (folder / "patch.yaml").read_text(encoding="utf-8").splitlines().index("components:")
    with pytest.raises(BadDefinition) as caught:
        load(folder)
    assert str(caught.value) == (
        f"{folder / 'patch.yaml'}:{line}: `components` holds no component for the added file "
        "docs/a.md"
    )


def test_a_definition_with_a_wrong_text_is_not_compiled(tmp_path: Path) -> None:
    file = tmp_path / "patch.yaml"
    file.write_bytes(FILES[0].read_bytes().replace(b"librechat:", b"librechat: of 2024 #"))
    with pytest.raises(BadDefinition, match="must be a range"):
        as_text(file)


def test_a_folder_with_a_longer_name_than_any_patch_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 255)
    shutil.copytree(FILES[0].parent, folder)
    with pytest.raises(BadDefinition, match="but the folder is called"):
        load(folder)
