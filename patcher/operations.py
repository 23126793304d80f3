"""What an edit can do: one frozen dataclass per operation.

The dataclasses are the format: `definitions` reads the YAML keys, their types and which are
required from the fields here, so a new operation needs no change there. The YAML key of a field
is its name, or its `key` where that is no good Python name (`from`, `with`). The field that is
marked as verb tells the operation. `str(operation)` says what it does, for plans and messages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


def _key(name: str) -> dict[str, Any]:
    return {"key": name}


def _verb(name: str) -> dict[str, Any]:
    return {"key": name, "verb": True}


def _call(template: str) -> str:
    return template.replace("$value", "…")


def _first(code: str) -> str:
    lines = code.strip().splitlines()
    return f"`{lines[0].strip()}`" + (" …" if len(lines) > 1 else "")


@dataclass(frozen=True)
class AddImport:
    """Bind names from a module: `name`, `name as other`, `default as name`, `* as name`.

    Names go into an existing import of the module, else into a new one below the last import.
    `import` or `require` is what the file uses. `type: true` writes `import type`.
    """

    names: tuple[str, ...] = field(metadata=_verb("add_import"))
    module: str = field(metadata=_key("from"))
    type: bool = False

    def __str__(self) -> str:
        return f"import {', '.join(self.names)} from '{self.module}'"


@dataclass(frozen=True)
class AddExport:
    """Export names, or everything (`*`), of another module; in CommonJS add to `module.exports`."""

    names: tuple[str, ...] = field(metadata=_verb("add_export"))
    module: str = field(metadata=_key("from"), default="")

    def __str__(self) -> str:
        source = f" from '{self.module}'" if self.module else ""
        return f"export {', '.join(self.names)}{source}"


@dataclass(frozen=True)
class AddRoute:
    """Register an Express route beside another one, behind the same middleware.

    `add_route: post /fetch` with `like: get /` copies everything of the call for `get '/'`
    but method, path and handler, so that guards which a fork has added hold for both.
    """

    route: str = field(metadata=_verb("add_route"))
    like: str
    handler: str

    def __str__(self) -> str:
        return f"route {self.route}, behind the guards of {self.like}"


@dataclass(frozen=True)
class AddHook:
    """Call a React hook at the top level of a component, below the statement that calls `after`.

    Without `after`: below the last hook that is called at the top level.
    """

    statement: str = field(metadata=_verb("add_hook"))
    function: str
    after: str = ""

    def __str__(self) -> str:
        return f"call {self.statement.strip().rstrip(';')} in {self.function}"


@dataclass(frozen=True)
class AddProperty:
    """Add `name` or `name: value` to an object literal, named by what it is assigned to."""

    property: str = field(metadata=_verb("add_property"))
    to: str

    def __str__(self) -> str:
        return f"add {self.property} to {self.to}"


@dataclass(frozen=True)
class WrapValue:
    """Wrap what a variable, a property or `module.exports` is set to: `with: f($value)`."""

    name: str = field(metadata=_verb("wrap_value"))
    template: str = field(metadata=_key("with"))
    inside: str = ""

    def __str__(self) -> str:
        return f"wrap {self.name} in {_call(self.template)}"


@dataclass(frozen=True)
class WrapReturn:
    """Wrap what a function returns (its own returns, not those of functions inside it)."""

    function: str = field(metadata=_verb("wrap_return"))
    template: str = field(metadata=_key("with"))
    returns: int = 1
    """How many returns with a value the function must have."""

    def __str__(self) -> str:
        return f"wrap what {self.function} returns in {_call(self.template)}"


@dataclass(frozen=True)
class InsertBefore:
    """Find code by its syntax and put statements in front of it."""

    find: str
    code: str = field(metadata=_verb("insert_before"))
    inside: str = ""

    def __str__(self) -> str:
        return f"insert {_first(self.code)} before {_first(self.find)}"


@dataclass(frozen=True)
class InsertAfter:
    """Find code by its syntax and put statements behind it."""

    find: str
    code: str = field(metadata=_verb("insert_after"))
    inside: str = ""

    def __str__(self) -> str:
        return f"insert {_first(self.code)} after {_first(self.find)}"


@dataclass(frozen=True)
class Replace:
    """Find code by its syntax and write something else; `$name` stands for what it matched."""

    find: str
    code: str = field(metadata=_verb("replace"))
    inside: str = ""

    def __str__(self) -> str:
        return f"replace {_first(self.find)} by {_first(self.code)}"


@dataclass(frozen=True)
class Diff:
    """A unified diff of this one file: exact context, any offset, one place only."""

    text: str = field(metadata=_verb("diff"))

    def __str__(self) -> str:
        return "apply a diff"


Operation = (
    AddImport
    | AddExport
    | AddRoute
    | AddHook
    | AddProperty
    | WrapValue
    | WrapReturn
    | InsertBefore
    | InsertAfter
    | Replace
    | Diff
)

OPERATIONS: tuple[type[Operation], ...] = (
    AddImport,
    AddExport,
    AddRoute,
    AddHook,
    AddProperty,
    WrapValue,
    WrapReturn,
    InsertBefore,
    InsertAfter,
    Replace,
    Diff,
)
