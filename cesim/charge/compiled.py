"""Compiling of inner loops, where numba is there to do it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Loop = TypeVar("Loop", bound="Callable[..., Any]")

FILES: Final = (
    "kernel.py", "interior.py", "cone_gate.py", "newton.py", "newton_stage.py", "interior_stage.py", "tangents.py",
    "stages.py", "pivoting.py",
)  # fmt: skip
"""The files of this room whose loops are compiled, some of them into one another."""


@cache
def drop_stale(folder: str) -> None:
    """Delete what numba kept from before the newest of the files: it sees changes of a function's own file only."""
    files = [Path(folder, name) for name in FILES]
    newest = max((file.stat().st_mtime for file in files if file.exists()), default=0.0)
    for file in files:
        for index in Path(folder, "__pycache__").glob(f"{file.stem}.*.nbi"):
            if index.stat().st_mtime < newest:
                index.unlink(missing_ok=True)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile with numba and keep the result on disk; without numba or a place to keep it, do without."""
    return _compiled(function, {})


def compiled_in_place(function: Loop) -> Loop:
    """Compile a loop that works in the arrays it is given and asks for no memory.

    Without memory of its own it need not count who holds an array, which costs a small loop half its time; other
    threads run meanwhile.
    """
    return _compiled(function, {"_nrt": False, "nogil": True})


def _compiled(function: Loop, how: dict[str, bool]) -> Loop:
    try:
        import numba
    except ImportError:
        return function
    njit: Any = numba.njit
    try:
        drop_stale(str(Path(function.__code__.co_filename).parent))
        loop: Loop = njit(cache=True, error_model="numpy", **how)(function)
    except (RuntimeError, OSError):  # neither beside the file nor in the user's cache may be written
        loop = njit(error_model="numpy", **how)(function)
    return loop
