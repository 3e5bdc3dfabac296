"""What a declaration leaves out: substances without a name, and matter of whose origin nothing is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.errors import Fault, InputError, Place
from cesim.trace.entries import Sources
from cesim.trace.records import DECLARATIONS
from cesim.trace.reporting.policy import MISC_AT_MOST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.reporting.draft import Draft

    Whole = NDArray[np.int64]
    Truths = NDArray[np.bool_]


def declared(draft: Draft, actor: Whole) -> Whole:
    """Return the declarations under which actors write, as places in `DECLARATIONS`."""
    codes = np.array([*(DECLARATIONS.index(policy.declaration) for policy in draft.policy), DECLARATIONS.index("none")])
    return np.asarray(codes[actor], dtype=np.int64)


def withhold(draft: Draft) -> None:
    """Take origins out of records.

    Under `none` no source has one; under FSR and FMD a share of the mass of each has none. It is no fault: everybody
    sees that nothing is said.
    """
    silent = (declared(draft, draft.truth.actor) == DECLARATIONS.index("none")) & draft.reported
    sources = draft.sources
    counts = np.diff(sources.start)
    if silent.any():
        sources = Sources(sources.start, np.where(np.repeat(silent, counts), -1, sources.origin), sources.mass_mg)
    if draft.any("misc"):
        share = np.where(draft.reported, draft.rate("misc")[draft.truth.actor], 0.0)
        sources = _parted(sources, np.repeat(share, counts))
    draft.sources = sources


def _parted(sources: Sources, share: NDArray[np.float64]) -> Sources:
    """Part what is not named from each edge; it follows as an edge of its own."""
    unnamed = np.where(sources.origin >= 0, np.floor(sources.mass_mg * share), 0).astype(np.int64)
    times = 1 + (unnamed > 0)
    ends = np.concatenate([[0], np.cumsum(times)])
    origin, mass = np.repeat(sources.origin, times), np.repeat(sources.mass_mg - unnamed, times)
    second = ends[1:][unnamed > 0] - 1
    origin[second] = -1
    mass[second] = unnamed[unnamed > 0]
    return Sources(ends[sources.start], origin, mass)


def named(declaration: str, mass_mg: Whole, regulated: Truths, misc: float = 0.0) -> Truths:
    """Return which substances a declaration tells by name.

    FSD tells all. FSR and FMD leave out the smallest that are not regulated, as long as all that is left out stays
    within the share `misc` of the whole mass. `none` tells the regulated ones alone, which nobody may withhold.

    Parameters
    ----------
    declaration
        One of `DECLARATIONS`.
    mass_mg : (substance,)
    regulated : (substance,)
        Those that must be told.
    misc
        0 to `MISC_AT_MOST`.

    Raises
    ------
    InputError
        ``not_a_choice``, ``policy_misc``.
    """
    if declaration not in DECLARATIONS:
        raise InputError([Fault("not_a_choice", Place(), {"found": declaration, "allowed": DECLARATIONS})])
    if not 0 <= misc <= MISC_AT_MOST:
        raise InputError([Fault("policy_misc", Place(), {"found": misc, "most": MISC_AT_MOST})])
    if declaration == "none":
        return regulated.copy()
    told = np.ones(len(mass_mg), dtype=bool)
    if declaration == "FSD":
        return told
    order = np.argsort(mass_mg, kind="stable")
    order = order[~regulated[order] & (mass_mg[order] > 0)]
    told[order[np.cumsum(mass_mg[order]) <= misc * mass_mg.sum()]] = False
    return told
