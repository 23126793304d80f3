"""librechat.yaml as LibreChat reads it: what is refused, and what values mean."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from patcher.definition.nodes import Unreadable
from patcher.definition.yaml import read_config
from patcher.doctor import config
from patcher.doctor.diagnosis import Severity
from tests.doctor.documents import FILE

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


UNREADABLE: Mapping[str, tuple[bytes, str, int]] = {
    "Latin-1": (b"version: 1\n# caf\xe9\n", "it is not UTF-8 text", 2),
    "a control character": (b"version: 1\na: \x01\n", "it holds a control character", 2),
    "a key twice": (b"a: 1\nb: 2\na: 3\n", "a key is given twice", 3),
    "a key twice further in": (b"a:\n  b: 1\n  b: 2\n", "a key is given twice", 3),
    "a tag of nobody's": (b"a: 1\nb: !mine 2\n", "a tag that YAML does not define", 2),
    "a tab in the indentation": (b"a:\n\tb: 1\n", "a tab stands in the indentation", 2),
    "brackets without end": (b"[" * 5000, "it is nested deeper than 100 levels", 1),
    "no such character": (b'a: 1\nb: "\\UFFFFFFFF"\n', "a number is out of range", 2),
    "nor this one": (b'a: 1\nb: "\\U0FFFFFFF"\n', "a number is out of range", 2),
    "a version without end": (b"%YAML 1." + b"1" * 5000, "a number is out of range", 1),
    "lines that end as on old machines": (b"a: [\rb: c\r: d", "expected", 3),
    "lines that end at U+0085": ("a: [\x85b: c\x85: d".encode(), "expected", 3),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_yaml_that_librechat_would_not_read(name: str) -> None:
    content, what, line = UNREADABLE[name]
    with pytest.raises(Unreadable, match=what) as caught:
        read_config(content)
    assert caught.value.line == line
    told = config.unreadable(FILE, caught.value)
    assert (told.code, told.severity, told.where) == ("yaml-invalid", ERROR, f"{FILE}:{line}")
    assert told.what == f"LibreChat cannot read it: {caught.value}"
    has_tab = "tab" in what
    assert caught.value.has_tab is has_tab
    assert told.fix == (
        f"sed -i 's/\\t/  /g' {FILE}, then look at line {line}"
        if has_tab
        else f"fix line {line} of {FILE}"
    )


def test_a_message_about_yaml_quotes_nothing_of_it() -> None:
    with pytest.raises(Unreadable) as caught:
        read_config(b"a: *sk-secret\n")
    assert "sk-secret" not in str(caught.value) and "…" in str(caught.value)


def test_yaml_has_a_largest_size() -> None:
    fill = b"#" + b"x" * (4 * 1024 * 1024 - 6)
    assert read_config(b"a: 1\n" + fill) is not None
    with pytest.raises(Unreadable, match="it is larger than 4 MiB"):
        read_config(b"a: 1\n" + fill + b"x")


def test_tabs_that_only_pyyaml_minds_are_taken() -> None:
    read = read_config(b"a:\tb\nc:\t\td\n" + b"".join(b"k%d:\t1\n" % n for n in range(196)))
    assert read is not None
    values = [v.text for k in ("a", "c") if (v := read.get(k))]
    assert values == ["b", "d"]
    with pytest.raises(Unreadable, match="it is full of tabs"):
        read_config(b"".join(b"k%d:\t1\n" % n for n in range(200)))


def test_keys_that_are_no_texts_do_no_harm() -> None:
    read = read_config(b"? [a]\n: 1\n? [a]\n: 2\nb: 3\n")
    assert read is not None and read.get("b") is not None
    assert read_config(b"&a { *a : 1 }") is not None


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_nothing_is_read_as_nothing(text: str) -> None:
    read = read_config(f"a: {text}\nb: 1\n".encode())
    assert read is not None and read.get("a") is None


@pytest.mark.parametrize(
    ("written", "text", "flag"),
    [
        ("true", None, True), ("True", None, True), ("TRUE", None, True),
        ("false", None, False), ("FALSE", None, False), ("yes", "yes", None), ("on", "on", None),
        ("'true'", "true", None), ("1", None, None), ("-1.5e3", None, None), ("0x1F", None, None),
        ("0o17", None, None), ("1_000", None, None), ("1.", None, None), (".5", None, None),
        ("1.2.3", "1.2.3", None), ("'1'", "1", None), ("a", "a", None), ("0x", "0x", None),
    ],
)  # fmt: skip
def test_values_are_read_as_js_yaml_reads_them(
    written: str, text: str | None, flag: bool | None
) -> None:
    read = read_config(f"a: {written}\n".encode())
    value = read and read.get("a")
    assert value is not None
    assert (value.text, value.flag) == (text, flag)
    assert value.items is None and not value.is_mapping


def test_what_is_written_here_goes_before_what_is_merged_and_the_first_source_first() -> None:
    read = read_config(
        b"one: &one { a: 1st, b: 1st }\ntwo: &two { b: 2nd, c: 2nd }\n"
        b"d:\n  <<: [*one, *two]\n  a: own\n"
    )
    assert read is not None
    found = {k: v.text for k in "abc" if (v := read.get("d", k))}
    assert found == {"a": "own", "b": "1st", "c": "2nd"}
    assert read.get("d", "x") is None and read.get("d", "a", "b") is None


@pytest.mark.parametrize(("depth", "found"), [(0, True), (1, True), (16, True), (17, False)])
def test_merges_are_followed_so_far_and_no_further(depth: int, found: bool) -> None:
    text = "m0: &m0 { a: b }\n"
    text += "".join(f"m{n}: &m{n} {{ <<: *m{n - 1} }}\n" for n in range(1, depth + 1))
    read = read_config(text.encode())
    assert read is not None
    assert (read.get(f"m{depth}", "a") is not None) is found


def test_a_merge_of_itself_ends() -> None:
    read = read_config(b"a: &a { <<: *a, b: 1 }\n")
    assert read is not None and read.get("a", "c") is None
