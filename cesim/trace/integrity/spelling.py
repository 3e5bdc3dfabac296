"""How one value is spelt in the event hash: prefix written out, standard word as a web address, number, identifier.

CBV 2.0, event hash, rules 5 to 7 and 14 to 18. A text that reads as a number is one (`"5.0"` is `5`), as in the
reference implementation: of two events that differ in nothing else the hash is the same, the logged bytes are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cesim.trace.integrity.identifiers import canonical_identifier
from cesim.trace.integrity.misplaced import Misplaced
from cesim.trace.integrity.numbers import plain_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

STANDARD_PREFIXES: Final[Mapping[str, str]] = {
    "cbv": "https://ref.gs1.org/cbv/",
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "epcis": "https://ref.gs1.org/epcis/",
    "gs1": "https://gs1.org/voc/",
}
"""What the standard's own context declares, whether or not a document repeats it (rule 15)."""
_WEB_VOCABULARY: Final = {
    "urn:epcglobal:cbv:bizstep:": "https://ref.gs1.org/cbv/BizStep-",
    "urn:epcglobal:cbv:disp:": "https://ref.gs1.org/cbv/Disp-",
    "urn:epcglobal:cbv:btt:": "https://ref.gs1.org/cbv/BTT-",
    "urn:epcglobal:cbv:sdt:": "https://ref.gs1.org/cbv/SDT-",
    "urn:epcglobal:cbv:er:": "https://ref.gs1.org/cbv/ER-",
}
_KEPT: Final = 100_000
"""Spellings remembered at once: a lot is named by several events, a site by thousands."""


class _Values(dict[str, str]):
    """Texts and their spellings, found out when they are first asked for; emptied when there are too many."""

    def __init__(self, spelt: Callable[[str], str]) -> None:
        super().__init__()
        self._spelt = spelt

    def __missing__(self, value: str) -> str:
        if len(self) >= _KEPT:
            self.clear()
        self[value] = spelling = self._spelt(value)
        return spelling


class Spelling:
    """The spellings of values and names under the prefixes of one document; it remembers what it has spelt.

    Parameters
    ----------
    prefixes
        Prefix and the address it stands for, as in the `@context` of the document; beside the standard's own.
    """

    def __init__(self, prefixes: Mapping[str, str] | None = None) -> None:
        self.prefixes: dict[str, str] = {**STANDARD_PREFIXES, **(prefixes or {})}
        self.texts: Mapping[str, str] = _Values(self._spelt)
        """The spelling of any text."""
        self._names: dict[str, str] = {}

    def value(self, value: Any) -> str:
        """Return the spelling of a text, number or yes/no; empty where there is nothing but blanks.

        Raises
        ------
        Misplaced
            A number that is not finite or too big, or a value that JSON does not have.
        """
        if isinstance(value, str):
            return self.texts[value]
        if value is True or value is False:
            return str(value)  # as the reference writes it
        if isinstance(value, int | float):
            return str(plain_number(value))
        raise Misplaced("event_value_unknown", found=type(value).__name__)

    def word(self, value: Any, vocabulary: str) -> str:
        """Return the spelling of a value that may be a bare word of a standard vocabulary (rule 16)."""
        if isinstance(value, str) and ":" not in value and (bare := value.strip()):
            return vocabulary + bare
        return self.value(value)

    def name(self, key: Any) -> str:
        """Return a key with its prefix written out in braces (rules 19 and 20)."""
        known = self._names.get(key) if isinstance(key, str) else None
        if known is None:
            if not isinstance(key, str):
                raise Misplaced("event_key_not_text", found=str(key))
            prefix, colon, rest = key.partition(":")
            space = self.prefixes.get(prefix) if colon else None
            known = self._names[key] = key if space is None else f"{{{space}}}{rest}"
        return known

    def _spelt(self, value: str) -> str:
        prefix, colon, rest = value.partition(":")
        if colon and prefix in self.prefixes:
            value = self.prefixes[prefix] + rest
        text = value.strip()
        if "urn:epcglobal:cbv:" in text:
            for urn, web in _WEB_VOCABULARY.items():
                text = text.replace(urn, web)
        if text[:1].isalpha():
            return canonical_identifier(text) if "." in text else text
        return _number(text)


def _number(text: str) -> str:
    """The number that a text reads as, less leading and trailing zeros; the text where it is none."""
    try:
        number = float(text)
        whole = int(number)
    except (ValueError, OverflowError):
        return text
    return str(whole) if whole == number else str(number)
