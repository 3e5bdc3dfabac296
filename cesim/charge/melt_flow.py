"""How the melt flow of a blend follows from that of its parts: rules that are linear in mass after a transform."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy as np

from cesim.charge.faults import Refusals

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_TRAXLER = "I. Traxler et al., 2022 and 2023: blends of recycled polypropylene"


@dataclass(frozen=True)
class PublishedError:
    """How well a rule did where somebody tried it."""

    r_squared: tuple[float, float]
    """Lowest and highest coefficient of determination."""
    largest: float | None
    """Largest relative error of a blend's melt flow, where it was told."""
    source: str
    """Who tried it."""


class MixingRule(Protocol):
    """A monotone transform in which a property mixes in proportion to mass.

    The rule knows whether it turns the order round, so nobody else has to swap the sides of a window.
    """

    name: ClassVar[str]

    @property
    def published(self) -> PublishedError | None:
        """How well it did where it was tried; None: nobody was found who tried it."""

    @property
    def rises(self) -> bool:
        """Whether a larger property has a larger transform."""

    @property
    def domain(self) -> float:
        """The value above which the rule holds."""

    def to(self, value: Floats) -> Floats:
        """Transform, any shape."""

    def back(self, transformed: Floats) -> Floats:
        """Undo `to`."""


@dataclass(frozen=True)
class Arrhenius:
    """``ln M = sum w ln M_i``."""

    name: ClassVar[str] = "arrhenius"
    rises: ClassVar[bool] = True
    domain: ClassVar[float] = 0.0
    published: ClassVar[PublishedError | None] = PublishedError((0.995, 1.0), 0.12, _TRAXLER)

    def to(self, value: Floats) -> Floats:
        """Transform, any shape."""
        return np.log(value)

    def back(self, transformed: Floats) -> Floats:
        """Undo `to`."""
        return np.exp(transformed)


@dataclass(frozen=True)
class Cragoe:
    """``1 / ln(L M) = sum w / ln(L M_i)``; the transform falls, so a window changes sides."""

    name: ClassVar[str] = "cragoe"
    rises: ClassVar[bool] = False
    published: ClassVar[PublishedError | None] = None
    scale: float = 2000.0
    """``L``, min/10 g."""

    @property
    def domain(self) -> float:
        """The value above which the rule holds: ``L M > 1``."""
        return 1.0 / self.scale

    def to(self, value: Floats) -> Floats:
        """Transform, any shape."""
        return np.asarray(1.0 / np.log(self.scale * value))

    def back(self, transformed: Floats) -> Floats:
        """Undo `to`."""
        return np.asarray(np.exp(1.0 / transformed) / self.scale)


@dataclass(frozen=True)
class Power:
    """``M^p = sum w M_i^p``; with a negative power the transform falls, so a window changes sides."""

    name: ClassVar[str] = "power"
    domain: ClassVar[float] = 0.0
    exponent: float

    def __post_init__(self) -> None:
        with Refusals("Power") as refusals:
            refusals.number("exponent", self.exponent)
            if self.exponent == 0.0:
                refusals.refuse("charge_out_of_range", "exponent", found=0.0, limits="!= 0 (arrhenius)")

    @property
    def rises(self) -> bool:
        """Whether a larger property has a larger transform."""
        return self.exponent > 0.0

    @property
    def published(self) -> PublishedError | None:
        """Known for the linear rule alone."""
        return PublishedError((0.73, 0.90), None, _TRAXLER) if self.exponent == 1.0 else None

    def to(self, value: Floats) -> Floats:
        """Transform, any shape."""
        return np.asarray(value**self.exponent)

    def back(self, transformed: Floats) -> Floats:
        """Undo `to`."""
        return np.asarray(transformed ** (1.0 / self.exponent))


LINEAR = Power(1.0)
"""``M = sum w M_i``."""
BY_VOLUME = Power(-1.0)
"""``1 / rho = sum w / rho_i``: densities, where volumes add up."""


def rule_named(name: str, exponent: float | None = None) -> MixingRule:
    """Return the rule ``arrhenius``, ``cragoe``, ``power`` (with its exponent) or ``linear``.

    Raises
    ------
    InputError
        For an unknown name, a power without an exponent, and an exponent for another rule.
    """
    with Refusals("MixingRule") as refusals:
        refusals.known("name", name, ("arrhenius", "cragoe", "power", "linear"))
        if name == "power" and exponent is None:
            refusals.refuse("charge_unnamed", "power", found="exponent")
        if name != "power" and exponent is not None:
            refusals.refuse("charge_both", name, other="exponent")
    if name == "power" and exponent is not None:
        return Power(exponent)
    rules: dict[str, MixingRule] = {"arrhenius": Arrhenius(), "cragoe": Cragoe(), "linear": LINEAR}
    return rules[name]


def transformed(rule: MixingRule, field: str, value: ArrayLike) -> Floats:
    """Return values in the space of a rule.

    Raises
    ------
    InputError
        ``charge_rule_range`` for a value outside the rule's domain, ``charge_not_finite``.
    """
    with Refusals(rule.name) as refusals:
        array = refusals.number(field, value)
        refusals.settle()
        if (array <= rule.domain).any():
            refusals.refuse("charge_rule_range", field, found=float(array.min()), limits=f"> {rule.domain:g}")
    return rule.to(array)


def window(rule: MixingRule, field: str, low: float | None, high: float | None) -> tuple[float, float]:
    """Return a window in the space of a rule, its sides swapped where the rule falls; None: open on that side."""
    ends = [None if end is None else float(transformed(rule, field, end)) for end in (low, high)]
    if not rule.rises:
        ends.reverse()
    return (-math.inf if ends[0] is None else ends[0], math.inf if ends[1] is None else ends[1])


def blended(rule: MixingRule, field: str, shares: ArrayLike, values: ArrayLike) -> float:
    """Return the property of a blend from mass shares, (feed,), and the property of each feed, (feed,)."""
    return float(rule.back(np.asarray(np.asarray(shares) @ transformed(rule, field, values))))


def steady_melt_flow(first: float, rate: float, virgin_share: float) -> float:
    """Return the melt flow at which a loop settles that is topped up with virgin material in every cycle.

    ``ln M`` rises by `rate` with each cycle through the extruder and mixes by the rule of Arrhenius. A tonne that
    leaves has gone round ``(1 - v) / v`` times on average, so ``M = M0 exp(k (1 - v) / v)``.

    Raises
    ------
    InputError
        For a melt flow or a share of virgin material that is not above 0, and numbers that are not finite.
    """
    with Refusals("steady_melt_flow") as refusals:
        refusals.number("first", first, 0.0, above=True)
        refusals.number("rate", rate)
        refusals.number("virgin_share", virgin_share, 0.0, 1.0, above=True)
    return first * math.exp(rate * (1.0 - virgin_share) / virgin_share)
