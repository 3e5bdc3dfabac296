"""Names of lots, places, companies and documents for the outside world, made of internal numbers, and read back.

Keys of GS1 in their URN and web forms, under a company prefix of the range that GS1 keeps for examples. Source: GS1 EPC
Tag Data Standard, sections 6 and 7; GS1 Digital Link (status: read in other descriptions of them).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from cesim.errors import Fault, InputError
from cesim.trace.exports.check_digits import gs1

PREFIX: Final = "9521234"
"""Company prefix of all that is made up here: GS1 keeps 952 for examples."""
BULK, PIECE = 9, 0
"""Indicator of goods that are weighed, and of goods that are counted."""
SERIALS: Final = {"lgtin": 20, "sgtin": 20, "giai": 23, "gdti": 17, "sgln": 20}
"""Most characters of the free part of a key."""
_SAFE: Final = re.compile(r"[0-9A-Za-z!'()*+,\-.:;=_]+")
_ALLOWED: Final = re.compile(r"[0-9A-Za-z!\"%&'()*+,\-./:;<=>?_]+")
_ESCAPED: Final = {character: f"%{ord(character):02X}" for character in '"%&/<>?'}
_URN: Final = re.compile(r"urn:epc:(?:id|class|idpat):(lgtin|sgtin|giai|sscc|sgln|pgln|gdti):(\d{7})\.(.+)", re.S)
_WEB: Final = re.compile(r"https://id\.gs1\.org/(\d+)/([^/]+)(?:/(\d+)/([^/]+))?")
_AI: Final = {"lgtin": "01", "sgtin": "01", "giai": "8004", "sscc": "00", "sgln": "414", "pgln": "417", "gdti": "253"}


@dataclass(frozen=True, slots=True)
class Key:
    """A GS1 key, taken apart.

    Attributes
    ----------
    scheme
        ``lgtin`` a lot of goods, ``sgtin`` a piece, ``giai`` an asset such as a car, ``sscc`` a package, ``sgln`` a
        place, ``pgln`` a company, ``gdti`` a document.
    number
        Of the kind of goods, of the place, company or kind of document; 0 where there is none.
    serial
        Of the lot, piece, asset, package or document; empty for a kind of goods and for a company.
    indicator
        `BULK` or `PIECE` for goods, else 0.
    """

    scheme: str
    number: int
    serial: str = ""
    indicator: int = 0

    def urn(self) -> str:
        """Return the key as a URN; goods without a serial become the pattern of all of their kind."""
        serial = escaped(self.serial)
        if self.scheme in ("lgtin", "sgtin"):
            goods = f"{PREFIX}.{self.indicator}{self.number:05}"
            if not serial:
                return f"urn:epc:idpat:sgtin:{goods}.*"
            return f"urn:epc:{'class' if self.scheme == 'lgtin' else 'id'}:{self.scheme}:{goods}.{serial}"
        parts = {"giai": serial, "sscc": serial, "pgln": f"{self.number:05}"}
        return f"urn:epc:id:{self.scheme}:{PREFIX}.{parts.get(self.scheme, f'{self.number:05}.{serial}')}"

    def web(self) -> str:
        """Return the key as a GS1 Digital Link, with its check digit."""
        at, serial = f"https://id.gs1.org/{_AI[self.scheme]}/", escaped_for_web(self.serial)
        if self.scheme in ("lgtin", "sgtin"):
            goods = f"{self.indicator}{PREFIX}{self.number:05}"
            qualifier = {"lgtin": "10", "sgtin": "21"}[self.scheme]
            return f"{at}{goods}{gs1(goods)}" + (f"/{qualifier}/{serial}" if serial else "")
        if self.scheme == "giai":
            return f"{at}{PREFIX}{serial}"
        if self.scheme == "sscc":
            digits = f"{serial[0]}{PREFIX}{serial[1:]}"
            return f"{at}{digits}{gs1(digits)}"
        place = f"{PREFIX}{self.number:05}"
        place += gs1(place)
        if self.scheme == "sgln" and serial not in ("", "0"):
            return f"{at}{place}/254/{serial}"
        return f"{at}{place}{serial if self.scheme == 'gdti' else ''}"


def escaped(serial: str) -> str:
    """Return a serial as it stands in a URN."""
    return serial if _SAFE.fullmatch(serial) else "".join(_ESCAPED.get(character, character) for character in serial)


def escaped_for_web(serial: str) -> str:
    """Return a serial as it stands in the path of a web address: all but letters, digits and ``-._`` escaped."""
    return re.sub(r"[^0-9A-Za-z\-._]", lambda found: f"%{ord(found[0]):02X}", serial)


def is_serial(text: str, longest: int = 20) -> bool:
    """Say whether a text may stand as it is in a key: of the characters that GS1 allows, and not too long."""
    return len(text) <= longest and _ALLOWED.fullmatch(text) is not None


def read(name: str) -> Key:
    """Return the key of which a URN or a GS1 Digital Link of ours speaks.

    Raises
    ------
    InputError
        ``identifier_unknown`` for anything else: another company, another scheme, a wrong check digit.
    """
    key = _from_urn(name) or _from_web(name)
    if key is None or name not in (key.urn(), key.web()):
        raise InputError([Fault("identifier_unknown", arguments={"found": name[:80]})])
    return key


def _from_urn(name: str) -> Key | None:
    found = _URN.fullmatch(name)
    if found is None or found[2] != PREFIX:
        return None
    scheme, rest = found[1], found[3]
    if scheme in ("giai", "sscc"):
        return Key(scheme, 0, unquote(rest))
    number, _, serial = rest.partition(".")
    if not number.isdecimal():
        return None
    if scheme in ("lgtin", "sgtin") and len(number) == 6:
        return Key(
            scheme, int(number[1:]), "" if name.startswith("urn:epc:idpat:") else unquote(serial), int(number[0])
        )
    return Key(scheme, int(number), unquote(serial))


def _from_web(name: str) -> Key | None:
    found = _WEB.fullmatch(name)
    if found is None:
        return None
    ai, value, qualifier, serial = found[1], found[2], found[3] or "", unquote(found[4] or "")
    at = value.find(PREFIX)
    rest = value[at + len(PREFIX) :]
    if ai == "8004" and at == 0:
        return Key("giai", 0, unquote(rest))
    if ai == "00" and at == 1:
        return Key("sscc", 0, value[0] + rest[:-1])
    if not rest[:5].isdecimal():
        return None
    if ai == "01" and at == 1 and value[0].isdecimal():
        scheme = "lgtin" if qualifier == "10" else "sgtin"
        return Key(scheme, int(rest[:5]), serial, int(value[0]))
    if at == 0 and ai in ("414", "417", "253"):
        scheme = {"414": "sgln", "417": "pgln", "253": "gdti"}[ai]
        own = {"sgln": serial or "0", "pgln": "", "gdti": unquote(rest[6:])}
        return Key(scheme, int(rest[:5]), own[scheme])
    return None
