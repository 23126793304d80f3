"""What `matrix` has measured, written down: a patch's `tested.txt`, and a CI job's summary."""

from __future__ import annotations

from pathlib import Path

from patcher.commands.selection import Selection, chosen
from patcher.commands.settings import configured
from patcher.definition.folder import TESTED, tested_releases
from patcher.errors import BadUsage, InputOutput
from patcher.releases.compatibility import Matrix
from patcher.releases.revisions import version_key

_HEAD = "# Written by `librechat-patcher matrix --repo DIR --update-tested`: tag, package.json.\n"


def update(matrix: Matrix, selection: Selection) -> Path:
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
        raise InputOutput(f"{file}: cannot be written: {error.strerror}", "") from error
