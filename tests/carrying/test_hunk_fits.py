"""On how many releases each hunk of a capture fits; and patch folders, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from patcher.capture.captured import About, Capture
from patcher.capture.hunk_fits import HunkFit, hunk_fits
from patcher.capture.patch_writer import write_folder
from patcher.edits.operations import AddProperty
from patcher.errors import BadUsage, InputOutput
from patcher.model import Change
from tests.matrix.story import Story

OLD = b"const o = {\n  a,\n};\none();\n"
NEW = b"const o = {\n  a,\n  b,\n};\none();\n"
CODE = "api/o.js"


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Two releases: the second has no `gone.js`, has `here.js`, and other code below the object."""
    story = Story(tmp_path / "story")
    story.write(CODE, OLD.decode())
    story.write("gone.js", "1;\n")
    story.commit("One", tag="v1.0.0")
    story.write(CODE, OLD.decode().replace("one()", "two()"))
    story.write("here.js", "1;\n")
    (story.folder / "gone.js").unlink()
    story.commit("Two", tag="v1.1.0")
    return story


def fits(story: Story, *changes: Change, edits: tuple[AddProperty, ...] = ()) -> list[HunkFit]:
    capture = Capture(About("mine", "t", "w", ""), changes, {CODE: edits})
    return list(hunk_fits(story.folder, capture))


def test_a_hunk_fits_where_its_context_is(story: Story) -> None:
    change = Change(CODE, "backend", OLD, OLD.replace(b"  a,\n", b"  a,\n  c,\n"))
    (found,) = fits(story, change)
    assert found == HunkFit(CODE, 1, "+c,", 1, 2, ("v1.1.0",))


def test_new_files_fit_where_none_are_and_deleted_ones_where_they_are_the_same(
    story: Story,
) -> None:
    new = Change("here.js", "backend", None, b"1;\n")
    gone = Change("gone.js", "backend", b"1;\n", None)
    other = Change("gone.js", "backend", b"2;\n", None)
    nowhere = Change("none.js", "backend", b"2;\n", b"3;\n")
    assert fits(story, new, gone, other, nowhere) == [
        HunkFit("here.js", 0, "create the file", 1, 2, ("v1.1.0",)),
        HunkFit("gone.js", 0, "delete the file", 1, 2, ("v1.1.0",)),
        HunkFit("gone.js", 0, "delete the file", 0, 2, ("v1.0.0", "v1.1.0")),
        HunkFit("none.js", 1, "-2;", 0, 2, ("v1.0.0", "v1.1.0")),
    ]


def test_a_hunk_is_tried_on_what_the_edits_have_made(story: Story) -> None:
    after = NEW.replace(b"  b,\n", b"  b,\n  // more\n")
    change = Change(CODE, "backend", OLD, after)
    (found,) = fits(story, change, edits=(AddProperty("b", "o"),))
    assert found == HunkFit(CODE, 1, "+// more", 1, 2, ("v1.1.0",))


def test_a_change_of_mode_fits_wherever_the_file_is(story: Story) -> None:
    changes = [Change(path, "backend", OLD, OLD, 0o755) for path in (CODE, "gone.js")]
    assert fits(story, *changes) == [
        HunkFit(CODE, 0, "set the file's mode to 755", 2, 2, ()),
        HunkFit("gone.js", 0, "set the file's mode to 755", 1, 2, ("v1.1.0",)),
    ]


def test_a_folder_is_written_whole(tmp_path: Path) -> None:
    folder = tmp_path / "a/b/mine"
    write_folder(folder, {"patch.yaml": b"x", "files/api/y.js": b"y"})
    assert (folder / "patch.yaml").read_bytes() == b"x"
    assert (folder / "files/api/y.js").read_bytes() == b"y"
    assert folder.stat().st_mode & 0o777 == 0o755
    assert [p.name for p in folder.parent.iterdir()] == ["mine"]


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "mine").symlink_to(tmp_path / "nowhere")
    with pytest.raises(BadUsage) as refused:
        write_folder(tmp_path / "mine", {"patch.yaml": b"x"})
    assert str(refused.value) == f"{tmp_path / 'mine'} is there already"
    assert refused.value.hint == "choose another id, another --into, or move it away"


def test_nothing_is_left_of_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputOutput) as refused:
        write_folder(tmp_path / "file/mine", {"patch.yaml": b"x"})
    assert str(refused.value).startswith(f"{tmp_path / 'file/mine'} cannot be written: ")
    assert refused.value.hint == "choose another place: --into DIR"
    with pytest.raises(InputOutput):
        write_folder(tmp_path / "mine", {"a": b"x", "a/b": b"y"})
    assert sorted(tmp_path.iterdir()) == before
