"""Any material-flow system, written as it stands in a paper.

A system has *sources* (where it begins), *processes* (what comes in goes out, the same year), *stocks*
(what comes in stays for a lifetime) and *sinks* (what comes in stays). Flows join them:

- `System.flow`: a mass that is given;
- `System.share`: a transfer coefficient, the share of what leaves a process, by element if need be;
- `System.rest`: what remains; one per process, so that no mass is lost by forgetting it;
- `System.gap`: a flow from a source that is as large as a *condition* needs: `System.demand` (a flow has a
  given size), `System.input_share` (a flow is a given share of what enters a process) or the level of a stock.

Nothing is guessed: a process without an outlet, shares that do not add up, an unknown name, a value with an
axis the system does not have, all raise.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.balance.frame import SUM_ROUNDING, Frame, ModelError, Value
from cesim.balance.solving import Conditions, StockRule, solve
from cesim.balance.steps import At, check_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cesim.balance.arrays import Axis, Floats
    from cesim.balance.solution import Solution
    from cesim.balance.survival import Survival

Kind = Literal["source", "process", "stock", "sink"]


@dataclass
class System:
    """A system of flows over `years`, by `elements` and over further `axes` (draws, regions, ...).

    Values may be a number, a series by year, an `Array` with named axes, or a mapping from every element to
    any of these. Flows and stocks are in `unit`; shares have none.

    Raises
    ------
    ModelError
        (a ValueError) for a system that cannot be; `AxesError` and `UnitError` for values that do not fit.
    """

    years: Iterable[int]
    elements: Iterable[str] = ("mass",)
    axes: Iterable[Axis] = ()
    unit: str = "t"
    kinds: dict[str, Kind] = field(default_factory=dict, init=False)
    stocks: dict[str, StockRule] = field(default_factory=dict, init=False)
    given: dict[tuple[str, str], Floats] = field(default_factory=dict, init=False)
    shares: dict[tuple[str, str], Floats] = field(default_factory=dict, init=False)
    rests: dict[str, str] = field(default_factory=dict, init=False)
    gaps: dict[tuple[str, str], Floats] = field(default_factory=dict, init=False)
    conditions: Conditions = field(default_factory=Conditions, init=False)

    def __post_init__(self) -> None:
        self.frame = Frame(self.years, self.elements, self.axes, self.unit)

    def source(self, *names: str) -> None:
        """Declare where mass comes from outside."""
        self._declare("source", names)

    def process(self, *names: str) -> None:
        """Declare processes: what enters leaves in the same year."""
        self._declare("process", names)

    def sink(self, *names: str) -> None:
        """Declare where mass ends; its stock is all that ever entered."""
        self._declare("sink", names)

    def stock(
        self,
        name: str,
        survival: Survival,
        at: At = "mid",
        *,
        initial: Sequence[Value] = (),
        level: Value | None = None,
    ) -> None:
        """Declare a stock in use: what enters a year leaves as `survival` says.

        `initial` is what was in use before the first year: one value by element per cohort, oldest first.
        With `level`, the total mass that must be in use at each year's end, the inflow becomes a condition
        that a gap has to meet.
        """
        check_at(at)
        self._declare("stock", (name,))
        cohorts = [self._cohort(f"initial stock of {name}", one) for one in initial]
        target = None if level is None else self._total(f"level of {name}", level)
        self.stocks[name] = StockRule(survival, at, cohorts, target)

    def flow(self, giver: str, taker: str, mass: Value, composition: Value | None = None) -> None:
        """State the mass of a flow by element, or in total with its composition.

        Out of a process or a stock it is taken before the rest, so that one needs a residual outlet.
        """
        what = self._join(giver, taker)
        amount = self._mass(what, mass)
        if composition is not None or amount.shape[-1] == 1:
            if amount.shape[-1] > 1:
                raise ModelError(f"{what}: a mass by element and a composition; allowed: one of them")
            amount = amount * self.frame.composition(what, composition)
        self.given[giver, taker] = amount

    def share(self, giver: str, taker: str, coefficient: Value) -> None:
        """State the share of what leaves `giver` that goes to `taker`: a transfer coefficient."""
        what = self._join(giver, taker)
        self._not_source(giver, what)
        self.shares[giver, taker] = self.frame.shares(what, coefficient)

    def rest(self, giver: str, taker: str) -> None:
        """Send what remains of `giver` to `taker`; once per process."""
        what = self._join(giver, taker)
        self._not_source(giver, what)
        if giver in self.rests:
            raise ModelError(f"{giver!r} has two residual outlets, {self.rests[giver]!r} and {taker!r}; allowed: one")
        self.rests[giver] = taker

    def gap(self, giver: str, taker: str, composition: Value | None = None) -> None:
        """Let the flow from a source be as large as a condition needs."""
        what = self._join(giver, taker)
        if self.kinds[giver] != "source" or self.kinds[taker] == "sink":
            raise ModelError(f"{what}: a gap goes from a source to a process or a stock")
        self.gaps[giver, taker] = self.frame.composition(what, composition)

    def demand(self, giver: str, taker: str, mass: Value, element: str | None = None) -> None:
        """Condition: the flow has this mass, in total or of one element."""
        what = f"demand {self._known(giver)} -> {self._known(taker)}"
        if element is not None and element not in self.frame.elements:
            raise ModelError(f"{what}: unknown element {element!r}; allowed: {self.frame.elements}")
        if (giver, taker, element) in self.conditions.demands:
            raise ModelError(f"{what} is stated twice")
        self.conditions.demands[giver, taker, element] = self._total(what, mass)

    def input_share(self, giver: str, taker: str, share: Value) -> None:
        """Condition: the flow is this share of all the mass that enters `taker`."""
        what = f"input share {self._known(giver)} -> {self._known(taker)}"
        if (giver, taker) in self.conditions.input_shares:
            raise ModelError(f"{what} is stated twice")
        value = self.frame.shares(what, share)
        self.conditions.input_shares[giver, taker] = self._no_element(what, value)

    def solve(self) -> Solution:
        """Check the whole and solve it, year by year.

        Raises `ModelError` (no outlet, shares over 1, conditions that the gaps cannot meet, a negative flow)
        and `LoopError` (a loop that nothing leaves); each names the process and the cell.
        """
        self._check()
        return solve(self)

    def flow_names(self) -> list[tuple[str, str]]:
        """Every flow as (giver, taker), in the order of the kinds of flow."""
        return [*self.given, *self.gaps, *self.shares, *self.rests.items()]

    def rest_share(self, giver: str) -> Floats:
        """Share of what leaves `giver` that its shares leave over."""
        left = 1.0 - self._share_sum(giver)
        return np.where(np.abs(left) < SUM_ROUNDING, 0.0, left)

    def _share_sum(self, giver: str) -> Floats:
        total = np.zeros((1,) * len(self.frame.shape))
        for (one, _), share in self.shares.items():
            if one == giver:
                total = total + share
        return total

    def _check(self) -> None:
        for name, kind in self.kinds.items():
            if kind in ("process", "stock"):
                self._check_outlets(name)
        for giver, taker, *_ in (*self.conditions.demands, *self.conditions.input_shares):
            if (giver, taker) not in self.flow_names():
                raise ModelError(f"condition on {giver} -> {taker}: there is no such flow")

    def _check_outlets(self, name: str) -> None:
        outlets = [taker for giver, taker in self.flow_names() if giver == name]
        if not outlets:
            raise ModelError(f"{self.kinds[name]} {name!r} has no outlet; allowed: a share, a rest, or a sink")
        total = self._share_sum(name)
        over = total > 1.0 + SUM_ROUNDING
        if over.any():
            raise ModelError(
                f"{name!r}: shares to {outlets} add up to {total[over][0]:g}{self.frame.cell(over)}; allowed: 1"
            )
        if name in self.rests:
            return
        if any(giver == name for giver, _ in self.given):
            raise ModelError(f"{name!r}: a given outflow needs a residual outlet (rest) beside it")
        short = total < 1.0 - SUM_ROUNDING
        if short.any():
            raise ModelError(
                f"{name!r}: shares to {outlets} add up to {total[short][0]:g}{self.frame.cell(short)} and there "
                "is no residual outlet; allowed: 1, or add a rest"
            )

    def _declare(self, kind: Kind, names: tuple[str, ...]) -> None:
        for name in names:
            if name in self.kinds:
                raise ModelError(f"{name!r} is declared twice, as {self.kinds[name]} and as {kind}")
            self.kinds[name] = kind

    def _known(self, name: str) -> str:
        if name not in self.kinds:
            near = get_close_matches(name, self.kinds, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ModelError(f"unknown process {name!r}{hint} Declared: {', '.join(self.kinds)}")
        return name

    def _join(self, giver: str, taker: str) -> str:
        what = f"flow {self._known(giver)} -> {self._known(taker)}"
        if self.kinds[giver] == "sink":
            raise ModelError(f"{what}: nothing leaves a sink")
        if self.kinds[taker] == "source":
            raise ModelError(f"{what}: nothing enters a source")
        if (giver, taker) in self.flow_names():
            raise ModelError(f"{what} is stated twice")
        return what

    def _not_source(self, giver: str, what: str) -> None:
        if self.kinds[giver] == "source":
            raise ModelError(f"{what}: a source has no throughput to share; allowed: flow or gap")

    def _mass(self, what: str, value: Value) -> Floats:
        mass = self.frame.read(what, value, self.frame.unit)
        if (mass < 0.0).any():
            raise ModelError(f"{what}: found {mass.min():g}{self.frame.cell(mass < 0.0)}; allowed: 0 or more")
        return mass

    def _cohort(self, what: str, value: Value) -> Floats:
        mass = self._mass(what, value)
        if mass.shape[-1] != len(self.frame.elements) or len(mass) > 1:
            raise ModelError(f"{what}: allowed: a mass for every element of {self.frame.elements}, no years")
        return mass

    def _total(self, what: str, value: Value) -> Floats:
        return self._no_element(what, self._mass(what, value))

    def _no_element(self, what: str, value: Floats) -> Floats:
        if value.shape[-1] > 1:
            raise ModelError(f"{what}: a value by element; allowed: one for all elements")
        return value
