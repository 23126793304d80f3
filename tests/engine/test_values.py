"""`values.dataclass` beside the standard one: the same behaviour, for all that we use of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from patcher import values


def _classes(decorate: Callable[..., Any]) -> tuple[Any, Any]:
    @decorate(frozen=True)
    class Point:
        x: int
        y: int = 2
        tags: list[str] = dataclasses.field(default_factory=list)
        note: str = dataclasses.field(default="-", metadata={"unit": "mm"})
        seen: list[str] = dataclasses.field(default_factory=list, repr=False, compare=False)

    @decorate
    class Draft:
        made: dict[str, int] = dataclasses.field(default_factory=dict)

    return Point, Draft


Point, Draft = _classes(values.dataclass)
StandardPoint, StandardDraft = _classes(dataclasses.dataclass)

CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((1,), {}),
    ((), {"x": 1}),
    ((1, 3), {"tags": ["a"]}),
    ((1, 3, [], "n"), {}),
    ((1,), {"note": "n", "y": 0}),
    ((), {}),
    ((), {"y": 1}),
    ((1,), {"x": 1}),
    ((1, 2), {"y": 2}),
    ((1,), {"z": 1}),
    ((1, 2, [], "n", 5), {}),
    ((1, 2, [], "n"), {"z": 5}),
    ((1, 2, []), {"note": "n", "z": 5}),
    ((), {"y": 1, "tags": [], "note": "n", "z": 5}),
    ((), {"y": 1, "tags": [], "note": "n", "seen": [], "z": 5}),
    ((1, 2, [], "n", [], 6), {}),
    ((1, 2, [], "n", []), {"seen": []}),
]


@pytest.mark.parametrize(("given", "named"), CALLS)
def test_takes_and_refuses_what_the_standard_one_does(
    given: tuple[Any, ...], named: dict[str, Any]
) -> None:
    try:
        expected = dataclasses.asdict(StandardPoint(*given, **named))
    except TypeError:
        with pytest.raises(TypeError, match="Point"):
            Point(*given, **named)
    else:
        assert dataclasses.asdict(Point(*given, **named)) == expected


def test_a_default_is_made_anew_for_each() -> None:
    Point(1).tags.append("a")
    assert Point(1).tags == []


def test_equal_by_content_and_by_class() -> None:
    assert Point(1, tags=("a",)) == Point(x=1, y=2, tags=("a",))
    assert Point(1) != Point(2)
    assert Draft() != Point(1)
    assert hash(Point(1, tags=())) == hash(Point(1, tags=()))


def test_what_is_not_to_be_compared_or_shown_is_neither() -> None:
    one, other = Point(1, tags=(), seen=["a"]), Point(1, tags=(), seen=["b"])
    assert one == other
    assert hash(one) == hash(other)
    assert "seen" not in repr(one)


def test_a_frozen_one_cannot_be_changed() -> None:
    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del point.x
    assert point.x == 1


def test_one_that_is_not_frozen_can() -> None:
    draft = Draft()
    draft.made = {"a": 1}
    assert draft == Draft({"a": 1})


def test_says_what_it_is() -> None:
    assert repr(Point(1)) == "Point(x=1, y=2, tags=[], note='-')"


def test_matches_by_position() -> None:
    match Point(1, 5):
        case Point(x, y):
            assert (x, y) == (1, 5)
        case _:
            pytest.fail("no match")


def test_the_standard_library_finds_the_same_fields() -> None:
    for own, standard in ((Point, StandardPoint), (Draft, StandardDraft)):
        assert dataclasses.is_dataclass(own)
        assert [_told(f) for f in dataclasses.fields(own)] == [
            _told(f) for f in dataclasses.fields(standard)
        ]


def _told(field: dataclasses.Field[Any]) -> tuple[Any, ...]:
    return (field.name, field.type, field.default, field.default_factory, dict(field.metadata))


def test_replace_makes_another() -> None:
    point = Point(1, tags=["a"])
    assert dataclasses.replace(point, y=5) == Point(1, 5, ["a"])
    assert point.y == 2


@pytest.mark.parametrize(
    ("given", "named", "told"),
    [
        ((), {}, "Point needs `x`"),
        ((), {"y": 1}, "Point needs `x`"),
        ((1, 2, [], "n", [], 6), {}, "Point takes 5 values, not 6"),
        ((1,), {"x": 1}, "Point takes `x` once, if at all"),
        ((1, 2), {"note": "n", "y": 2}, "Point takes `y` once, if at all"),
        ((1,), {"z": 1}, "Point takes `z` once, if at all"),
    ],
)
def test_what_is_wrong_is_named(given: tuple[Any, ...], named: dict[str, Any], told: str) -> None:
    with pytest.raises(TypeError) as caught:
        Point(*given, **named)
    assert str(caught.value) == told


def test_what_a_frozen_one_refuses_is_named() -> None:
    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError, match=r"^cannot assign to field 'x'$"):
        point.x = 2
    with pytest.raises(dataclasses.FrozenInstanceError, match=r"^cannot delete field 'x'$"):
        del point.x
