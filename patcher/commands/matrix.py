"""`matrix`: how the patches stand to every release of a git repository; none is checked out.

What it has measured can be written down: a patch's `tested.txt`, and a CI job's summary.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from patcher.checkout import Checkout
from patcher.commands.judge import Judge, OnProgress, rows, silent, turns
from patcher.commands.selection import Selection, chosen, components, configured
from patcher.definition.folder import TESTED, tested_releases
from patcher.errors import BadUsage, InputOutput
from patcher.librechat import COMPONENTS
from patcher.releases.compatibility import Matrix
from patcher.releases.git_objects import Objects
from patcher.releases.revisions import choose, version_key
from patcher.trees import MAX_SOURCE

_HEAD = "# Written by `librechat-patcher matrix --repo DIR --update-tested`: tag, package.json.\n"


class MatrixOptions(Struct, frozen=True):
    """What `matrix` was asked for."""

    repository: Path
    refs: tuple[str, ...] = ()
    """Globs, names, or one range A..B; empty for the release tags that the patches are made for."""
    selection: Selection = Selection()


def matrix(options: MatrixOptions, progress: OnProgress = silent) -> Matrix:
    """Plan and verify (rungs 2 and 3) every revision that is meant; reads only.

    `progress` is told how many of how many are done. Raises `BadUsage` for a repository, a
    reference or a component that does not exist, `InputOutput` when git fails.
    """
    patches = chosen(configured(options.selection, None))
    named = options.selection.only
    everything = Checkout(
        "", "", tuple(n for n, c in COMPONENTS.items() if not c.stands_in_for or n in named)
    )
    wanted = components(options.selection, patches, everything)
    judge = Judge(patches, wanted)
    ranges = ",".join(dict.fromkeys(p.librechat for p in patches))
    found = choose(options.repository, options.refs, ranges, judge.targets)
    with Objects(options.repository, MAX_SOURCE) as objects:
        judged = tuple(rows(judge, objects, found.revisions, progress))
    breaks, repairs = turns(found, judged)
    return Matrix(
        repository=str(options.repository),
        patches=tuple(p.id for p in patches),
        components=wanted,
        rows=judged,
        left_out=found.left_out,
        range=found.range,
        breaks=breaks,
        repairs=repairs,
    )


def update_tested_releases(matrix: Matrix, selection: Selection) -> Path:
    """Write the releases that were just measured into the patch's `tested.txt`; its path.

    Good ones are added, bad ones removed, all others stay. Raises `BadUsage` when the run says
    nothing about releases of one whole patch; `InputOutput` when the file cannot be written.
    """
    if matrix.range or selection.only or selection.skip or len(matrix.patches) != 1:
        raise BadUsage(
            "--update-tested is for releases, one patch and all of its components",
            "leave out --only, --skip and a range; name one patch: --patch dynamic-models",
        )
    folder = Path(chosen(configured(selection, None))[0].place.file).parent
    known = dict(tested_releases(folder))
    for row in matrix.rows:
        if row.is_tag and row.ok:
            known[row.name] = row.version
        else:
            known.pop(row.name, None)
    lines = (f"{tag} {known[tag]}".rstrip() for tag in sorted(known, key=version_key))
    file = folder / TESTED
    try:
        file.write_bytes((_HEAD + "".join(f"{line}\n" for line in lines)).encode())
    except OSError as error:
        raise InputOutput(
            f"{file}: cannot be written: {error.strerror}",
            "work in a clone of librechat-patcher, not with an installed package",
        ) from error
    return file


def append(file: Path, text: str) -> None:
    """Add text to a file, such as GitHub's step summary; raises `InputOutput`."""
    try:
        with file.open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise InputOutput(f"{file}: cannot be written: {error.strerror}") from error
