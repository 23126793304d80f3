"""The trees that are measured: the files of one real release, restored before every run."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

RELEASE = "v0.8.4"
TARGETS = (
    "api/server/routes/models.js",
    "api/server/controllers/ModelController.js",
    "api/models/index.js",
    "packages/data-provider/src/api-endpoints.ts",
    "packages/data-provider/src/data-service.ts",
    "packages/data-provider/src/react-query/react-query-service.ts",
    "client/src/hooks/Input/useUserKey.ts",
    "client/src/routes/Root.tsx",
)
"""The files that the patch edits in this release."""
ALSO = (
    "package.json",
    "api/server/routes/keys.js",
    "api/server/services/Config/loadConfigModels.js",
)
"""What only our own command asks: it does that, too, while it is measured."""


@dataclass(frozen=True)
class Workspace:
    """A pristine copy, and the tree that the tools work on."""

    pristine: Path
    tree: Path

    def restore(self) -> None:
        """Make the tree pristine again."""
        shutil.rmtree(self.tree, ignore_errors=True)
        shutil.copytree(self.pristine, self.tree, symlinks=True)


def workspace(repository: Path, scratch: Path) -> Workspace:
    """The files of the release, and a place to work."""
    pristine = scratch / "pristine"
    pristine.mkdir(parents=True)
    archive = subprocess.run(
        ["git", "-C", repository, "archive", RELEASE, *ALSO, *TARGETS],
        check=True,
        capture_output=True,
    ).stdout
    subprocess.run(["tar", "-x", "-C", pristine], input=archive, check=True)
    return Workspace(pristine, scratch / "tree")


def crowd(tree: Path, files: int) -> None:
    """Fill `node_modules` with small files, a hundred in a folder."""
    for number in range(files // 100):
        folder = tree / "node_modules" / f"package-{number}"
        folder.mkdir(parents=True)
        for name in range(100):
            (folder / f"{name}.js").write_bytes(b"module.exports = 1;\n")
