"""What may be known about the lots of a yard before they are charged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.charge.faults import Refusals

if TYPE_CHECKING:
    from cesim.charge.sampling import SamplingPlan
    from cesim.charge.sorter import Sorter


@dataclass(frozen=True, eq=False)
class Information:
    """A level of knowledge about every lot of a yard; make one with the methods below.

    Raises
    ------
    InputError
        For a reliability outside 0 to 1, a negative cost, a sorter together with a record or an assay.
    """

    name: str
    """What the level is called in the answer."""
    record: float | None = None
    """Share of records of origin that are right; None: there are none."""
    plan: SamplingPlan | None = None
    """How each lot is sampled and assayed; None: it is not."""
    sorter: Sorter | None = None
    """What sorts the pieces into bins, of which lots are then made; None: nothing does."""
    is_perfect: bool = False
    """The true composition of each lot is known."""
    cost: float = 0.0
    """JPY per t of scrap that it costs to know this; sorting is paid by the cost of the sorter besides."""

    def __post_init__(self) -> None:
        with Refusals(f"Information {self.name}") as refusals:
            if self.record is not None:
                refusals.number("record", self.record, 0.0, 1.0, shape=())
            refusals.number("cost", self.cost, 0.0, shape=())
            for field in ("record", "plan"):
                if self.sorter is not None and getattr(self, field) is not None:
                    refusals.refuse("charge_both", "sorter", other=field)

    @classmethod
    def none(cls) -> Information:
        """Return what is known without asking: how much comes from each source."""
        return cls("none")

    @classmethod
    def of_record(cls, reliability: float, cost: float = 0.0) -> Information:
        """Return records of origin of which so many are right."""
        return cls(f"record {reliability:g}", record=reliability, cost=cost)

    @classmethod
    def of_assay(cls, plan: SamplingPlan, cost: float = 0.0) -> Information:
        """Return an assay of every lot."""
        return cls("assay", plan=plan, cost=cost)

    @classmethod
    def of_record_and_assay(cls, reliability: float, plan: SamplingPlan, cost: float = 0.0) -> Information:
        """Return a record and an assay of every lot."""
        return cls(f"record {reliability:g} + assay", record=reliability, plan=plan, cost=cost)

    @classmethod
    def of_sorter(cls, sorter: Sorter, name: str = "LIBS") -> Information:
        """Return sorting of every piece into bins by a sorter whose classes are the sources."""
        return cls(name, sorter=sorter)

    @classmethod
    def perfect(cls) -> Information:
        """Return the true composition of every lot."""
        return cls("perfect", is_perfect=True)
