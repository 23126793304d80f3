"""`find:` with `insert_before`: put statements above others."""

from __future__ import annotations

from patcher.code.layout import above
from patcher.code.syntax import Module
from patcher.edits.insertion import inserted
from patcher.edits.operations import InsertBefore, Result


def insert_before(module: Module, edit: InsertBefore) -> Result:
    """Put code above the statement that `find` matches or stands in."""
    return inserted(module, edit, above, 0)
