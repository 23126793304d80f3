"""What a build of this project does besides: definitions that are read, and links."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class Links(MetadataHookInterface):
    """The project's URLs, from the one line in `pyproject.toml`; none while that is empty."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Where the sources, the issues and the changes are."""
        repository = self.config["repository"].rstrip("/")
        metadata["urls"] = {}
        if repository:
            metadata["urls"] = {
                "Repository": repository,
                "Issues": f"{repository}/issues",
                "Changelog": f"{repository}/blob/main/CHANGELOG.md",
            }


class Definitions(BuildHookInterface[Any]):
    """Reads the built-in definitions while a wheel is built, so that no command has to.

    Puts `patcher/data/definitions` into the wheel; a checkout for development has none.
    """

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every definition below `patches/`; raises `BadDefinition` for a wrong one."""
        if self.target_name != "wheel" or version == "editable":
            return
        sys.path.insert(0, self.root)
        try:
            from patcher.definition import compiled
            from patcher.definition.reader import read_patch
        except ImportError as error:
            self.app.display_warning(f"{error}: every command will read the definitions anew")
            return
        made = self._made
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        for file in sorted(Path(self.root, "patches").glob("*/patch.yaml")):
            text = file.read_bytes()
            patch = read_patch(text, file)
            (made / compiled.file_name(patch.id)).write_bytes(compiled.as_bytes(patch, text))
        build_data["force_include"][str(made)] = "patcher/data/definitions"

    def finalize(self, *_: object) -> None:
        """Leave only the wheel in the folder that it was asked for in."""
        shutil.rmtree(self._made, ignore_errors=True)

    @property
    def _made(self) -> Path:
        return Path(self.directory) / "definitions"
