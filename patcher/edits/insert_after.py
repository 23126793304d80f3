"""`find:` with `insert_after`: put statements below others."""

from __future__ import annotations

from patcher.code.layout import below
from patcher.code.syntax import Module
from patcher.edits.insertion import inserted
from patcher.edits.operations import InsertAfter, Result


def insert_after(module: Module, edit: InsertAfter) -> Result:
    """Put code below the statement that `find` matches or stands in."""
    return inserted(module, edit, below, -1)
