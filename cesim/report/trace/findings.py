"""What a trace comes to: the numbers that headline, page and terminal tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from cesim.report.trace.names import rows_of

if TYPE_CHECKING:
    from cesim.run.trace.tracing import Tracing

PAIR: Final = ("eu_elv", "japan_resource_act")
"""The two laws that are set side by side: post-consumer only; pre- and post-consumer."""
CONTENT: Final = "controlled_blending"
"""The model that claims of a lot what is in it; every law allows it."""


def number(found: object) -> float | None:
    """Return a number of a table; nothing where there is none."""
    return None if found is None or pd.isna(found) else float(found)  # type: ignore[arg-type, call-overload]


@dataclass(frozen=True)
class Claim:
    """A share of a product that is claimed by a model and a law, beside what can be proved of it and what is true."""

    product: str
    law: str
    model: str
    allowed: str
    as_if: bool
    """Whether no legal rule is in force for this material."""
    claimed: float | None
    provable: float | None
    possible: float | None
    true: float | None
    """Of what the law counts; None where nobody knows."""
    reason: str

    @property
    def ends(self) -> tuple[float, ...]:
        """The numbers a scale has to hold."""
        return tuple(one for one in (self.claimed, self.provable, self.possible, self.true) if one is not None)


@dataclass(frozen=True)
class Interval:
    """A share that can be proved, and one that cannot be ruled out."""

    provable: float
    possible: float
    is_proved: bool = True

    @property
    def width(self) -> float:
        """What is unknown."""
        return self.possible - self.provable


def claims_of(tracing: Tracing) -> list[Claim]:
    """Return what is claimed of each product by the two laws, model by model; where it is sound by `standing`."""
    known = tracing.truth is not None
    return [
        Claim(
            str(row["product"]), str(row["law"]), str(row["model"]), str(row["allowed"]), row["standing"] == "as_if",
            number(row["claimed"]), number(row["provable"]), number(row["possible"]),
            number(row["true"]) if known else None, str(row["reason"] or ""),
        )
        for row in rows_of(tracing, "claims") if row["law"] in PAIR
    ]  # fmt: skip


def products_told(tracing: Tracing) -> list[str]:
    """Return the products of the tables, in their order."""
    held = (str(row["product"]) for name in ("claims", "bounds", "budget") for row in rows_of(tracing, name))
    return list(dict.fromkeys(held))


def content(tracing: Tracing, product: str, law: str) -> Claim | None:
    """Return the claim of what is in the lots."""
    held = (product, law, CONTENT)
    return next((one for one in claims_of(tracing) if (one.product, one.law, one.model) == held), None)


def as_if_products(tracing: Tracing) -> list[str]:
    """Return the products of a material for which no legal rule is in force."""
    return [
        product for product in products_told(tracing)
        if any(row["product"] == product and row["standing"] == "as_if" for row in rows_of(tracing, "claims"))
    ]  # fmt: skip


def is_aluminium_simulated(tracing: Tracing) -> bool:
    """Say whether 6000-series of a simulation is among the products."""
    return tracing.truth is not None and "six_thousand" in products_told(tracing)


def budgeted(tracing: Tracing, product: str, law: str) -> Interval | None:
    """Return what can be proved with as many records wrong as the hypothesis reckons with."""
    for row in rows_of(tracing, "budget"):
        if (row["product"], row["law"], bool(row["stated"])) == (product, law, True):
            return Interval(float(row["provable"]), float(row["possible"]), bool(row["is_proved"]))
    return None


@dataclass(frozen=True)
class Gain:
    """A role whose records, if it wrote all of them, would narrow the interval of a product."""

    product: str
    role: str
    before: float
    after: float


def best_gains(tracing: Tracing) -> list[Gain]:
    """Return for each product the role that narrows its interval most; none where no role does."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows_of(tracing, "fuller"):
        if row["gain"] > found.get(row["product"], {"gain": 0.0})["gain"]:
            found[row["product"]] = row
    return [
        Gain(product, str(row["role"]), float(row["before"]), float(row["after"])) for product, row in found.items()
    ]


def counts_of(tracing: Tracing) -> dict[str, int]:
    """Return what an audit found, by kind."""
    return {str(row["what"]): int(row["count"]) for row in rows_of(tracing, "audit")}


def lost_share(tracing: Tracing) -> float | None:
    """Return which share of what happened stands in no record; None where nobody knows what happened."""
    if tracing.truth is None or not len(tracing.truth):
        return None
    event = tracing.records.event
    written = len(set(event[event >= 0].tolist()))
    return max(0.0, 1.0 - written / len(tracing.truth))


def unknown_share(tracing: Tracing, product: str) -> float | None:
    """Return the share of a product whose origin no record proves."""
    for row in rows_of(tracing, "bounds"):
        if (row["product"], row["viewer"], row["law"]) == (product, "certifier", PAIR[0]):
            return float(row["possible"]) - float(row["provable"])
    return None
