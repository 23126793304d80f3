"""The one-file script alone in an empty folder, with an empty home, beside a checkout."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

NAME = "post-install-dynamic-models.sh"


@dataclass(frozen=True)
class Stranger:
    """Somebody who has the script and nothing else of this project."""

    home: Path
    script: Path
    checkout: Path
    variables: Mapping[str, str]

    @property
    def environment(self) -> Path:
        """Where the packages go."""
        return self.home / ".cache/librechat-patcher"

    @property
    def is_patched(self) -> bool:
        """Whether the checkout is."""
        return (self.checkout / "api/server/services/DynamicModels").is_dir()

    def run(self, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the script as its page says."""
        return subprocess.run(
            ["sh", str(self.script), "--root", str(self.checkout), "--yes"],
            cwd=self.script.parent,
            env={**self.variables, "HOME": str(self.home), **more},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )


def variables(with_uv: bool) -> dict[str, str]:
    """As little of this environment as will do: how an index is reached is the machine's."""
    kept = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_", "LD_"))}
    kept.pop("PIP_CONSTRAINT", None)
    uv = shutil.which("uv")
    without = [p for p in os.environ["PATH"].split(os.pathsep) if not Path(p, "uv").exists()]
    path = [str(Path(uv).parent)] if with_uv and uv else []
    return {**kept, "PATH": os.pathsep.join([*path, *without]), "PYTHON": sys.executable}


def rewritten(script: bytes, changes: Mapping[str, bytes]) -> bytes:
    """The script with other contents in its archive, of the same length, as an attacker would."""
    with zipfile.ZipFile(io.BytesIO(script)) as archive:
        parts = {info: archive.read(info) for info in archive.infolist()}
    start = min(info.header_offset for info in parts)
    made = io.BytesIO(script[:start])
    with zipfile.ZipFile(made, "a") as archive:
        for info, content in parts.items():
            plain = zipfile.ZipInfo(info.filename)
            archive.writestr(plain, changes.get(info.filename, content), info.compress_type)
    content = made.getvalue()
    return content.replace(b"%06d" % len(script), b"%06d" % len(content))
