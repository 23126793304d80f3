"""What an edit can do: one class per operation.

The classes are the format: YAML keys, their types, which are required and what a text must look
like are read from the fields, so a new operation needs no change there. The name of the class
tells the operation (`AddImport` is written `add_import: …`). The docstrings are in the JSON
Schema. `str(operation)` says what it does, for plans and messages; `sought()` what it looks for.
The module with the operation's name carries it out and answers a `Result`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct, field
from msgspec.structs import FieldInfo, fields

from patcher.code.splice import Splice
from patcher.diffs.git_format import parse_diff
from patcher.edits.texts import (
    BindingText,
    Code,
    Count,
    DiffText,
    Export,
    Expression,
    FilePath,
    ModuleName,
    PatternText,
    PropertyText,
    Replacement,
    Route,
    Scope,
    Template,
    form_of,
    says,
)
from patcher.model import Operation, Sought


def _call(template: str) -> str:
    return template.replace("$value", "…")


def _found(find: str) -> Sought:
    return Sought(find.strip(), find.strip().splitlines()[0])


def _first(code: str) -> str:
    lines = code.strip().splitlines()
    return f"`{lines[0].strip()}`" + (" …" if len(lines) > 1 else "")


class AddImport(Operation, frozen=True):
    """Bind names from a module: `name`, `name as other`, `default as name`, `* as name`.

    Names go into an existing import of the module, else into a new one below the last import.
    `import` or `require` is what the file uses. `type: true` writes `import type`.
    """

    names: tuple[BindingText, ...] = field(name="add_import")
    module: ModuleName = field(name="from")
    type: Annotated[bool, says("Write `import type`: the names are types.")] = False

    def __str__(self) -> str:
        return f"import {', '.join(self.names)} from '{self.module}'"

    def sought(self) -> Sought:
        words = f"the imports; those of '{self.module}'"
        return Sought(words, f"from '{self.module}'")


class AddExport(Operation, frozen=True):
    """Export names, or everything (`*`), of another module; in CommonJS add to `module.exports`."""

    names: tuple[Export, ...] = field(name="add_export")
    module: ModuleName = field(default="", name="from")

    def __str__(self) -> str:
        source = f" from '{self.module}'" if self.module else ""
        return f"export {', '.join(self.names)}{source}"

    def sought(self) -> Sought:
        return Sought("the last export, or `module.exports`", "export * from")


class AddRoute(Operation, frozen=True):
    """Register an Express route beside another one, behind the same middleware.

    `add_route: post /fetch` with `like: get /` copies everything of the call for `get '/'`
    but method, path and handler, so that guards which a fork has added hold for both.
    """

    route: Route = field(name="add_route")
    like: Route
    handler: Expression

    def __str__(self) -> str:
        return f"route {self.route}, behind the guards of {self.like}"

    def sought(self) -> Sought:
        method, _, path = self.like.partition(" ")
        return Sought(f"the route {self.like}", f"router.{method}('{path}', ")


class AddHook(Operation, frozen=True):
    """Call a React hook at the top level of a component, below the statement that calls `after`.

    Without `after`: below the last hook that is called at the top level.
    """

    statement: Code = field(name="add_hook")
    function: Scope
    after: PatternText = ""

    def __str__(self) -> str:
        return f"call {self.statement.strip().rstrip(';')} in {self.function}"

    def sought(self) -> Sought:
        call = self.after or "the last hook"
        return Sought(f"{call} at the top level of {self.function}", self.after)


class AddProperty(Operation, frozen=True):
    """Add `name` or `name: value` to an object literal, named by what it is assigned to."""

    property: PropertyText = field(name="add_property")
    to: Scope

    def __str__(self) -> str:
        return f"add {self.property} to {self.to}"

    def sought(self) -> Sought:
        return Sought(f"the object literal that {self.to} is set to", f"{self.to} = {{")


class WrapValue(Operation, frozen=True):
    """Wrap what a variable, a property or `module.exports` is set to: `with: f($value)`."""

    name: Scope = field(name="wrap_value")
    template: Template = field(name="with")
    inside: Scope = ""

    def __str__(self) -> str:
        return f"wrap {self.name} in {_call(self.template)}"

    def sought(self) -> Sought:
        return Sought(f"what {self.name} is set to", f"{self.name} = ")


class WrapReturn(Operation, frozen=True):
    """Wrap what a function returns (its own returns, not those of functions inside it)."""

    function: Scope = field(name="wrap_return")
    template: Template = field(name="with")
    returns: Annotated[Count, says("How many returns with a value the function must have.")] = 1

    def __str__(self) -> str:
        return f"wrap what {self.function} returns in {_call(self.template)}"

    def sought(self) -> Sought:
        return Sought(f"what {self.function} returns", f"function {self.function}(")


class InsertBefore(Operation, frozen=True):
    """Find code by its syntax and put statements in front of it."""

    find: PatternText
    code: Code = field(name="insert_before")
    inside: Scope = ""

    def __str__(self) -> str:
        return f"insert {_first(self.code)} before {_first(self.find)}"

    def sought(self) -> Sought:
        return _found(self.find)


class InsertAfter(Operation, frozen=True):
    """Find code by its syntax and put statements behind it."""

    find: PatternText
    code: Code = field(name="insert_after")
    inside: Scope = ""

    def __str__(self) -> str:
        return f"insert {_first(self.code)} after {_first(self.find)}"

    def sought(self) -> Sought:
        return _found(self.find)


class Replace(Operation, frozen=True):
    """Find code by its syntax and write something else; `$name` stands for what it matched."""

    find: PatternText
    code: Replacement = field(name="replace")
    inside: Scope = ""

    def __str__(self) -> str:
        return f"replace {_first(self.find)} by {_first(self.code)}"

    def sought(self) -> Sought:
        return _found(self.find)


class AddModule(Operation, frozen=True):
    """Let an HTML page load a script that the patch adds, as the last of its modules.

    The file below `files/` gets eight digits of its SHA-256 into its name, since browsers keep
    what lies in `assets/`. An older line of the same script is replaced.
    """

    module: FilePath = field(name="add_module")
    leans_on: Annotated[
        tuple[str, ...], says("Words that the modules of the page must hold, or nothing is done.")
    ] = ()

    def __str__(self) -> str:
        return f"load {self.module}"

    def sought(self) -> Sought:
        return Sought('the one `</body>` of a page with one id="root"', "</body>")


class SetRevision(Operation, frozen=True):
    """Let a service worker know that a page has changed: give its entry another revision."""

    page: FilePath = field(name="set_revision")

    def __str__(self) -> str:
        return f"set the revision of {self.page}"

    def sought(self) -> Sought:
        entry = "{ url: 'index.html', revision: '…' }"
        return Sought(f"the entry of {self.page} in the list of what is kept", entry)


class Diff(Operation, frozen=True):
    """A unified diff of this one file: exact context, any offset, one place only.

    `diff_file` names a file with the diff, beside the definition.
    """

    text: DiffText = field(name="diff")

    def __str__(self) -> str:
        return "apply a diff"

    def sought(self) -> Sought:
        return parse_diff(self.text, "").sought()


class Applies(Struct, frozen=True):
    """The edit has its place: make these changes."""

    splices: tuple[Splice, ...]
    line: int
    """1-based line of the anchor."""


class Present(Struct, frozen=True):
    """What the edit wants is there already; nothing to do."""

    line: int


Result = Applies | Present


def verb_of(kind: type[Operation]) -> str:
    """The key that tells an operation: `add_import` for `AddImport`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def file_key_of(field: FieldInfo) -> str:
    """The key that may name a file with the text of the field; empty for none."""
    return f"{field.encode_name}_file" if form_of(field.type).name == "diff" else ""


_keys: dict[type[Any], Mapping[str, FieldInfo]] = {}


def keys_of(kind: type[Any]) -> Mapping[str, FieldInfo]:
    """The fields of a class by their YAML keys."""
    if kind not in _keys:
        _keys[kind] = {field.encode_name: field for field in fields(kind)}
    return _keys[kind]
