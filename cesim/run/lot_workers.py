"""Processes that run lots side by side: they end when the one that started them does, and leave interrupts to it."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from multiprocessing import parent_process
from threading import Thread, current_thread, main_thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def deaf() -> Iterator[None]:
    """Let processes be started that do not hear the interrupt of a terminal: who started them ends them."""
    if current_thread() is not main_thread():  # signals are the main thread's
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def begin() -> None:
    """Prepare a process that was started: it ends with its parent, however that ends.

    One that went on would write in a folder in which the run is continued.
    """
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
