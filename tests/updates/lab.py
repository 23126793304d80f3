"""A patched checkout of a made-up LibreChat with two releases, for updates that are cut off."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from patcher.commands.selection import Selection
from patcher.commands.update import UpdateOptions, update
from tests.conftest import git
from tests.updates.conftest import index_of, said, state

OWN = """\
schema: 1
id: mine
title: Mine
why: Tests need one.
librechat: ">=0.7"
components: { backend: b }
edits:
  - in: api/server/routes/models.js
    find: const router = express.Router();
    insert_after: router.use(mine);
  - in: api/server/controllers/ModelController.js
    find: one();
    insert_after: mine();
"""
FILES = {
    "package.json": '{"name": "LibreChat", "version": "%s"}\n',
    "api/server/routes/models.js": "const router = express.Router();\n// %s\n",
    "api/server/controllers/ModelController.js": "one();\n",
    "api/server/services/Config/loadConfigModels.js": "// %s\n",
    "notes.md": "notes\n",
    "run.sh": "#!/bin/sh\n",
}
ONLY = {"v1": {"api/gone/a.js": "a();\n", "flip": "a file\n"}, "v2": {"api/new/b.js": "b();\n"}}
"""What one of the two releases has: also a folder where the other has a file, and a mode."""


class Lab:
    """A patched checkout with changes of one's own, killed again and again."""

    def __init__(self, place: Path) -> None:
        self.root = place / "LibreChat"
        self._kept = place / "kept"
        self.own = place / "own"

    @property
    def options(self) -> UpdateOptions:
        return UpdateOptions(self.root, "v2", Selection(folders=(self.own,)))

    def update(self) -> object:
        return update(self.options, lambda _: True)

    def keep(self) -> None:
        shutil.copytree(self.root, self._kept, symlinks=True)

    def reset(self) -> None:
        shutil.rmtree(self.root)
        shutil.copytree(self._kept, self.root, symlinks=True)

    def seen(self) -> tuple[Mapping[str, tuple[int, bytes]], str, str, str]:
        """Files, index, HEAD, and what git says of all."""
        root = self.root
        head = (root / ".git" / "HEAD").read_text(encoding="utf-8")
        return state(root), index_of(root), head, said(root, "status", "--porcelain")


def release(root: Path, name: str) -> None:
    for path in root.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for file, text in {**FILES, **ONLY[name]}.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text.replace("%s", name), encoding="utf-8")
    if name == "v2":
        (root / "flip").mkdir()
        (root / "flip" / "inside.js").write_text("inside();\n", encoding="utf-8")
        (root / "run.sh").chmod(0o755)
    git(root, "add", "-A")
    git(root, "commit", "-qm", name)
    git(root, "tag", name)
