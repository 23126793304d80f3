"""Operations on one file: each finds its place by syntax and answers with text edits.

One module per operation, with the name that users write. Nothing here knows LibreChat: names and
paths come from the definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from patcher.code.syntax import Module
from patcher.edits import operations as op
from patcher.edits.add_export import add_export
from patcher.edits.add_hook import add_hook
from patcher.edits.add_import import add_import
from patcher.edits.add_property import add_property
from patcher.edits.add_route import add_route
from patcher.edits.insert_after import insert_after
from patcher.edits.insert_before import insert_before
from patcher.edits.operations import Applies, Present, Result
from patcher.edits.replace import replace
from patcher.edits.wrap_return import wrap_return
from patcher.edits.wrap_value import wrap_value
from patcher.model import Operation

__all__ = ["OPERATIONS", "SYNTAX_EDITS", "Applies", "Present", "Result"]

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

OPERATIONS: tuple[type[Operation], ...] = (
    *SYNTAX_EDITS,
    op.AddModule,
    op.SetRevision,
    op.Diff,
)
"""All that an edit of a definition can do; a diff is applied by `diffs`, and what lies in built
output by `plan.built_page`, which looks at several files of it."""
