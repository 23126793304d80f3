"""Changes to sources that mean nothing, and some that mean something, drawn by Hypothesis."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from hypothesis import strategies as st

from patcher.code.splice import Splice, line_start, splice
from patcher.code.syntax import BLOCKS, Module, Node, all_below, children, parse

from .restyling import STYLES, with_mixed_line_ends
from .support import DYNAMIC_MODELS, REPOSITORY

DEFINITION = (REPOSITORY / "patches" / "dynamic-models" / "patch.yaml").read_text(encoding="utf-8")
ANCHOR_WORDS = frozenset(re.findall(r"\w+", DEFINITION))
"""Names that the patch speaks of: a variable of such a name may be an anchor."""

DECOYS = [
    "router.get('/', requireJwtAuth, modelController);",
    "router.post('/fetch', requireJwtAuth, fetchUserModelsController);",
    "module.exports = withUserModels({ modelController });",
    "module.exports = { modelController };",
    "res.send(modelConfig);",
    "export const models = () => '/api/models';",
    "export const fetchUserModels = () => 1;",
    "export * from './user-models';",
    "queryClient.invalidateQueries([QueryKeys.models]);",
    "queryClient.invalidateQueries([QueryKeys.name, name]);",
    "const updateKey = useUpdateUserKeysMutation();",
    "import useAutoModelRefresh from '~/hooks/Input/useAutoModelRefresh';",
    "const { isAuthenticated } = useAuthContext();",
    "useAutoModelRefresh(isAuthenticated);",
    "{ fetchModels: skipUserFetches(fetchModels) }",
]
Mutation = Callable[[bytes, st.DataObject], bytes]


def _statements(module: Module) -> list[Node]:
    """Statements that begin their line, at any depth."""
    found = []
    for block in all_below(module.root):
        for node in block.named_children if block.type in BLOCKS else ():
            start = line_start(module.source, node.start_byte)
            if not module.source[start : node.start_byte].strip():
                found.append(node)
    return sorted(found, key=lambda n: n.start_byte)


def _insert_lines(source: bytes, nodes: Iterable[Node], line: str) -> bytes:
    starts = {line_start(source, n.start_byte) for n in nodes}
    return splice(source, [Splice(s, s, line.encode() + b"\n") for s in starts])


def _some(data: st.DataObject, nodes: Sequence[Node]) -> list[Node]:
    if not nodes:
        return []
    picks = st.lists(st.integers(0, len(nodes) - 1), min_size=1, max_size=3)
    return [nodes[n] for n in data.draw(picks)]


def blank_lines(source: bytes, data: st.DataObject) -> bytes:
    return _insert_lines(source, _some(data, _statements(parse(source))), "")


def comments(source: bytes, data: st.DataObject) -> bytes:
    decoy = data.draw(st.sampled_from(DECOYS))
    form = data.draw(st.sampled_from(["// {}", "/* {} */", "/**\n * {}\n */"]))
    return _insert_lines(source, _some(data, _statements(parse(source))), form.format(decoy))


def comments_behind(source: bytes, data: st.DataObject) -> bytes:
    """Comments at the ends of statements' lines."""
    ends = [n for n in _statements(parse(source)) if source[n.end_byte : n.end_byte + 1] == b"\n"]
    picked = {n.end_byte for n in _some(data, ends)}
    return splice(source, [Splice(e, e, b" // res.send(modelConfig);") for e in picked])


def strings(source: bytes, data: st.DataObject) -> bytes:
    """Constants whose text looks like an anchor, among the statements of the top level."""
    module = parse(source)
    imports = [n for n in module.root.children if n.type == "import_statement"]
    top = [n for n in children(module.root) if n not in imports and n in _statements(module)]
    decoy = data.draw(st.sampled_from(DECOYS)).replace('"', "'")
    number = data.draw(st.integers(0, 99))
    return _insert_lines(source, _some(data, top)[:1], f'const decoy{number} = "{decoy}";')


def renamed_locals(source: bytes, data: st.DataObject) -> bytes:
    module = parse(source)
    names = sorted(
        {
            module.text(name)
            for n in all_below(module.root)
            if n.type == "variable_declarator"
            and (name := n.child_by_field_name("name")) is not None
            and name.type == "identifier"
            and module.text(name) not in ANCHOR_WORDS
        }
    )
    if not names:
        return source
    old = data.draw(st.sampled_from(names))
    kinds = ("identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern")
    hits = [n for n in all_below(module.root) if n.type in kinds and module.text(n) == old]
    return splice(source, [Splice(n.end_byte, n.end_byte, b"Of") for n in hits])


def swapped_statements(source: bytes, data: st.DataObject) -> bytes:
    """Two neighbours of the top level change places; imports stay on top."""
    module = parse(source)
    moving = {"function_declaration", "export_statement", "lexical_declaration"}
    top = children(module.root)
    pairs = [
        (a, b)
        for a, b in pairwise(top)
        if {a.type, b.type} <= moving and not {b"require", b"from"} & _words(a, b)
    ]
    if not pairs:
        return source
    a, b = data.draw(st.sampled_from(pairs))
    texts = [source[n.start_byte : n.end_byte] for n in (a, b)]
    return splice(
        source,
        [Splice(a.start_byte, a.end_byte, texts[1]), Splice(b.start_byte, b.end_byte, texts[0])],
    )


def _words(*nodes: Node) -> set[bytes]:
    return {w for n in nodes for w in re.findall(rb"\w+", n.text or b"")}


def other_style(source: bytes, data: st.DataObject) -> bytes:
    styles = [*STYLES.values(), with_mixed_line_ends]
    return data.draw(st.sampled_from(styles))(source)


def doubled_statement(source: bytes, data: st.DataObject) -> bytes:
    node = data.draw(st.sampled_from(_statements(parse(source))))
    text = source[node.start_byte : node.end_byte]
    return splice(source, [Splice(node.end_byte, node.end_byte, b"\n" + text)])


def dropped_statement(source: bytes, data: st.DataObject) -> bytes:
    node = data.draw(st.sampled_from(_statements(parse(source))))
    return splice(source, [Splice(node.start_byte, node.end_byte, b"")])


def code_decoy(source: bytes, data: st.DataObject) -> bytes:
    decoy = data.draw(st.sampled_from(DECOYS))
    return _insert_lines(source, _some(data, _statements(parse(source)))[:1], decoy)


HARMLESS: Mapping[str, Mutation] = {
    f.__name__: f
    for f in (
        blank_lines,
        comments,
        comments_behind,
        strings,
        renamed_locals,
        swapped_statements,
    )
}
HARMFUL: Mapping[str, Mutation] = {
    f.__name__: f for f in (doubled_statement, dropped_statement, code_decoy)
}
TARGETS = tuple(dict.fromkeys(e.path for e in DYNAMIC_MODELS.edits))
