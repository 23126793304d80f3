"""The built-in definitions as the wheel keeps them: read and checked when it was built.

Reading the YAML of one patch takes longer than planning with it (PyYAML alone needs 10 ms to be
imported). `hatch_build.py` writes one file a patch; where there is none, as in a checkout of this
project, or where the definition is another one, the YAML is read as ever.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from pathlib import Path

from msgspec import Struct

from patcher import __version__, model
from patcher.edits import OPERATIONS
from patcher.model import Patch

FOLDER = Path(__file__).parents[1] / "data" / "definitions"
_FILE = "file"
"""Stands for the path of the definition, which is another one where the wheel is installed."""


def compiled(text: bytes, file: Path) -> Patch | None:
    """What `read_patch` makes of `text`, the content of `file`; None where nothing is kept."""
    try:
        data = (FOLDER / file_name(file.absolute().parent.name)).read_bytes()
    except OSError:  # there is none, or the folder's name is longer than that of any patch
        return None
    key = _key(text)
    if not data.startswith(key):
        return None
    # Our own file, beside our own code: whoever can change the one can change the other.
    reader = _Unpickler(io.BytesIO(data[len(key) :]))
    reader.file = str(file)
    patch: Patch = reader.load()
    return patch


def file_name(id: str) -> str:
    """The file below `FOLDER` that keeps a patch."""
    return f"{id}.pickle"


def as_bytes(patch: Patch, text: bytes) -> bytes:
    """What is kept of a patch that was read of the definition `text`."""
    buffer = io.BytesIO()
    writer = _Pickler(buffer, protocol=5)
    writer.file = patch.place.file
    writer.dump(patch)
    return _key(text) + buffer.getvalue()


class _Pickler(pickle.Pickler):
    file = ""

    def persistent_id(self, value: object) -> str | None:
        return _FILE if value == self.file else None


class _Unpickler(pickle.Unpickler):
    file = ""

    def persistent_load(self, _: object) -> str:
        return self.file


def _key(text: bytes) -> bytes:
    """A digest of the definition and of the classes that it is kept in."""
    kinds: tuple[type[Struct], ...] = (
        *(Patch, model.Edit, model.Expectation, model.Example, model.Trait),
        *OPERATIONS,
    )
    shape = [(kind.__name__, kind.__struct_fields__) for kind in kinds]
    return hashlib.sha256(f"{__version__}{shape}".encode() + text).digest()
