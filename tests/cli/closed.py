"""Places that this user may not look into, also where the tests run as root, who may everything."""

from __future__ import annotations

import builtins
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_CALLS = ((os, "stat"), (os, "lstat"), (os, "listdir"), (os, "scandir"), (os, "open"))
_OPENS = ((io, "open"), (builtins, "open"))
_LISTS = ("listdir", "scandir")


def close(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Let `folder` be as if it were of mode 700 and belonged to somebody else."""

    def is_closed(place: object, also_itself: bool) -> bool:
        if not isinstance(place, str | os.PathLike):
            return False
        path = Path(os.path.abspath(place))  # noqa: PTH100 - `Path.absolute` keeps `..`
        return folder in path.parents or (also_itself and path == folder)

    def refusing(call: Callable[..., Any], also_itself: bool) -> Callable[..., Any]:
        def called(place: Any = ".", *arguments: Any, **options: Any) -> Any:
            if is_closed(place, also_itself):
                raise PermissionError(13, "Permission denied", os.fspath(place))
            return call(place, *arguments, **options)

        return called

    for module, name in (*_CALLS, *_OPENS):
        patch.setattr(module, name, refusing(getattr(module, name), name in _LISTS))
    return folder
