"""Reads the built-in definitions while a wheel is built, so that no command has to."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Definitions(BuildHookInterface[Any]):
    """Puts `patcher/data/definitions` into the wheel; a checkout for development has none."""

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
        made = Path(self.directory) / "definitions"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        for file in sorted(Path(self.root, "patches").glob("*/patch.yaml")):
            text = file.read_bytes()
            patch = read_patch(text, file)
            (made / compiled.file_name(patch.id)).write_bytes(compiled.as_bytes(patch, text))
        build_data["force_include"][str(made)] = "patcher/data/definitions"
