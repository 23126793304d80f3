"""`apply --sample`: the whole job on a copy of the bundled sample; needs no LibreChat."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from patcher.commands.apply import ApplyOptions, apply
from patcher.errors import InputOutput
from patcher.resources import sample_folder
from patcher.results import Applied

_FOLDER = "LibreChat-sample"


def apply_sample(options: ApplyOptions) -> Applied:
    """Copy the sample to a new temporary folder and patch it there, unless it is a dry run.

    The folder is left for the user to look at; its path is in the answer. Raises `InputOutput`
    when there is no place for it.
    """
    root = _copied()
    applied = apply(replace(options, root=root), lambda _: True)
    changes = applied.planned.plan.changes
    return replace(applied, sample_diff=tuple(c for c in changes if c.before is not None))


def _copied() -> Path:
    try:
        root = Path(tempfile.mkdtemp(prefix="librechat-patcher-")) / _FOLDER
        return shutil.copytree(sample_folder(), root)
    except OSError as error:
        raise InputOutput(
            f"the sample cannot be copied: {error.strerror or error}",
            "set TMPDIR to a folder that you may write to",
        ) from error
