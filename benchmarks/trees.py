"""The trees that are measured: the files of one real release, restored before every run."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
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
CROWDED = "node_modules"
"""Where a checkout has its many files."""


@dataclass(frozen=True)
class Workspace:
    """A pristine copy, and the tree that the tools work on."""

    pristine: Path
    tree: Path
    used: Path
    """Where trees go that somebody has worked on."""

    def restore(self) -> None:
        """Make the tree pristine again."""
        self.put_away(self.tree)
        shutil.copytree(self.pristine, self.tree, symlinks=True)

    def put_away(self, *paths: Path) -> None:
        """Move what is there out of the way.

        It is not deleted: for a minute or more ext4 looks at each inode that was freed before it
        takes another one (`recently_deleted` in Linux' fs/ext4/ialloc.c), and after some hundred
        files making one takes several times as long as on a machine where nobody measures.
        """
        place = Path(tempfile.mkdtemp(dir=self.used))
        for path in paths:
            if path.exists():
                path.rename(place / path.name)


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
    used = scratch / "used"
    used.mkdir()
    return Workspace(pristine, scratch / "tree", used)


def crowd(tree: Path, files: int) -> None:
    """Fill `CROWDED` with small files, a hundred in a folder."""
    for number in range(files // 100):
        folder = tree / CROWDED / f"package-{number}"
        folder.mkdir(parents=True)
        for name in range(100):
            (folder / f"{name}.js").write_bytes(b"module.exports = 1;\n")
