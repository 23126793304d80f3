"""Which checkout is meant when none is named."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from patcher.checkout import Checkout, build_command, describe, find_root, is_checkout
from patcher.errors import NoCheckout
from patcher.trees import Folder
from tests.engine.support import MemoryTree, patch_of

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
        ("shipped-image", "LibreChat v0.8.4", ("backend", "page")),
    ],
)
def test_a_tree_says_what_it_is(
    copy_of: Copy, tree: str, title: str, components: tuple[str, ...]
) -> None:
    found = describe(Folder(copy_of(tree)))
    assert (found.title, found.components) == (title, components)


def test_a_container_whose_user_has_no_home_is_searched_all_the_same(
    copy_of: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def homeless(path: Path) -> Path:
        raise RuntimeError("Could not determine home directory.")

    root = copy_of("e6-v0.8.4").rename(tmp_path / "LibreChat")
    monkeypatch.setattr("pathlib.Path.expanduser", homeless)
    assert find_root(None, {}, tmp_path / "empty") == root


@pytest.mark.parametrize(
    ("version", "inside"),
    [
        ("v0.8.4", True),
        ("0.7.0", True),
        ("v0.8.4-rc1", True),
        ("0.6.9", False),
        ("not a version", True),
        ("", True),
        ("9" * 5000, True),
    ],
)
def test_a_version_is_in_the_range_of_a_patch_or_cannot_be_read(version: str, inside: bool) -> None:
    found = Checkout(version=version, name="LibreChat", components=())
    assert found.is_in_range(patch_of()) is inside
    assert found.is_tested(patch_of()) is False


def test_every_place_that_a_step_found_is_named(
    copy_of: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = copy_of("e6-v0.8.4"), copy_of("e5-v0.8.1")
    monkeypatch.setattr("patcher.checkout._steps", lambda *_: iter([[], [one, two, one]]))
    with pytest.raises(NoCheckout) as caught:
        find_root(None, {}, tmp_path)
    assert str(caught.value) == (f"more than one LibreChat checkout was found:\n  {two}\n  {one}")
    assert caught.value.hint == f"choose one: --root {two}"


def test_what_was_patched_counts_when_a_file_has_gone_since(copy_of: Copy) -> None:
    root = copy_of("e6-v0.8.4")
    (root / "api/server/routes/models.js").unlink()
    assert not is_checkout(root)
    (root / ".librechat-patcher").mkdir()
    assert is_checkout(root)


@pytest.mark.parametrize(
    ("package", "command"),
    [
        (b'{"scripts": {"frontend": "x"}}', "npm run frontend"),
        (b'{"scripts": {"backend": "x"}}', ""),
        (b'{"scripts": ["frontend"]}', ""),
        (b"[]", "npm run frontend"),
        (b"{", "npm run frontend"),
    ],
)
def test_how_a_release_is_built(package: bytes, command: str) -> None:
    # What the root does not say, api/ may: the image of one Dockerfile has only that.
    other = b'{"name": "api", "scripts": {"frontend": "x"}}'
    tree = MemoryTree({"package.json": package, "api/package.json": other})
    assert build_command(tree) == command
    assert build_command(MemoryTree({})) == ""
