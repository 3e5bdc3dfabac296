"""What the metal, the plastics and the treated masses of a block are made from, as marks: exact bytes, year by year.

A trail has a mark for every state a strand of a course goes through: where two trails have the same mark, everything
that was read so far is the same, byte for byte, and so is everything that was solved. A mark is a digest of 128 bits;
that two different inputs share one is not to be expected in the life of a machine.

Whatever is not known to be left unread is taken in, and what is not known to be read year by year counts from the first
year; so a field that nobody thought of costs time, never a wrong answer.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from cesim.balance.unlike import BY_YEAR
from cesim.ledger.substances import ALLOYS, ITEMS, POLYMERS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.balance.inputs import Metal, Plastics, Treatment
    from cesim.balance.lane_cars import CarLanes

    Floats = NDArray[np.float64]

_METALS: Final = [*range(len(ALLOYS)), ITEMS.index("steel"), ITEMS.index("copper")]
"""Items that a scrap grade of aluminium is made of: alloys, and the steel and copper that cling to them."""
_PLASTICS: Final = [ITEMS.index(name) for name in POLYMERS]
_PAIRS: Final = 3 * len(POLYMERS)
"""Pairs of plastics, which stand first in `CarLanes.rest`, before steel and copper."""

_NOT_BY_METAL: Final = frozenset({"asr_sorted", "asr_recovered", "asr_to", "pellet_yield"})
"""Fields of treatment that no scrap grade notices."""
_NOT_BY_PLASTICS: Final = frozenset(
    {"identified", "sorted_to", "part_steel", "to_metal", "shred_steel", "shred_copper", "asr_to"}
)
"""Fields of treatment that no pellet notices."""
_CARS_OF_METAL: Final = frozenset(
    {"scrapped", "exported", "other", "age_share", "place", "split", "composition", "finished", "paint", "kept",
     "imported"}
)  # fmt: skip
"""Fields of cars that no pellet and no compound notices."""
_CARS_OF_PLASTICS: Final = frozenset({"plastics", "recipe"})
"""Fields of cars that no melt notices."""

_ROOM_AXES: Final = dict.fromkeys(BY_YEAR, 1)
_CAR_AXES: Final = {
    "past": 1, "recent": 1,
    **dict.fromkeys(("rest", "finished", "paint", "kept", "imported", "plastics"), 0),
}  # fmt: skip
"""Which axis is the year in which a field is read."""


@dataclass(frozen=True)
class Mark:
    """What is read in every year, and what in each."""

    always: bytes
    by_year: tuple[bytes, ...]


class Marks(NamedTuple):
    """What each strand reads of one room of the inputs."""

    metal: Mark | None = None
    plastics: Mark | None = None
    treated: Mark | None = None


class Trails(NamedTuple):
    """Marks before the first year and after each: (Y + 1,) for each strand."""

    metal: tuple[bytes, ...]
    plastics: tuple[bytes, ...]
    treated: tuple[bytes, ...]


def treatment_marks(treatment: Treatment) -> Marks:
    """What scrap grades, pellets and the sums of treatment read of it."""
    whole = _fields(treatment)
    metal = {name: value for name, value in whole.items() if name not in _NOT_BY_METAL}
    plastics = {name: value for name, value in whole.items() if name not in _NOT_BY_PLASTICS}
    metal |= _of_items(treatment, _METALS) | {"to_metal": treatment.to_metal[:, _METALS]}
    plastics |= _of_items(treatment, _PLASTICS)
    return Marks(*(_mark(part, _ROOM_AXES, treatment.reused.shape[1]) for part in (metal, plastics, whole)))


def metal_marks(metal: Metal) -> Marks:
    """What remelting reads of it."""
    return Marks(metal=_mark(_fields(metal), _ROOM_AXES, metal.approved.shape[1]))


def plastics_marks(plastics: Plastics) -> Marks:
    """What compounding reads of it."""
    return Marks(plastics=_mark(_fields(plastics), _ROOM_AXES, plastics.cap.shape[1]))


def car_marks(cars: CarLanes) -> Marks:
    """What each strand reads of the cars."""
    whole = _fields(cars)
    for way in ("scrapped", "exported", "other"):
        whole |= {f"{way}.{name}": part for name, part in _fields(whole.pop(way)).items()}
    metal = {name: value for name, value in whole.items() if name not in _CARS_OF_PLASTICS}
    plastics = {name: value for name, value in whole.items() if name.partition(".")[0] not in _CARS_OF_METAL}
    metal |= {"rest": cars.rest[..., _PAIRS : _PAIRS + 2]}
    plastics |= {"rest": cars.rest[..., :_PAIRS]}
    return Marks(*(_mark(part, _CAR_AXES, cars.years) for part in (metal, plastics, whole)))


def trails(years: int, rooms: Sequence[Marks]) -> Trails:
    """The trails of a block whose rooms have these marks."""
    metal = _trail(years, [own.metal for own in rooms if own.metal is not None])
    plastics = _trail(years, [own.plastics for own in rooms if own.plastics is not None])
    # what is treated in a year are cars of metal made in the years before
    treated = _trail(years, [own.treated for own in rooms if own.treated is not None], metal)
    return Trails(metal, plastics, treated)


def _trail(years: int, marks: Sequence[Mark], beside: Sequence[bytes] | None = None) -> tuple[bytes, ...]:
    at = _digest([mark.always for mark in marks])
    out = [at]
    for year in range(years):
        at = _digest([at, *(mark.by_year[year] for mark in marks), *([] if beside is None else [beside[year]])])
        out.append(at)
    return tuple(out)


def _digest(parts: Sequence[bytes]) -> bytes:
    return blake2b(b"".join(parts), digest_size=16).digest()


def _fields(room: object) -> dict[str, object]:
    return {field.name: getattr(room, field.name) for field in fields(room)}  # type: ignore[arg-type]


def _of_items(treatment: Treatment, items: list[int]) -> dict[str, object]:
    """Parts taken off, as far as they hold any of these items: a part without them takes nothing of them along."""
    share = treatment.part_share[:, :, items]
    parts = np.flatnonzero((share != 0.0).any(axis=(0, 2)))
    return {
        "part_share": share[:, parts],
        "removed_to": treatment.removed_to[parts][:, items],
        "reused": treatment.reused[:, :, parts],
        "taken": treatment.taken[:, :, parts],
    }


def _mark(inputs: Mapping[str, object], axes: Mapping[str, int], years: int) -> Mark:
    always, by_year = blake2b(digest_size=16), [blake2b(digest_size=16) for _ in range(years)]
    for name, value in sorted(inputs.items()):
        axis = axes.get(name.rpartition(".")[2])
        if axis is not None and isinstance(value, tuple) and len(value) == years:
            for own, mark in zip(by_year, _year_marks(value), strict=True):
                own.update(f"{name} ".encode() + mark)
            continue
        if axis is None or not isinstance(value, np.ndarray) or value.ndim <= axis or value.shape[axis] != years:
            _feed(always, name, value)
            continue
        always.update(f"{name} {value.dtype} {value.shape};".encode())
        for own, part in zip(by_year, np.ascontiguousarray(np.moveaxis(value, axis, 0)), strict=True):
            own.update(part.data)
    return Mark(always.digest(), tuple(own.digest() for own in by_year))


def _year_marks(years: tuple[object, ...]) -> list[bytes]:
    """Marks of a tuple of years; what several years share is read once."""
    known: dict[int, bytes] = {}
    for held in years:
        if id(held) not in known:
            own = blake2b(digest_size=16)
            _feed(own, "", held)
            known[id(held)] = own.digest()
    return [known[id(held)] for held in years]


def _feed(always: blake2b, name: str, value: object) -> None:
    """Take in whatever a field may be."""
    if isinstance(value, np.ndarray):
        always.update(f"{name} {value.dtype} {value.shape};".encode())
        always.update(np.ascontiguousarray(value).data)
    elif is_dataclass(value):
        for inner, part in _fields(value).items():
            _feed(always, f"{name}.{inner}", part)
    elif isinstance(value, tuple):
        always.update(f"{name} {len(value)};".encode())
        for n, part in enumerate(value):
            _feed(always, f"{name}.{n}", part)
    else:
        always.update(f"{name} {type(value).__name__} {value!r};".encode())
