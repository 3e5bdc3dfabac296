"""Identifiers: URIs (RFC 3986), as EPC URNs, GS1 Digital Links, or anybody's own.

The standard asks for a URI with a scheme and no more, and so do we: whether a GTIN in it exists, nobody here can know.
Letters beyond ASCII must be percent-encoded. Beyond the standard, schemes are refused that make a browser run something
or open what lies on the reader's machine, should somebody show the identifier as a link.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from cesim.trace.standards.places import kind

if TYPE_CHECKING:
    from cesim.trace.standards.places import At, Objections

UNSAFE_SCHEMES: Final = (
    "javascript",
    "livescript",
    "vbscript",
    "data",
    "blob",
    "file",
    "filesystem",
    "view-source",
)
_RUNNING: Final = ("javascript", "livescript", "vbscript")

_LETTERS: Final = r"A-Za-z0-9\-._~!$&'()*+,;="  # unreserved and sub-delims of RFC 3986, appendix A


def _run(letters: str) -> str:
    return f"[{letters}]*+(?:%[0-9A-Fa-f]{{2}}[{letters}]*+)*+"


_HOST: Final = rf"(?:\[(?:(?P<six>[0-9A-Fa-f:.]+)|[vV][0-9A-Fa-f]+\.[{_LETTERS}:]+)\]|{_run(_LETTERS)})"
_URI: Final = re.compile(
    rf"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*+):"
    rf"(?://(?:{_run(_LETTERS + ':')}@)?{_HOST}(?::[0-9]*+)?(?=[/?#]|\Z)|(?!//))"
    rf"{_run(_LETTERS + ':@/')}"
    rf"(?:\?{_run(_LETTERS + ':@/?')})?(?:#{_run(_LETTERS + ':@/?')})?"
)


def uri(value: Any, at: At, found: Objections) -> None:
    """A URI whose scheme is not one of `UNSAFE_SCHEMES`."""
    if type(value) is not str:
        found.refuse("epcis_wrong_kind", at, found=kind(value), allowed="string")
    elif not is_uri(value):
        found.refuse("epcis_no_uri", at, found=value)
    elif scheme_of(value) in UNSAFE_SCHEMES:
        found.refuse("epcis_unsafe_uri", at, found=value)


def is_uri(value: str) -> bool:
    """Say whether a text is a URI with a scheme (RFC 3986)."""
    match = _URI.fullmatch(value)
    return match is not None and (match["six"] is None or _is_ipv6(match["six"]))


def scheme_of(value: str) -> str:
    """Return the scheme of a URI in small letters."""
    return value.partition(":")[0].lower()


def own_name(name: str) -> str | None:
    """Return the code of the fault if a field may not have this name of somebody's own.

    Such a name is a URI: mostly a prefix, a colon and a word. A prefix may well be called ``data`` or ``file``.
    """
    return _judge_known(name) if len(name) <= 200 else _judge(name)


def _judge(name: str) -> str | None:
    if not is_uri(name):
        return "epcis_unknown_field"
    return "epcis_unsafe_uri" if scheme_of(name) in _RUNNING else None


_judge_known = lru_cache(maxsize=4096)(_judge)
"""Names come again in every event."""


def _is_ipv6(address: str) -> bool:
    from ipaddress import AddressValueError, IPv6Address

    try:
        IPv6Address(address)
    except AddressValueError:
        return False
    return True
