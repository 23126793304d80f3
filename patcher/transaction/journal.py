"""The note that an update of the checkout is under way: written before the first file is touched,
dropped when all is done."""

from __future__ import annotations

import json

import msgspec

from patcher.errors import InputOutput
from patcher.model import Update
from patcher.paths import STATE_FOLDER
from patcher.transaction.files import Files

JOURNAL = f"{STATE_FOLDER}/update.json"
SCHEMA = 1


class _Stored(msgspec.Struct, frozen=True):
    schema: int
    update: Update


def read(files: Files) -> Update | None:
    """The update that is under way; None for none. Raises `InputOutput` for a damaged note."""
    seen = files.see(JOURNAL)
    if seen.state is not None and seen.state.sha256 is None:
        return None
    try:
        stored = msgspec.json.decode(seen.data, type=_Stored)
    except (msgspec.DecodeError, ValueError) as error:
        raise InputOutput(
            f"{JOURNAL} is not what was written there; nothing was changed",
            f"look where the checkout stands (git status), then move {JOURNAL} away",
        ) from error
    if stored.schema != SCHEMA:
        raise InputOutput(
            f"{JOURNAL} has schema {stored.schema}, this version reads {SCHEMA}",
            "run the version of librechat-patcher that began the update",
        )
    return stored.update


def write(files: Files, update: Update) -> None:
    """Note `update`, in place of what was noted before."""
    stored = msgspec.to_builtins(_Stored(SCHEMA, update))
    files.rewrite(JOURNAL, json.dumps(stored, indent=2).encode() + b"\n")


def drop(files: Files) -> None:
    """Forget the update."""
    files.remove_if_there(JOURNAL)
    files.sync([JOURNAL])
