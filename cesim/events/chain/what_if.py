"""Cases of what a heat may turn out to be, where a bale is one thing or another and one bell does not stand for it.

The cases are the same for every heat and every run: they are how a charge is reckoned, and no luck.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.events.chain.material import METALS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.intp]

CASES: Final = 400
_BALES: Final = 64
"""Bales of a heat that err each for itself; further ones err like those before."""


@dataclass(frozen=True)
class Doubt:
    """What a bale may be: the first bell with a weight, else the second.

    Attributes
    ----------
    weight
        0 to 1
    means, variances : (2, METALS)
        mass fractions
    """

    weight: float
    means: Floats
    variances: Floats


@cache
def _cases() -> tuple[Floats, Floats]:
    """Uniforms (bale, case), of which every bale has all strata, and normals (case, METALS)."""
    rng = np.random.Generator(np.random.Philox(key=CASES))
    strata = (np.arange(CASES) + 0.5) / CASES
    return np.array([rng.permutation(strata) for _ in range(_BALES)]), rng.standard_normal((CASES, len(METALS)))


def cases(amounts: Floats, doubts: list[Doubt]) -> Floats:
    """Return by how much the scrap of one heat differs from its mean in every case, t (case, METALS).

    `amounts` are t of each bale in it.
    """
    uniform, normal = _cases()
    weight = np.array([doubt.weight for doubt in doubts])
    means = np.array([doubt.means for doubt in doubts])
    variances = np.array([doubt.variances for doubt in doubts])
    mean = weight[:, None] * means[:, 0] + (1.0 - weight[:, None]) * means[:, 1]
    second = (uniform[np.arange(amounts.size) % _BALES] >= weight[:, None]).astype(np.float64)
    shift = _chosen(second, amounts[:, None, None] * (means - mean[:, None]))
    variance = _chosen(second, np.square(amounts)[:, None, None] * variances)
    return np.asarray(shift + np.sqrt(np.maximum(variance, 0.0)) * normal)


def _chosen(second: Floats, bells: Floats) -> Floats:
    """Sum over bales of the bell that each is in every case, (case, METALS)."""
    return np.asarray(bells[:, 0].sum(axis=0) + second.T @ (bells[:, 1] - bells[:, 0]))
