"""How a file of the checkout stands to a run that changed it."""

from __future__ import annotations

from enum import Enum

from patcher.model import ReceiptFile
from patcher.transaction.files import Seen


class FileStatus(Enum):
    """How a file stands to a run that changed it."""

    OLD = "as it was before the run"
    NEW = "as the run left it"
    MISSING = "gone"
    EDITED = "changed by somebody else"
    REPLACED = "not a file any more"


def status_of(file: ReceiptFile, seen: Seen) -> FileStatus:
    """Where `file` stands.

    Modes count only for a run that changed nothing else: a checkout that went through git, tar or
    Docker holds the same work under other modes.
    """
    now = seen.state
    if now is None:
        return FileStatus.REPLACED
    only_mode = file.before.sha256 == file.after.sha256
    if now.sha256 == file.before.sha256 and not (only_mode and now.mode != file.before.mode):
        return FileStatus.OLD
    if now.sha256 == file.after.sha256:
        return FileStatus.NEW
    return FileStatus.MISSING if now.sha256 is None else FileStatus.EDITED
