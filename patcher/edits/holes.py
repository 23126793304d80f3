"""Writing code in place of a hole, so that it stays one value there."""

from __future__ import annotations

from patcher.code.syntax import Node

_LOOSE = frozenset(
    {
        "arrow_function",
        "as_expression",
        "assignment_expression",
        "augmented_assignment_expression",
        "await_expression",
        "binary_expression",
        "function_expression",
        "new_expression",
        "object",
        "satisfies_expression",
        "sequence_expression",
        "ternary_expression",
        "unary_expression",
        "update_expression",
        "yield_expression",
    }
)
"""Expressions that may fall apart beside an operator, a dot or a call."""

_SHELTERS = frozenset(
    {
        "arguments",
        "array",
        "assignment_expression",
        "expression_statement",
        "jsx_expression",
        "pair",
        "parenthesized_expression",
        "return_statement",
        "spread_element",
        "statement_block",
        "template_substitution",
        "variable_declarator",
    }
)
"""Places that keep any expression whole."""


def is_at_risk(hole: Node, value: Node) -> bool:
    """Whether `value` needs parentheses to be one value where the hole stands."""
    shelter = hole.parent.type if hole.parent is not None else "statement_block"
    return value.type in _LOOSE and shelter not in _SHELTERS
