"""What is wrong in a heat: nothing, one lot alone, or several; drawn for each of these apart.

How likely a record is wrong is stated, so nobody needs to count it. Heats are drawn stratum by stratum and weighed by
what is known of the strata (W. G. Cochran, *Sampling Techniques*, 1977, chapter 5): what is counted is only how often
a heat misses its limits *given* what is wrong in it. Where a charge gives up one lot's wrong record, and asks for just
that risk, a plain count could not tell it from one a few per cent too risky.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]

SHARED: Final = 0.5
"""Share of the heats that go to strata by their probability; the rest by its square root, which the rare ones need."""
GUESSED: Final = 0.8
"""Share of the heats that go where a guess of the risks says they tell most (J. Neyman, Journal of the Royal
Statistical Society 97 (1934) 558), if there is one."""
NEVER: Final = 1e-12
"""A stratum less likely than this is left out."""
SURE: Final = 1.5
"""Standard deviations of the estimate by which it must lie below what is allowed."""


@dataclass(frozen=True, eq=False)
class Strata:
    """Heats of some lots, ordered by what is wrong in them."""

    probability: Floats
    """Of each stratum, (stratum,)."""
    heats: Ints
    """Drawn in each, (stratum,)."""
    components: NDArray[np.uint16]
    """What each lot is in each heat: a component of its belief, (lot, heat)."""

    def risk(self, off: NDArray[np.bool_]) -> float:
        """Return the share of heats that are off, (heat,), and `SURE` standard deviations of its estimate more."""
        smooth = self.risks(off)
        spread = np.square(self.probability) * smooth * (1.0 - smooth) / self.heats
        return float(self.probability @ (self._counted(off) / self.heats) + SURE * np.sqrt(spread.sum()))

    def risks(self, off: NDArray[np.bool_]) -> Floats:
        """Return the share of heats of each stratum that are off, as if one more of either kind had been drawn.

        So no stratum is taken for certain in which none or all were off (Laplace).
        """
        return np.asarray((self._counted(off) + 1.0) / (self.heats + 2.0))

    def _counted(self, off: NDArray[np.bool_]) -> NDArray[np.int64]:
        begins = np.cumsum(self.heats) - self.heats
        return np.asarray(np.add.reduceat(off, begins, dtype=np.int64))


def strata(weights: Sequence[Floats], heats: int, rng: np.random.Generator, guess: Floats | None = None) -> Strata:
    """Divide heats into strata and draw what each lot is.

    Parameters
    ----------
    weights
        Probability of each component of each lot, (component,); the likeliest is what the record says.
    heats
        To be drawn, about.
    guess
        Of the risk in each stratum, (stratum,), as `Strata.risks` gives it.
    """
    usual = [int(own.argmax()) for own in weights]
    right = np.array([own[at] for own, at in zip(weights, usual, strict=True)])
    none = float(right.prod())
    kinds = [(-1, 0, none), *_one_wrong(weights, usual, none)]
    several = 1.0 - sum(chance for _, _, chance in kinds)
    kinds = [kind for kind in [*kinds, (-2, 0, several)] if kind[2] > NEVER]
    probability = np.array([chance for _, _, chance in kinds])
    probability /= probability.sum()
    each = np.ceil(heats * _shares(probability, guess)).astype(np.intp)
    components = np.repeat(np.array(usual, dtype=np.uint16)[:, None], each.sum(), axis=1)
    for (lot, instead, _), end, count in zip(kinds, np.cumsum(each), each, strict=True):
        if lot >= 0:
            components[lot, end - count : end] = instead
        elif lot == -2:
            _draw_several(weights, usual, components[:, end - count : end], rng)
    return Strata(probability, each, components)


def _shares(probability: Floats, guess: Floats | None) -> Floats:
    """Share of the heats that each stratum gets, (stratum,)."""
    root = np.sqrt(probability)
    shares = SHARED * probability + (1.0 - SHARED) * root / root.sum()
    if guess is not None:
        told = probability * np.sqrt(guess * (1.0 - guess))
        shares = (1.0 - GUESSED) * shares + GUESSED * told / told.sum()
    return np.asarray(shares)


def _one_wrong(weights: Sequence[Floats], usual: list[int], none: float) -> Iterator[tuple[int, int, float]]:
    """Every single thing that can be wrong: lot, what it is instead, probability that nothing else is."""
    for lot, (own, at) in enumerate(zip(weights, usual, strict=True)):
        for instead in np.flatnonzero(own):
            if instead != at:
                yield lot, int(instead), none / float(own[at]) * float(own[instead])


def _draw_several(
    weights: Sequence[Floats], usual: list[int], components: NDArray[np.uint16], rng: np.random.Generator
) -> None:
    """Write what lots are where at least two are not what their records say, lot after lot, (lot, heat)."""
    wrong = np.array([1.0 - own[at] for own, at in zip(weights, usual, strict=True)])
    enough = _at_least(wrong)
    missing = np.full(components.shape[1], 2)
    for lot, own in enumerate(weights):
        chance = wrong[lot] * enough[lot + 1, np.maximum(missing - 1, 0)] / enough[lot, missing]
        is_wrong = rng.random(missing.size) < chance
        others = np.where(np.arange(own.size) == usual[lot], 0.0, own)
        if wrong[lot] > 0.0:
            components[lot, is_wrong] = rng.choice(own.size, size=int(is_wrong.sum()), p=others / others.sum())
        missing = np.maximum(missing - is_wrong, 0)


def _at_least(wrong: Floats) -> Floats:
    """Probability that of the lots from here on at least 0, 1, 2 are wrong, (lot and end, 3)."""
    table = np.zeros((wrong.size + 1, 3))
    table[:, 0] = 1.0
    for lot in range(wrong.size - 1, -1, -1):
        for least in (1, 2):
            table[lot, least] = wrong[lot] * table[lot + 1, least - 1] + (1.0 - wrong[lot]) * table[lot + 1, least]
    return table
