"""The words of cesim, in Japanese and in English."""

from cesim.text.catalogue import Language, has, keys, say
from cesim.text.choice import language, nearest
from cesim.text.tell import Telling, hints, message, shown

__all__ = [
    "Language",
    "Telling",
    "has",
    "hints",
    "keys",
    "language",
    "message",
    "nearest",
    "say",
    "shown",
]
