"""From the name of a design and how large it is to the design, or why it cannot be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError
from cesim.errors.place import NOWHERE
from cesim.sweep.designs.carlo import MonteCarlo
from cesim.sweep.designs.correlated import Correlated
from cesim.sweep.designs.design import whole
from cesim.sweep.designs.factorial import MOST, Factorial
from cesim.sweep.designs.hypercube import Hypercube
from cesim.sweep.designs.morris import Morris, MorrisDesign
from cesim.sweep.designs.saltelli import Saltelli, SaltelliDesign
from cesim.sweep.designs.sobol import BITS, WIDEST, Sobol
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cesim.errors import Place
    from cesim.sweep.designs.design import Design, Factor

KINDS: Final = ("sobol", "hypercube", "monte_carlo", "factorial", "saltelli", "morris")
"""Designs that are made; a table is read (see `cesim.sweep.designs.table`)."""
IN_PAIRS: Final = ("sobol", "saltelli")
"""Designs that are at their best with 2, 4, 8, 16 and so on."""
LEVELS: Final = 4
"""Of every column where nothing else is said: what Morris and most after him take."""


def design_of(
    kind: str,
    factors: Sequence[tuple[str, tuple[int, ...]]],
    seed: int,
    samples: int = 0,
    *,
    levels: int | Sequence[int] = LEVELS,
    second_order: bool = False,
    place: Place = NOWHERE,
) -> Design:
    """Make a design.

    Parameters
    ----------
    kind
        One of `KINDS`.
    factors
        Names and columns; every column from 0 on stands in one factor.
    seed
        Of everything random in it.
    samples
        Points; base points of ``saltelli``, trajectories of ``morris``. ``factorial`` has as many as its levels make.
    levels
        Of the columns of ``factorial``, one for all or one for each; of ``morris`` one for all, even.
    second_order
        Whether ``saltelli`` is to tell pairs of factors too.
    place
        Where the study says so, for faults.

    Raises
    ------
    InputError
        ``sweep_design_unknown``, ``sweep_design_no_columns``, ``sweep_design_too_large``, ``sweep_design_too_wide``,
        ``sweep_KIND_too_small``, ``sweep_factorial_columns``, ``sweep_factorial_levels``,
        ``sweep_factorial_too_large``, ``sweep_morris_levels``
    """
    made = whole(factors)
    columns = sum(len(factor.columns) for factor in made)
    _check(kind, columns, samples, place)
    if kind == "factorial":
        return _factorial(columns, levels, place)
    if kind == "morris":
        return _morris(made, levels, seed, place)
    if kind == "saltelli":
        return SaltelliDesign(Saltelli(made, second_order), seed)
    if kind == "hypercube":
        return Hypercube(columns, samples, seed)
    return Sobol(columns, seed) if kind == "sobol" else MonteCarlo(columns, seed)


def points_of(design: Design, samples: int) -> int:
    """Return how many points so many samples are: rows of base points or trajectories, or all there are."""
    layout = layout_of(design)
    if layout is not None:
        return layout.rows_of(samples)
    return samples if design.points is None else design.points


def layout_of(design: Design) -> Saltelli | Morris | None:
    """Return which row of a design is what, where its rows belong together; correlations over it change nothing."""
    beneath = design.base if isinstance(design, Correlated) else design
    return beneath.layout if isinstance(beneath, SaltelliDesign | MorrisDesign) else None


def remarks_on(kind: str, samples: int, place: Place = NOWHERE) -> tuple[Fault, ...]:
    """Return what is worth a word in a design that can be made: ``sweep_design_not_a_power_of_two``."""
    if kind not in IN_PAIRS or samples < 1 or samples & (samples - 1) == 0:
        return ()
    above = 1 << samples.bit_length()
    return (Fault("sweep_design_not_a_power_of_two", place, {"found": samples, "below": above // 2, "above": above}),)


def _check(kind: str, columns: int, samples: int, place: Place) -> None:
    faults = []
    if kind not in KINDS:
        found = {"found": kind, "nearest": nearest(kind, KINDS), "allowed": KINDS}
        raise InputError([Fault("sweep_design_unknown", place, found)])
    if columns < 1:
        faults.append(Fault("sweep_design_no_columns", place, {"found": kind}))
    if kind != "factorial" and samples < 2:
        faults.append(Fault(f"sweep_{kind}_too_small", place, {"found": samples, "least": 2}))
    most = {"sobol": 1 << BITS, "saltelli": 1 << BITS, "hypercube": MOST}.get(kind)
    if most is not None and samples > most:
        faults.append(Fault("sweep_design_too_large", place, {"found": samples, "most": most}))
    widest = {"sobol": WIDEST, "saltelli": WIDEST // 2}.get(kind)
    if widest is not None and columns > widest:
        faults.append(Fault("sweep_design_too_wide", place, {"found": columns, "most": widest}))
    if faults:
        raise InputError(faults)


def _factorial(columns: int, levels: int | Sequence[int], place: Place) -> Factorial:
    each = (levels,) * columns if isinstance(levels, int) else tuple(levels)
    if len(each) != columns:
        raise InputError([Fault("sweep_factorial_columns", place, {"found": len(each), "columns": columns})])
    if min(each) < 1:
        raise InputError([Fault("sweep_factorial_levels", place, {"found": min(each)})])
    points = math.prod(each)
    if points > MOST:
        raise InputError([Fault("sweep_factorial_too_large", place, {"found": _short(points), "most": MOST})])
    if points < 2:
        raise InputError([Fault("sweep_factorial_too_small", place, {"found": points, "least": 2})])
    return Factorial(each)


def _morris(factors: tuple[Factor, ...], levels: int | Sequence[int], seed: int, place: Place) -> MorrisDesign:
    if not isinstance(levels, int) or levels < 2 or levels % 2:
        raise InputError([Fault("sweep_morris_levels", place, {"found": levels})])
    return MorrisDesign(Morris(factors, levels, seed))


def _short(number: int) -> int | str:
    """Return a number as it is read: one of hundreds of digits as a power of ten."""
    digits = math.floor(math.log10(number))
    return number if digits < 15 else f"10^{digits}"
