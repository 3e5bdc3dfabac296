"""Memory that a run no longer needs, given back to the system before its tables are read."""

from __future__ import annotations

import ctypes
import gc
import os


def give_back() -> None:
    """Give free memory back where the C library can: a run leaves holes of some hundred megabytes."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if os.name == "posix" else None
    if trim is not None:
        trim(0)
