"""What is worth a word in a sound scenario: years its author wrote that no run reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.errors import Fault
from cesim.scenario.fields import keys_of
from cesim.scenario.locate import spot
from cesim.scenario.merge import takes_years
from cesim.scenario.shelves import shipped_folder
from cesim.scenario.tree import Branch, Row, dated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cesim.errors import Place
    from cesim.scenario.tree import Tree


def years_after(
    tree: Tree, scenario: Any, files: tuple[Path, ...], as_base: frozenset[Place] = frozenset()
) -> tuple[Fault, ...]:
    """Return a remark for every year after the last one that stands in a file of the user or an override.

    Years that ship with cesim, or stand in a workbook as they were written into it (`as_base`), are left out: a short
    scenario may be built on long paths. A year is told once, where it stands first.
    """
    last = getattr(getattr(scenario, "years", None), "end", None)
    if not isinstance(last, int):
        return ()
    own = _own(files)
    told: dict[object, Fault] = {}
    for place, year, before in _knots(tree):
        if year > last and place not in as_base and (place.path is not None or place.file in own):
            code = "year_after_run" if before is None or before < last else "year_not_reached"
            told.setdefault((code, year), Fault(code, place, {"found": year, "last": last}))
    return tuple(sorted(told.values(), key=lambda fault: fault.place.order()))


def steered_values(
    tree: Branch, scenario: Any, files: tuple[Path, ...], as_base: frozenset[Place] = frozenset()
) -> tuple[Fault, ...]:
    """Return a remark for every value of the user that a measure in effect moves on, where the measure is another's.

    What is written there holds without the measure; who wants another level has to change the measure.
    """
    plan = getattr(scenario, "plan", None)
    if plan is None:
        return ()
    own, told = _own(files), dict[str, Fault]()
    for name in plan.active(plan.adopted):
        for label, change in plan.measures[name].changes.items():
            by = spot(tree, ("plan", "measures", name, "changes", label)).key
            held = spot(tree, keys_of(change.path))
            for place in _places(held.tree):
                written = place.path is not None or (place.file in own and place.file != by.file)
                if written and place not in as_base:
                    amount = f"plan.measures.{name}.changes.{label}.amount"
                    found = {"found": change.path, "measure": name, "amount": amount}
                    told.setdefault(change.path, Fault("value_steered", place, found))
                    break
    return tuple(sorted(told.values(), key=lambda fault: fault.place.order()))


def idle_measures(tree: Branch, scenario: Any) -> tuple[Fault, ...]:
    """Return a remark for every adopted measure that changes nothing, or nothing in time, and costs all the same."""
    plan = getattr(scenario, "plan", None)
    if plan is None:
        return ()
    told = []
    active = plan.active(plan.adopted)
    for name in plan.adopted:
        measure, here = plan.measures[name], ("plan", "measures", name)
        lacks = [need for need in measure.needs if need not in active]
        late = [need for need in measure.needs if plan.measures[need].start > measure.start]
        found = {"found": name}
        if lacks:
            told.append(Fault("measure_waits", spot(tree, here).key, {**found, "need": ", ".join(lacks)}))
        elif measure.start > scenario.years.end:
            told.append(Fault("measure_after_run", spot(tree, (*here, "start")).value, {
                **found, "start": measure.start, "last": scenario.years.end,
            }))  # fmt: skip
        elif measure.level.value == 0.0:
            told.append(Fault("measure_not_carried_out", spot(tree, (*here, "level")).value, found))
        elif not measure.changes:
            told.append(Fault("measure_changes_nothing", spot(tree, here).key, found))
        elif late:
            told.append(Fault("measure_before_need", spot(tree, (*here, "start")).value, {
                **found, "start": measure.start, "need": ", ".join(late),
            }))  # fmt: skip
    return tuple(told)


def _own(files: tuple[Path, ...]) -> set[str]:
    """The files that do not ship with cesim."""
    shelf = shipped_folder()
    return {str(file) for file in files if shelf is None or not file.resolve().is_relative_to(shelf.resolve())}


def _places(tree: Tree) -> Iterator[Place]:
    """Yield the place of every value of a branch."""
    if isinstance(tree, Branch):
        for entry in tree.entries.values():
            yield from _places(entry.value)
    else:
        yield tree.place


def _knots(tree: Tree) -> Iterator[tuple[Place, int, int | None]]:
    """Yield place, year and the year before it of every knot of every path."""
    if isinstance(tree, Branch) and takes_years(tree):
        before = None
        for year, entry in sorted(dated(tree).items()):
            yield entry.place, year, before
            before = year
    elif isinstance(tree, Branch):
        for entry in tree.entries.values():
            yield from _knots(entry.value)
    elif isinstance(tree, Row):
        for item in tree.items:
            yield from _knots(item)
