"""What cannot be undercut: the interpreter, the imports, reading, parsing and writing the files."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.measure import Job
from benchmarks.trees import TARGETS, Workspace

_IMPORTS = "import yaml, tree_sitter, tree_sitter_typescript; yaml.CSafeLoader"
_WORK = f"""
import os, sys, hashlib, tree_sitter, tree_sitter_typescript, yaml
yaml.CSafeLoader
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_typescript.language_tsx()))
for path in {TARGETS!r}:
    source = open(path, 'rb').read()
    parser.parse(source)
    with open(path + '.new', 'wb') as file:
        file.write(source)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + '.new', path)
"""


def floors(space: Workspace) -> list[Job]:
    """Jobs that do a part of the work and nothing else."""

    def job(name: str, code: str) -> Job:
        return Job(name, [Path(sys.executable), "-c", code], space.tree, space.restore, "floor")

    return [
        job("python -c pass", "pass"),
        job("import yaml, tree-sitter", _IMPORTS),
        job("… + parse 8 files + write 8 with fsync", _WORK),
    ]
