"""Which checkout is meant when none is named."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from patcher.checkout import describe, find_root
from patcher.errors import NoCheckout
from patcher.trees import FolderTree

Copy = Callable[[str], Path]


NOWHERE = {"LIBRECHAT_SEARCH": ""}


def test_a_named_folder_wins_over_everything(copy_of: Copy) -> None:
    named, other = copy_of("e5-v0.8.1"), copy_of("e6-v0.8.4")
    assert find_root(named, {"LIBRECHAT_ROOT": str(other)}, other) == named


def test_the_environment_wins_over_the_current_folder(copy_of: Copy) -> None:
    named, here = copy_of("e5-v0.8.1"), copy_of("e6-v0.8.4")
    assert find_root(None, {"LIBRECHAT_ROOT": str(named)}, here) == named


def test_a_parent_of_the_current_folder_is_found(copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    assert find_root(None, NOWHERE, root / "client" / "src") == root


@pytest.mark.parametrize("below", ["", "librechat-patcher"])
def test_the_folder_of_the_wrapper_or_its_parent(copy_of: Copy, tmp_path: Path, below: str) -> None:
    root = copy_of("e6-v0.8.4")
    (root / "librechat-patcher").mkdir()
    environment = {**NOWHERE, "LIBRECHAT_PATCHER_WRAPPER_DIR": str(root / below)}
    assert find_root(None, environment, tmp_path / "empty") == root


def test_home_and_siblings(copy_of: Copy, tmp_path: Path) -> None:
    root = copy_of("e6-v0.8.4").rename(tmp_path / "LibreChat")
    assert find_root(None, NOWHERE, tmp_path / "empty") == root
    root = root.rename(tmp_path / "home" / "LibreChat")
    assert find_root(None, {"LIBRECHAT_SEARCH": "~/LibreChat"}, tmp_path / "empty") == root


def test_without_places_to_search_the_usual_ones_are(
    copy_of: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy_of("e6-v0.8.4")
    monkeypatch.setattr("patcher.checkout.USUAL_PLACES", (str(root),))
    assert find_root(None, {}, tmp_path / "empty") == root
    with pytest.raises(NoCheckout):
        find_root(None, NOWHERE, tmp_path / "empty")


def test_places_to_search_stand_for_the_usual_ones_in_their_order(
    copy_of: Copy, tmp_path: Path
) -> None:
    first, second = copy_of("e5-v0.8.1"), copy_of("e6-v0.8.4")
    places = [tmp_path / "nowhere", tmp_path / "trees" / "e6*", first]
    environment = {"LIBRECHAT_SEARCH": os.pathsep.join(map(str, places))}
    assert find_root(None, environment, tmp_path / "empty") == second
    both = {"LIBRECHAT_SEARCH": str(tmp_path / "trees" / "*")}
    with pytest.raises(NoCheckout, match="more than one"):
        find_root(None, both, tmp_path / "empty")


@pytest.mark.parametrize(
    "environment", [{"LIBRECHAT_ROOT": "/nonexistent"}, {"LIBRECHAT_ROOT": "/"}]
)
def test_a_named_folder_that_is_none_is_an_error_not_a_search(
    copy_of: Copy, environment: Mapping[str, str]
) -> None:
    with pytest.raises(NoCheckout, match=r"\$LIBRECHAT_ROOT|/ is not a LibreChat"):
        find_root(None, environment, copy_of("e6-v0.8.4"))


@pytest.mark.parametrize(
    ("tree", "title", "components"),
    [
        ("e1-v0.7.0", "LibreChat 0.7.0", ("backend", "data-provider", "client")),
        ("foreign-fork", "AcmeChat 1.0.2", ("backend", "data-provider", "client")),
        ("shipped-image", "LibreChat v0.8.4", ("backend",)),
    ],
)
def test_a_tree_says_what_it_is(
    copy_of: Copy, tree: str, title: str, components: tuple[str, ...]
) -> None:
    found = describe(FolderTree(copy_of(tree)))
    assert (found.title, found.components) == (title, components)
