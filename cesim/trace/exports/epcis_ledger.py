"""A ledger as it is exported: entries or records, what of them may be told, and how their events are named."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from uuid import uuid5

import numpy as np

from cesim.errors import Fault, InputError
from cesim.text import nearest
from cesim.trace.exports.lot_names import LotNames
from cesim.trace.exports.numbers import instants
from cesim.trace.exports.partners import NAMESPACE
from cesim.trace.exports.saying import require_sayable
from cesim.trace.records import DECLARATIONS, Records
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries
    from cesim.trace.exports.epcis_sensors import Assays

    Whole = NDArray[np.int64]

IDS: Final = ("uuid", "hash")
"""How events are named: by their place in the ledger, or by the hash of what they say."""
ORIGIN_TOLD: Final = {"FSD": True, "FSR": True, "FMD": True, "none": False}
"""Whether a record of each declaration tells where matter comes from; our reading, not a rule of a platform."""
COMPOSITION_TOLD: Final = {"FSD": True, "FSR": False, "FMD": False, "none": False}
"""Whether it tells what was found in the lots: only a full disclosure does."""
_CORRECTION: Final = STEPS.index("correction")


@dataclass(frozen=True)
class Ledger:
    """What is exported.

    Attributes
    ----------
    entries
        As they are told.
    said_s : (entry,), optional
        Second at which each, it says, was written down; none where nobody wrote it (the truth).
    origin_told, composition_told : (entry,)
        Whether origins of matter, and what was found in it, are told.
    corrects : (entry,)
        Earlier entry that a correction takes back, -1 for none.
    first_year
        Seconds count from its beginning.
    called
        Names of the lots.
    shares : (lot, class), optional
        Origin shares to be told with the lots that are made.
    assays
        What was found in lots.
    ids
        One of `IDS`.
    name
        Of the ledger; events of two ledgers have other identifiers.
    """

    entries: Entries
    said_s: Whole | None
    origin_told: NDArray[np.bool_]
    composition_told: NDArray[np.bool_]
    corrects: Whole
    first_year: int
    called: LotNames = field(repr=False)
    shares: NDArray[np.float64] | None = None
    assays: Assays | None = None
    ids: str = "uuid"
    name: str = "ledger"

    def stamps(self, first: int, last: int) -> list[str]:
        """Return recording time, time zone and, where it is a number, the identifier of some entries."""
        recorded = [""] * (last - first)
        if self.said_s is not None:
            times = instants(self.first_year, self.said_s[first:last])
            recorded = [f',"recordTime":"{time}"' for time in times]
        if self.ids == "hash":
            return [f'{time},"eventTimeZoneOffset":"+00:00"' for time in recorded]
        names = self.identifiers(first, last)
        pairs = zip(recorded, names, strict=True)
        return [f'{time},"eventTimeZoneOffset":"+00:00","eventID":"{name}"' for time, name in pairs]

    def identifiers(self, first: int, last: int) -> list[str]:
        """Return the identifiers of events that are named by their place: version 5 UUIDs of the ledger's space."""
        from hashlib import sha1

        space = uuid5(NAMESPACE, self.name).bytes
        names = []
        for entry in range(first, last):
            h = sha1(space + b"%d" % entry, usedforsecurity=False).hexdigest()
            names.append(f"urn:uuid:{h[:8]}-{h[8:12]}-5{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:32]}")
        return names

    def created(self) -> str:
        """Return the instant at which the last was written: the same ledger gives the same bytes."""
        times = self.entries.time_s if self.said_s is None else self.said_s
        return instants(self.first_year, np.array([times.max() if len(times) else 0]))[0]


_VARIANT: Final = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def ledger_of(
    ledger: Entries | Records,
    first_year: int,
    shares: NDArray[np.float64] | None = None,
    corrects: Whole | None = None,
    assays: Assays | None = None,
    ids: str = "uuid",
    name: str = "ledger",
) -> Ledger:
    """Return what is exported of entries or records, checked.

    What is wrong with a record, when it was written if it says otherwise, and of which event of the truth it speaks, is
    nobody's to know and is left here. Of which record another is a correction is found by that event before.

    Raises
    ------
    InputError
        Of `require_sayable` and `LotNames`; ``export_shares`` for shares that are no shares of these lots;
        ``export_unknown`` for another word of `IDS`.
    """
    if ids not in IDS:
        raise InputError([Fault("export_unknown", arguments=_among(ids, IDS))])
    entries = ledger.entries if isinstance(ledger, Records) else ledger
    said = None
    if isinstance(ledger, Records):
        said = ledger.written_s if ledger.said_s is None else ledger.said_s
    require_sayable(entries, first_year, [entries.time_s] if said is None else [entries.time_s, said])
    if shares is not None:
        require_shares(shares, entries)
    if assays is not None:
        assays.require(len(entries.lots))
    origin = composition = np.ones(len(entries), dtype=bool)
    if isinstance(ledger, Records):
        origin, composition = (
            np.array([told[word] for word in DECLARATIONS])[ledger.declared] for told in (ORIGIN_TOLD, COMPOSITION_TOLD)
        )
        corrects = _corrected(ledger) if corrects is None else corrects
    if corrects is None:
        corrects = np.full(len(entries), -1)
    called = LotNames(entries)
    return Ledger(entries, said, origin, composition, corrects, first_year, called, shares, assays, ids, name)


def require_shares(shares: NDArray[np.float64], entries: Entries) -> None:
    """Refuse what are no origin shares of the lots of a ledger.

    Raises
    ------
    InputError
        ``export_shares``
    """
    wanted = (len(entries.lots), len(entries.names.classes))
    fits = shares.shape == wanted and bool(np.isfinite(shares).all())
    if not fits or (shares.size and (shares.min() < -1e-9 or shares.sum(axis=1).max() > 1 + 1e-6)):
        raise InputError([Fault("export_shares", arguments={"found": str(shares.shape), "allowed": str(wanted)})])


def _corrected(records: Records) -> Whole:
    """Of each correction the last record before it by the same actor on the same event; -1 for none."""
    entries = records.entries
    found = np.full(len(records), -1)
    late = np.flatnonzero((entries.step == _CORRECTION) & (records.event >= 0))
    if not len(late):
        return found
    wanted = set(records.event[late].tolist())
    known: dict[tuple[int, int], int] = {}
    for n in np.flatnonzero(np.isin(records.event, list(wanted))).tolist():
        key = (int(records.event[n]), int(entries.actor[n]))
        if entries.step[n] == _CORRECTION:
            found[n] = known.get(key, -1)
        else:
            known[key] = n
    return found


def _among(found: str, allowed: tuple[str, ...]) -> dict[str, object]:
    return {"found": found[:80], "allowed": list(allowed), "nearest": nearest(found, allowed)}
