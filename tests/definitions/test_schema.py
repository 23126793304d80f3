"""The published JSON Schema: fresh, valid for what is shipped, and as strict as `load`."""

from __future__ import annotations

import importlib
import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from patcher.definition.decode import VERBS
from patcher.definition.patch import load
from patcher.definition.schema import as_text
from patcher.errors import BadDefinition
from tests.conftest import PROJECT

from . import hostile_edits, hostile_yaml
from .support import COUNTS, Wrong, patch

# Imported by name: its type stubs are a package of their own.
jsonschema: Any = importlib.import_module("jsonschema")
PUBLISHED = PROJECT / "patches" / "patch.schema.json"
SHIPPED = sorted((PROJECT / "patches").glob("*/patch.yaml"))
VALIDATOR = jsonschema.Draft7Validator(json.loads(PUBLISHED.read_bytes()))


class _EditorsLoader(yaml.SafeLoader):
    """YAML 1.2, as editors read it: `on`, `no` and dates are texts."""


_EditorsLoader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_EditorsLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def accepts(text: bytes) -> bool:
    return bool(VALIDATOR.is_valid(yaml.load(text, Loader=_EditorsLoader)))


def test_the_published_file_is_what_the_classes_give() -> None:
    is_fresh = PUBLISHED.read_text(encoding="utf-8") == as_text()
    assert is_fresh, "run `python -m patcher.definition.schema > patches/patch.schema.json`"


def test_the_module_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(PROJECT / "patcher/definition/schema.py"), run_name="__main__")
    assert capsys.readouterr().out == as_text()


def test_it_is_a_schema_and_every_key_is_described() -> None:
    jsonschema.Draft7Validator.check_schema(VALIDATOR.schema)
    missing = [path for path, part in _properties(VALIDATOR.schema) if "description" not in part]
    assert missing == []


@pytest.mark.parametrize("definition", SHIPPED, ids=lambda path: path.parent.name)
def test_shipped_definitions_are_valid_and_point_to_it(definition: Path) -> None:
    text = definition.read_bytes()
    assert text.startswith(b"# yaml-language-server: $schema=../patch.schema.json\n")
    assert (definition.parent / "../patch.schema.json").resolve() == PUBLISHED
    errors = [e.message for e in VALIDATOR.iter_errors(yaml.load(text, Loader=_EditorsLoader))]
    assert errors == []


BEYOND_A_SCHEMA = {
    # How YAML is written, which an editor's schema never sees.
    "anchor without alias", "anchor on a key", "merge key", "tag on a key", "key twice",
    "nested key twice", "component twice", "key once quoted, once not", "alias bomb",
    "harmless tag", "no as title", "date as title", "schema with a fraction", "UTF-16",
    # Names that must agree with others, or with the folder.
    "whole diff that is not there", "patch that needs itself", "patch after itself",
    "id of another folder", "component that is not there", "component that is not named",
    "file of no component", "trait that is not there", "expectation for an unknown trait",
    "example of an edit that is not there", "export of all from nowhere", "export of all and more",
    "replace with an unknown hole", "neither edits nor files", "empty components",
    # Names of files that some system does not take.
    "path with a blank at the end of a name", "path with a dot at the end of a name",
    "path with a device's name", "path with a name of 300 characters", "path into .git",
    "path of 2,000 characters", "path into .GIT", "path into the state folder",
    # Sizes.
    "1,000 levels in brackets", "200 files",
    # Whether code parses.
    "handler that is a statement", "handler that does not parse", "handler that is empty",
    "hook that does not parse", "property that is no name", "property with a broken value",
    "wrap without $value", "wrap with $value twice", "wrap with another hole",
    "wrap that does not parse", "find that does not parse", "find that is empty",
    "find that is a comment", "find that matches everything", "find with many holes",
    "find with three gaps in a list", "find with a thousand brackets",
    "find with a thousand items", "find with a thousand sums", "find with a million characters",
    "find with 8,000 brackets left open", "find with a regular expression",
    "code that does not parse", "code with a hole", "range that is none",
    "trait with a pattern that does not parse", "expectation with a broken pattern",
}  # fmt: skip
"""Refused by `load` alone, and why a schema cannot."""


def _parseable(cases: Iterator[Wrong], parent: Path) -> Iterator[tuple[str, bytes]]:
    for number, case in enumerate(cases):
        folder = parent / str(number)
        folder.mkdir()
        case.build(folder)
        text = (folder / "own/patch.yaml").read_bytes()
        if len(text) > 100_000 or case.is_parsers:
            continue
        try:
            yaml.load(text, Loader=_EditorsLoader)
        except (yaml.YAMLError, RecursionError, ValueError):
            continue
        yield case.name, text


def test_it_refuses_what_load_refuses(tmp_path: Path) -> None:
    cases = [*hostile_yaml.cases(), *hostile_edits.cases()]
    texts = list(_parseable(iter(cases), tmp_path))
    passed = {name for name, text in texts if accepts(text)}
    assert passed <= BEYOND_A_SCHEMA, "let the schema refuse it, or say here why it cannot"
    assert {case.name for case in cases} >= BEYOND_A_SCHEMA
    COUNTS["wrong definitions that the JSON Schema refuses too"] = len(texts) - len(passed)


def test_every_verb_has_a_definition() -> None:
    for verb in VERBS:
        assert verb in EVERY_KEY, f"_EDITS in tests/definitions/test_schema.py wants `{verb}`"


def test_it_accepts_every_key_that_load_accepts(tmp_path: Path) -> None:
    for name, text in EVERY_KEY.items():
        folder = tmp_path / name
        folder.mkdir()
        load(patch(folder, text, {"change.diff": DIFF, "files/api/page.js": "a();\n"}))
        assert accepts(text.encode()), name


def test_a_key_of_the_schema_is_a_key_of_load(tmp_path: Path) -> None:
    """A key that `load` does not know would be refused by it as such, whatever its value."""
    for path, _ in _properties(VALIDATOR.schema):
        key = path.rpartition(".")[2]
        assert key in KNOWN, f"no definition of EVERY_KEY in this file has `{key}` ({path})"


def _properties(schema: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, part in schema.get("properties", {}).items():
        yield f"{path}.{name}", part
        yield from _properties(part, f"{path}.{name}")
        yield from _properties(part.get("additionalProperties") or {}, f"{path}.{name}.*")
        for one in (part.get("items") or {}).get("oneOf", [part.get("items") or {}]):
            yield from _properties(one, f"{path}.{name}[]")


DIFF = """\
--- a/api/a.js
+++ b/api/a.js
@@ -1 +1 @@
-a
+b
"""
_START = """\
schema: 1
id: own
title: Everything
why: |
  Two lines
  of reason.
librechat: ">=0.7.0, <0.9"
components: {backend: the server, extra: more}
traits:
  modern: {in: api/a.js, has: "const a = make($...options)"}
expect:
  - {in: api/a.js, component: extra, when: not modern, inside: f.g, has: a(), before: b(), why: so}
examples:
  - {title: One, edit: 1, before: a, after: b}
  - {edit: 1, before: b}
edits:
  - in: [api/a.js, api/b.js]
    component: extra
    when: modern
    """
_EDITS = {
    "add_import": (
        "add_import: [a, b as c, default as d, '* as e']\n    from: '@scope/x'\n    type: true"
    ),
    "add_export": "add_export: '*'\n    from: ./a",
    "add_export without from": "add_export: a",
    "add_route": "add_route: post /a/:b\n    like: get /\n    handler: '[one, two]'",
    "add_hook": "add_hook: const a = useA()\n    function: Root\n    after: useB()",
    "add_property": "add_property: 'a: () => 1'\n    to: module.exports",
    "wrap_value": "wrap_value: module.exports\n    with: f($value)\n    inside: g",
    "wrap_return": "wrap_return: f\n    with: await g($value)\n    returns: 2",
    "insert_before": "find: a($...x, b, $...y)\n    inside: f\n    insert_before: b()",
    "insert_after": "find: a\n    insert_after: 'export const b = 1;'",
    "add_module": "add_module: api/page.js\n    leans_on: [one, two]",
    "set_revision": "set_revision: api/page.html",
    "replace": "find: a($x)\n    replace: b($x)",
}
"""An edit for each verb; every key of an operation stands in one of them."""
EVERY_KEY = {name: f"{_START}{edit}\n" for name, edit in _EDITS.items()}
EVERY_KEY["diff_file"] = (
    _START.replace("[api/a.js, api/b.js]", "api/a.js") + "diff_file: change.diff\n"
)
EVERY_KEY["diff"] = _START.replace("[api/a.js, api/b.js]", "api/a.js") + "diff: |\n" + "".join(
    f"      {line}\n" for line in DIFF.splitlines()
)  # fmt: skip

EVERY_KEY["diffs"] = _START.partition("examples:")[0] + (
    "diffs:\n  - {file: change.diff, component: extra, when: modern}\n"
    "needs: other\nafter: [one, two]\n"
)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _keys(inner)
    for entry in value if isinstance(value, list) else ():
        yield from _keys(entry)


KNOWN = {k for text in EVERY_KEY.values() for k in _keys(yaml.load(text, Loader=_EditorsLoader))}


def test_load_refuses_every_key_elsewhere(tmp_path: Path) -> None:
    folder = patch(tmp_path, EVERY_KEY["add_export"].replace("title: Everything", "x: y"))
    with pytest.raises(BadDefinition):
        load(folder)
