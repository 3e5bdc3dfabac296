"""Faults in words: the sentence, and the hints that follow it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from cesim.text.catalogue import has, say, template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.text.catalogue import Language

_MOST: Final = 12
"""A list of choices longer than this is cut; the rest is counted."""
_LONGEST: Final = 200
"""Characters of a text that are shown."""
_GENERAL: Final = ("nearest", "proposal", "unquote", "allowed", "other", "chain")
"""Arguments that make a hint of their own wherever they are given and the sentence does not use them."""


class Telling(Protocol):
    """Anything that can be put in words: a fault."""

    @property
    def code(self) -> str:
        """The code under which the words are filed."""

    @property
    def arguments(self) -> Mapping[str, object]:
        """What the words need."""


class _Shown(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "?"


def message(fault: Telling, lang: Language) -> str:
    """Return the sentence of a fault. A code without words is shown as it is, with its arguments."""
    key = f"fault.{fault.code}.message"
    if not has(key, lang):
        told = ", ".join(f"{name} = {shown(value, lang)}" for name, value in fault.arguments.items())
        return f"{fault.code}: {told}" if told else fault.code
    return _fill(key, fault.arguments, lang)


def hints(fault: Telling, lang: Language) -> tuple[str, ...]:
    """Return the lines that help to mend a fault: its own hint, what was meant, what is allowed."""
    lines = []
    own = f"fault.{fault.code}.hint"
    if has(own, lang):
        lines.append(_fill(own, fault.arguments, lang))
    key = f"fault.{fault.code}.message"
    used = (template(key, lang) if has(key, lang) else "") + (template(own, lang) if has(own, lang) else "")
    lines.extend(
        _fill(f"hint.{name}", fault.arguments, lang)
        for name in _GENERAL
        if fault.arguments.get(name) not in (None, "", (), []) and f"{{{name}}}" not in used
    )
    return tuple(lines)


def shown(value: object, lang: Language) -> str:
    """Return a value as a reader should see it: lists joined, numbers short, nothing as a dash."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, list | tuple | set | frozenset):
        items = [shown(item, lang) for item in value]
        cut = items[:_MOST] + ([say("hint.more", lang, count=len(items) - _MOST)] if len(items) > _MOST else [])
        return ("、" if lang == "ja" else ", ").join(cut)
    said = f"system.{value}"  # what the operating system says, in English
    return say(said, lang) if has(said, lang) else _legible(str(value))


def _legible(text: str) -> str:
    """Return a text cut to what a reader takes in, with a dot for what a terminal would obey instead of show."""
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return "".join(sign if sign.isprintable() or sign == "\u3000" else "·" for sign in cut)


def _fill(key: str, arguments: Mapping[str, object], lang: Language) -> str:
    words = _Shown({name: shown(value, lang) for name, value in arguments.items()})
    return template(key, lang).format_map(words)
