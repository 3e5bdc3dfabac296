"""Checks across the measures of a plan: names that exist, needs without circles, rivals apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.scenario.model_checks import unknown
from cesim.scenario.refusal import ModelFault, raise_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.scenario.plan import ActionPlan, Measure


def check_source(measure: Measure) -> None:
    """A measure that a published plan names says which; one without source is not passed off as published."""
    if measure.published and not measure.source.strip():
        raise ModelFault("published_needs_source", ("published",), {"found": True})


def check_measures(plan: ActionPlan) -> None:
    """Needs and exclusions name measures and can be kept; what is adopted can stand side by side."""
    faults = list(_names(plan))
    raise_all(faults)
    raise_all([*_circles(plan), *_needed_rivals(plan), *_adopted(plan)])
    if plan.until < plan.base_year:
        told = {"found": f"until: {plan.until}", "allowed": f">= {plan.base_year}"}
        raise ModelFault("years_out_of_order", ("until",), told, [("base_year",)])


def _names(plan: ActionPlan) -> Iterator[ModelFault]:
    yield from unknown(plan.adopted, plan.measures, ("adopted",))
    for name, measure in plan.measures.items():
        yield from unknown(measure.needs, plan.measures, ("measures", name, "needs"))
        yield from unknown(measure.excludes, plan.measures, ("measures", name, "excludes"))


def _circles(plan: ActionPlan) -> Iterator[ModelFault]:
    for name in plan.measures:
        if name in plan.builds_on(name):
            yield ModelFault("measure_needs_itself", ("measures", name, "needs"), {"found": name})


def _needed_rivals(plan: ActionPlan) -> Iterator[ModelFault]:
    """A measure that excludes what it needs could never act."""
    for name in plan.measures:
        together = plan.builds_on(name) | {name}
        for one in sorted(together):
            for other in sorted(plan.rivals(one) & together):
                if one <= other:
                    told = {"found": name, "one": one, "other": other}
                    yield ModelFault("measure_needs_rivals", ("measures", name, "needs"), told)


def _adopted(plan: ActionPlan) -> Iterator[ModelFault]:
    for at, name in enumerate(plan.adopted):
        if name in plan.adopted[:at]:
            yield ModelFault("adopted_twice", ("adopted", at), {"found": name})
        for other in plan.adopted[:at]:
            if other in plan.rivals(name):
                yield ModelFault("rivals_adopted", ("adopted", at), {"found": name, "other": other})
