"""Dataclasses that cost nothing to define.

`dataclasses.dataclass` writes and compiles five functions for every class, a third of a
millisecond each time the program starts; with some hundred classes that is more than planning
the whole patch takes. This one shares its methods between all classes, and works out what the
standard library wants to know of a class when it asks. It is for plain values: no
`__post_init__`, no `init=False` fields, no inheritance. `fields`, `replace` and `is_dataclass`
of the standard library work as ever, and type checkers see the standard decorator.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls: type[Any] | None = None, *, frozen: bool = False) -> Any:
        """`@dataclass` and `@dataclass(frozen=True)`: the fields are what the class annotates."""
        methods = _FROZEN if frozen else _METHODS
        return _value(cls, methods) if cls else lambda cls: _value(cls, methods)


def _value(cls: Any, methods: tuple[str, ...]) -> Any:
    names = tuple(cls.__annotations__)
    given = {name: cls.__dict__[name] for name in names if name in cls.__dict__}
    apart = set()
    for name, default in given.items():
        if isinstance(default, dataclasses.Field):
            delattr(cls, name)
            if not default.compare:
                apart.add(name)
    cls.__value_content__ = tuple(n for n in names if n not in apart) if apart else names
    setattr(cls, "__match_args__", names)  # noqa: B010 - mypy takes an assignment for a mistake
    cls.__value_names__ = names
    cls.__value_defaults__ = given
    cls.__dataclass_fields__ = _Fields()
    for name in methods:
        if name not in cls.__dict__:
            setattr(cls, name, _Value.__dict__[name])
    return cls


class _Fields:
    """Stands where the standard library looks for its fields, until it looks."""

    def __get__(self, _: object, owner: Any) -> Mapping[str, dataclasses.Field[Any]]:
        content = {"__module__": owner.__module__, "__doc__": "-", **owner.__value_defaults__}
        twin: Any = type(owner.__name__, (), {**content, "__annotations__": owner.__annotations__})
        dataclasses.dataclass(init=False, repr=False, eq=False)(twin)
        found = {f.name: f for f in dataclasses.fields(twin)}
        owner.__dataclass_fields__ = found
        return found


class _Value:
    """The methods that all values share."""

    __value_names__: tuple[str, ...]
    __value_content__: tuple[str, ...]
    """What two values are compared by: all but the fields with `compare=False`."""
    __value_defaults__: Mapping[str, Any]

    def __init__(self, *values: Any, **named: Any) -> None:
        names = self.__value_names__
        content = self.__dict__
        # Kept short: a run makes more than a thousand values.
        content.update(zip(names, values))  # noqa: B905 - to ask for less strictness takes longer
        if named:
            content.update(named)
        if len(content) != len(values) + len(named):
            raise TypeError(_complaint(type(self), values, named))
        if named or len(values) < len(names):
            for name in names:
                if name not in content:
                    content[name] = _default(type(self), name)
        if len(content) > len(names):
            raise TypeError(_complaint(type(self), values, named))

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self is other or _content(self) == _content(other)

    def __hash__(self) -> int:
        return hash(_content(self))

    def __setattr__(self, name: str, _: object) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")

    def __repr__(self) -> str:
        content = ", ".join(f"{n}={self.__dict__[n]!r}" for n in _shown(type(self)))
        return f"{type(self).__name__}({content})"


def _complaint(cls: type[Any], values: tuple[Any, ...], named: Mapping[str, Any]) -> str:
    names = cls.__value_names__
    if len(values) > len(names):
        return f"{cls.__name__} takes {len(names)} values, not {len(values)}"
    wrong = next(n for n in named if n not in names or n in names[: len(values)])
    return f"{cls.__name__} takes `{wrong}` once, if at all"


def _default(cls: type[Any], name: str) -> Any:
    default = cls.__value_defaults__.get(name, dataclasses.MISSING)
    if isinstance(default, dataclasses.Field):
        factory = default.default_factory
        default = default.default if factory is dataclasses.MISSING else factory()
    if default is dataclasses.MISSING:
        raise TypeError(f"{cls.__name__} needs `{name}`")
    return default


def _content(value: Any) -> tuple[Any, ...]:
    content = value.__dict__
    return tuple([content[name] for name in value.__value_content__])


def _shown(cls: type[Any]) -> list[str]:
    return [field.name for field in dataclasses.fields(cls) if field.repr]


_METHODS = ("__init__", "__eq__", "__repr__")
_FROZEN = (*_METHODS, "__hash__", "__setattr__", "__delattr__")
