"""The proof of a run passes on what the engine wrote and catches every way of spoiling it afterwards."""

from dataclasses import replace

import numpy as np
import pytest
from made_up_system import make
from solved import solved

from cesim.ledger.certificate import TOLERANCE, Auditor, Certificate, Check
from cesim.ledger.flows import Cell, Edge, Layout, Table

YEAR = 2024
"""The year that is spoilt: in the middle, so that stocks of the year before and after are compared too."""


def test_what_the_engine_writes_is_certified(answer):
    certificate = answer.certificate()
    assert certificate.passed
    assert certificate.worst.worst <= 1e-9
    assert [check.name for check in certificate.checks] == ["substance", "origin", "partition", "not negative"]
    assert all(check.cells > 10_000 for check in certificate.checks if check.name != "partition")


def test_every_draw_is_looked_at(answer):
    for draw in range(answer.draws):
        table = copy_of(answer.flows[YEAR])
        start = cells_of(table, "take_back", "dismantling", False)
        table.substance[draw, largest(table.substance[draw], start)] *= 1 + 1e-4
        certificate = answer.certificate(flows={YEAR: table})
        assert not certificate.passed
        assert f"draw {draw}" in certificate.checks[0].where


# ways of spoiling a table


def copy_of(table):
    return Table(table.layout, table.origin.copy(), table.substance.copy())


def position(table, process_from, process_to):
    ends = [(edge.process_from, edge.process_to) for edge in table.layout.edges]
    return ends.index((process_from, process_to))


def cells_of(table, process_from, process_to, by_origin):
    return slice(*table.layout.start(position(table, process_from, process_to), by_origin))


def largest(values, part):
    return part.start + int(np.argmax(values[part]))


def with_edges(table, **changed):
    """The table with some edges replaced, by position."""
    edges = list(table.layout.edges)
    for number, edge in changed.items():
        edges[int(number[1:])] = edge
    return Table(Layout(tuple(edges)), table.origin, table.substance)


def swapped_destination(table):
    one = position(table, "scrap_yard.part-6016", "melt_down.part-6016")
    two = position(table, "scrap_yard.sorted-6016", "melt_down.sorted-6016")
    edges = table.layout.edges
    return with_edges(
        table,
        **{
            f"n{one}": replace(edges[one], process_to=edges[two].process_to),
            f"n{two}": replace(edges[two], process_to=edges[one].process_to),
        },
    )


def renamed_element(table):
    one = position(table, "melt_down.part-6016", "melting.6016")
    edge = table.layout.edges[one]
    other = {"Fe": "Cu", "Cu": "Fe"}
    cells = tuple(cell._replace(kind=other.get(cell.kind, cell.kind)) for cell in edge.by_substance)
    return with_edges(table, **{f"n{one}": replace(edge, by_substance=cells)})


def swapped_origin(table):
    one = position(table, "part_making.6016", "assembly")
    edge = table.layout.edges[one]
    other = {"post_elv": "primary", "primary": "post_elv"}
    cells = tuple(cell._replace(kind=other.get(cell.kind, cell.kind)) for cell in edge.by_origin)
    return with_edges(table, **{f"n{one}": replace(edge, by_origin=cells)})


def swapped_region(table):
    one = position(table, "dismantling", "shredding")
    edge = table.layout.edges[one]
    other = {"a": "b", "b": "a"}

    def moved(cells):
        return tuple(cell._replace(region_to=other.get(cell.region_to, cell.region_to)) for cell in cells)

    new = replace(edge, by_origin=moved(edge.by_origin), by_substance=moved(edge.by_substance))
    return with_edges(table, **{f"n{one}": new})


def changed_coefficient(table):
    return scaled(table, "melt_down.part-6016", "melting.6016", 1 + 1e-6)


def lost_in_transit(table):
    return scaled(table, "in_use", "take_back", 1 - 1e-6)


def doubled(table):
    return scaled(table, "take_back", "dismantling", 2.0)


def dropped(table):
    return scaled(table, "primary_supply", "melting.6016", 0.0)


def scaled(table, process_from, process_to, factor):
    new = copy_of(table)
    for by_origin, values in ((True, new.origin), (False, new.substance)):
        values[:, cells_of(new, process_from, process_to, by_origin)] *= factor
    return new


def left_out(table):
    """The edge is not in the table at all."""
    one = position(table, "shredding", "alloy_sorting")
    edges = tuple(edge for n, edge in enumerate(table.layout.edges) if n != one)
    origin, substance = (
        np.delete(values, slice(*table.layout.start(one, by)), axis=1)
        for by, values in ((True, table.origin), (False, table.substance))
    )
    return Table(Layout(edges), origin, substance)


def written_twice(table):
    one = position(table, "shredding", "alloy_sorting")
    parts = (
        np.concatenate([values, values[:, slice(*table.layout.start(one, by))]], axis=1)
        for by, values in ((True, table.origin), (False, table.substance))
    )
    return Table(Layout((*table.layout.edges, table.layout.edges[one])), *parts)


def hole_in_substance(table):
    new = copy_of(table)
    new.substance[1, cells_of(new, "melting.6016", "part_making.6016", False).start] = np.nan
    return new


def hole_in_origin(table):
    new = copy_of(table)
    new.origin[2, cells_of(new, "melting.6016", "part_making.6016", True).start] = np.nan
    return new


def one_kilogram_of_iron_becomes_copper(table):
    new = copy_of(table)
    cells = cells_of(new, "part_making.6016", "assembly", False)
    names = new.layout.edges[position(new, "part_making.6016", "assembly")].by_substance
    iron, copper = (next(n for n, cell in enumerate(names) if cell.kind == kind) for kind in ("Fe", "Cu"))
    new.substance[0, cells.start + iron] -= 1e-3
    new.substance[0, cells.start + copper] += 1e-3
    return new


def old_class_after_take_back(table):
    """Metal of a scrapped car called primary again after take-back."""
    one = position(table, "take_back", "dismantling")
    edge = table.layout.edges[one]
    cells = tuple(cell._replace(kind="pre_other") for cell in edge.by_origin)
    return with_edges(table, **{f"n{one}": replace(edge, by_origin=cells)})


SPOILT_FLOWS = {
    swapped_destination: "melt_down.",
    renamed_element: ("melt_down.part-6016", "melting.6016"),
    swapped_origin: "part_making.6016",
    swapped_region: "shredding",
    changed_coefficient: "melt",
    lost_in_transit: ("in_use", "take_back"),
    doubled: ("take_back", "dismantling"),
    dropped: "melting.6016",
    left_out: ("shredding", "alloy_sorting"),
    written_twice: ("shredding", "alloy_sorting"),
    hole_in_substance: ("melting.6016", "part_making.6016"),
    hole_in_origin: ("melting.6016", "part_making.6016"),
    one_kilogram_of_iron_becomes_copper: "part_making.6016",
    old_class_after_take_back: ("take_back", "dismantling"),
}


@pytest.mark.parametrize(("spoil", "where"), SPOILT_FLOWS.items(), ids=lambda item: getattr(item, "__name__", ""))
def test_a_spoilt_flow_is_caught_and_named(answer, spoil, where):
    certificate = answer.certificate(flows={YEAR: spoil(answer.flows[YEAR])})
    assert not certificate.passed
    failed = [check for check in certificate.checks if not check.worst <= TOLERANCE]
    assert all(check.where for check in failed)
    assert all(str(YEAR) in check.where for check in failed)
    assert any(check.where.startswith(where) for check in failed)
    assert certificate.as_dict()["passed"] is False


def test_a_negative_flow_is_caught_and_named(answer):
    """Even one that a second negative flow hides from the balance."""
    table = answer.flows[YEAR]
    new = copy_of(table)
    for by_origin, values in ((True, new.origin), (False, new.substance)):
        for ends in (("shredding", "alloy_sorting"), ("shredding", "asr_treatment")):
            values[:, cells_of(new, *ends, by_origin)] *= -1.0 if ends[1] == "asr_treatment" else 1.0
    (check,) = (c for c in answer.certificate(flows={YEAR: new}).checks if c.name == "not negative")
    assert check.worst > 1e-9
    assert check.where == f"shredding -> asr_treatment / {YEAR}"


def test_one_tiny_negative_cell_is_caught(answer):
    new = copy_of(answer.flows[YEAR])
    cells = cells_of(new, "in_use", "take_back", False)
    new.substance[0, cells.start] = -1e-3
    (check,) = (c for c in answer.certificate(flows={YEAR: new}).checks if c.name == "not negative")
    assert check.worst > TOLERANCE
    assert check.where.startswith("in_use -> take_back")


# stocks


def level_columns(table, process, by_origin):
    return slice(*table.layout.start(position(table, process, ""), by_origin))


def scaled_level(table, process):
    new = copy_of(table)
    for by_origin, values in ((True, new.origin), (False, new.substance)):
        values[:, level_columns(new, process, by_origin)] *= 1 + 1e-6
    return new


@pytest.mark.parametrize("process", ["in_use", "scrap_yard.new-mixed"])
def test_a_level_that_does_not_follow_from_its_flows_is_caught(answer, process):
    certificate = answer.certificate(levels={YEAR: scaled_level(answer.levels[YEAR], process)})
    assert not certificate.passed
    assert certificate.checks[0].where.startswith(process)
    assert certificate.checks[1].where.startswith(process)


def test_stocks_shifted_by_a_year_are_caught(answer):
    shifted = {year: answer.levels[year - 1] for year in answer.levels if year - 1 in answer.levels}
    certificate = answer.certificate(levels=shifted)
    assert not certificate.passed
    assert certificate.checks[0].where.startswith(("in_use", "scrap_yard.new-mixed"))


def test_flows_shifted_by_a_year_are_caught(answer):
    certificate = answer.certificate(flows={YEAR: answer.flows[YEAR + 1]})
    assert not certificate.passed
    assert certificate.worst.where.startswith(("in_use", "scrap_yard.new-mixed"))


def test_a_missing_level_is_caught(answer):
    table = answer.levels[YEAR]
    one = position(table, "scrap_yard.new-mixed", "")
    edges = tuple(edge for n, edge in enumerate(table.layout.edges) if n != one)
    parts = (
        np.delete(values, slice(*table.layout.start(one, by)), axis=1)
        for by, values in ((True, table.origin), (False, table.substance))
    )
    certificate = answer.certificate(levels={YEAR: Table(Layout(edges), *parts)})
    assert not certificate.passed
    assert certificate.checks[0].where.startswith("scrap_yard.new-mixed")


def test_a_negative_stock_is_caught(answer):
    new = copy_of(answer.levels[YEAR])
    new.substance[0, level_columns(new, "in_use", False).start] = -5.0
    (check,) = (c for c in answer.certificate(levels={YEAR: new}).checks if c.name == "not negative")
    assert check.where.startswith("in_use -> ")
    assert check.worst > TOLERANCE


# the certificate itself


def test_years_must_begin_with_an_opening(answer):
    with pytest.raises(ValueError, match="before the first year are missing"):
        Auditor().year(2023, answer.flows[2023], answer.levels[2023])


def test_the_draw_is_counted_from_the_start_of_the_block(answer):
    auditor = Auditor(first_draw=100)
    auditor.opening(answer.opening)
    first = min(answer.flows)
    checks = auditor.year(first, doubled(answer.flows[first]), answer.levels[first]).checks
    assert checks[0].where.rpartition("draw ")[2] in {"100", "101", "102"}


def test_a_hole_is_worse_than_any_number():
    good, bad, hole = (Check("substance", 10, worst, name) for worst, name in ((0.0, "a"), (1.0, "b"), (np.nan, "c")))
    for one, other, expected in (
        (good, bad, "b"),
        (bad, good, "b"),
        (hole, bad, "c"),
        (bad, hole, "c"),
        (good, hole, "c"),
    ):
        both = one.with_(other)
        assert both.where == expected
        assert both.cells == 20
    certificate = Certificate((bad, hole))
    assert certificate.worst is hole
    assert not certificate.passed
    assert Certificate((good,)).passed


def test_a_process_that_stands_still_is_measured_against_a_gram():
    cell = (Cell("a", "a", "steel", "primary"),)
    substance = (Cell("a", "a", "steel", "Fe"),)
    layout = Layout((Edge("material_supply", "assembly", cell, substance), Edge("assembly", "in_use", cell, substance)))
    levels = Layout((Edge("in_use", "", cell, substance),))

    def proof(supplied, built, before, after):
        auditor = Auditor()
        auditor.opening(Table(levels, np.array([[before]]), np.array([[before]])))
        flows = np.array([[supplied, built]])
        return auditor.year(2023, Table(layout, flows, flows), Table(levels, np.array([[after]]), np.array([[after]])))

    assert proof(0.0, 0.0, 0.0, 0.0).passed
    assert proof(10.0, 10.0, 5.0, 15.0).passed
    wrong = proof(10.0, 10.0, 5.0, 14.0)
    assert wrong.worst.where.startswith("in_use / a / ")
    assert wrong.worst.worst == pytest.approx(1.0 / 24.0)
    assert proof(0.0, 1e-9, 0.0, 1e-9).worst.worst == pytest.approx(1e-3)


def test_another_system_passes_too():
    other = solved(make(draws=2, years=2, regions=("a",), melters=1, seed=9))
    assert other.certificate().passed
