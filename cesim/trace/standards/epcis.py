"""EPCIS 2.0 (ISO/IEC 19987) in JSON and JSON-LD: what may stand in a document, and what is wrong with one.

The rules are ours, written from the standard; they take what GS1's own JSON schema takes with formats checked, and are
stricter in what follows, each with its own code:

- ``epcis_unsafe_uri``: no identifier, and no meaning of a prefix, has a scheme of `uris.UNSAFE_SCHEMES`, and no name
  of a field one that a browser runs;
- ``epcis_quantity_out_of_range``, ``epcis_reading_out_of_range``: see `numbers`;
- ``epcis_event_id_twice``: no two events of a document have the same id, declarations of error apart.

As lenient as that schema we remain where it lets through what the text of the standard does not ask for or leaves to
others: prefixes that no context explains, an aggregation without parent, fields of any name within a place, identifiers
that are a URI but of no known key, years before the first, an empty list of EPCs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.trace.standards.documents import document as _document
from cesim.trace.standards.places import Objections

if TYPE_CHECKING:
    from collections.abc import Sequence

STRICTER: Final = frozenset(
    {"epcis_unsafe_uri", "epcis_quantity_out_of_range", "epcis_reading_out_of_range", "epcis_event_id_twice"}
)
"""Codes of what the standard lets pass and we do not."""
SHOWN: Final = 200
"""Faults that an exception carries."""


def check_epcis(document: object, *, file: str | None = None) -> list[Fault]:
    """Return everything that is wrong with a document, each with its place; nothing if it is sound.

    Parameters
    ----------
    document
        What `cesim.trace.standards.read_document` returned: an EPCIS document, a query document, or an event with its
        own context.
    file
        The name that places carry.

    Notes
    -----
    Of very many faults the first 10,000 are told and the rest counted (``epcis_more_faults``).
    """
    found = Objections(file)
    _document(document, None, found)
    if found.more:
        return [*found.faults, _more(found.more, file)]
    return found.faults


def refuse_wrong_epcis(document: object, *, file: str | None = None, shown: int = SHOWN) -> None:
    """Return if a document is sound.

    Raises
    ------
    InputError
        With the first `shown` faults in the order of their places, and how many there are besides.
    """
    faults = check_epcis(document, file=file)
    if faults:
        raise InputError(first(faults, file, shown))


def first(faults: Sequence[Fault], file: str | None, shown: int) -> list[Fault]:
    """Return the first faults by place, and in the place of all others one that counts them."""
    counted = sum(int(str(fault.arguments["count"])) for fault in faults if fault.code == _MORE)
    told = sorted((fault for fault in faults if fault.code != _MORE), key=lambda fault: fault.place.order())
    left = len(told[shown:]) + counted
    return [*told[:shown], _more(left, file)] if left else told


_MORE: Final = "epcis_more_faults"


def _more(count: int, file: str | None) -> Fault:
    return Fault(_MORE, Place(file), {"count": count})
