"""What an edit can do: one frozen dataclass per operation.

The dataclasses are the format: YAML keys, their types, which are required and what a text must
look like are read from the fields (`keys`, `forms`), so a new operation needs no change there.
The field that is marked as verb tells the operation. The docstrings are in the JSON Schema.
`str(operation)` says what it does, for plans and messages.
"""

from __future__ import annotations

from dataclasses import field
from typing import get_args

from patcher.keys import key, verb
from patcher.values import dataclass


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

    names: tuple[str, ...] = field(metadata=verb("add_import", "binding"))
    module: str = field(metadata=key("from", "module"))
    type: bool = False
    """Write `import type`: the names are types."""

    def __str__(self) -> str:
        return f"import {', '.join(self.names)} from '{self.module}'"


@dataclass(frozen=True)
class AddExport:
    """Export names, or everything (`*`), of another module; in CommonJS add to `module.exports`."""

    names: tuple[str, ...] = field(metadata=verb("add_export", "export"))
    module: str = field(metadata=key("from", "module"), default="")

    def __str__(self) -> str:
        source = f" from '{self.module}'" if self.module else ""
        return f"export {', '.join(self.names)}{source}"


@dataclass(frozen=True)
class AddRoute:
    """Register an Express route beside another one, behind the same middleware.

    `add_route: post /fetch` with `like: get /` copies everything of the call for `get '/'`
    but method, path and handler, so that guards which a fork has added hold for both.
    """

    route: str = field(metadata=verb("add_route", "route"))
    like: str = field(metadata=key(form="route"))
    handler: str = field(metadata=key(form="expression"))

    def __str__(self) -> str:
        return f"route {self.route}, behind the guards of {self.like}"


@dataclass(frozen=True)
class AddHook:
    """Call a React hook at the top level of a component, below the statement that calls `after`.

    Without `after`: below the last hook that is called at the top level.
    """

    statement: str = field(metadata=verb("add_hook", "code"))
    function: str = field(metadata=key(form="scope"))
    after: str = field(metadata=key(form="pattern"), default="")

    def __str__(self) -> str:
        return f"call {self.statement.strip().rstrip(';')} in {self.function}"


@dataclass(frozen=True)
class AddProperty:
    """Add `name` or `name: value` to an object literal, named by what it is assigned to."""

    property: str = field(metadata=verb("add_property", "property"))
    to: str = field(metadata=key(form="scope"))

    def __str__(self) -> str:
        return f"add {self.property} to {self.to}"


@dataclass(frozen=True)
class WrapValue:
    """Wrap what a variable, a property or `module.exports` is set to: `with: f($value)`."""

    name: str = field(metadata=verb("wrap_value", "scope"))
    template: str = field(metadata=key("with", "template"))
    inside: str = field(metadata=key(form="scope"), default="")

    def __str__(self) -> str:
        return f"wrap {self.name} in {_call(self.template)}"


@dataclass(frozen=True)
class WrapReturn:
    """Wrap what a function returns (its own returns, not those of functions inside it)."""

    function: str = field(metadata=verb("wrap_return", "scope"))
    template: str = field(metadata=key("with", "template"))
    returns: int = field(metadata=key(form="count"), default=1)
    """How many returns with a value the function must have."""

    def __str__(self) -> str:
        return f"wrap what {self.function} returns in {_call(self.template)}"


@dataclass(frozen=True)
class InsertBefore:
    """Find code by its syntax and put statements in front of it."""

    find: str = field(metadata=key(form="pattern"))
    code: str = field(metadata=verb("insert_before", "code"))
    inside: str = field(metadata=key(form="scope"), default="")

    def __str__(self) -> str:
        return f"insert {_first(self.code)} before {_first(self.find)}"


@dataclass(frozen=True)
class InsertAfter:
    """Find code by its syntax and put statements behind it."""

    find: str = field(metadata=key(form="pattern"))
    code: str = field(metadata=verb("insert_after", "code"))
    inside: str = field(metadata=key(form="scope"), default="")

    def __str__(self) -> str:
        return f"insert {_first(self.code)} after {_first(self.find)}"


@dataclass(frozen=True)
class Replace:
    """Find code by its syntax and write something else; `$name` stands for what it matched."""

    find: str = field(metadata=key(form="pattern"))
    code: str = field(metadata=verb("replace", "replacement"))
    inside: str = field(metadata=key(form="scope"), default="")

    def __str__(self) -> str:
        return f"replace {_first(self.find)} by {_first(self.code)}"


@dataclass(frozen=True)
class Diff:
    """A unified diff of this one file: exact context, any offset, one place only.

    `diff_file` names a file with the diff, beside the definition.
    """

    text: str = field(metadata=verb("diff", "diff", file="diff_file"))

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

OPERATIONS: tuple[type[Operation], ...] = get_args(Operation)
