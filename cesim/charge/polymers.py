"""Blending recycled polypropylene into a compound that flows, holds and is clean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cesim.charge.compounds import DENSITY, MELT_FLOW, PROPERTIES, CompoundLimits, Feed
from cesim.charge.faults import Refusals, no_answer
from cesim.charge.melt_flow import BY_VOLUME, LINEAR, MixingRule, blended, transformed, window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.charge.melt_flow import PublishedError

    Floats = NDArray[np.float64]

APPROXIMATE = ("impact", "modulus", "ash", "talc")
"""Taken as linear in mass. Right for ash and talc; rubber, talc and poor mixing make it rough for the others."""


class Refused(NamedTuple):
    """A feed that may not be used at all."""

    feed: str
    substance: str
    found: float
    ceiling: float


class Programme(NamedTuple):
    """Least cost: minimise ``cost @ x`` with ``lower <= rows @ x <= upper`` and ``0 <= x <= stock``."""

    cost: Floats
    """(feed,)."""
    rows: Floats
    """(row, feed)."""
    lower: Floats
    """(row,), -inf where open."""
    upper: Floats
    """(row,), inf where open."""
    stock: Floats
    """(feed,)."""


@dataclass(frozen=True)
class PolymerRecipe:
    """A recipe, what it gives, and how far that is to be believed."""

    masses: Mapping[str, float]
    """Feed -> t."""
    properties: Mapping[str, float]
    """Property -> value of the compound, as far as every feed in it states one."""
    approximate: tuple[str, ...]
    """Properties among them that were taken as linear in mass."""
    rule: str
    """The rule of the melt flow."""
    rule_error: PublishedError | None
    """How well that rule did where it was tried; None: nobody was found who tried it."""
    recycled: float
    """Recycled share of the mass."""
    cost: float
    """JPY."""
    co2: float
    """t CO2e."""
    left_out: tuple[Refused, ...]
    """Feeds that were refused for a substance of concern."""

    @property
    def melt_flow_range(self) -> tuple[float, float] | None:
        """Melt flow of the compound less and plus the largest error published for the rule; None: none published."""
        value = self.properties.get(MELT_FLOW)
        if value is None or self.rule_error is None or self.rule_error.largest is None:
            return None
        return value * (1.0 - self.rule_error.largest), value * (1.0 + self.rule_error.largest)


@dataclass(frozen=True)
class PolymerBlend:
    """A compounder's question: which feeds, how much of each, for so many tonnes of compound.

    The rule of the melt flow is named, never guessed: rules differ more than lots do. In the space of its rule each
    property is linear in mass, so the question is a linear programme.

    >>> from cesim.charge import CompoundLimits, Feed, rule_named
    >>> virgin = Feed("virgin", 220_000, 100.0, 0.0, {"mfr": 6.0, "density": 0.91}, {"Br": 0.0})
    >>> bumper = Feed("bumpers", 150_000, 100.0, 1.0, {"mfr": 25.0, "density": 0.91}, {"Br": 0.0001})
    >>> limits = CompoundLimits("interior", {"mfr": (8.0, 12.0)}, {"Br": 0.0003})
    >>> recipe = PolymerBlend((virgin, bumper), limits, rule_named("arrhenius"), 10.0).least_cost(recycled=0.3)
    >>> round(recipe.recycled, 3), round(recipe.properties["mfr"], 1)
    (0.486, 12.0)

    Raises
    ------
    InputError
        For no feeds, two of one name, a mass that is not above 0, and a limited property or substance that a feed does
        not state.
    """

    feeds: Sequence[Feed]
    """What there is."""
    limits: CompoundLimits
    """What the compound must hold to."""
    rule: MixingRule
    """How melt flows mix; see `cesim.charge.melt_flow.rule_named`."""
    mass: float
    """t of compound."""

    def __post_init__(self) -> None:
        with Refusals(f"PolymerBlend {self.limits.name}") as refusals:
            refusals.number("mass", self.mass, 0.0, above=True)
            refusals.distinct("feeds", (feed.name for feed in self.feeds))
            for feed in self.feeds:
                for name in self.limits.windows:
                    if name not in feed.properties:
                        refusals.refuse("charge_unnamed", f"{feed.name}.properties", found=name)
                for name in self.limits.substances:
                    if name not in feed.substances:
                        refusals.refuse("charge_unnamed", f"{feed.name}.substances", found=name)

    @cached_property
    def left_out(self) -> tuple[Refused, ...]:
        """Feeds above the ceiling of a substance, which no dilution makes usable."""
        return tuple(
            Refused(feed.name, name, feed.substances[name], ceiling)
            for feed in self.feeds
            for name, ceiling in self.limits.substances.items()
            if feed.substances[name] > ceiling
        )

    def least_cost(self, recycled: float = 0.0) -> PolymerRecipe:
        """Return the cheapest recipe with at least this recycled share.

        Raises
        ------
        InputError
            For a share outside 0 to 1, and a melt flow outside the rule's domain.
        NoAnswer
            ``charge_no_blend`` where the windows cannot be held.
        """
        with Refusals(f"PolymerBlend {self.limits.name}") as refusals:
            refusals.number("recycled", recycled, 0.0, 1.0)
        return self._recipe(self._solved(np.array([feed.price for feed in self.feeds]), recycled))

    def most_recycled(self) -> PolymerRecipe:
        """Return the recipe with the highest recycled share, the cheapest of them; errors as `least_cost`."""
        shares = np.array([feed.recycled for feed in self.feeds])
        most = float(shares @ self._solved(-shares, 0.0)) / self.mass
        return self.least_cost(max(most - 1e-9, 0.0))

    def _solved(self, cost: Floats, recycled: float) -> Floats:
        status, x = _optimise(self._programme(cost, recycled))
        if x is None:
            raise no_answer(
                "charge_no_blend", f"PolymerBlend {self.limits.name}", ", ".join(self.limits.windows), found=status,
                left_out=[f"{r.feed} ({r.substance})" for r in self.left_out],
            )  # fmt: skip
        return x

    def _programme(self, cost: Floats, recycled: float) -> Programme:
        refused = {refusal.feed for refusal in self.left_out}
        rows = [np.ones(len(self.feeds)), np.array([feed.recycled for feed in self.feeds])]
        ends = [(1.0, 1.0), (recycled, np.inf)]
        for name, (low, high) in self.limits.windows.items():
            rule = self._rule(name)
            rows.append(transformed(rule, name, [feed.properties[name] for feed in self.feeds]))
            ends.append(window(rule, name, low, high))
        bounds = self.mass * np.array(ends)
        stock = np.array([0.0 if feed.name in refused else min(feed.stock, self.mass) for feed in self.feeds])
        return Programme(cost, np.array(rows), bounds[:, 0], bounds[:, 1], stock)

    def _rule(self, name: str) -> MixingRule:
        if name == MELT_FLOW:
            return self.rule
        return BY_VOLUME if name == DENSITY else LINEAR

    def _recipe(self, x: Floats) -> PolymerRecipe:
        used = [(feed, mass) for feed, mass in zip(self.feeds, x, strict=True) if mass > 0.0]
        shares = np.array([mass for _, mass in used]) / self.mass
        properties = {
            name: blended(self._rule(name), name, shares, [feed.properties[name] for feed, _ in used])
            for name in PROPERTIES
            if all(name in feed.properties for feed, _ in used)
        }
        return PolymerRecipe(
            masses={feed.name: float(mass) for feed, mass in zip(self.feeds, x, strict=True)},
            properties=properties,
            approximate=tuple(name for name in properties if name in APPROXIMATE),
            rule=self.rule.name,
            rule_error=self.rule.published,
            recycled=float(shares @ [feed.recycled for feed, _ in used]),
            cost=float(sum(feed.price * mass for feed, mass in used)),
            co2=float(sum(feed.co2 * mass for feed, mass in used)),
            left_out=self.left_out,
        )


def _optimise(programme: Programme) -> tuple[str, Floats | None]:
    """Return the status and the optimum, or None; the one place that knows a solver."""
    from scipy.optimize import linprog  # here, since scipy is slow to import

    above, below = np.isfinite(programme.upper), np.isfinite(programme.lower)
    equal = above & below & (programme.upper == programme.lower)
    above, below = above & ~equal, below & ~equal
    rows: Floats = np.concatenate([programme.rows[above], -programme.rows[below]])
    ends: Floats = np.concatenate([programme.upper[above], -programme.lower[below]])
    answer = linprog(
        programme.cost,
        A_ub=rows,
        b_ub=ends,
        A_eq=programme.rows[equal],
        b_eq=programme.upper[equal],
        bounds=[(0.0, float(stock)) for stock in programme.stock],
    )
    return ("optimal", np.asarray(answer.x)) if answer.status == 0 else (str(answer.message), None)
