"""Texts as documents have them: whatever a name holds stays data."""

from __future__ import annotations

from hashlib import sha256


def sayable(text: str) -> str:
    """Return a text without lone surrogates, which no UTF-8 can hold: they become replacement characters."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def quoted(text: str) -> str:
    """Return a text as JSON."""
    import orjson

    return orjson.dumps(sayable(text)).decode()


def cut(text: str, longest: int) -> str:
    """Return a text no longer than that; one that is cut ends in a mark of the whole, so that no two become alike."""
    text = sayable(text)
    if len(text) <= longest:
        return text
    return f"{text[: longest - 9]}~{sha256(text.encode()).hexdigest()[:8]}"
