"""Where the configuration is looked for, what goes before what, and what of it is secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from patcher.checks.transport import Policy
from patcher.commands.configuration import read_configuration
from patcher.errors import InputOutput
from tests.doctor.conftest import GOOD

SECRET = GOOD.replace("user_provided", "sk-in-the-file")


@pytest.mark.parametrize(
    ("named", "file", "inside"),
    [
        ("", "librechat.yaml", "/app/librechat.yaml"),
        ("  ", "librechat.yaml", "/app/librechat.yaml"),
        ("other.yaml", "other.yaml", "/app/other.yaml"),
        ("./a/../b/c.yaml", "b/c.yaml", "/app/b/c.yaml"),
        ("/app/d/e.yaml", "d/e.yaml", "/app/d/e.yaml"),
        ("/app/../etc/f.yaml", None, "/etc/f.yaml"),
    ],
)
def test_where_it_is_looked_for(tmp_path: Path, named: str, file: str | None, inside: str) -> None:
    for folder in ("a", "b", "d"):
        (tmp_path / folder).mkdir()
    if file:
        (tmp_path / file).write_text(GOOD, encoding="utf-8")
    found = read_configuration(tmp_path, {"CONFIG_PATH": named})
    assert found.place_in_container == inside
    assert [e.name for e in found.endpoints] == ["LiteLLM"] * bool(file)
    assert [d.code for d in found.diagnoses] == ["yaml-missing"] * (not file)


def test_an_absolute_path_is_where_it_says(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "mine.yaml").write_text(GOOD, encoding="utf-8")
    found = read_configuration(tmp_path / "root", {"CONFIG_PATH": str(tmp_path / "mine.yaml")})
    assert len(found.endpoints) == 1


@pytest.mark.parametrize("url", ["http://a.example/x.yaml", "https://a.example:8/x.yaml"])
def test_a_url_is_not_fetched_and_has_no_place(tmp_path: Path, url: str) -> None:
    (tmp_path / "librechat.yaml").write_text(GOOD, encoding="utf-8")
    found = read_configuration(tmp_path, {"CONFIG_PATH": url})
    assert (found.place_in_container, found.endpoints) == ("", ())
    (told,) = found.diagnoses
    assert told.what.startswith("CONFIG_PATH is a URL at a.example: ")


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "A=1\nB=1\nDYNAMIC_MODELS_ALLOW_HTTP=a.example\n", encoding="utf-8"
    )
    found = read_configuration(tmp_path, {"B": "2"})
    assert {k: found.environment[k] for k in "AB"} == {"A": "1", "B": "2"}
    assert found.policy == Policy(("a.example",))


def test_an_empty_file_has_no_endpoint(tmp_path: Path) -> None:
    (tmp_path / "librechat.yaml").write_text("# nothing\n", encoding="utf-8")
    found = read_configuration(tmp_path, {})
    assert [d.code for d in found.diagnoses] == ["yaml-version", "endpoints-none"]
    assert found.secrets == frozenset()


def test_secrets_of_both_files_are_known(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MY_KEY=sk-in-env\nPORT=1\n", encoding="utf-8")
    (tmp_path / "librechat.yaml").write_text(SECRET, encoding="utf-8")
    found = read_configuration(tmp_path, {"OTHER_KEY": "sk-of-the-shell"})
    assert found.secrets == {"sk-in-env", "sk-in-the-file"}


@pytest.mark.parametrize("name", [".env", "librechat.yaml"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(InputOutput) as caught:
        read_configuration(tmp_path, {})
    assert str(caught.value) == f"{name} cannot be read: Is a directory"
    assert caught.value.hint == "run as the user who may read it"


def test_a_place_below_a_file_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    found = read_configuration(tmp_path, {"CONFIG_PATH": "file/x.yaml"})
    assert [d.code for d in found.diagnoses] == ["yaml-missing"]
