"""What the wheel keeps of the built-in definitions is what reading them gives."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from patcher.definition import compiled
from patcher.definition.catalog import shipped_folder
from patcher.definition.folder import added_files, folders_in
from patcher.definition.hashed_names import with_hashes
from patcher.definition.patch import load
from patcher.definition.reader import read_patch
from patcher.errors import BadDefinition
from patcher.model import AddedFile

SHIPPED = folders_in(shipped_folder())


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what a wheel keeps."""
    for id, folder in SHIPPED.items():
        file = folder / "patch.yaml"
        patch = read_patch(file.read_bytes(), file)
        (tmp_path / compiled.file_name(id)).write_bytes(compiled.as_bytes(patch, file.read_bytes()))
    monkeypatch.setattr(compiled, "FOLDER", tmp_path)
    return tmp_path


def _refuse(*_: object) -> None:
    raise AssertionError("the definition was read")


@pytest.mark.parametrize("id", SHIPPED)
def test_it_is_the_same_patch_wherever_it_lies(
    id: str, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "elsewhere" / id
    shutil.copytree(SHIPPED[id], folder)
    text = (folder / "patch.yaml").read_bytes()
    expected = read_patch(text, folder / "patch.yaml")
    monkeypatch.setattr("patcher.definition.reader.read_patch", _refuse)
    found = load(folder)
    assert compiled.compiled(text, folder / "patch.yaml") == expected
    added = [AddedFile(path, "", content) for path, content in added_files(folder)]
    assert found.edits == with_hashes(expected.edits, added)[0]
    assert str(found.edits[0].place).startswith(f"{folder}/patch.yaml:")


@pytest.mark.parametrize("change", [b" ", b"\n", b"# mine\n"])
def test_a_definition_that_was_edited_is_read(change: bytes, kept: Path) -> None:
    file = SHIPPED["env-example"] / "patch.yaml"
    assert compiled.compiled(file.read_bytes(), file) is not None
    assert compiled.compiled(file.read_bytes() + change, file) is None


def test_a_patch_that_is_not_kept_is_read(kept: Path) -> None:
    (kept / compiled.file_name("env-example")).unlink()
    file = SHIPPED["env-example"] / "patch.yaml"
    assert compiled.compiled(file.read_bytes(), file) is None
    assert load(SHIPPED["env-example"]).edits


def test_what_was_kept_for_other_classes_is_not_used(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SHIPPED["env-example"] / "patch.yaml"
    monkeypatch.setattr(compiled, "__version__", "0.0.1")
    assert compiled.compiled(file.read_bytes(), file) is None


@pytest.mark.parametrize("name", ["mine", "x" * 255])
def test_a_built_in_patch_in_a_folder_of_another_name_is_refused(
    name: str, kept: Path, tmp_path: Path
) -> None:
    folder = tmp_path / name
    shutil.copytree(SHIPPED["dynamic-models"], folder)
    with pytest.raises(BadDefinition, match="`id` is `dynamic-models`, but the folder is called"):
        load(folder)


def test_a_file_of_no_component_beside_a_definition_that_is_kept_is_refused(
    kept: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "dynamic-models"
    shutil.copytree(SHIPPED["dynamic-models"], folder)
    (folder / "files/docs").mkdir()
    (folder / "files/docs/a.md").write_bytes(b"# A\n")
    line = 1 + (folder / "patch.yaml").read_text(encoding="utf-8").splitlines().index("components:")
    with pytest.raises(BadDefinition) as caught:
        load(folder)
    assert str(caught.value) == (
        f"{folder / 'patch.yaml'}:{line}: `components` holds no component for the added file "
        "docs/a.md"
    )
