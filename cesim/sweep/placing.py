"""Where in the study stands what only the plan shows to be wrong: a pattern, a lever, the size of a design."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cesim.errors import InputError, Place
from cesim.scenario import spot

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.errors import Fault
    from cesim.scenario import Branch
    from cesim.sweep.study import Study

    Loc = tuple[str | int, ...]

_LISTED: Final = {
    "sweep_vary_unknown": "vary", "sweep_vary_certain": "vary", "sweep_wanders": "vary", "sweep_lever_varies": "vary",
    "sweep_lever_left_out": "vary",
    "sweep_keep_unknown": "keep", "sweep_indicator_unknown": "indicators", "sweep_region_unknown": "regions",
    "sweep_lots_region": "regions", "sweep_year_outside": "years", "sweep_year_not_simulated": "years",
}  # fmt: skip
"""Fault -> entry that lists what was found."""
_ENTRIES: Final[dict[str, Loc]] = {
    "sweep_nothing_varies": ("vary",),
    "sweep_many_alternatives": ("levers",),
    "sweep_not_alike": ("scenarios",),
    "sweep_correlated_keyed": ("correlated",),
    "sweep_shard_with_stop": ("stop",),
    "sweep_not_extensible": ("design", "kind"),
    "sweep_design_unknown": ("design", "kind"),
    "sweep_design_no_columns": ("vary",),
    "sweep_design_too_large": ("design", "samples"),
    "sweep_design_not_a_power_of_two": ("design", "samples"),
    "sweep_design_too_wide": ("design", "kind"),
    "sweep_factorial_columns": ("design", "kind"),
    "sweep_factorial_levels": ("design", "levels"),
    "sweep_factorial_too_large": ("design", "levels"),
    "sweep_factorial_too_small": ("design", "levels"),
    "sweep_morris_levels": ("design", "levels"),
    "years_turned_round": ("lots", "last"),
}
"""Fault -> entry that decides it."""


def placed(error: InputError, study: Study, tree: Branch) -> InputError:
    """Return the error with every fault at its line of the study, or at the option it was given by."""
    return InputError([at_its_line(fault, study, tree) for fault in error.faults])


def at_its_line(fault: Fault, study: Study, tree: Branch) -> Fault:
    """Return a fault at the entry of the study that it is about; one that stands elsewhere as it is."""
    loc = _loc(fault, study)
    if loc is None:
        return fault
    if loc[0] not in tree.entries:  # decided by what holds where nothing is said
        return replace(fault, place=Place(tree.place.file))
    here = spot(tree, loc)
    return replace(fault, place=here.key if loc[0] in ("levers", "sampled") else here.value)


def _loc(fault: Fault, study: Study) -> Loc | None:
    """Return the path of the entry in the study; None of what is not about the study."""
    place, found = fault.place, fault.arguments.get("found")
    if place.path is not None:
        return _lever(place.path, study)
    if fault.code == "no_such_scenario" and place.file in study.scenarios:
        return "scenarios", study.scenarios.index(place.file)
    if str(place):
        return None
    if fault.code in _LISTED:
        name = _LISTED[fault.code]
        listed = getattr(study, name)
        return (name, listed.index(found)) if isinstance(listed, tuple) and found in listed else (name,)
    if fault.code in _SOUGHT:
        return _SOUGHT[fault.code](found, study)
    if fault.code in _ENTRIES:
        return _ENTRIES[fault.code]
    if fault.code.startswith("sweep_correlation_"):
        return ("correlated",)
    return ("design", "samples") if fault.code.endswith("_too_small") else None


def _lever(path: str, study: Study) -> Loc | None:
    """Return the lever that was set at a path, or at a year of it."""
    for part in ("levers", "sampled"):
        for lever in getattr(study, part):
            if lever == path or lever.startswith(f"{path}."):
                return part, lever
    return None


def _correlated(found: object, study: Study) -> Loc:
    for at, pair in enumerate(study.correlated):
        if found in pair.between:
            return "correlated", at, "between", pair.between.index(str(found))
    return ("correlated",)


def _of_lots(found: object, study: Study) -> Loc:
    is_last = study.lots is not None and study.lots.first != found
    return "lots", "last" if is_last else "first"


def _named_alike(_: object, study: Study) -> Loc:
    """Return the levers where one repeats a value, else the scenarios."""
    repeats = [path for path, values in study.levers.items() if len(set(map(repr, values))) < len(values)]
    return ("levers", repeats[0]) if repeats else ("scenarios",)


def _stopping(found: object, study: Study) -> Loc:
    assert study.stop is not None
    for name in ("indicator", "region", "year"):
        if str(getattr(study.stop, name)) == found:
            return "stop", name
    return ("stop",)


_SOUGHT: Final[dict[str, Callable[[object, Study], Loc]]] = {
    "sweep_correlated_unknown": _correlated,
    "year_outside_balance": _of_lots,
    "sweep_named_alike": _named_alike,
    "sweep_stop_unknown": _stopping,
}
"""Fault -> how its entry is found."""
