"""Compiling of the loops over lanes, where numba is there to do it.

Loops stand in these files (`lane_*.py`) where numpy would read better: a lane of one year is some hundred small arrays,
too small for a call of numpy to pay. The rest of this room is the readable twin, which gives the same bits.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Loop = TypeVar("Loop", bound="Callable[..., Any]")


@cache
def drop_stale() -> None:
    """Delete what numba kept from before the newest file of the rooms: it looks at a function's own file only."""
    here = Path(__file__).parent
    rooms = (here, here.parent / "charge", here.parent / "ledger")
    newest = max(file.stat().st_mtime for room in rooms for file in room.glob("*.py"))
    for index in (here / "__pycache__").glob("lane_*.nbi"):
        if index.stat().st_mtime < newest:
            index.unlink(missing_ok=True)


def compiled(function: Loop) -> Loop:
    """Compile a loop that works in the arrays it is given, letting other threads run, and keep the result on disk.

    Such a loop may not ask for memory, and so need not count who holds an array, which would cost it half its time.
    Without numba the function is returned as it is: slow, and never used by the engine then.
    """
    return _compiled(function, {})


def compiled_into(function: Loop) -> Loop:
    """Compile a function so small that it is written into those that call it."""
    return _compiled(function, {"forceinline": True})


def _compiled(function: Loop, more: dict[str, bool]) -> Loop:
    try:
        import numba
    except ImportError:
        return function
    njit: Any = numba.njit
    how = {"error_model": "numpy", "nogil": True, "_nrt": False, **more}
    try:
        drop_stale()
        loop: Loop = njit(cache=True, **how)(function)
    except (RuntimeError, OSError):  # neither beside the file nor in the user's cache may be written
        loop = njit(**how)(function)
    return loop
