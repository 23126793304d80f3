"""Every operation on the pairs below `operations/`: see `pairs` for how they are written."""

from __future__ import annotations

from collections import Counter

import pytest

from patcher.code.splice import Splice, splice
from patcher.code.syntax import parse, parse_edited, problems
from patcher.diffs.places import apply_diff
from patcher.edits import OPERATIONS, SYNTAX_EDITS, Applies
from patcher.edits.operations import AddModule, SetRevision, verb_of
from patcher.model import State

from .pairs import FOLDER, NEGATIVE, PAIRS, POSITIVE, Pair
from .support import first_missing, inverse, run, tokens

ON_BUILT_OUTPUT = (AddModule, SetRevision)
"""Not of one file of code: their pairs are pages, in test_built_page.py."""

positive = pytest.mark.parametrize("pair", POSITIVE, ids=str)
negative = pytest.mark.parametrize("pair", NEGATIVE, ids=str)


@positive
def test_edit_gives_the_expected_bytes(pair: Pair) -> None:
    outcome, change = run(pair.operation, pair.path, pair.source)
    assert outcome.reason == ""
    assert outcome.state is State.APPLIES
    assert change is not None
    assert change.after is not None
    assert change.after.decode() == (pair.expected or b"").decode()


@positive
def test_result_has_no_syntax_error(pair: Pair) -> None:
    assert problems(parse(pair.expected or b"")) == []


@positive
def test_second_run_changes_nothing(pair: Pair) -> None:
    outcome, change = run(pair.operation, pair.path, pair.expected or b"")
    assert (outcome.state, change) == (State.ALREADY, None), outcome.reason


@positive
def test_undoing_the_splices_gives_the_original(pair: Pair) -> None:
    if type(pair.operation) in SYNTAX_EDITS:
        result = SYNTAX_EDITS[type(pair.operation)](parse(pair.source), pair.operation)
        assert isinstance(result, Applies)
        splices = result.splices
    else:
        splices, _ = apply_diff(pair.source, getattr(pair.operation, "text", ""), pair.path)
    assert splice(pair.expected or b"", inverse(pair.source, splices)) == pair.source


@positive
def test_parsing_only_what_changed_gives_the_same_tree(pair: Pair) -> None:
    if type(pair.operation) in SYNTAX_EDITS:
        before = parse(pair.source)
        result = SYNTAX_EDITS[type(pair.operation)](before, pair.operation)
        assert isinstance(result, Applies)
        # Two bytes that `parse` has not seen, so that neither tree comes from its memory.
        after = (pair.expected or b"") + b"\n\n"
        anew = parse(after + b"\n")
        edits = [*result.splices, Splice(len(pair.source), len(pair.source), b"\n\n")]
        assert str(parse_edited(before, edits, after).root) == str(anew.root)


@positive
def test_code_that_was_there_is_still_there_in_order(pair: Pair) -> None:
    if pair.keeps_tokens:
        wanted, result = tokens(pair.source), (pair.expected or b"")
        lost = first_missing(wanted, tokens(result))
        assert lost is None, (
            f"`{wanted[lost]}` of `{' '.join(wanted[max(lost - 5, 0) : lost + 1])}` is lost in the "
            f"result of {pair}:\n{result.decode()}\nIf the operation is meant to take code away, "
            "name it in `keeps_tokens` in tests/engine/pairs.py."
        )


@negative
def test_edit_changes_nothing_and_says_why(pair: Pair) -> None:
    outcome, change = run(pair.operation, pair.path, pair.source)
    assert (outcome.state, outcome.reason) == (pair.state, pair.reason)
    assert change is None


def test_every_operation_is_refused_as_often_as_it_is_shown() -> None:
    shown = Counter(p.group for p in POSITIVE)
    refused = Counter(p.group for p in NEGATIVE)
    assert set(shown) | set(refused) <= {verb_of(kind) for kind in OPERATIONS}
    for group in (verb_of(kind) for kind in OPERATIONS if kind not in ON_BUILT_OUTPUT):
        assert shown[group] > 0, f"tests/engine/operations/{group}/ has no pair that applies"
        assert refused[group] >= shown[group], (
            f"tests/engine/operations/{group}/ has {shown[group]} pairs with an `out` and "
            f"{refused[group]} without: show at least as many cases in which nothing changes"
        )
    print(f"\npairs: {len(POSITIVE)} that apply, {len(NEGATIVE)} that change nothing")


def test_every_file_of_the_folder_belongs_to_a_pair() -> None:
    known = {f"{p.group}/{p.name}" for p in PAIRS}
    for path in FOLDER.glob("*/*"):
        assert f"{path.parent.name}/{path.name.split('.')[0]}" in known, path
