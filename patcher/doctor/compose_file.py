"""A compose file's YAML as plain values. Pure."""

from __future__ import annotations

from typing import Any

import yaml

_STUMBLES = (ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What PyYAML lets through for values that are not what their tag says, such as `!!bool maybe`."""

_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
        return yaml.load(content, Loader=_Loader)
    except (yaml.YAMLError, *_STUMBLES) as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable(getattr(mark, "line", 0) + 1) from error
