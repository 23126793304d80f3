"""The environment of the post-install scripts where there is no uv, with stand-ins for Python."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tools import environment
from tools.environment import CannotSetUp, Clone, is_ready, set_up

PYTHON = """#!/bin/sh
for last; do :; done
case "$1 $2" in
"-c import pip") [ -e "${0%/*}/pip" ] ;;
"-m venv")
  mkdir -p "$last/bin" && touch "$last/pyvenv.cfg" && cp "$0" "$last/bin/python"
  [ "$PYTHON_IS" = "without ensurepip" ] && exit 1
  touch "$last/bin/pip" ;;
"-m pip")
  [ "$PYTHON_IS" = "without network" ] && exit 1
  echo "$*" >"${0%/*}/pip" ;;
esac
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are shell scripts")


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    python = tmp_path / "python"
    python.write_text(PYTHON, encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    (tmp_path / "pyproject.toml").touch()
    return Clone(tmp_path)


def test_pip_installs_it(source: Clone) -> None:
    place = source.usual_place()
    set_up(place, source)
    assert is_ready(place, source)
    asked = (place / "bin/pip").read_text(encoding="utf-8")
    assert "--prefer-binary" in asked and asked.endswith(f"--editable {source.folder}\n")


@pytest.mark.parametrize("trouble", ["without ensurepip", "without network"])
def test_a_half_made_environment_is_removed(
    source: Clone, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    place = source.usual_place()
    monkeypatch.setenv("PYTHON_IS", trouble)
    with pytest.raises(CannotSetUp):
        set_up(place, source)
    assert not place.exists() and not is_ready(place, source)


def test_wheels_in_a_folder_keep_it_from_the_network(
    source: Clone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WHEELS", "my wheels")
    place = source.usual_place()
    set_up(place, source)
    asked = (place / "bin/pip").read_text(encoding="utf-8")
    assert asked.endswith(f"--no-index --find-links {tmp_path / 'my wheels'}\n")


def test_without_a_home_it_asks_for_a_place(
    source: Clone, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def homeless(path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.delenv("LIBRECHAT_PATCHER_ENV", raising=False)
    monkeypatch.setattr(environment, "__file__", str(source.folder / "pyproject.toml/__main__.py"))
    monkeypatch.setattr(Path, "expanduser", homeless)
    assert environment.main([]) == 6
    assert "set LIBRECHAT_PATCHER_ENV to a folder" in capsys.readouterr().err
