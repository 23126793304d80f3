"""Looking at places: what is not to be seen is as if it were not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from patcher.access import names_in


def test_names_in_a_folder_are_in_order_whatever_the_disk_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.listdir", lambda _: ["b", "a", "C", "a.js"])
    assert names_in(tmp_path) == ["C", "a", "a.js", "b"]


def test_there_are_no_names_in_what_cannot_be_listed(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert names_in(tmp_path / "file") == names_in(tmp_path / "none") == []
