"""A compose file's YAML as plain values. Pure."""

from __future__ import annotations

from typing import Any

import yaml

_MAX_DEPTH = 100
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BAD_VALUE = (ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What PyYAML raises for a value that its tag does not allow, such as `!!bool maybe`."""


class Unreadable(Exception):
    """The text is no YAML that compose would read."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


class _Loader(_Safe):  # type: ignore[misc]
    """Takes compose's own tags, such as !reset and !override, as if they were not there."""


def _untagged(loader: Any, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return node.value


_Loader.add_multi_constructor("!", _untagged)


def load(content: bytes) -> Any:
    """The document; raises `Unreadable`."""
    try:
        _require_shallow(content)
        return yaml.load(content, Loader=_Loader)
    except (yaml.YAMLError, *_BAD_VALUE) as error:
        raise _unreadable(getattr(error, "problem_mark", None)) from error


def _require_shallow(content: bytes) -> None:
    """Up to PyYAML 6.0.3 deep nesting ends the process: libyaml's nodes are built by recursion."""
    depth = 0
    for event in yaml.parse(content, Loader=_Safe):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            raise _unreadable(event.start_mark)


def _unreadable(mark: Any) -> Unreadable:
    return Unreadable(getattr(mark, "line", 0) + 1)
