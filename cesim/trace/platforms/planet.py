"""PLA-NET, the platform for recycled plastics.

Public (texts of the SIP programme and slides of METI Chubu): it carries the origin of a recyclate as the intermediate
processes, its quality as composition and chemicals, and offers with place and volume; it takes over from RMP. Our
reading: the fields, in the names of Catena-X RecyclingInformation (CX-0159, read); that only hashes of the processes
are passed on; and that a certificate is used up by one lot. No list of fields is public; no claim of compatibility.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from cesim.trace.integrity.canonical import canonical_value
from cesim.trace.platforms.faults import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cesim.trace.platforms.rmp import Rmp

SHARES: Final = {
    "pre_auto": "preConsumerShares.automotive",
    "pre_other": "preConsumerShares.nonAutomotive",
    "post_elv": "postConsumerShares.automotive",
    "post_in_use": "postConsumerShares.automotive",
    "post_other": "postConsumerShares.nonAutomotive",
    "run_around": "reutilizationMaterialShare",
}
"""Field of each class of origin; every other class is primary."""
_PRIMARY: Final = "materialSourceShares.primaryMaterial"


@dataclass(frozen=True, slots=True)
class Quality:
    """What a recyclate is like, as its maker measured it."""

    polymer: str
    melt_flow: float
    density: float
    ash: float
    """Mass fraction."""
    substances: tuple[str, ...] = ()
    """Of concern, that were found."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a maker can supply."""

    maker: str
    region: str
    polymer: str
    mass_mg: int
    """A period."""
    begins_s: int
    ends_s: int


@dataclass(frozen=True)
class Recyclate:
    """A lot on the platform."""

    lot: str
    maker: str
    mass_mg: int
    shares: Mapping[str, float]
    """By class of origin, adding to one."""
    chain: tuple[str, ...]
    """Hashes of the process batches it went through."""
    quality: Quality | None = None

    def information(self) -> dict[str, float]:
        """Return shares in percent by the fields of RecyclingInformation."""
        told = {**dict.fromkeys([*SHARES.values(), _PRIMARY], 0.0)}
        for name, share in self.shares.items():
            told[SHARES.get(name, _PRIMARY)] += 100.0 * share
        told["materialSourceShares.secondaryMaterial"] = 100.0 - told[_PRIMARY]
        return told


class PlaNet:
    """Lots of recyclate, what is offered, and what is claimed of them.

    Parameters
    ----------
    rmp
        Whose batches it takes over.
    """

    def __init__(self, rmp: Rmp) -> None:
        self.rmp = rmp
        self.traffic: Counter[str] = Counter()
        self.offers: list[Offer] = []
        self._lots: dict[str, Recyclate] = {}
        self._claimed: dict[str, tuple[str, int]] = {}
        """Lot and mass of each certificate."""

    def take_over(
        self, lot: str, maker: str, mass_mg: int, shares: Mapping[str, float], batches: Sequence[str],
        quality: Quality | None = None,
    ) -> Recyclate:  # fmt: skip
        """Enter a lot that RMP knows by its batches; their names stay there, hashes come along.

        Raises
        ------
        InputError
            ``planet_lot_twice``, ``planet_batch_unknown``, ``planet_mass`` for a lot heavier than its last batch,
            ``planet_shares`` for shares that do not add up to one.
        """
        if lot in self._lots:
            raise refuse("planet_lot_twice", "pla-net", found=lot)
        for name in batches:
            if name not in self.rmp.batches:
                raise refuse("planet_batch_unknown", lot, found=name)
        total = sum(shares.values())
        if abs(total - 1.0) > 1e-9 or any(not 0.0 <= share <= 1.0 for share in shares.values()):
            raise refuse("planet_shares", lot, found=total)
        if not 0 < mass_mg <= (self.rmp.batches[batches[-1]].output_mg if batches else mass_mg):
            raise refuse("planet_mass", lot, found=mass_mg)
        chain = tuple(sha256(canonical_value(self.rmp.batches[name].as_data())).hexdigest() for name in batches)
        self._lots[lot] = Recyclate(lot, maker, mass_mg, dict(shares), chain, quality)
        self.traffic["origin"] += 1
        self.traffic["quality"] += quality is not None
        return self._lots[lot]

    def origin(self, lot: str) -> Recyclate:
        """Return what is known of a lot; raises ``planet_lot_unknown``."""
        if lot not in self._lots:
            raise refuse("planet_lot_unknown", "pla-net", found=lot)
        return self._lots[lot]

    def offer(self, told: Offer) -> None:
        """Take an offer; raises ``planet_offer`` for one of nothing, or over no time."""
        if told.mass_mg <= 0 or told.ends_s <= told.begins_s:
            raise refuse("planet_offer", told.maker, found=told.mass_mg)
        self.offers.append(told)
        self.traffic["supply_offer"] += 1

    def offered(self, polymer: str, now: int, region: str | None = None) -> list[Offer]:
        """Return what is offered of a polymer at a second, in a region or anywhere, the largest first."""
        self.traffic["search"] += 1
        found = [
            one
            for one in self.offers
            if one.polymer == polymer and one.begins_s <= now < one.ends_s and region in (None, one.region)
        ]
        return sorted(found, key=lambda one: (-one.mass_mg, one.maker))

    def claim(self, certificate: str, lot: str, mass_mg: int) -> int:
        """Use up a certificate for so much post-consumer matter of a lot; return what is left to be claimed of it.

        Raises
        ------
        InputError
            ``planet_certificate_used`` for one that was used before, ``planet_claim_above`` for more than there is.
        """
        if certificate in self._claimed:
            raise refuse("planet_certificate_used", "pla-net", found=certificate, lot=self._claimed[certificate][0])
        held = self.origin(lot)
        share = sum(share for name, share in held.shares.items() if name.startswith("post_"))
        before = sum(mass for of, mass in self._claimed.values() if of == lot)
        left = int(held.mass_mg * share) - before
        if not 0 < mass_mg <= left:
            raise refuse("planet_claim_above", lot, found=mass_mg, most=left)
        self._claimed[certificate] = lot, mass_mg
        self.traffic["claim"] += 1
        return left - mass_mg
