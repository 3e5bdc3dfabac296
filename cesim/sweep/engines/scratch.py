"""A folder for what runs write on their way: each process has its own, and none outlives its process for long.

A process that is killed cannot tidy up. Its folder is known by a lock that nobody holds any more, and goes when the
next process begins.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cesim.errors import InputError
from cesim.sweep.store.sole import sole_writer

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX: Final = "cesim-sweep-lots-"
_RUNS: Final = "runs"


class Scratch:
    """A folder of this process below that for temporary files; it goes with the object.

    Raises
    ------
    InputError
        where nothing can be written there; see `cesim.sweep.store.sole`
    """

    def __init__(self) -> None:
        clear_abandoned()
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        held = ExitStack()
        held.enter_context(sole_writer(self.folder))
        (self.folder / _RUNS).mkdir()  # not before it is held: without this it is nobody's to clear
        self._end = weakref.finalize(self, _give_up, self.folder, held)

    @contextmanager
    def run(self, number: int) -> Iterator[Path]:
        """Give a run an empty folder, and remove it whatever happens."""
        folder = self.folder / _RUNS / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Remove it now."""
        self._end()


def clear_abandoned() -> None:
    """Remove the folders of processes that are gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if not _is_mine(folder) or not (folder / _RUNS).is_dir():
            continue
        try:
            with sole_writer(folder):
                shutil.rmtree(folder / _RUNS, ignore_errors=True)
        except InputError:  # its process lives
            continue
        shutil.rmtree(folder, ignore_errors=True)


def _is_mine(folder: Path) -> bool:
    """Say whether it is a folder, no link to one, and of the user who runs this."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    return not hasattr(os, "getuid") or folder.stat().st_uid == os.getuid()


def _give_up(folder: Path, held: ExitStack) -> None:
    shutil.rmtree(folder / _RUNS, ignore_errors=True)
    held.close()
    shutil.rmtree(folder, ignore_errors=True)
