"""Everything that writes to a checkout, and everything that rolls it back.

The one rule: at every instant the disk holds enough to make each file whole again, old or new.
`store.Store` is the door; `commit` and `rollback` are what happens behind it, `history` is what is
remembered, `files` is the checkout seen safely, `disk` is what can be asked of a disk, and
`real_disk` is the only module that changes a byte.
"""

from patcher.transaction.disk import Disk, Entry, Kind
from patcher.transaction.real_disk import RealDisk
from patcher.transaction.store import Store, open_store

__all__ = ["Disk", "Entry", "Kind", "RealDisk", "Store", "open_store"]
