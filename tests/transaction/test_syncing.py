"""New files are brought to the disk in batches, and what is said of one that is not."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from patcher.errors import InputOutput
from patcher.transaction import RealDisk, open_store
from patcher.transaction.files import Files

from .support import change, plan, snapshot, tree


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tree(tmp_path / "f", {"a": b"a", "sub/b": b"b"})


ME = (os.getuid(), os.getgid())


def test_files_are_brought_to_the_disk_several_at_a_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda fd: synced.append(os.fstat(fd).st_ino))
    files = [folder / str(number) for number in range(20)]
    for file in files:
        RealDisk().write(file, b"x", 0o644, ME)
    assert synced == []
    RealDisk().sync_files(files)
    assert sorted(synced) == sorted(file.stat().st_ino for file in files)


def test_a_file_that_does_not_reach_the_disk_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = (folder / "sub/b").stat().st_ino

    def fsync(descriptor: int) -> None:
        if os.fstat(descriptor).st_ino == bad:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError) as caught:
        RealDisk().sync_files([folder / "a", folder / "sub/b"])
    assert (caught.value.errno, caught.value.filename) == (5, str(folder / "sub/b"))


def test_what_is_said_when_a_new_file_does_not_reach_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Failing(RealDisk):
        def sync_files(self, paths: Sequence[Path]) -> None:
            for path in paths:
                if path.name.endswith("-1"):
                    raise OSError(5, "Input/output error", str(path))

    root = tree(tmp_path / "LibreChat", {"a.js": b"old", "b.js": b"old"})
    before = snapshot(root)
    wanted = plan(change("a.js", b"old", b"new"), change("b.js", b"old", b"new"))
    with pytest.raises(InputOutput) as caught:
        open_store(root, Failing()).commit(wanted, "")
    assert str(caught.value) == (
        "b.js cannot be written: the disk reports an input/output error; everything was rolled back"
    )
    assert snapshot(root) == before


def test_what_is_said_when_a_folder_does_not_reach_the_disk(tmp_path: Path) -> None:
    class Failing(RealDisk):
        def sync_folders(self, folders: Sequence[Path]) -> None:
            for folder in folders:
                if folder.name == "api":
                    raise OSError(5, "Input/output error", str(folder))

    root = tree(tmp_path / "LibreChat", {"a.js": b"old", "api/b.js": b"old"})
    before = snapshot(root)
    wanted = plan(change("a.js", b"old", b"new"), change("api/b.js", b"old", b"new"))
    with pytest.raises(InputOutput) as caught:
        open_store(root, Failing()).commit(wanted, "")
    assert "api cannot be brought to the disk: the disk reports an input/output error;" in str(
        caught.value
    )
    assert snapshot(root) == before


def test_folders_reach_the_disk_in_order_and_the_first_is_named_when_none_is_told(
    tmp_path: Path,
) -> None:
    synced: list[str] = []

    class Failing(RealDisk):
        def sync_folders(self, folders: Sequence[Path]) -> None:
            synced.extend(folder.name for folder in folders)
            raise OSError(5, "Input/output error")

    names = [f"f{n}" for n in range(9)]
    files = Files(tree(tmp_path / "LibreChat", {}), Failing())
    with pytest.raises(InputOutput) as caught:
        files.sync(f"{name}/{file}" for name in reversed(names) for file in ("a.js", "b.js"))
    assert synced == names
    assert str(caught.value).startswith("f0 cannot be brought to the disk: ")


def test_a_folder_that_is_gone_has_no_names_to_bring_to_the_disk(folder: Path) -> None:
    RealDisk().sync_folders([folder, folder / "gone", folder / "a" / "behind-a-file"])


def test_a_folder_that_does_not_reach_the_disk_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError) as caught:
        RealDisk().sync_folders([folder / "gone", folder / "sub"])
    assert (caught.value.errno, caught.value.filename) == (5, str(folder / "sub"))


def test_windows_syncs_a_file_while_it_is_open_for_writing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    disk = RealDisk(posix=False)
    disk.write(folder / "new", b"x", 0o644, ME)
    disk.sync_files([folder / "new"])
    assert len(synced) == 1
