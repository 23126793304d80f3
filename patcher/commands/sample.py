"""`apply --sample`: the whole job on a copy of the bundled sample; needs no LibreChat."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from msgspec.structs import replace

from patcher.commands.apply import ApplyOptions, apply
from patcher.results import Applied

_FOLDER = "LibreChat-sample"


def apply_sample(options: ApplyOptions) -> Applied:
    """Copy the sample to a new temporary folder and patch it there, unless it is a dry run.

    The folder is left for the user to look at; its path is in the answer.
    """
    root = Path(tempfile.mkdtemp(prefix="librechat-patcher-")) / _FOLDER
    shutil.copytree(_sample(), root)
    applied = apply(replace(options, root=root), lambda _: True)
    changes = applied.planned.plan.changes
    return replace(applied, sample_diff=tuple(c for c in changes if c.before is not None))


def _sample() -> Path:
    """The sample: in the wheel's data, or beside the sources."""
    package = Path(__file__).parents[1]
    bundled = package / "data" / "sample"
    return bundled if bundled.is_dir() else package.parent / "fixtures" / "sample"
