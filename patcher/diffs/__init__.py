"""Git's diffs: what one says (`parts`, `reading`), where it fits (`placing`), how to write one.

`patcher.diffs.places` is the door.
"""
