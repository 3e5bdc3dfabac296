"""From what was said to a ledger of records: lots numbered in the order in which they are first made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.errors import Fault, InputError
from cesim.trace.entries import Actor, Edges, Entries, Lots, Names, Sources
from cesim.trace.imports.clock import begin_of, year_of
from cesim.trace.imports.masses import MOST_MG
from cesim.trace.imports.ordering import ordered
from cesim.trace.imports.said import UNTOLD_MG, refusal
from cesim.trace.records import DECLARATIONS, Records
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cesim.trace.imports.said import Matter, Portion, Said, Told

    Whole = NDArray[np.int64]

MOST_YEARS: Final = 100
"""Between the first and the last event, and the times at which they were written down."""
NOBODY_KNOWN: Final = Actor("?", "")
"""Who acts where an event names neither place nor party."""


@dataclass(frozen=True)
class Imported:
    """A ledger from outside.

    Attributes
    ----------
    records
        Of nothing that is known to have happened: ``event`` is -1 and ``fault`` 0 everywhere.
    first_year
        Seconds count from its beginning, UTC.
    remarks
        What was read with a reservation.
    """

    records: Records
    first_year: int
    remarks: tuple[Fault, ...]


def records_of(told: Told) -> Imported:
    """Return what was told as a ledger of records.

    Raises
    ------
    InputError
        ``import_nothing`` where no event speaks of a lot; ``import_mass_too_large`` where all of a side together is
        too heavy; ``import_ages_apart``; those of `cesim.trace.imports.ordering.ordered`.
    """
    if not any(one.inputs or one.outputs for one in told.said):
        raise InputError([Fault("import_nothing")])
    _refuse_sums(told.said)
    _refuse_ages(told.said)
    label = {key: lot.label for key, lot in told.lots.items()}
    said = [told.said[n] for n in ordered(told.said, label, told.remarks)]
    first_year = year_of(min(one.time_s for one in said))
    begin = begin_of(first_year)
    lots = _numbers(portion.lot for one in said for side in (one.inputs, one.outputs) for portion in side)
    entries = _entries(told, said, lots, begin)
    nothing = np.zeros(len(said), dtype=np.int64)
    tells = np.array([all(matter.origin for matter in one.sources) for one in said])
    declared = np.where(tells, DECLARATIONS.index("FMD"), DECLARATIONS.index("none"))
    written = np.array([one.written_s - begin for one in said], dtype=np.int64)
    records = Records(entries, nothing - 1, written, declared, nothing)
    return Imported(records, first_year, tuple(told.remarks.all()))


def _refuse_sums(said: Sequence[Said]) -> None:
    faults = []
    for one in said:
        for side in (one.inputs, one.outputs, one.sources):
            total = sum(max(mass, 0) for _, mass in side)
            if total >= MOST_MG:
                found = {"found": f"{total / 1e6:g} kg", "allowed": f"{MOST_MG // 10**9:,} t"}
                faults.append(Fault("import_mass_too_large", one.place, found))
    if faults:
        raise refusal(faults)


def _refuse_ages(said: Sequence[Said]) -> None:
    """Refuse events that no one ledger can hold: between them lie more years than anybody keeps records."""
    times = [(second, n) for n, one in enumerate(said) for second in (one.time_s, one.written_s)]
    (first, one), (last, other) = min(times), max(times)
    if last - first > MOST_YEARS * 366 * 86_400:
        told = {"found": year_of(last), "other": said[one].place, "allowed": MOST_YEARS}
        raise InputError([Fault("import_ages_apart", said[other].place, told)])


def _entries(told: Told, said: Sequence[Said], number: dict[str, int], begin: int) -> Entries:
    who = _numbers(key for one in said for key in (one.actor, one.partner) if key)
    names, lots = _named(told, who), [told.lots[key] for key in number]
    kinds, items = (_numbers(getattr(lot, word) for lot in lots) for word in ("kind", "item"))
    classes = {word: n for n, word in enumerate(told.classes)}

    def column(values: Iterable[int]) -> Whole:
        return np.fromiter(values, dtype=np.int64, count=-1)

    return Entries(
        Names(names, tuple(kinds), tuple(items), told.classes),
        Lots(
            column(kinds[lot.kind] for lot in lots), column(items[lot.item] for lot in lots),
            _masses(told, said, number), _labels(told, number),
        ),
        column(STEPS.index(one.step) for one in said),
        column(who[one.actor] for one in said),
        column(who.get(one.partner, -1) for one in said),
        column(one.time_s - begin for one in said),
        _edges([one.inputs for one in said], number),
        _edges([one.outputs for one in said], number),
        _sources([one.sources for one in said], classes),
        column(one.loss_mg for one in said),
        column(classes.get(one.relabel, -1) for one in said),
        np.zeros(len(said), dtype=np.bool_),
    )  # fmt: skip


def _numbers(words: Iterable[str]) -> dict[str, int]:
    """Number words in the order in which they first come."""
    return {word: n for n, word in enumerate(dict.fromkeys(words))}


def _named(told: Told, who: dict[str, int]) -> tuple[Actor, ...]:
    """Return actors; of two with one name the second has its key beside it."""
    seen: set[str] = set()
    actors = []
    for key in who:
        actor = told.actors.get(key, NOBODY_KNOWN)
        name = actor.name if actor.name not in seen else f"{actor.name} ({key})"
        seen.add(name)
        actors.append(Actor(name, actor.role, actor.place))
    return tuple(actors)


def _labels(told: Told, number: dict[str, int]) -> tuple[str, ...]:
    """Return labels; of two lots with one label both are called by their keys."""
    labels = [told.lots[key].label for key in number]
    twice = {label for label, n in _counts(labels).items() if n > 1}
    keys = set(number)
    return tuple(
        key if label in twice or (label in keys and label != key) else label
        for key, label in zip(number, labels, strict=True)
    )


def _counts(words: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words:
        found[word] = found.get(word, 0) + 1
    return found


def _masses(told: Told, said: Sequence[Said], number: dict[str, int]) -> Whole:
    """Return what each lot is said to weigh: where it is made, else in a table, else the most that is told of it."""
    made = np.full(len(number), UNTOLD_MG, dtype=np.int64)
    most = made.copy()
    born = np.zeros(len(number), dtype=bool)
    for one in said:
        for lot, mass in one.outputs:
            n = number[lot]
            if not born[n]:
                made[n], born[n] = mass, True
        for lot, mass in one.inputs:
            n = number[lot]
            most[n] = max(most[n], mass)
    table = np.array([told.lots[key].mass_mg for key in number], dtype=np.int64)
    return np.where(born, made, np.where(table >= 0, table, most))


def _edges(sides: Sequence[Sequence[Portion]], number: dict[str, int]) -> Edges:
    lot = np.array([number[portion.lot] for side in sides for portion in side], dtype=np.int64)
    mass = np.array([portion.mass_mg for side in sides for portion in side], dtype=np.int64)
    return Edges(_starts(sides), lot, mass)


def _sources(sides: Sequence[Sequence[Matter]], classes: dict[str, int]) -> Sources:
    origin = np.array([classes.get(matter.origin, -1) for side in sides for matter in side], dtype=np.int64)
    mass = np.array([matter.mass_mg for side in sides for matter in side], dtype=np.int64)
    return Sources(_starts(sides), origin, mass)


def _starts(sides: Sequence[Sequence[object]]) -> Whole:
    counts = np.array([len(side) for side in sides], dtype=np.int64)
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(counts)])
