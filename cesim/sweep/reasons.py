"""Why a run has no result, in the reader's words: the run log holds it as a code with its arguments, or as it came."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault
from cesim.text import has, message

if TYPE_CHECKING:
    from cesim.text import Language

ENGINES: Final = ("balance:", "lots:")
"""How a reason begins where both engines were asked."""
_PAIR: Final = re.compile(r"(?:^| )(\w+)=(.*?)(?= \w+=|$)")
"""An argument as `cesim.sweep.engines.reasons` writes it."""


def in_words(reason: str, lang: Language) -> str:
    """Return a reason of the run log as a sentence; an error's own words stay as they are."""
    code, _, rest = reason.partition(" ")
    if code in ENGINES:
        return f"{code} {in_words(rest, lang)}"
    if not has(f"fault.{code}.message", lang):
        return reason
    arguments = _arguments(rest)
    at = arguments.pop("at", None) or arguments.pop("place", None)
    told = message(Fault(code, arguments=arguments), lang)
    return told if at is None else f"{at}: {told}"


def _arguments(text: str) -> dict[str, object]:
    if not text.startswith("{"):
        return dict(_PAIR.findall(text))
    try:
        return dict(json.JSONDecoder().raw_decode(text)[0])  # further faults may follow, and a long line was cut
    except ValueError:
        return {}
