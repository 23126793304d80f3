"""Edits, traits, expectations and examples that must be refused: each, and the whole message."""

# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator

from patcher.definition.decode import VERBS

from .support import EDIT, HEAD, MINIMAL, Wrong, folder_of

_HOLES = ", ".join(f"$...h{n}" for n in range(40))
_PATHS = {
    "path with ..": (
        "api/../../etc/passwd",
        "patch.yaml:9: `in` must be a plain path inside the checkout, not `api/../../etc/passwd`",
    ),
    "path that is ..": (
        "..",
        "patch.yaml:9: `in` must be a plain path inside the checkout, not `..`",
    ),
    "path with . in it": (
        "api/./server/index.js",
        "patch.yaml:9: `in` must be a plain path inside the checkout, not `api/./server/index.js`",
    ),
    "absolute path": (
        "/etc/passwd",
        "patch.yaml:9: `in` must be a plain path inside the checkout, not `/etc/passwd`",
    ),
    "path with a drive letter": (
        "C:/Windows/win.ini",
        "patch.yaml:9: `in` must be a plain path inside the checkout, not `C:/Windows/win.ini`",
    ),
    "path with a backslash": (
        "api\\server\\index.js",
        "patch.yaml:9: `in` must be a plain path inside the checkout, not `api\\server\\index.js`",
    ),
    "path on another machine": (
        "//server/share",
        "patch.yaml:9: `in` must be a plain path inside the checkout, not `//server/share`",
    ),
    "path with a stream": (
        "api/index.js:hidden",
        "patch.yaml:9: `in` must be a plain path inside the checkout, not `api/index.js:hidden`",
    ),
    "path with a trailing slash": (
        "api/server/",
        "patch.yaml:9: `in` must be a plain path inside the checkout, not `api/server/`",
    ),
    "path with a blank at the end of a name": (
        "api /index.js",
        "patch.yaml:9: `in` names `api /index.js`, which not every system takes as a file's name",
    ),
    "path with a dot at the end of a name": (
        "api./index.js",
        "patch.yaml:9: `in` names `api./index.js`, which not every system takes as a file's name",
    ),
    "path with a device's name": (
        "api/NUL.js",
        "patch.yaml:9: `in` names `api/NUL.js`, which not every system takes as a file's name",
    ),
    "path with a star": (
        "api/*.js",
        "patch.yaml:9: `in` must be a plain path inside the checkout, not `api/*.js`",
    ),
    "path with a name of 300 characters": (
        "api/" + "a" * 300,
        "patch.yaml:9: `in` names `api/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…`, which not every system takes as a file's name",
    ),
    "path of 2,000 characters": (
        "api/" + "a/" * 998 + "b",
        "patch.yaml:9: `in` names `api/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/…`, which not every system takes as a file's name",
    ),
    "path into .git": (
        ".git/hooks/post-checkout",
        "patch.yaml:9: `in` names `.git/hooks/post-checkout`, which belongs to git or to librechat-patcher",
    ),
    "path into .GIT": (
        "api/.GIT/config",
        "patch.yaml:9: `in` names `api/.GIT/config`, which belongs to git or to librechat-patcher",
    ),
    "path into the state folder": (
        ".librechat-patcher/runs/x",
        "patch.yaml:9: `in` names `.librechat-patcher/runs/x`, which belongs to git or to librechat-patcher",
    ),
    "empty path": ("", "patch.yaml:9: `in` must be a plain path inside the checkout, not ``"),
    "path with a line break": (
        "api\\nindex.js",
        "patch.yaml:9: `in` must be a plain path inside the checkout, not `api`",
    ),
}

_EDITS = {
    "no verb": ("in: api/a.js", "patch.yaml:9: the edit does nothing; it needs one of " + ", ".join(VERBS)),
    "unknown verb": ("in: api/a.js\nadd_imports: a\nfrom: ./a", "patch.yaml:10: `add_imports` is not something an edit does; did you mean `add_import`?"),
    "verb of another tool": ("in: api/a.js\nregex: a+", "patch.yaml:10: `regex` is not something an edit does: " + ", ".join(sorted(VERBS))),
    "two verbs": ("in: api/a.js\nadd_import: a\nadd_export: b\nfrom: ./a", "patch.yaml:11: `add_export` is one thing too many: an edit does one, this has `add_import` and `add_export`"),
    "find with two verbs": ("in: api/a.js\nfind: a()\ninsert_after: b()\nreplace: c()", "patch.yaml:12: `replace` is one thing too many: an edit does one, this has `insert_after` and `replace`"),
    "diff twice": ("in: api/a.js\ndiff: x\ndiff_file: y", "patch.yaml:11: `diff_file` is one thing too many: an edit does one, this has `diff` and `diff_file`"),
    "key of another verb": ("in: api/a.js\nadd_import: a\nfrom: ./a\nafter: b()", "patch.yaml:12: `after` is not a key that belongs here: add_import, component, from, in, type, when"),
    "misspelt key": ("in: api/a.js\nadd_import: a\nform: ./a", "patch.yaml:11: `form` is not a key that belongs here; did you mean `from`?"),
    "missing key": ("in: api/a.js\nadd_import: a", "patch.yaml:9: `from` is missing"),
    "no file": ("add_import: a\nfrom: ./a", "patch.yaml:9: `in` is missing"),
    "empty list of files": ("in: []\nadd_import: a\nfrom: ./a", "patch.yaml:9: `in` must be a text or a list of texts; the list is empty"),
    "list with a number": ("in: [api/a.js, 1]\nadd_import: a\nfrom: ./a", "patch.yaml:9: `in` must be a text or a list of texts; it has a number"),
    "file named twice": ("in: [api/a.js, api/a.js]\nadd_import: a\nfrom: ./a", "patch.yaml:9: `in` names the same thing twice"),
    "200 files": ("in: [" + ", ".join(f"api/{n}.js" for n in range(200)) + "]\nadd_import: a\nfrom: ./a", "patch.yaml:9: `in` has 200 texts; 100 are allowed"),
    "component that is not there": ("in: api/a.js\ncomponent: backnd\nadd_import: a\nfrom: ./a", "patch.yaml:10: `component` names `backnd`, which `components` lacks; did you mean `backend`?"),
    "component that is not named": ("in: client/src/a.ts\nadd_import: a\nfrom: ./a", "patch.yaml:9: `in` names client/src/a.ts of `client`, which `components` lacks: backend"),
    "file of no component": ("in: docs/a.js\nadd_import: a\nfrom: ./a", "patch.yaml:9: `in` names docs/a.js, which is in no known component; say which: `component: …`"),
    "trait that is not there": ("in: api/a.js\nwhen: natve\nadd_import: a\nfrom: ./a", "patch.yaml:10: `when` names no trait: `natve`; `traits` has none"),
    "trait with a number": ("in: api/a.js\nwhen: 1\nadd_import: a\nfrom: ./a", "patch.yaml:10: `when` must be a text, not a number; put it in quotes"),
    "condition": ("in: api/a.js\nwhen: native and other\nadd_import: a\nfrom: ./a", "patch.yaml:10: `when` must be a trait's name, or `not NAME`, not `native and other`"),
    "import of no name": ("in: api/a.js\nadd_import: 'a; evil()'\nfrom: ./a", "patch.yaml:10: `add_import` must be `name`, `name as other`, `default as name` or `* as name`, not `a; evil()`"),
    "import of default": ("in: api/a.js\nadd_import: default\nfrom: ./a", "patch.yaml:10: `add_import` must be `name`, `name as other`, `default as name` or `* as name`, not `default`"),
    "import from code": ("in: api/a.js\nadd_import: a\nfrom: \"./a'); evil('\"", "patch.yaml:11: `from` must be a module such as `~/hooks`, not `./a'); evil('`"),
    "import of a name twice": ("in: api/a.js\nadd_import: [a, a]\nfrom: ./a", "patch.yaml:10: `add_import` names the same thing twice"),
    "type is yes": ("in: api/a.js\nadd_import: a\nfrom: ./a\ntype: yes", "patch.yaml:12: `type` must be true or false, not `yes`"),
    "type is a text": ("in: api/a.js\nadd_import: a\nfrom: ./a\ntype: 'true'", "patch.yaml:12: `type` must be true or false, not a text"),
    "export of all and more": ("in: api/a.js\nadd_export: ['*', a]\nfrom: ./a", "patch.yaml:10: `add_export` names `*` and more; `*` is all"),
    "export of all from nowhere": ("in: api/a.js\nadd_export: '*'", "patch.yaml:10: `add_export` names `*`, so `from` is needed"),
    "route without a path": ("in: api/a.js\nadd_route: post\nlike: get /\nhandler: h", "patch.yaml:10: `add_route` must be a method and a path such as `post /fetch`, not `post`"),
    "route with another method": ("in: api/a.js\nadd_route: fetch /x\nlike: get /\nhandler: h", "patch.yaml:10: `add_route` must be a method and a path such as `post /fetch`, not `fetch /x`"),
    "route with a quote": ("in: api/a.js\nadd_route: \"post /x'\"\nlike: get /\nhandler: h", "patch.yaml:10: `add_route` must be a method and a path such as `post /fetch`, not `post /x'`"),
    "handler that is a statement": ("in: api/a.js\nadd_route: post /x\nlike: get /\nhandler: h); evil(", "patch.yaml:12: `handler` is more than one expression: `h); evil(`"),
    "handler that does not parse": ("in: api/a.js\nadd_route: post /x\nlike: get /\nhandler: 'h ('", "patch.yaml:12: `handler` is no expression: `h (`"),
    "handler that is empty": ("in: api/a.js\nadd_route: post /x\nlike: get /\nhandler: ' '", "patch.yaml:12: `handler` is no expression: ``"),
    "hook that does not parse": ("in: api/a.js\nadd_hook: use(\nfunction: Root", "patch.yaml:10: `add_hook` is not a statement, an expression or a piece of an object literal: `use(`"),
    "function that is no name": ("in: api/a.js\nadd_hook: useA()\nfunction: function Root()", "patch.yaml:11: `function` must be a name such as `Root` or `module.exports`, not `function Root()`"),
    "property that is no name": ("in: api/a.js\nadd_property: ...all\nto: module.exports", "patch.yaml:10: `add_property` is neither `name` nor `name: value`: `...all`"),
    "property with a broken value": ("in: api/a.js\nadd_property: 'a: ('\nto: module.exports", "patch.yaml:10: `add_property` is no expression: `(`"),
    "wrap without $value": ("in: api/a.js\nwrap_value: a\nwith: f(a)", "patch.yaml:11: `with` must say once where `$value` goes, and have no other hole"),
    "wrap with $value twice": ("in: api/a.js\nwrap_value: a\nwith: f($value, $value)", "patch.yaml:11: `with` must say once where `$value` goes, and have no other hole"),
    "wrap with another hole": ("in: api/a.js\nwrap_value: a\nwith: f($value, $x)", "patch.yaml:11: `with` must say once where `$value` goes, and have no other hole"),
    "wrap that does not parse": ("in: api/a.js\nwrap_return: a\nwith: f($value", "patch.yaml:11: `with` is no expression: `f(value`"),
    "wrap of no returns": ("in: api/a.js\nwrap_return: a\nwith: f($value)\nreturns: 0", "patch.yaml:12: `returns` must be 1 or more"),
    "returns is a text": ("in: api/a.js\nwrap_return: a\nwith: f($value)\nreturns: two", "patch.yaml:12: `returns` must be a number, not a text"),
    "find that does not parse": ("in: api/a.js\nfind: 'if ('\ninsert_after: b()", "patch.yaml:10: `find` is not a statement, an expression or a piece of an object literal: `if (`"),
    "find that is empty": ("in: api/a.js\nfind: ''\ninsert_after: b()", "patch.yaml:10: `find` is not a statement, an expression or a piece of an object literal: ``"),
    "find that is a comment": ("in: api/a.js\nfind: // here\ninsert_after: b()", "patch.yaml:10: `find` is not a statement, an expression or a piece of an object literal: `// here`"),
    "find that matches everything": ("in: api/a.js\nfind: $x\ninsert_after: b()", "patch.yaml:10: `find` has nothing to look for: `$x` matches everything"),
    "find with many holes": (f"in: api/a.js\nfind: f({_HOLES})\ninsert_after: b()", "patch.yaml:10: `find` has 40 `$...` in one list; 2 can be compared"),
    "find with three gaps in a list": ("in: api/a.js\nfind: f($...a, x, $...b, y, $...c)\nreplace: g()", "patch.yaml:10: `find` has 3 `$...` in one list; 2 can be compared"),
    "find with a thousand brackets": (f"in: api/a.js\nfind: {'(' * 3}f{'([' * 500}x{'])' * 500}{')' * 3}\ninsert_after: b()", "patch.yaml:10: `find` is too long or too deeply nested to be compared"),
    "find with a thousand items": (f"in: api/a.js\nfind: f({'a, ' * 1000}a)\ninsert_after: b()", "patch.yaml:10: `find` is too long or too deeply nested to be compared"),
    "find with a thousand sums": (f"in: api/a.js\nfind: a{' + a' * 1000}\ninsert_after: b()", "patch.yaml:10: `find` is too long or too deeply nested to be compared"),
    "find with a million characters": (f"in: api/a.js\nfind: {'a' * 1_000_000}\ninsert_after: b()", "patch.yaml:10: `find` has 1,000,000 characters; 8,000 can be compared"),
    "find with 8,000 brackets left open": (f"in: api/a.js\nfind: f{'(' * 7_990}\ninsert_after: b()", "patch.yaml:10: `find` is not a statement, an expression or a piece of an object literal: `f(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((…`"),
    "find with a regular expression": ("in: api/a.js\nfind: /(a+)+$/ +\ninsert_after: b()", "patch.yaml:10: `find` is not a statement, an expression or a piece of an object literal: `/(a+)+$/ +`"),
    "code that does not parse": ("in: api/a.js\nfind: a()\ninsert_after: 'b('", "patch.yaml:11: `insert_after` is not a statement, an expression or a piece of an object literal: `b(`"),
    "code with a hole": ("in: api/a.js\nfind: a($x)\ninsert_before: b($x)", "patch.yaml:11: `insert_before` has the hole `$x`; only `find`, `has` and `replace` have holes"),
    "replace with an unknown hole": ("in: api/a.js\nfind: a($x)\nreplace: b($y)", "patch.yaml:11: `replace` has the hole `$y`, which is not in `find`"),
    "inside that is code": ("in: api/a.js\ninside: f()\nfind: a()\nreplace: b()", "patch.yaml:10: `inside` must be a name such as `Root` or `module.exports`, not `f()`"),
    "code that is a list": ("in: api/a.js\nfind: a()\ninsert_after: [b(), c()]", "patch.yaml:11: `insert_after` must be a text, not a list"),
}  # fmt: skip

_SECTIONS = {
    "trait without has": ("traits:\n  native:\n    in: api/a.js", "patch.yaml:14: `has` is missing"),
    "trait with an unknown key": ("traits:\n  native:\n    in: api/a.js\n    hass: a()", "patch.yaml:15: `hass` is not a key that belongs here; did you mean `has`?"),
    "trait with a pattern that does not parse": ("traits:\n  native:\n    in: api/a.js\n    has: 'a('", "patch.yaml:15: `has` is not a statement, an expression or a piece of an object literal: `a(`"),
    "trait that leaves the checkout": ("traits:\n  native:\n    in: ../a.js\n    has: a()", "patch.yaml:14: `in` must be a plain path inside the checkout, not `../a.js`"),
    "trait with an odd name": ("traits:\n  not native:\n    in: api/a.js\n    has: a()", "patch.yaml:13: `not native` must be lower-case words with hyphens, at most 60 characters, not `not native`"),
    "trait that is a text": ("traits:\n  native: a()", "patch.yaml:13: `native` must have keys of its own; it is a text"),
    "traits are a list": ("traits: [native]", "patch.yaml:12: `traits` must have keys of its own; it is a list"),
    "expectation without why": ("expect:\n  - in: api/a.js\n    has: a()", "patch.yaml:13: `why` is missing"),
    "expectation with a verb": ("expect:\n  - in: api/a.js\n    has: a()\n    why: x\n    replace: b()", "patch.yaml:16: `replace` is not a key that belongs here: before, component, has, in, inside, when, why"),
    "expectation of two files": ("expect:\n  - in: [api/a.js, api/b.js]\n    has: a()\n    why: x", "patch.yaml:13: `in` must be a text, not a list"),
    "expectation with a broken pattern": ("expect:\n  - in: api/a.js\n    has: a()\n    why: x\n    before: 'b('", "patch.yaml:16: `before` is not a statement, an expression or a piece of an object literal: `b(`"),
    "expectation for an unknown trait": ("expect:\n  - in: api/a.js\n    has: a()\n    why: x\n    when: not modern", "patch.yaml:16: `when` names no trait: `modern`; `traits` has none"),
    "example of an edit that is not there": ("examples:\n  - edit: 2\n    before: a()", "patch.yaml:13: `edit` is 2, but there are 1 edits"),
    "example of edit 0": ("examples:\n  - edit: 0\n    before: a()", "patch.yaml:13: `edit` must be 1 or more"),
    "example without before": ("examples:\n  - edit: 1\n    after: a()", "patch.yaml:13: `before` is missing"),
    "patch that needs itself": ("needs: own", "patch.yaml:12: `needs` names `own`, which is this patch"),
    "patch after itself": ("after: [other, own]", "patch.yaml:12: `after` names `own`, which is this patch"),
    "patch that needs a path": ("needs: ../other", "patch.yaml:12: `needs` must be lower-case words with hyphens, at most 60 characters, not `../other`"),
    "whole diff of another folder": ("diffs:\n  - file: ../change.diff", "patch.yaml:13: `file` must be the name of a file beside the definition, not `../change.diff`"),
    "whole diff that is not there": ("diffs:\n  - file: change.diff", "change.diff: cannot be read: No such file or directory"),
    "whole diff with an unknown key": ("diffs:\n  - fil: change.diff", "patch.yaml:13: `fil` is not a key that belongs here; did you mean `file`?"),
    "example with an unknown key": ("examples:\n  - edit: 1\n    before: a()\n    then: b()", "patch.yaml:15: `then` is not a key that belongs here: after, before, edit, title"),
}  # fmt: skip

_HEADS = {
    "id with capitals": ("id: own", "id: Own", "patch.yaml:2: `id` must be lower-case words with hyphens, at most 60 characters, not `Own`"),
    "id that leaves the folder": ("id: own", "id: ../own", "patch.yaml:2: `id` must be lower-case words with hyphens, at most 60 characters, not `../own`"),
    "id of another folder": ("id: own", "id: other", "patch.yaml:2: `id` is `other`, but the folder is called `own`"),
    "id of 100 letters": ("id: own", f"id: {'a' * 100}", "patch.yaml:2: `id` must be lower-case words with hyphens, at most 60 characters, not `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…`"),
    "title of two lines": ("title: Limit how often models are listed", 'title: "One\\nTwo"', "patch.yaml:3: `title` must be one line of text, not `One`"),
    "blank why": ("why: Tests need a patch.", "why: '  '", "patch.yaml:4: `why` must be a text with words in it, not ``"),
    "range that is none": ('">=0.7.0"', '"0.7 and later"', "patch.yaml:5: `librechat` must be a range such as '>=0.7.0, <0.9', not `0.7 and later`"),
    "component with a blank": ("  backend:", "  back end:", "patch.yaml:7: `back end` must be lower-case words with hyphens, at most 60 characters, not `back end`"),
    "component without words": (": a limit for GET /api/models", ": ''", "patch.yaml:7: `backend` must be a text with words in it, not ``"),
    "component with keys": (": a limit for GET /api/models", ":\n    a: b", "patch.yaml:7: `backend` must be a text, not a section with keys"),
    "no components": ("components:\n  backend: a limit for GET /api/models\n", "", "patch.yaml:1: `components` is missing"),
    "components are a list": ("components:\n  backend: a limit for GET /api/models", "components: [backend]", "patch.yaml:6: `components` must have keys of its own; it is a list"),
    "empty components": ("components:\n  backend: a limit for GET /api/models", "components: {}", "patch.yaml:6: `components` is empty"),
    "no id": ("id: own\n", "", "patch.yaml:1: `id` is missing"),
    "no title": ("title: Limit how often models are listed\n", "", "patch.yaml:1: `title` is missing"),
    "misspelt key at the top": ("title:", "titel:", "patch.yaml:3: `titel` is not a key that belongs here; did you mean `title`?"),
}  # fmt: skip


def cases() -> Iterator[Wrong]:
    """Every entry of the tables as a patch folder."""
    texts = {
        name: (
            EDIT.replace(
                "api/server/routes/models.js", f'"{path}"' if "\\n" in path or not path else path
            ),
            message,
        )
        for name, (path, message) in _PATHS.items()
    }
    for name, (keys, message) in _EDITS.items():
        texts[name] = ("edits:\n  - " + keys.replace("\n", "\n    ") + "\n", message)
    for name, (keys, message) in _SECTIONS.items():
        texts[name] = (EDIT + keys + "\n", message)
    for name, (text, message) in texts.items():
        yield Wrong(name, folder_of(HEAD + text), message)
    for name, (old, new, message) in _HEADS.items():
        assert MINIMAL.count(old) == 1, name
        text = MINIMAL.replace(old, new)
        yield Wrong(name, folder_of(text), message)
