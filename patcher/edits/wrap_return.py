"""`wrap_return`: put a call around what a function returns."""

from __future__ import annotations

from patcher.code.patterns import compile_pattern
from patcher.code.scopes import body
from patcher.code.syntax import Module, children, own_nodes
from patcher.edits.operations import Applies, Present, Result, WrapReturn
from patcher.edits.wrapper import is_wrapped, wrapped
from patcher.errors import AnchorNotFound


def wrap_return(module: Module, edit: WrapReturn) -> Result:
    """Wrap each value that a function returns; raises `AnchorNotFound` for another number."""
    returns = (n for n in own_nodes(body(module, edit.function)) if n.type == "return_statement")
    values = [c[0] for r in returns if (c := children(r))]
    if len(values) != edit.returns:
        where = ", ".join(str(module.line(v)) for v in values)
        raise AnchorNotFound(
            f"`{edit.function}` returns a value in {len(values)} places"
            + (where and f" (lines {where})")
            + f", not {edit.returns}"
        )
    pattern = compile_pattern(edit.template)
    left = [v for v in values if not is_wrapped(module, pattern, v)]
    if not left:
        return Present(module.line(values[0]))
    splices = [s for v in left for s in wrapped(module, v, edit.template)]
    return Applies(tuple(splices), module.line(left[0]))
