"""Cut the power at every call: what was not brought to the disk, names or bytes, may be lost."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from patcher.model import Phase
from patcher.transaction import RealDisk, open_store
from patcher.transaction.disk import Owner

from .support import (
    COUNTS,
    Command,
    Lab,
    applying,
    lab_with,
    recover,
    roll_back,
    snapshot,
)

pytestmark = pytest.mark.usefixtures("no_fsync")

DRAWS = 6


@dataclass
class Effect:
    """One change of names in some folders; lost by a power cut until all of them are synced."""

    again: Callable[[bool], None]
    """Told whether the bytes of a new file are there, too."""
    unsynced: set[Path]
    loose: Path | None = None
    """The new file, while its bytes are not on the disk."""


class Journal(RealDisk):
    """Remembers every change, so that it can be made again without some of them."""

    def __init__(self) -> None:
        super().__init__()
        self.effects: list[Effect] = []
        self.cuts: list[list[tuple[bool, bool]]] = []
        """After each call: of which effects names and bytes are on the disk for good."""

    def _note(self, again: Callable[[], None], *paths: Path) -> None:
        self.effects.append(Effect(lambda _: again(), {path.parent for path in paths}))
        self._may_cut()

    def _may_cut(self) -> None:
        self.cuts.append([(not e.unsynced, e.loose is None) for e in self.effects])

    def write(self, path: Path, data: bytes, mode: int, owner: Owner) -> None:
        super().write(path, data, mode, owner)

        def again(whole: bool) -> None:
            kept = data if whole else data[: len(data) // 2]
            super(Journal, self).write(path, kept, mode, owner)

        self.effects.append(Effect(again, {path.parent}, path))
        self._may_cut()

    def sync_files(self, paths: Sequence[Path]) -> None:
        super().sync_files(paths)
        for effect in self.effects:
            effect.loose = None if effect.loose in paths else effect.loose
        self._may_cut()

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        self._note(lambda: super(Journal, self).replace(source, target), source, target)

    def remove(self, path: Path) -> None:
        super().remove(path)
        self._note(lambda: super(Journal, self).remove(path), path)

    def make_folder(self, folder: Path, mode: int, owner: Owner) -> None:
        super().make_folder(folder, mode, owner)
        self._note(lambda: super(Journal, self).make_folder(folder, mode, owner), folder)

    def remove_folder(self, folder: Path) -> None:
        super().remove_folder(folder)
        for effect in self.effects:
            if folder in effect.unsynced:  # goes with the folder's own name
                effect.unsynced = effect.unsynced - {folder} | {folder.parent}
        self._note(lambda: super(Journal, self).remove_folder(folder), folder)

    def sync_folders(self, folders: Sequence[Path]) -> None:
        super().sync_folders(folders)
        for effect in self.effects:
            effect.unsynced.difference_update(folders)
        self._may_cut()

    def after_a_cut(self, cut: list[tuple[bool, bool]], chance: random.Random) -> None:
        """Make the changes again, each unsynced one or not; what then has no base is lost, too."""
        for effect, (name_is_safe, bytes_are_safe) in zip(self.effects, cut, strict=False):
            if name_is_safe or chance.random() < 0.5:
                with suppress(OSError):
                    effect.again(bytes_are_safe or chance.random() < 0.5)


def cut_everywhere(lab: Lab, command: Command) -> int:
    lab.keep()
    before = snapshot(lab.root)
    disk = Journal()
    command(open_store(lab.root, disk))
    after = snapshot(lab.root)
    chance = random.Random(4)
    tried = 0
    for cut in disk.cuts:
        for _ in range(1 if all(map(all, cut)) else DRAWS):
            lab.reset()
            disk.after_a_cut(cut, chance)
            store = open_store(lab.root)
            store.recover()
            assert snapshot(lab.root) in (before, after)
            for receipt in store.receipts():
                assert receipt.phase in (Phase.DONE, Phase.ROLLED_BACK)
                assert store.drift(receipt) == ()
            tried += 1
    lab.reset()
    disk.after_a_cut(disk.cuts[-1], random.Random(1))
    assert snapshot(lab.root) == after  # what a command said it did survives
    return tried


@pytest.mark.parametrize("shape", ["everything", "a few"])
def test_power_cut(place: Path, shape: str) -> None:
    lab = lab_with(place, shape)
    tried = cut_everywhere(lab, applying(shape))
    lab.reset()
    applying(shape)(open_store(lab.root))
    tried += cut_everywhere(lab, roll_back)
    COUNTS["power cuts, all recovered"] += tried


def test_power_cut_in_recovery(place: Path) -> None:
    lab = lab_with(place, "a few")
    disk = Journal()
    lab.keep()
    applying("a few")(open_store(lab.root, disk))
    halfway = next(n for n, cut in enumerate(disk.cuts) if len(cut) == len(disk.effects) - 4)
    lab.reset()
    disk.after_a_cut([(True, True)] * len(disk.cuts[halfway]), random.Random(1))
    assert open_store(lab.root).receipts()[0].phase is Phase.APPLYING
    COUNTS["power cuts, all recovered"] += cut_everywhere(lab, recover)
