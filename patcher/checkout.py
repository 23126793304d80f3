"""Finding the LibreChat checkout to work on, and what it says about itself. Reads only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

from msgspec import Struct

from patcher.access import expanded, is_closed, is_file, is_folder, names_in, resolved
from patcher.errors import InputOutput, NoCheckout
from patcher.librechat import BUILD_SCRIPT, COMPONENTS, PACKAGES, SHAPE, Component
from patcher.model import Patch, Tree
from patcher.paths import STATE_FOLDER, as_argument

ROOT_VARIABLE = "LIBRECHAT_ROOT"
WRAPPER_VARIABLE = "LIBRECHAT_PATCHER_WRAPPER_DIR"
"""Set by the post-install wrappers to the folder they lie in."""

SEARCH_VARIABLE = "LIBRECHAT_SEARCH"
"""Where to look instead of the usual places; written as PATH is, and empty for nowhere."""

USUAL_PLACES = ("/app", "~/LibreChat", "/opt/LibreChat", "/root/LibreChat", "/home/*/LibreChat")


class Checkout(Struct, frozen=True):
    """What a tree says about itself."""

    version: str
    """As its package.json writes it (`v0.8.4`, `0.8.4`, `1.0.2`), or empty."""
    name: str
    """`LibreChat`, or what a fork calls itself."""
    components: tuple[str, ...]
    """Components whose sources are there; a shipped image has only `backend`."""

    @property
    def title(self) -> str:
        """For messages: `LibreChat v0.8.4`."""
        return f"{self.name} {self.version or '(no version)'}"

    def is_tested(self, patch: Patch) -> bool:
        """Whether a measured run has passed on a release of this version."""
        return self.version.removeprefix("v") in {v.removeprefix("v") for v in patch.versions}

    def is_in_range(self, patch: Patch) -> bool:
        """Whether the version is one that the patch is made for; unreadable ones count as in.

        A fork's version says nothing about LibreChat's, so this only ever leads to a remark.
        """
        # 8 ms, and only a release that was not tested is asked.
        from packaging import specifiers, version

        try:
            found = version.Version(self.version.removeprefix("v"))
        except ValueError:  # no version, or one whose numbers have thousands of digits
            return True
        return specifiers.SpecifierSet(patch.librechat).contains(found, prereleases=True)


def is_checkout(root: Path) -> bool:
    """Whether `root` has the shape of a LibreChat checkout, whatever it is called.

    One that has been patched counts also when a file has gone since: it can be rolled back.
    A place that cannot be looked into is none.
    """
    return all(is_file(root / path) for path in SHAPE) or is_folder(root / STATE_FOLDER)


def describe(tree: Tree) -> Checkout:
    """Read name, version and components off a tree; what cannot be read is left empty."""
    package = _package(tree)
    return Checkout(
        version=str(package.get("version") or ""),
        name=str(package.get("name") or "LibreChat"),
        components=tuple(c.name for c in COMPONENTS.values() if _is_there(c, tree)),
    )


def _is_there(component: Component, tree: Tree) -> bool:
    try:
        return tree.has_folder(component.sources)
    except InputOutput:
        # Built output that this user may not see concerns nobody who patches sources.
        if component.stands_in_for:
            return False
        raise


def _package(tree: Tree) -> Mapping[str, object]:
    for path in PACKAGES:
        try:
            package = json.loads(tree.read(path) or b"null")
        except (ValueError, RecursionError):
            continue
        if isinstance(package, dict):
            return package
    return {}


def find_root(given: Path | None, environment: Mapping[str, str], here: Path | None) -> Path:
    """The checkout to work on.

    In order: `given`, $LIBRECHAT_ROOT, `here` and its parents, the wrapper's folder and its
    parent, the usual places or those of $LIBRECHAT_SEARCH, and a `LibreChat` beside `here`, which
    is None when the current folder is gone. Raises `NoCheckout` when a named folder is none, when
    nothing is found, and when one step finds two.
    """
    named = given or (Path(v) if (v := environment.get(ROOT_VARIABLE)) else None)
    if named is not None:
        return _named_root(named, "--root" if given else f"${ROOT_VARIABLE}")
    for step in _steps(environment, here):
        found = sorted({resolved(p) for p in step if is_checkout(p)})
        if len(found) > 1:
            raise NoCheckout(
                "more than one LibreChat checkout was found:\n"
                + "\n".join(f"  {p}" for p in found),
                f"choose one: --root {as_argument(found[0])}",
            )
        if found:
            return found[0]
    raise NoCheckout(
        f"no LibreChat checkout was found in {here or 'the current folder'}, "
        "its parents or the usual places",
        "name it: --root DIR, or try `apply --sample`, which needs none",
    )


def _named_root(folder: Path, how: str) -> Path:
    folder = expanded(folder)
    if is_checkout(folder):
        return resolved(folder)
    absent = next(p for p in SHAPE if not is_file(folder / p))
    if is_closed(folder / absent):
        raise NoCheckout(
            f"{how} names {folder}, which this user cannot look into",
            "run as the user who owns the checkout",
        )
    if not is_folder(folder):
        raise NoCheckout(f"{how} names {folder}, which is not a folder", "check the path")
    raise NoCheckout(
        f"{folder} is not a LibreChat checkout: it has no {absent}",
        "name the folder that holds LibreChat's api/ and client/",
    )


def _steps(environment: Mapping[str, str], here: Path | None) -> Iterator[list[Path]]:
    if here is not None:
        yield from ([folder] for folder in (here, *here.parents))
    wrapper = environment.get(WRAPPER_VARIABLE)
    if wrapper:
        yield [Path(wrapper)]
        yield [Path(wrapper).parent]
    given = environment.get(SEARCH_VARIABLE)
    places = USUAL_PLACES if given is None else filter(None, given.split(os.pathsep))
    yield from map(_matching, places)
    if here is not None:
        yield [here.parent / "LibreChat", here / "LibreChat"]


def _matching(place: str) -> list[Path]:
    """The folders that a place stands for: `~` is the user's home, `*` any one folder."""
    found = expanded(Path(place))
    if not found.is_absolute():  # `~` of a user without a home
        return []
    folders = [Path(found.anchor)]
    for part in found.parts[1:]:
        if "*" in part:
            folders = [f / name for f in folders for name in names_in(f) if fnmatch(name, part)]
        else:
            folders = [f / part for f in folders]
    return folders


def build_command(tree: Tree) -> str:
    """The command that builds packages and client in this release; empty without a frontend."""
    scripts = _package(tree).get("scripts")
    if isinstance(scripts, dict) and BUILD_SCRIPT in scripts:
        return f"npm run {BUILD_SCRIPT}"
    return ""
