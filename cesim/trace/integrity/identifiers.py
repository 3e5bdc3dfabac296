"""GS1 identifiers in one spelling: the constrained canonical GS1 Digital Link URI that the event hash wants.

An EPC URN (`urn:epc:id:...`, `urn:epc:class:...`, `urn:epc:idpat:...`) and a Digital Link URI of any domain become
`https://id.gs1.org/...` with the finest key alone: a serial without its lot, no variant, no query. What is none of
these, or is not well formed, is left as it stands: CBV 2.0, event hash, rules 17 and 18; Tag Data Standard 1.13,
section 6 (digits of the keys). Where the reference implementation leaves a URN alone (a company prefix of twelve
digits in `grai` and in the patterns), so do we: a hash is worth what a partner can compute again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_DOMAIN: Final = "https://id.gs1.org"
_PLAIN: Final = r"[!'()*+,.0-9:;=A-Za-z_-]"
_CHARACTER: Final = rf"(?:{_PLAIN}|%[2-7][0-9A-Fa-f])"
"""One character of a serial or lot in a URN, escaped or not."""
_ESCAPED: Final = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "!()*+,:"})
"""Signs that may stand in a URN, but not in a Digital Link URI."""


def canonical_identifier(uri: str) -> str:
    """Return the canonical Digital Link URI of a GS1 key, or the text as it stands where it is none."""
    if uri.startswith("urn:epc:"):
        return _of_urn(uri) or uri
    if uri.startswith("http"):
        return _of_link(uri) or uri
    return uri


@lru_cache(1 << 14)
def check_digit(digits: str) -> str:
    """Return the last digit of a GS1 key: weights 3, 1, 3 ... from the right, to the next multiple of ten."""
    codes = digits.encode("ascii")[::-1]
    threes, ones = codes[::2], codes[1::2]
    return str(-(3 * (sum(threes) - 48 * len(threes)) + sum(ones) - 48 * len(ones)) % 10)


@dataclass(frozen=True, slots=True)
class _Scheme:
    """One kind of EPC: how many digits company and reference have together, what follows, and its link."""

    digits: int
    """0 where the reference is not made of digits."""
    tail: Callable[[str], re.Match[str] | None]
    link: Callable[[str, str, re.Match[str]], str]
    least: int = 0
    """Fewest digits of the reference."""


def _tail(pattern: str) -> Callable[[str], re.Match[str] | None]:
    # most have no escape: a run of plain characters is matched many times faster than a run of choices
    return re.compile(
        re.sub(r"@(\{[\d,]+\}|\+)", lambda found: f"(?:{_PLAIN}{found[1]}|{_CHARACTER}{found[1]})", pattern), re.ASCII
    ).fullmatch


def _component(pattern: str) -> Callable[[str], re.Match[str] | None]:
    """What follows the company in a component or part identifier: fewer signs may stand there."""
    return re.compile(pattern.replace("@", r"(?:%2[3DFdf]|%3[0-9]|%[45][0-9A-Fa-f]|[0-9A-Z-])"), re.ASCII).fullmatch


def _escaped(text: str) -> str:
    return text if text.isalnum() else text.translate(_ESCAPED)


def _checked(digits: str) -> str:
    return digits + check_digit(digits)


def _item(company: str, reference: str) -> str:
    """A GTIN-14: the indicator, which leads the reference in a URN, comes first."""
    return _checked(reference[:1] + company + reference[1:])


def _free(company: str, tail: re.Match[str]) -> str:
    """Company and reference written together, where the reference is not made of digits."""
    characters = len(re.findall(_CHARACTER, tail[1]))
    return company + _escaped(tail[1]) if characters <= 30 - len(company) else ""


def _location(company: str, reference: str, tail: re.Match[str]) -> str:
    number = f"/414/{_checked(company + reference)}"
    return number if tail[1] == "0" else f"{number}/254/{_escaped(tail[1])}"


_NOTHING, _ANY = _tail(""), _tail(r"\.\*")
_SCHEMES: Final = {
    ("id", "sgtin"): _Scheme(13, _tail(r"\.(@{1,20})"), lambda c, r, t: f"/01/{_item(c, r)}/21/{_escaped(t[1])}"),
    ("id", "upui"): _Scheme(13, _tail(r"\.(@{1,28})"), lambda c, r, t: f"/01/{_item(c, r)}/235/{_escaped(t[1])}"),
    ("class", "lgtin"): _Scheme(13, _tail(r"\.(@{1,20})"), lambda c, r, t: f"/01/{_item(c, r)}/10/{_escaped(t[1])}"),
    ("id", "itip"): _Scheme(
        13,
        _tail(r"\.(\d\d)\.(\d\d)\.(@{1,20})"),
        lambda c, r, t: f"/8006/{_item(c, r)}{t[1]}{t[2]}/21/{_escaped(t[3])}",
    ),
    ("id", "sscc"): _Scheme(17, _NOTHING, lambda c, r, _: f"/00/{_checked(r[0] + c + r[1:])}"),
    ("id", "gsrn"): _Scheme(17, _NOTHING, lambda c, r, _: f"/8018/{_checked(c + r)}"),
    ("id", "gsrnp"): _Scheme(17, _NOTHING, lambda c, r, _: f"/8017/{_checked(c + r)}"),
    ("id", "gsin"): _Scheme(16, _NOTHING, lambda c, r, _: f"/402/{_checked(c + r)}"),
    ("id", "pgln"): _Scheme(12, _NOTHING, lambda c, r, _: f"/417/{_checked(c + r)}"),
    ("id", "sgln"): _Scheme(12, _tail(r"\.(@{1,20})"), _location),
    ("id", "grai"): _Scheme(
        12, _tail(r"\.(@{1,16})"), lambda c, r, t: f"/8003/{_checked('0' + c + r)}{_escaped(t[1])}", 1
    ),
    ("id", "gdti"): _Scheme(12, _tail(r"\.(@{0,19})"), lambda c, r, t: f"/253/{_checked(c + r)}{_escaped(t[1])}"),
    ("id", "sgcn"): _Scheme(12, _tail(r"\.(\d{1,12})"), lambda c, r, t: f"/255/{_checked(c + r)}{t[1]}"),
    ("id", "giai"): _Scheme(0, _tail("(@+)"), lambda c, _, t: (free := _free(c, t)) and f"/8004/{free}"),
    ("id", "ginc"): _Scheme(0, _tail("(@+)"), lambda c, _, t: (free := _free(c, t)) and f"/401/{free}"),
    ("id", "cpi"): _Scheme(
        0,
        _component(r"(@+)\.(\d{1,12})"),
        lambda c, _, t: (free := _free(c, t)) and f"/8010/{free}/8011/{t[2]}",
    ),
    ("idpat", "sgtin"): _Scheme(13, _ANY, lambda c, r, _: f"/01/{_item(c, r)}"),
    ("idpat", "upui"): _Scheme(13, _ANY, lambda c, r, _: f"/01/{_item(c, r)}"),
    ("idpat", "itip"): _Scheme(13, _tail(r"\.(\d\d)\.(\d\d)\.\*"), lambda c, r, t: f"/8006/{_item(c, r)}{t[1]}{t[2]}"),
    ("idpat", "grai"): _Scheme(12, _ANY, lambda c, r, _: f"/8003/{_checked('0' + c + r)}", 1),
    ("idpat", "gdti"): _Scheme(12, _ANY, lambda c, r, _: f"/253/{_checked(c + r)}", 1),
    ("idpat", "sgcn"): _Scheme(12, _ANY, lambda c, r, _: f"/255/{_checked(c + r)}", 1),
    ("idpat", "cpi"): _Scheme(0, _component(r"(@+)\.\*"), lambda c, _, t: (free := _free(c, t)) and f"/8010/{free}"),
}


def _of_urn(uri: str) -> str:
    parts = uri.split(":", 4)
    scheme = _SCHEMES.get((parts[2], parts[3])) if len(parts) == 5 else None
    if scheme is None:
        return ""
    company, _, rest = parts[4].partition(".")
    width = scheme.digits - len(company) if scheme.digits else 0
    digits = company + rest[:width]
    if not 6 <= len(company) <= 12 or width < scheme.least or len(digits) != len(company) + width:
        return ""
    tail = scheme.tail(rest[width:]) if digits.isdecimal() and digits.isascii() else None
    path = scheme.link(company, rest[:width], tail) if tail else ""
    return path and _DOMAIN + path


_SIGN: Final = r"""["'.0-9;<=>?A-Z_a-z-]"""
"""A sign of a serial or lot in a Digital Link URI that needs no escape."""
_KEY_NAMES: Final = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017", "gsrn": "8018",
    "gcn": "255", "sscc": "00", "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004",
    "cpv": "22", "lot": "10", "ser": "21",
}  # fmt: skip
"""Short names of keys and qualifiers, and the application identifiers they stand for."""
_KEYS: Final = ("00", "01", "253", "255", "401", "402", "414", "417", "8003", "8004", "8006", "8010", "8017", "8018")
"""Primary keys, in the order in which they are looked for in the path of another domain."""
_NAMED: Final = re.compile(rf"/({'|'.join(_KEY_NAMES)})(?=/)")
_LINK: Final = re.compile(
    rf"https?:[^?#]*/(?:{'|'.join((*_KEYS, *(name for name in _KEY_NAMES if _KEY_NAMES[name] in _KEYS)))})/\d{{4}}[^/]",
    re.ASCII,
).match
_CANONICAL: Final = re.compile(
    rf"""https://id\.gs1\.org/(?:00/\d{{18}}|01/\d{{14}}(?:/(?:10|21)/{_SIGN}{{0,20}}|/235/{_SIGN}{{0,28}})?
    |253/\d{{13}}{_SIGN}{{0,17}}|255/\d{{13,25}}|401/{_SIGN}{{0,30}}|402/\d{{17}}|414/\d{{13}}(?:/254/{_SIGN}{{0,20}})?
    |417/\d{{13}}|8003/\d{{14}}{_SIGN}{{0,16}}|8004/{_SIGN}{{0,30}}|8006/\d{{18}}(?:/(?:10|21)/{_SIGN}{{0,20}})?
    |8010/[\#/0-9A-Z-]{{0,30}}(?:/8011/\d{{0,12}})?|801[78]/\d{{18}})""",
    re.ASCII | re.VERBOSE,
).fullmatch
_KEYED: Final = r"(https://id\.gs1\.org/(?:01/\d{14}|8006/\d{18}))"
_VARIANT: Final = re.compile(rf"{_KEYED}/22/{_SIGN}*((?:/{_SIGN}*)*)", re.ASCII).fullmatch
_LOT_AND_SERIAL: Final = re.compile(rf"{_KEYED}/10/{_SIGN}{{0,20}}(/21/{_SIGN}{{0,20}})", re.ASCII).fullmatch
_LONGEST: Final = 20
"""Signs after `/22/` up to which a variant is taken out; the reference counts what follows with it."""
_SHORT_GTIN: Final = re.compile(r"(https://id\.gs1\.org/01/)(\d{8}|\d{12}|\d{13})(?!\d)", re.ASCII)


def _of_link(uri: str) -> str:
    if _LINK(uri) is None:
        return ""
    link = _NAMED.sub(lambda found: "/" + _KEY_NAMES[found[1]], uri.partition("?")[0])
    if not link.startswith(_DOMAIN):
        start = next((at for key in _KEYS if (at := link.find(f"/{key}/")) >= 0), -1)
        link = _DOMAIN + link[start:] if start >= 0 else link
    link = _SHORT_GTIN.sub(lambda found: found[1] + found[2].zfill(14), link)
    found = _VARIANT(link)
    if found is not None and len(link) - len(found[1]) - len("/22/") <= _LONGEST:
        link = found[1] + found[2]
    found = _LOT_AND_SERIAL(link)
    link = found[1] + found[2] if found else link
    return link if _CANONICAL(link) else ""
