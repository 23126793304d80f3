"""Where the patches and the sample lie: in the wheel's data, or beside the sources."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_DATA = _PACKAGE / "data"


def patches_folder() -> Path:
    """The folder of the built-in patches."""
    bundled = _DATA / "patches"
    return bundled if bundled.is_dir() else _PACKAGE.parent / "patches"


def sample_folder() -> Path:
    """The sample that `apply --sample` works on a copy of."""
    bundled = _DATA / "sample"
    return bundled if bundled.is_dir() else _PACKAGE.parent / "fixtures" / "sample"
