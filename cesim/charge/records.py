"""What is written about where a lot comes from, and how far it can be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from cesim.charge.belief import Belief
from cesim.charge.faults import Refusals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cesim.charge.belief import Family
    from cesim.charge.sources import ScrapSource


@dataclass(frozen=True)
class OriginRecord:
    """A line on a ticket that says where a lot comes from: right with a probability, else it is one of the others.

    Raises
    ------
    InputError
        For a reliability outside 0 to 1; weights that are negative, or all zero while the record may be wrong; the
        claimed source among the others.
    """

    claimed: str
    """Name of the source on the record."""
    reliability: float
    """Probability that it is true."""
    others: Mapping[str, float] = field(default_factory=dict)
    """What else the lot may be: source -> weight; only their ratios count."""

    def __post_init__(self) -> None:
        with Refusals(f"OriginRecord {self.claimed}") as refusals:
            sure = refusals.number("reliability", self.reliability, 0.0, 1.0, shape=())
            for name, weight in self.others.items():
                refusals.number(f"others.{name}", weight, 0.0, shape=())
            if self.claimed in self.others:
                refusals.refuse("charge_claims_itself", "others", found=self.claimed)
            refusals.settle()
            if sure < 1.0 and sum(self.others.values()) <= 0.0:
                refusals.refuse("charge_weights_zero", "others")
        object.__setattr__(self, "others", dict(self.others))

    def belief(
        self, sources: Mapping[str, ScrapSource] | Iterable[ScrapSource], family: Family = "lognormal"
    ) -> Belief:
        """Return what the record lets one believe: a mixture of the claimed source and the others.

        Parameters
        ----------
        sources
            The yard: the claimed source and every other one with a weight, all with the same elements.
        family
            What each component is taken for; a source of assays is represented by its mean and covariance.

        Raises
        ------
        InputError
            For an empty yard, a source that is not in it, and sources of different elements; see `Belief`.
        """
        listed = sources.values() if isinstance(sources, Mapping) else sources
        yard = {source.name: source for source in listed}
        chances = self._chances()
        with Refusals(f"OriginRecord {self.claimed}") as refusals:
            if not yard:
                refusals.refuse("charge_empty", "sources")
                refusals.settle()
            for name in chances:
                refusals.known("sources", name, yard)
            refusals.settle()
            chosen = [yard[name] for name in chances]
            for source in chosen:
                if source.elements != chosen[0].elements:
                    refusals.refuse("charge_shape", source.name, found=source.elements, allowed=chosen[0].elements)
        return Belief(
            weights=np.array(list(chances.values())),
            means=np.array([source.mean() for source in chosen]),
            covariances=np.array([source.covariance() for source in chosen]),
            family=family,
            elements=chosen[0].elements,
            names=tuple(chances),
        )

    def _chances(self) -> dict[str, float]:
        """Source -> probability, the claimed one first; what cannot be is left out."""
        total = sum(self.others.values())
        chances = {self.claimed: self.reliability}
        if self.reliability < 1.0:
            chances |= {name: (1.0 - self.reliability) * weight / total for name, weight in self.others.items()}
        return {name: chance for name, chance in chances.items() if chance > 0.0}
