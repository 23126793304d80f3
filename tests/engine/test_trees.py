"""What is read from a folder and from a commit, and what is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from patcher.errors import AnchorNotFound, InputOutput
from patcher.model import ModedTree
from patcher.releases.git_objects import Objects
from patcher.trees import MAX_SOURCE, Folder, Revision, too_large
from tests.conftest import committed, git

if os.name == "nt":
    pytest.skip("links and modes are those of POSIX", allow_module_level=True)

Tree = Folder | Revision


def filled(root: Path) -> Path:
    (root / "a/b").mkdir(parents=True)
    (root / "a/b/file.js").write_bytes(b"f();\r\n\xff")
    (root / "a/run.sh").write_bytes(b"#!\n")
    (root / "a/run.sh").chmod(0o755)
    (root / "a/b/file.js").chmod(0o644)
    (root / "link.js").symlink_to("a/b/file.js")
    (root / "linked").symlink_to("a")
    (root / "large.js").write_bytes(b"x" * (MAX_SOURCE + 1))
    (root / "limit.js").write_bytes(b"x" * MAX_SOURCE)
    return root


@pytest.fixture(params=["folder", "commit"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tree]:
    root = filled(tmp_path / "root")
    if request.param == "folder":
        yield Folder(root)
        return
    committed(root)
    with Objects(root, MAX_SOURCE) as objects:
        yield Revision(objects, head(root))


def head(root: Path) -> str:
    reference = (root / ".git/HEAD").read_text(encoding="utf-8").strip().removeprefix("ref: ")
    return (root / ".git" / reference).read_text(encoding="utf-8").strip()


def test_files_are_read_byte_for_byte(tree: Tree) -> None:
    assert tree.read("a/b/file.js") == b"f();\r\n\xff"
    assert tree.read("a/run.sh") == b"#!\n"
    assert tree.read("limit.js") == b"x" * MAX_SOURCE


@pytest.mark.parametrize("path", ["none.js", "a/none.js", "none/none.js", "a/run.sh/x"])
def test_what_is_not_there_is_none(tree: Tree, path: str) -> None:
    assert tree.read(path) is None
    assert tree.mode(path) is None
    assert not tree.has_folder(path)


def test_modes_are_known(tree: Tree) -> None:
    assert (tree.mode("a/b/file.js"), tree.mode("a/run.sh"), tree.mode("a")) == (
        0o644,
        0o755,
        None,
    )
    assert isinstance(tree, ModedTree)


def test_folders_are_known(tree: Tree) -> None:
    assert tree.has_folder("a") and tree.has_folder("a/b")
    assert not tree.has_folder("a/run.sh")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("link.js", "link.js is a symbolic link, not a plain file"),
        ("a/b", "a/b is a folder, not a plain file"),
        ("large.js", f"the file has {MAX_SOURCE + 1:,} bytes: larger than source code is "
                     f"(limit {MAX_SOURCE:,})"),
    ],
)  # fmt: skip
def test_anything_but_a_plain_file_of_bounded_size_is_refused(
    tree: Tree, path: str, message: str
) -> None:
    with pytest.raises(AnchorNotFound) as caught:
        tree.read(path)
    assert str(caught.value) == message
    assert str(too_large(5_000)) == (
        "the file has 5,000 bytes: larger than source code is (limit 4,194,304)"
    )


@pytest.mark.parametrize("path", ["linked/run.sh", "linked/b/file.js", "linked/b/none"])
def test_a_link_on_the_way_is_not_followed(tmp_path: Path, path: str) -> None:
    tree = Folder(filled(tmp_path / "root"))
    for read in (tree.read, tree.mode):
        with pytest.raises(AnchorNotFound, match=r"^linked is a symbolic link$"):
            read(path)


def test_a_pipe_is_refused_unread(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(
        AnchorNotFound, match="pipe is a device, a pipe or a socket, not a plain file"
    ):
        Folder(tmp_path).read("pipe")


def test_a_submodule_is_named(tmp_path: Path) -> None:
    root = filled(tmp_path / "root")
    committed(root)
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{head(root)},sub")
    git(root, "commit", "-qm", "with a submodule")
    with Objects(root, MAX_SOURCE) as objects:
        tree = Revision(objects, head(root))
        with pytest.raises(AnchorNotFound, match="sub is a submodule, not a plain file"):
            tree.read("sub")
        assert tree.mode("sub") is None and not tree.has_folder("sub")


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    (tmp_path / "file.js").write_text("f();\n", encoding="utf-8")
    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(InputOutput) as caught:
        Folder(tmp_path).read("file.js")
    assert str(caught.value) == f"{tmp_path / 'file.js'}: cannot be read: Permission denied"
    assert caught.value.hint == "run as the user who owns the checkout"


def test_what_was_read_before_changes_no_answer(tree: Tree) -> None:
    paths = ("a/b/file.js", "linked/run.sh", "none/none.js", "a/b", "link.js", "linked/b")
    first = [answers(tree, path) for path in paths]
    assert [answers(tree, path) for path in reversed(paths)] == first[::-1]


def answers(tree: Tree, path: str) -> tuple[object, ...]:
    try:
        return tree.read(path), tree.mode(path), tree.has_folder(path)
    except AnchorNotFound as error:
        return str(error), tree.has_folder(path)
