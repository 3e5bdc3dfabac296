"""Why a run has no result, in the reader's words: the run log holds it as a code with its arguments, or as it came."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault
from cesim.text import has, message
from cesim.text.catalogue import template

if TYPE_CHECKING:
    from cesim.text import Language

ENGINES: Final = ("balance:", "lots:")
"""How a reason begins where both engines were asked."""
_USUAL: Final = ("at", "allowed", "nearest", "proposal", "missing", "path", "least", "most", "problem", "place")
"""Arguments that a fault may have though its sentence does not use them."""


def in_words(reason: str, lang: Language) -> str:
    """Return a reason of the run log as a sentence; an error's own words stay as they are."""
    code, _, rest = reason.partition(" ")
    if code in ENGINES:
        return f"{code} {in_words(rest, lang)}"
    if not has(f"fault.{code}.message", lang):
        return reason
    arguments = _arguments(rest, set(re.findall(r"{(\w+)", template(f"fault.{code}.message", lang))))
    at = arguments.pop("at", None) or arguments.pop("place", None)
    told = message(Fault(code, arguments=arguments), lang)
    return told if at is None else f"{at}: {told}"


def _arguments(text: str, names: set[str]) -> dict[str, object]:
    """Read arguments as JSON, or as `cesim.sweep.engines.reasons` writes them: a name may occur within a value, too."""
    if not text.startswith("{"):
        name = "|".join(sorted({*names, *_USUAL}))
        return dict(re.findall(rf"(?:^| )({name})=(.*?)(?= (?:{name})=|$)", text))
    try:
        return dict(json.JSONDecoder().raw_decode(text)[0])  # further faults may follow, and a long line was cut
    except ValueError:
        return {}
