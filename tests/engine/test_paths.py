"""One law of paths: what a definition may name is what a run may write to."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patcher.paths import PATTERN, as_argument, folders_above, objection, path_problem

GOOD = [
    "a.js",
    ".env",
    "api/server/index.js",
    "client/src/components/Größe.tsx",
    "a b/c d.js",
    "api/con-text.js",
    "x/" * 400 + "a.js",
]
BAD = [
    "",
    "/",
    "/etc/passwd",
    "../a.js",
    "api/../../a.js",
    "api//a.js",
    "./a.js",
    "api/",
    "api/a\0.js",
    "api/a\n.js",
    "api/a\x7f.js",
    "api/a\u200b.js",
    "api/\udc80.js",
    "api\\a.js",
    "C:/a.js",
    "a.js:stream",
    "api/*.js",
    "api/a?.js",
    "api/a|b.js",
    'api/"a".js',
    "api/<a>.js",
    "api./a.js",
    "api /a.js",
    "api/ a.js",
    "api/NUL.js",
    "com1/a.js",
    ".git/config",
    "api/.GIT/config",
    ".librechat-patcher/runs/x",
]


@pytest.mark.parametrize("path", GOOD)
def test_good_paths(path: str) -> None:
    assert (path_problem(path), objection(path)) == ("", "")


@pytest.mark.parametrize("path", BAD)
def test_bad_paths_are_refused_when_read_and_when_written(path: str) -> None:
    assert path_problem(path)
    assert objection(path)


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("ab./\\: *?\0\n\u200b\udc80é"), max_size=8))
def test_both_give_the_same_answer(path: str) -> None:
    assert bool(path_problem(path)) == bool(objection(path))
    if not objection(path):
        assert re.fullmatch(PATTERN, path)


@pytest.mark.parametrize("path", ["a" * 256, "é" * 128, "a/" * 500 + "b"])
def test_a_definition_names_no_longer_path_than_every_system_takes(path: str) -> None:
    assert "not every system takes" in path_problem(path)


def test_a_copy_of_a_drifted_file_may_have_a_longer_name_than_a_definition_may_give() -> None:
    assert objection("a" * 240 + ".drifted-20261123T081500Z-3fa2") == ""


def test_folders_above() -> None:
    assert folders_above("a/b/c.js") == ("a", "a/b")
    assert folders_above("c.js") == ()


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/opt/LibreChat", "/opt/LibreChat"),
        ("/opt/my chat", "'/opt/my chat'"),
        ("/opt/it's", "'/opt/it'\"'\"'s'"),
        ("C:\\Program Files\\chat", '"C:\\Program Files\\chat"'),
    ],
)
def test_a_path_can_be_typed_as_it_is_shown(path: str, typed: str) -> None:
    assert as_argument(path) == typed
