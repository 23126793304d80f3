"""Trees in memory, patches of one edit, and questions that many tests ask of a result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from patcher.code.splice import Splice
from patcher.code.syntax import Node, parse
from patcher.definition.patch import load
from patcher.model import (
    AddedFile,
    Change,
    Condition,
    Edit,
    Operation,
    Outcome,
    Patch,
    Place,
    Plan,
    Trait,
    Tree,
)
from patcher.plan.planner import plan

REPOSITORY = Path(__file__).parents[2]
FIXTURES = REPOSITORY / "fixtures"
ERAS = sorted(p for p in (FIXTURES / "eras").iterdir() if p.is_dir())
DEVIATIONS = sorted(p for p in (FIXTURES / "deviations").iterdir() if p.is_dir())
DYNAMIC_MODELS = load(REPOSITORY / "patches" / "dynamic-models")
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class MemoryTree:
    """A checkout that is a dictionary."""

    files: Mapping[str, bytes]

    def read(self, path: str) -> bytes | None:
        return self.files.get(path)

    def has_folder(self, path: str) -> bool:
        return any(name.startswith(path + "/") for name in self.files)


@dataclass(frozen=True)
class FailingTree(MemoryTree):
    """A checkout in which some paths cannot be read."""

    failures: Mapping[str, Exception] = field(default_factory=dict)

    def read(self, path: str) -> bytes | None:
        if path in self.failures:
            raise self.failures[path]
        return super().read(path)


def fixture(folder: Path) -> MemoryTree:
    """A fixture tree, read whole."""
    files = (p for p in folder.rglob("*") if p.is_file())
    return MemoryTree({p.relative_to(folder).as_posix(): p.read_bytes() for p in files})


def changed(tree: Tree, result: Plan) -> Mapping[str, bytes]:
    """The files that a plan changes, as they will be."""
    return {c.path: c.after for c in result.changes if c.after is not None}


def carried_out(tree: MemoryTree, result: Plan) -> MemoryTree:
    """The tree as it is once the plan has been carried out."""
    return MemoryTree({**tree.files, **changed(tree, result)})


def edit_of(operation: Operation, path: str, component: str = "all", when: str = "") -> Edit:
    return Edit(Place("patch.yaml", 1), path, component, operation, condition(when))


def condition(text: str) -> Condition | None:
    """`TRAIT`, `not TRAIT`, or an empty text for none."""
    words = text.split()
    return Condition(words[-1], wants=words[0] != "not") if words else None


def patch_of(
    *edits: Edit,
    name: str = "test",
    files: Iterable[AddedFile] = (),
    traits: Iterable[Trait] = (),
    components: Sequence[str] = ("all",),
) -> Patch:
    return Patch(
        id=name,
        title="A test",
        why="Tests need one.",
        librechat=">=0.7.0",
        components=dict.fromkeys(components, "everything"),
        traits={t.name: t for t in traits},
        edits=edits,
        expectations=(),
        examples=(),
        files=tuple(files),
        tested=(),
        digest="0" * 64,
        place=Place("patch.yaml", 1),
    )


def run(operation: Operation, path: str, source: bytes) -> tuple[Outcome, Change | None]:
    """Plan one edit of one file: the outcome, and the change unless there is none."""
    result = plan([patch_of(edit_of(operation, path))], MemoryTree({path: source}), ["all"])
    return result.outcomes[0], (result.changes[0] if result.changes else None)


def inverse(source: bytes, splices: Iterable[Splice]) -> list[Splice]:
    """The edits that lead from the result of `splices` back to `source`."""
    back, shift = [], 0
    for edit in sorted(splices, key=lambda s: (s.start, s.end)):
        start = edit.start + shift
        back.append(Splice(start, start + len(edit.text), source[edit.start : edit.end]))
        shift += len(edit.text) - (edit.end - edit.start)
    return back


def tokens(source: bytes) -> list[str]:
    """The code of a file as a list of words and signs: no comments, one kind of quotes."""
    module = parse(source)
    return [_token(module.text(leaf), leaf) for leaf in _leaves(module.root)]


def _leaves(node: Node) -> Iterator[Node]:
    stack = [node]
    while stack:
        current = stack.pop()
        if current.type == "comment":
            continue
        if not current.children:
            yield current
        stack.extend(reversed(current.children))


def _token(text: str, leaf: Node) -> str:
    return "'" if leaf.type == '"' else text


def is_subsequence(part: Sequence[str], whole: Iterable[str]) -> bool:
    """Whether `whole` holds all of `part` in order, with anything in between."""
    return first_missing(part, whole) is None


def first_missing(part: Sequence[str], whole: Iterable[str]) -> int | None:
    """Where in `part` the first item is that `whole` does not hold in order; None for nowhere."""
    rest = iter(whole)
    return next((place for place, item in enumerate(part) if item not in rest), None)
