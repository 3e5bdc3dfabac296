"""Lists of names as they stand on the command line."""

from __future__ import annotations


def names(text: str | None) -> tuple[str, ...]:
    """Return the names of a list `a, b`; full-width commas too."""
    if text is None:
        return ()
    parts = text.replace("、", ",").replace("，", ",").split(",")  # as an IME writes them
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
