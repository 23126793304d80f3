"""Operations on one file: each finds its place by syntax and answers with text edits.

Nothing here knows LibreChat: names and paths come from the definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from patcher.code.syntax import Module
from patcher.edits import operations as op
from patcher.edits.exports import add_export
from patcher.edits.finding import insert_after, insert_before
from patcher.edits.hooks import add_hook
from patcher.edits.imports import add_import
from patcher.edits.properties import add_property
from patcher.edits.replacing import replace
from patcher.edits.result import Applies, Present, Result
from patcher.edits.routes import add_route
from patcher.edits.wraps import wrap_return, wrap_value
from patcher.model import Operation

__all__ = ["SYNTAX_EDITS", "Applies", "Present", "Result"]

SYNTAX_EDITS: Mapping[type[Operation], Callable[[Module, Any], Result]] = {
    op.AddImport: add_import,
    op.AddExport: add_export,
    op.AddRoute: add_route,
    op.AddHook: add_hook,
    op.AddProperty: add_property,
    op.WrapValue: wrap_value,
    op.WrapReturn: wrap_return,
    op.InsertBefore: insert_before,
    op.InsertAfter: insert_after,
    op.Replace: replace,
}
"""Operation to what carries it out; raises `AnchorNotFound` when it has no one place."""
