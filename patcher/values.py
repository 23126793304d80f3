"""Dataclasses that cost nothing to define.

`dataclasses.dataclass` writes and compiles five functions for every class, a third of a
millisecond each time the program starts; with some seventy classes that is more than planning
the whole patch takes. This one shares its methods between all classes. It is for plain
values: no `__post_init__`, no `init=False` fields, no inheritance. `fields`, `replace` and
`is_dataclass` of the standard library work as ever, and type checkers see the standard decorator.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(cls: type[Any] | None = None, *, frozen: bool = False) -> Any:
        """`@dataclass` and `@dataclass(frozen=True)`: the fields are what the class annotates."""
        methods = _FROZEN if frozen else _METHODS
        return _value(cls, methods) if cls else lambda cls: _value(cls, methods)


def _value(cls: type[Any], methods: tuple[str, ...]) -> type[Any]:
    if not cls.__doc__:
        cls.__doc__ = cls.__name__  # else the standard library works out a signature to put there
    cls = dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
    for name in methods:
        if name not in cls.__dict__:
            setattr(cls, name, _Value.__dict__[name])
    return cls


class _Value:
    """The methods that all values share."""

    __dataclass_fields__: dict[str, dataclasses.Field[Any]]

    def __init__(self, *values: Any, **named: Any) -> None:
        fields = self.__dataclass_fields__
        if len(values) > len(fields):
            raise TypeError(f"{type(self).__name__} takes {len(fields)} values, not {len(values)}")
        given = dict(zip(fields, values, strict=False))
        for name in named:
            if name in given or name not in fields:
                raise TypeError(f"{type(self).__name__} takes `{name}` once, if at all")
        given.update(named)
        if len(given) < len(fields):
            for name, field in fields.items():
                if name not in given:
                    given[name] = _default(type(self), field)
        self.__dict__.update(given)

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
        content = ", ".join(f"{n}={self.__dict__[n]!r}" for n in self.__dataclass_fields__)
        return f"{type(self).__name__}({content})"


def _default(cls: type[Any], field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    raise TypeError(f"{cls.__name__} needs `{field.name}`")


def _content(value: Any) -> tuple[Any, ...]:
    return tuple([value.__dict__[name] for name in value.__dataclass_fields__])


_METHODS = ("__init__", "__eq__", "__repr__")
_FROZEN = (*_METHODS, "__hash__", "__setattr__", "__delattr__")
