"""The patient rule induction method: a box peeled from all runs thin slice by thin slice, then pasted outwards again.

Friedman and Fisher, Bump hunting in high-dimensional data, Statistics and Computing 9 (1999) 123-143; for finding
scenarios Bryant and Lempert, Thinking inside the box, Technological Forecasting and Social Change 77 (2010) 34-49.
The slices of continuous inputs, the lenient objective and the pasting are those of the EMA Workbench 2.5, so that the
two agree. Everything is decided by the order of the values of an input, nothing by their distance; equals are taken in
the order of the columns, the upper end first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import Fault, InputError
from cesim.sweep.discovery.boxes import Prim, Trajectory
from cesim.sweep.discovery.limits import FREE, told
from cesim.sweep.discovery.pasting import pasted
from cesim.sweep.discovery.peeling import Rule, peeled
from cesim.sweep.discovery.space import FEWEST, space

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from cesim.sweep.discovery.boxes import Kind, Objective
    from cesim.sweep.discovery.space import Space


def prim(
    inputs: ArrayLike,
    of_interest: ArrayLike,
    kinds: Sequence[Kind] | None = None,
    *,
    names: Sequence[str] | None = None,
    objective: Objective = "lenient",
    peel: float = 0.05,
    paste: float = 0.05,
    least_mass: float = 0.05,
    boxes: int = 1,
) -> Prim:
    """Look for boxes in which runs of interest are dense.

    Parameters
    ----------
    inputs : (run, column)
        what each run was given, categories as numbers; no two runs need differ
    of_interest : (run,) of bool
    kinds : (column,)
        all ``continuous`` unless told otherwise
    names : (column,)
        by which a fault names an input
    objective
        what is best to peel; see `Objective`
    peel, paste
        share of the runs in the box that a slice takes away, and of those beyond a face that a slice brings back
    least_mass
        share of all runs below which no box is peeled
    boxes
        how many at most: each is looked for in the runs outside the boxes before (covering)

    Raises
    ------
    InputError
        ``discovery_shape``, ``discovery_not_bool``, ``discovery_not_finite``, ``discovery_kind_unknown``,
        ``discovery_setting``, ``discovery_too_few``, ``discovery_nobody``, ``discovery_everybody``.
    """
    rule = Rule(objective, peel, paste, least_mass)
    checked(rule, boxes)
    held = space(inputs, of_interest, kinds, names)
    refuse_hopeless(held)
    return found(held, rule, boxes)


def checked(rule: Rule, boxes: int = 1) -> None:
    """Refuse settings that say nothing."""
    faults = [
        Fault("discovery_setting", arguments={"name": name, "found": value, "allowed": "0 < … < 1"})
        for name, value in (("peel", rule.peel), ("paste", rule.paste), ("least_mass", rule.least_mass))
        if not 0.0 < value < 1.0
    ]
    if rule.objective not in ("lenient", "original"):
        allowed = ("lenient", "original")
        told_ = {"name": "objective", "found": rule.objective, "allowed": allowed}
        faults.append(Fault("discovery_setting", arguments=told_))
    if boxes < 1:
        faults.append(Fault("discovery_setting", arguments={"name": "boxes", "found": boxes, "allowed": "≥ 1"}))
    if faults:
        raise InputError(faults)


def refuse_hopeless(held: Space) -> None:
    """Refuse runs in which there is nothing to find."""
    interesting = int(held.of_interest.sum())
    code = None
    if held.runs < FEWEST:
        code = "discovery_too_few"
    elif not interesting:
        code = "discovery_nobody"
    elif interesting == held.runs:
        code = "discovery_everybody"
    if code is not None:
        raise InputError([Fault(code, arguments={"runs": held.runs, "fewest": FEWEST})])


def found(held: Space, rule: Rule, boxes: int = 1) -> Prim:
    """Return the boxes of a space; the settings are taken as checked."""
    runs, of_interest = held.runs, int(held.of_interest.sum())
    trajectories: list[Trajectory] = []
    left = held
    while len(trajectories) < boxes and left.of_interest.any() and left.runs >= rule.least_mass * runs:
        one = trajectory(left, rule, runs, of_interest)
        if trajectories and one.boxes[-1].density <= of_interest / runs:
            break
        trajectories.append(one)
        left = left.only(~one.boxes[-1].contains(left.columns.T))
    return Prim(tuple(trajectories), runs, of_interest, rule.objective, rule.peel, rule.paste, rule.least_mass)


def trajectory(held: Space, rule: Rule, runs: int, of_interest: int) -> Trajectory:
    """Return the way of one box; `runs` and `of_interest` count those that earlier boxes took as well."""
    inwards = [FREE, *peeled(held, rule, runs)]
    outwards = pasted(held, rule, inwards[-1])
    boxes = tuple(told(held, limits, runs, of_interest) for limits in (*inwards, *outwards))
    return Trajectory(boxes, len(inwards))
