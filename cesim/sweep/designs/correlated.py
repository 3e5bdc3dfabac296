"""Columns that move together: declared correlations laid over any design."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from cesim.errors import Fault, InputError
from cesim.errors.place import NOWHERE
from cesim.quantities import Correlation, QuantityError
from cesim.sweep.designs.design import Factor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from cesim.errors import Place
    from cesim.sweep.designs.design import Design

    Floats = NDArray[np.float64]

Measure = Literal["rank", "normal_score"]


def declared(pairs: Mapping[tuple[str, str], float], measure: Measure = "rank", place: Place = NOWHERE) -> Correlation:
    """Return the correlation of the columns that are named in some pairs; pairs that are not named have none.

    Parameters
    ----------
    pairs
        Two names -> their correlation, between -1 and 1.
    measure
        ``rank``: Spearman's correlation rho of what is drawn, whatever its laws; that of the normal scores is then
        ``2 sin(pi rho / 6)`` (Nelsen, *An Introduction to Copulas*, 2006, sec. 5.1). ``normal_score``: the latter.
    place
        Where they are written.

    Raises
    ------
    InputError
        ``sweep_correlation_range``, ``sweep_correlation_of_one``, ``sweep_correlation_twice``,
        ``sweep_correlation_impossible``
    """
    names = tuple(dict.fromkeys(name for pair in pairs for name in pair))
    matrix = np.eye(len(names))
    faults = []
    for (one, other), given in pairs.items():
        at, to = names.index(one), names.index(other)
        if one == other:
            faults.append(Fault("sweep_correlation_of_one", place, {"found": one}))
        elif (other, one) in pairs and at > to:
            faults.append(Fault("sweep_correlation_twice", place, {"found": (other, one)}))
        elif not -1.0 <= given <= 1.0:
            faults.append(Fault("sweep_correlation_range", place, {"found": given, "pair": (one, other)}))
        else:
            score = given if measure == "normal_score" else 2.0 * math.sin(math.pi * given / 6.0)
            matrix[at, to] = matrix[to, at] = score
    if faults:
        raise InputError(faults)
    try:
        return Correlation(names, tuple(map(tuple, matrix.tolist())))
    except QuantityError as error:
        one, other = next(pair for pair in pairs if error.arguments["pair"] in (pair, pair[::-1]))
        found = {"found": pairs[one, other], "pair": (one, other)}
        raise InputError([Fault("sweep_correlation_impossible", place, found)]) from None


@dataclass(frozen=True)
class Correlated:
    """The points of another design with some columns made to move together by a Gaussian copula.

    Every column stays uniform by itself; a column leans on the correlated ones that the correlation names before it.
    The strata of a Latin hypercube and the levels of a grid are kept by the columns that lean on none.

    Raises
    ------
    ValueError
        when names and columns do not fit, or the correlation names what is no column
    """

    base: Design
    names: tuple[str, ...]
    """Of every column."""
    correlation: Correlation

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))
        if len(self.names) != self.base.columns or len(set(self.names)) != len(self.names):
            raise ValueError(f"{len(self.names)} names for {self.base.columns} columns, each of its own")
        if strange := set(self.correlation.names) - set(self.names):
            raise ValueError(f"no columns are called {sorted(strange)}")

    @property
    def columns(self) -> int:
        """Columns of the design beneath."""
        return self.base.columns

    @property
    def points(self) -> int | None:
        """Points of the design beneath."""
        return self.base.points

    def rows(self, first: int, count: int) -> Floats:
        """Points, shape ``(count, columns)``."""
        made = self.base.rows(first, count)
        at = {name: self.names.index(name) for name in self.correlation.names}
        together = self.correlation.correlate({name: made[:, column] for name, column in at.items()})
        for name, column in at.items():
            made[:, column] = together[name]
        return made


def merged(
    factors: Iterable[tuple[str, tuple[int, ...]]], names: Sequence[str], correlation: Correlation
) -> tuple[Factor, ...]:
    """Return factors of which those that are correlated, one with another or by way of a third, are one.

    Of the variance of what depends on two correlated numbers no part is the one's or the other's alone, so Sobol'
    indices and elementary effects are those of the group (Jacques, Lavergne and Devictor, Reliability Engineering &
    System Safety 91, 2006, 1126-1134). A merged factor stands where its first one stood and has all their names.
    """
    made = [Factor(name, tuple(columns)) for name, columns in factors]
    holder = {names[column]: n for n, factor in enumerate(made) for column in factor.columns}
    group = list(range(len(made)))  # of each factor, the number of the first one it is tied to
    for i, one in enumerate(correlation.names):
        for j, other in enumerate(correlation.names[:i]):
            if correlation.matrix[i][j] != 0.0:
                first, second = sorted((group[holder[one]], group[holder[other]]))
                group = [first if tied == second else tied for tied in group]
    return tuple(
        _joined([factor for factor, tied in zip(made, group, strict=True) if tied == at]) for at in sorted(set(group))
    )


def _joined(factors: list[Factor]) -> Factor:
    """Return one factor of several."""
    return Factor(" + ".join(one.name for one in factors), tuple(column for one in factors for column in one.columns))
