"""RMP, the platform for the recycling of products.

Public (slides of METI Chubu, December 2025): it takes the composition of scrapped products from CMP and gives what
becomes of them to PLA-NET; waste is reported with model, place, amount and hazard, a product's residual value with its
use. Public of the recycling law: each actor reports a car's arrival and hand-over by chassis number, and nobody can
report an arrival before the hand-over to it. Our reading: all of this in one platform, and that a car's identity ends
at the gate of the shredder, where the identity of lots begins. No schema is public; no claim of compatibility.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from cesim.trace.platforms.faults import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cesim.trace.platforms.batches import ProcessBatch
    from cesim.trace.platforms.cmp import Cmp
    from cesim.trace.platforms.products import Substance

SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Composition:
    """What CMP says of a part."""

    substances: tuple[Substance, ...]
    declared: str
    named: float
    """Share of the mass that has a name."""


@dataclass(frozen=True, slots=True)
class WasteDetail:
    """Waste of a model at a place."""

    model: str
    place: str
    mass_mg: int
    hazard: str
    manifest: str
    """Number of the manifest it goes with."""


@dataclass(frozen=True, slots=True)
class ResidualValue:
    """What a car was used for and how it stands, told when it is taken back."""

    vehicle: str
    mileage_km: int
    condition: str


@dataclass(slots=True)
class _Car:
    model: str
    holder: str
    second: int
    going_to: str = ""
    ended: str = ""
    """Batch in which its identity ended."""


class Rmp:
    """Cars until they are shredded, lots from there on.

    Parameters
    ----------
    cmp
        Where compositions are looked up.
    parts
        Number in CMP of a part of a model.
    secret
        Under which chassis numbers become pseudonyms; 32 bytes or more, or they could be found by trying.

    Raises
    ------
    InputError
        ``commitment_salt`` for a shorter secret.
    """

    def __init__(self, cmp: Cmp, parts: Mapping[tuple[str, str], str], secret: bytes) -> None:
        if len(secret) < SECRET_BYTES:
            raise refuse("commitment_salt", "rmp", found=len(secret), wanted=SECRET_BYTES)
        self.cmp, self.parts, self._secret = cmp, parts, secret
        self.traffic: Counter[str] = Counter()
        self.batches: dict[str, ProcessBatch] = {}
        self.waste: list[WasteDetail] = []
        self.residual: dict[str, ResidualValue] = {}
        self._cars: dict[str, _Car] = {}

    def take_back(self, chassis: str, model: str, site: str, second: int) -> str:
        """Report a car as scrapped; return the pseudonym under which it goes from now on.

        Raises
        ------
        InputError
            ``rmp_vehicle_twice``
        """
        vehicle = blake2b(chassis.encode(), digest_size=10, key=self._secret[:64]).hexdigest()
        if vehicle in self._cars:
            raise refuse("rmp_vehicle_twice", "rmp", found=vehicle)
        self._cars[vehicle] = _Car(model, site, second)
        self.traffic["take_back"] += 1
        return vehicle

    def value(self, told: ResidualValue) -> None:
        """Take what is known of a car's use."""
        self._car(told.vehicle)
        self.residual[told.vehicle] = told
        self.traffic["residual_value"] += 1

    def hand_over(self, vehicle: str, site: str, to: str, second: int) -> None:
        """Report that a car leaves for another site.

        Raises
        ------
        InputError
            ``rmp_not_here`` where the car is not at that site or already left, ``rmp_back`` for a time before the last.
        """
        car = self._car(vehicle, second)
        if car.holder != site or car.going_to:
            raise refuse("rmp_not_here", "rmp", found=vehicle, site=site)
        car.going_to, car.second = to, second
        self.traffic["hand_over"] += 1

    def take_over(self, vehicle: str, site: str, second: int) -> None:
        """Report that a car arrived; only where its hand-over was reported.

        Raises
        ------
        InputError
            ``rmp_not_handed_over``, ``rmp_back``.
        """
        car = self._car(vehicle, second)
        if car.going_to != site:
            raise refuse("rmp_not_handed_over", "rmp", found=vehicle, site=site)
        car.holder, car.going_to, car.second = site, "", second
        self.traffic["take_over"] += 1

    def composition(self, vehicle: str, part: str) -> Composition | None:
        """Look up in CMP what a part of a car is made of; none where CMP knows nothing of it.

        Raises
        ------
        InputError
            ``rmp_vehicle_ended`` after the gate of the shredder: of a lot nobody can say which cars are in it.
        """
        car = self._car(vehicle)
        self.traffic["composition"] += 1
        number = self.parts.get((car.model, part))
        if number is None:
            return None
        self.cmp.traffic.lookups += 1
        told = self.cmp.product(number)
        return Composition(told.shown().substances, told.declared, 1.0 - told.misc_mg() / told.mass_mg)

    def record(self, batch: ProcessBatch) -> None:
        """Take a process batch.

        Raises
        ------
        InputError
            ``rmp_batch_twice``
        """
        if batch.batch in self.batches:
            raise refuse("rmp_batch_twice", "rmp", found=batch.batch)
        self.batches[batch.batch] = batch
        self.traffic["process_batch"] += 1

    def shred(self, batch: ProcessBatch, vehicles: Sequence[str]) -> None:
        """Take the batch in which cars end; it holds how many they were, and not which.

        Raises
        ------
        InputError
            ``batch_step`` for another step, ``rmp_not_here`` for a car that is somewhere else.
        """
        if batch.step != "shredding":
            raise refuse("batch_step", batch.batch, found=batch.step, allowed=("shredding",))
        cars = [self._car(vehicle, batch.begins_s) for vehicle in vehicles]
        for vehicle, car in zip(vehicles, cars, strict=True):
            if car.holder != batch.sender or car.going_to or vehicles.count(vehicle) > 1:
                raise refuse("rmp_not_here", "rmp", found=vehicle, site=batch.sender)
        self.record(batch)
        for car in cars:
            car.ended = batch.batch
        self.traffic["vehicles ended"] += len(cars)

    def report_waste(self, told: WasteDetail) -> None:
        """Take a report of waste."""
        self.waste.append(told)
        self.traffic["waste_detail"] += 1

    def _car(self, vehicle: str, second: int | None = None) -> _Car:
        car = self._cars.get(vehicle)
        if car is None:
            raise refuse("rmp_vehicle_unknown", "rmp", found=vehicle)
        if car.ended:
            raise refuse("rmp_vehicle_ended", "rmp", found=vehicle)
        if second is not None and second < car.second:
            raise refuse("rmp_back", "rmp", found=second, now=car.second)
        return car
