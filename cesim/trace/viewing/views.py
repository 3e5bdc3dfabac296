"""What a viewer may see of one record at a time: a function of record, viewer, contract and second, of nothing else.

A view is a flat list of fields by path, such as ``outputs.L7.mass_mg``. What is withheld is not there, under no name;
where the writer sealed it, the seal is, so that it can be opened later to a certifier.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.trace.integrity.commitments import Opening, commitment, derived_salt
from cesim.trace.platforms.products import MISC, MOST_MISC, Substance
from cesim.trace.viewing.disclosure import FIELDS, Contract, Viewer, level_under, whole_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Value = str | int | float

SEALED: Final[tuple[str, ...]] = tuple(name for name in FIELDS if name not in ("claim", "certificate"))
"""Fields on which there is a seal, also where there is nothing in them: what is sealed tells nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """A lot on one side of a record."""

    lot: str
    item: str
    mass_mg: int
    other: str = ""
    """Who sold it to the writer, or bought it from the writer."""


@dataclass(frozen=True)
class Record:
    """One record with all that its writer knows.

    Raises
    ------
    InputError
        ``record_repeated`` for a lot, a substance or an origin that stands twice.
    """

    number: str
    step: str
    second: int
    written_s: int
    actor: str
    pseudonym: str
    """The same for all records of an actor; the platform gives it."""
    region: str = ""
    declared: str = "FSD"
    claim: str = ""
    """What the writer says to everybody, such as a recycled content."""
    certificate: str = ""
    shares: tuple[tuple[str, float], ...] = ()
    loss_mg: int = 0
    substances: tuple[Substance, ...] = ()
    inputs: tuple[Line, ...] = ()
    outputs: tuple[Line, ...] = ()
    seals: Mapping[str, str] = field(default_factory=dict)
    """Salted commitment to each field of `SEALED`."""

    def __post_init__(self) -> None:
        sides = [line.lot for line in self.inputs], [line.lot for line in self.outputs]
        names = [name for name, _ in self.shares], [one.name for one in self.substances]
        twice = sorted({name for listed in (*sides, *names) for name in listed if listed.count(name) > 1})
        if twice:
            raise InputError([Fault("record_repeated", Place(model=self.number), {"found": twice})])

    def fields(self) -> dict[str, Value]:
        """Return all of it, by path."""
        plain = {name: getattr(self, name) for name in FIELDS if name not in _NESTED and name != "month"}
        return {
            **plain,
            "month": self.second // _MONTH,
            **{f"shares.{name}": share for name, share in self.shares},
            **dict(_substances(self.substances)),
            **dict(_lines("inputs", self.inputs, _WHOLE)),
            **dict(_lines("outputs", self.outputs, _WHOLE)),
        }

    def part(self, name: str) -> dict[str, Value]:
        """Return a field of `SEALED` with all that belongs to it, by path, as it is sealed."""
        return {path: value for path, value in self.fields().items() if path.split(".")[0] == name}


@dataclass(frozen=True)
class View:
    """What somebody sees.

    Attributes
    ----------
    fields
        By path.
    seals
        Of what is withheld in whole or in part, by the first part of its path; whoever sees everything has all of them,
        to hold against what others were shown.
    """

    fields: Mapping[str, Value]
    seals: Mapping[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """Return it as plain data, for JSON."""
        return {"fields": dict(self.fields), "seals": dict(self.seals)}


_NESTED: Final = ("shares", "substances", "inputs", "outputs")
_WHOLE: Final = ("item", "mass_mg", "other")
_MONTH: Final = 30 * 86_400
"""Seconds of what counts as a month here: time as coarse as the chain sees it."""


def view(record: Record, viewer: Viewer, contract: Contract, now: int) -> View:
    """Return what a viewer sees of a record at a second; nothing before it is written.

    Raises
    ------
    InputError
        ``declaration_misc`` where the contract leaves more than 10 % of the mass without a name.
    """
    away = undisclosed(record, contract)
    if now < record.written_s:
        return View({})
    level = level_under(viewer, contract, record.second)
    whole = whole_fields(level, contract)
    seen = {path: value for path, value in record.fields().items() if path.split(".")[0] in whole}
    if level == "partner":
        seen |= dict(_substances(one for one in record.substances if one.name not in away))
        seen |= dict(_of_partner(record, viewer))
    if level in ("public", "chain"):
        seen |= dict(_substances(one for one in record.substances if one.regulated))
    elif away:
        seen[f"substances.{MISC}"] = sum(one.mass_mg for one in record.substances if one.name in away)
    return View(seen, {} if level == "public" else _seals(record, level, whole))


def _seals(record: Record, level: str, whole: frozenset[str]) -> dict[str, str]:
    """Seals on what a level does not see whole; all of them where it does."""
    if not record.seals:
        return {}
    return {name: record.seals[name] for name in SEALED if name not in whole or level in ("certifier", "own")}


def undisclosed(record: Record, contract: Contract) -> frozenset[str]:
    """Return the substances that go without a name under a contract: never a regulated one.

    Raises
    ------
    InputError
        ``declaration_misc`` above 10 % of the mass.
    """
    away = [
        one
        for one in record.substances
        if one.name == MISC or (not one.regulated and (not one.disclosed or one.name in contract.undisclosed))
    ]
    mass, total = sum(one.mass_mg for one in away), sum(one.mass_mg for one in record.substances)
    if 100 * mass > MOST_MISC * total:
        raise InputError([Fault("declaration_misc", Place(model=record.number), {"found": mass, "allowed": total})])
    return frozenset(one.name for one in away)


def sealed(record: Record, secret: bytes) -> Record:
    """Return the record with a commitment on every field, salted under a secret of its writer."""
    salts = {name: derived_salt(secret, record.number, name) for name in SEALED}
    return replace(record, seals={name: commitment(name, record.part(name), salt) for name, salt in salts.items()})


def opening(record: Record, name: str, secret: bytes) -> Opening:
    """Return what opens the seal of a field to whom its writer shows it; see `cesim.trace.integrity.commitments`."""
    return Opening(name, record.part(name), derived_salt(secret, record.number, name))


def _of_partner(record: Record, viewer: Viewer) -> Iterator[tuple[str, Value]]:
    """Lots that a partner sold to the writer or bought from it: of those bought what they weigh, of those sold not."""
    if viewer.side == "downstream":
        yield from _lines("outputs", (line for line in record.outputs if line.other == viewer.name), _WHOLE)
    else:
        yield from _lines("inputs", (line for line in record.inputs if line.other == viewer.name), ("item", "other"))


def _substances(substances: Iterable[Substance]) -> Iterator[tuple[str, Value]]:
    for one in substances:
        yield f"substances.{one.name}", one.mass_mg


def _lines(side: str, lines: Iterable[Line], what: Iterable[str]) -> Iterator[tuple[str, Value]]:
    for line in lines:
        for name in what:
            yield f"{side}.{line.lot}.{name}", getattr(line, name)
