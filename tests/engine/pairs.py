"""The pairs below `operations/`: what a file is, the edit, and what the file becomes.

`NAME.in.EXT`, `NAME.yaml` and `NAME.out.EXT` in the folder of the operation. Without `out` the
edit changes nothing, and the YAML says which outcome that is: `expect: already`, or
`expect: blocked` with the whole `reason:`. `restyle:` names the styles (`STYLES` in
`restyling`) in which the pair cannot be written, each with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from patcher.edits import OPERATIONS
from patcher.edits.operations import Diff, Replace, keys_of, verb_of
from patcher.model import Operation, State

FOLDER = Path(__file__).parent / "operations"
_EXPECTED = {"already": State.ALREADY, "blocked": State.BLOCKED}
_TEST_KEYS = frozenset({"expect", "reason", "restyle"})


@dataclass(frozen=True)
class Pair:
    """One case of one operation."""

    group: str
    name: str
    path: str
    source: bytes
    operation: Operation
    expected: bytes | None
    state: State
    reason: str
    unstyled: Mapping[str, str]
    """Styles of `restyling` in which it cannot be written, each with the reason."""

    def __str__(self) -> str:
        return f"{self.group}/{self.name}"

    @property
    def keeps_tokens(self) -> bool:
        """Whether every token of the original must be in the result.

        Only operations that take code away are named here; their pairs alone show what is left.
        """
        return not isinstance(self.operation, Replace | Diff)


def _operation(keys: dict[str, Any]) -> Operation:
    """The operation that YAML keys describe; an unknown key fails the test run."""
    (kind,) = (k for k in OPERATIONS if verb_of(k) in keys)
    fields = keys_of(kind)
    values = {fields[k].name: v for k, v in keys.items() if k not in _TEST_KEYS}
    names = values.get("names")
    if names is not None:
        values["names"] = tuple(names) if isinstance(names, list) else (names,)
    return kind(**values)


def _pair(definition: Path) -> Pair:
    name = definition.name.removesuffix(".yaml")
    (source,) = definition.parent.glob(f"{name}.in.*")
    out = source.with_name(f"{name}.out{source.suffix}")
    keys = yaml.safe_load(definition.read_bytes())
    return Pair(
        group=definition.parent.name,
        name=name,
        path=f"src/file{source.suffix}",
        source=source.read_bytes(),
        operation=_operation(keys),
        expected=out.read_bytes() if out.is_file() else None,
        state=State.APPLIES if out.is_file() else _EXPECTED[keys["expect"]],
        reason=keys.get("reason", ""),
        unstyled=keys.get("restyle", {}),
    )


PAIRS = tuple(map(_pair, sorted(FOLDER.glob("*/*.yaml"))))
POSITIVE = tuple(p for p in PAIRS if p.expected is not None)
NEGATIVE = tuple(p for p in PAIRS if p.expected is None)
