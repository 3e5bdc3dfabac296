"""Compiling of inner loops, where numba is there to do it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile with numba and keep the result on disk; without numba or a place to keep it, do without."""
    try:
        from numba import njit
    except ImportError:
        return function
    try:
        return njit(cache=True, error_model="numpy")(function)
    except RuntimeError:  # neither beside the file nor in the user's cache may be written
        return njit(error_model="numpy")(function)
