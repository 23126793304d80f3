"""Finding the LibreChat checkout to work on, and what it says about itself. Reads only."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from patcher.errors import InputOutput, NoCheckout
from patcher.model import Tree
from patcher.patches import Patch
from patcher.transaction import STATE_FOLDER
from patcher.values import dataclass

ROOT_VARIABLE = "LIBRECHAT_ROOT"
WRAPPER_VARIABLE = "LIBRECHAT_PATCHER_WRAPPER_DIR"
"""Set by the post-install wrappers to the folder they lie in."""

_FIXED_PLACES = ("/app", "~/LibreChat", "/opt/LibreChat", "/root/LibreChat")
_SHAPE = (
    "api/server/routes/models.js",
    "api/server/controllers/ModelController.js",
    "api/server/services/Config/loadConfigModels.js",
)
"""Files that every LibreChat release v0.7.0 to v0.8.8-rc1 has at these places, and forks keep."""

COMPONENT_FOLDERS = {
    "backend": "api/server",
    "data-provider": "packages/data-provider/src",
    "client": "client/src",
}


@dataclass(frozen=True)
class Checkout:
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
        from packaging.specifiers import SpecifierSet
        from packaging.version import Version

        try:
            version = Version(self.version.removeprefix("v"))
        except ValueError:  # no version, or one whose numbers have thousands of digits
            return True
        return SpecifierSet(patch.librechat).contains(version, prereleases=True)


def is_checkout(root: Path) -> bool:
    """Whether `root` has the shape of a LibreChat checkout, whatever it is called.

    One that has been patched counts also when a file has gone since: there is something to undo.
    """
    return all((root / path).is_file() for path in _SHAPE) or (root / STATE_FOLDER).is_dir()


def describe(tree: Tree) -> Checkout:
    """Read name, version and components off a tree; what cannot be read is left empty."""
    package = _package(tree)
    folders = {c: tree.has_folder(f) for c, f in COMPONENT_FOLDERS.items()}
    return Checkout(
        version=str(package.get("version") or ""),
        name=str(package.get("name") or "LibreChat"),
        components=tuple(c for c, present in folders.items() if present),
    )


def _package(tree: Tree) -> Mapping[str, object]:
    # The image of Dockerfile.multi may lack the root's package.json but has that of api/.
    for path in ("package.json", "api/package.json"):
        try:
            package = json.loads(tree.read(path) or b"null")
        except (ValueError, RecursionError):
            continue
        if isinstance(package, dict):
            return package
    return {}


def find_root(given: Path | None, environment: Mapping[str, str], here: Path) -> Path:
    """The checkout to work on.

    In order: `given`, $LIBRECHAT_ROOT, `here` and its parents, the wrapper's folder and its
    parent, the usual places, and a `LibreChat` beside `here`. Raises `NoCheckout` when a named
    folder is none, when nothing is found, and when one step finds two.
    """
    named = given or (Path(v) if (v := environment.get(ROOT_VARIABLE)) else None)
    if named is not None:
        return _named_root(named, "--root" if given else f"${ROOT_VARIABLE}")
    searched: list[Path] = []
    for step in _steps(environment, here):
        searched += step
        found = sorted({p.resolve() for p in step if is_checkout(p)})
        if len(found) > 1:
            raise NoCheckout(
                "more than one LibreChat checkout was found:\n"
                + "\n".join(f"  {p}" for p in found),
                f"choose one: --root {found[0]}",
            )
        if found:
            return found[0]
    raise NoCheckout(
        f"no LibreChat checkout was found in {here}, its parents or the usual places",
        "name it: --root DIR, or try `apply --sample`, which needs none",
    )


def _named_root(folder: Path, how: str) -> Path:
    folder = expanded(folder)
    if not folder.is_dir():
        raise NoCheckout(f"{how} names {folder}, which is not a folder", "check the path")
    if not is_checkout(folder):
        absent = [p for p in _SHAPE if not (folder / p).is_file()]
        raise NoCheckout(
            f"{folder} is not a LibreChat checkout: it has no {absent[0]}",
            "name the folder that holds LibreChat's api/ and client/",
        )
    return folder.resolve()


def _steps(environment: Mapping[str, str], here: Path) -> Iterator[list[Path]]:
    yield from ([folder] for folder in (here, *here.parents))
    wrapper = environment.get(WRAPPER_VARIABLE)
    if wrapper:
        yield [Path(wrapper)]
        yield [Path(wrapper).parent]
    yield from ([expanded(Path(place))] for place in _FIXED_PLACES)
    yield sorted(Path("/home").glob("*/LibreChat"))
    yield [here.parent / "LibreChat", here / "LibreChat"]


def here() -> Path:
    """The current folder; raises `InputOutput` when somebody has deleted it."""
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise InputOutput("the current folder is gone", "go to one that is there: cd") from error


def expanded(path: Path) -> Path:
    """`path` with its `~` replaced; as it is where that user or a home is not known."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path


def build_command(tree: Tree) -> str:
    """The command that builds packages and client in this release; empty without a frontend."""
    scripts = _package(tree).get("scripts")
    if isinstance(scripts, dict) and "frontend" in scripts:
        return "npm run frontend"
    return ""
