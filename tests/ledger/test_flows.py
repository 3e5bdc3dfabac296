"""Sums over tables by name, against a loop over all cells."""

from fnmatch import fnmatchcase

import numpy as np
import pytest

from cesim.ledger.flows import Cell, Edges, FlowView, Layouts, YearFlows, cells, paired_cells
from cesim.ledger.processes import RECLASSIFIED, SINKS, SOURCES, STOCKS, kind
from cesim.ledger.substances import ALLOYS, ELEMENTS, ITEMS, MATERIAL, ORIGINS, PAIRS, SIX_THOUSAND, SUBSTANCES

YEAR = 2024


def slowly(table, process_from="*", process_to="*", **choice):
    """Add up cell by cell; yields (edge, cell, masses) of what is asked for."""
    by_origin = "substance" not in choice
    names = {"origin": "kind", "substance": "kind"}
    wanted = {names.get(name, name): frozenset(values) for name, values in choice.items()}
    values = table.origin if by_origin else table.substance
    column = 0
    for edge in table.layout.edges:
        for cell in edge.by_origin if by_origin else edge.by_substance:
            if (
                fnmatchcase(edge.process_from, process_from)
                and fnmatchcase(edge.process_to, process_to)
                and all(getattr(cell, name) in allowed for name, allowed in wanted.items())
            ):
                yield edge, cell, values[:, column]
            column += 1
    assert column == values.shape[1]


QUESTIONS = [
    ("*", "*", {}),
    ("in_use", "take_back", {}),
    ("melt_down.*", "melting.6*", {"origin": ("post_elv",)}),
    ("melt_down.*", "melting.*", {"alloy": SIX_THOUSAND, "origin": ("post_elv", "post_other")}),
    ("dismantling", "shredding", {"region": ("a",), "region_to": ("b", "c")}),
    ("*", "energy_recovery", {"substance": ("polymer",)}),
    ("part_making.6016", "assembly", {"substance": ELEMENTS, "region": ("a", "b")}),
    ("scrap_yard.wheels", "scrap_export", {"alloy": ("no such alloy",)}),
    ("no_such_process", "*", {}),
]


@pytest.mark.parametrize(("process_from", "process_to", "choice"), QUESTIONS)
def test_mass_is_the_sum_of_its_cells(answer, process_from, process_to, choice):
    table = answer.flows[YEAR]
    expected = sum((values for *_, values in slowly(table, process_from, process_to, **choice)), np.zeros(answer.draws))
    found = FlowView().mass(table, process_from, process_to, **choice)
    assert found.shape == (answer.draws,)
    assert found == pytest.approx(expected, rel=1e-12)


def test_most_questions_have_an_answer_that_is_not_zero(answer):
    masses = [FlowView().mass(answer.flows[YEAR], a, b, **choice).sum() for a, b, choice in QUESTIONS]
    assert sum(mass > 0 for mass in masses) == len(QUESTIONS) - 2


GROUPS = [
    ("take_back", "dismantling", ["region", "region_to"], [("a", "b", "c"), ("c", "a")], {}),
    ("melt_down.*", "melting.*", ["process_to", "alloy"], [("melting.6016", "melting.ADC12"), ALLOYS], {}),
    ("*", "*", ["kind"], [ORIGINS], {}),
    ("*", "*", ["kind", "region"], [ELEMENTS, ("a", "b")], {"substance": SUBSTANCES}),
    ("part_making.*", "assembly", ["region"], [("a", "b", "c")], {"origin": ("primary",), "alloy": ALLOYS}),
    ("part_making.*", "assembly", ["region"], [("nowhere", "a")], {}),
]


@pytest.mark.parametrize(("process_from", "process_to", "by", "labels", "choice"), GROUPS)
def test_groups_are_the_sums_of_their_cells(answer, process_from, process_to, by, labels, choice):
    table = answer.flows[YEAR]
    expected = np.zeros((*(len(part) for part in labels), answer.draws))
    for edge, cell, values in slowly(table, process_from, process_to, **choice):
        names = [getattr(edge if name.startswith("process") else cell, name) for name in by]
        if all(name in part for name, part in zip(names, labels, strict=True)):
            expected[tuple(part.index(name) for name, part in zip(names, labels, strict=True))] += values
    found = FlowView().grouped(table, process_from, process_to, by, labels, **choice)
    assert found.shape == expected.shape
    assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)
    assert expected.sum() > 0


def test_a_question_asked_again_gives_the_masses_of_its_own_year(answer):
    view = FlowView()
    years = list(answer.flows)
    first = [view.mass(answer.flows[year], "in_use", "take_back") for year in years]
    again = [view.mass(answer.flows[year], "in_use", "take_back") for year in years]
    np.testing.assert_array_equal(first, again)
    assert not np.allclose(first[0], first[1], rtol=1e-6)
    part = view.mass(answer.flows[years[0]], "in_use", "take_back", region=("a",))
    assert (part < first[0]).all()


def test_both_partitions_of_every_edge_weigh_the_same(answer):
    table = answer.flows[YEAR]
    for n in range(len(table.layout.edges)):
        origin, substance = (
            values[:, slice(*table.layout.start(n, by))].sum(axis=1)
            for by, values in ((True, table.origin), (False, table.substance))
        )
        assert origin == pytest.approx(substance, rel=1e-9, abs=1e-9)


def test_cells_are_in_the_order_of_the_axes():
    assert cells("ab", ("x", "y"), ("k",)) == (
        Cell("a", "a", "x", "k"), Cell("a", "a", "y", "k"), Cell("b", "b", "x", "k"), Cell("b", "b", "y", "k"),
    )  # fmt: skip
    assert cells("a", ("x",), ("k", "l"), "bc") == (
        Cell("a", "b", "x", "k"), Cell("a", "b", "x", "l"), Cell("a", "c", "x", "k"), Cell("a", "c", "x", "l"),
    )  # fmt: skip
    assert paired_cells("ab", (("x", "k"), ("y", "l"))) == (
        Cell("a", "a", "x", "k"), Cell("a", "a", "y", "l"), Cell("b", "b", "x", "k"), Cell("b", "b", "y", "l"),
    )  # fmt: skip
    assert paired_cells("a", (("x", "k"),), "bc") == (Cell("a", "b", "x", "k"), Cell("a", "c", "x", "k"))


def test_edges_and_layouts_are_made_once():
    edges, layouts = Edges(), Layouts()
    one = edges.edge("from", "to", cells("a", ("x",), ("k",)), cells("a", ("x",), ("s",)))
    assert edges.edge("from", "to", cells("a", ("x",), ("k",)), cells("a", ("x",), ("s",))) is one
    other = edges.edge("from", "to", cells("b", ("x",), ("k",)), cells("b", ("x",), ("s",)))
    assert other is not one
    longer = edges.edge("from", "to", cells("ab", ("x",), ("k",)), cells("ab", ("x",), ("s",)))
    assert len(longer.by_origin) == 2
    assert layouts.of([one, other]) is layouts.of([one, other])
    assert layouts.of([other, one]) is not layouts.of([one, other])


def test_a_year_is_written_in_columns():
    edges, layouts = Edges(), Layouts()
    wide = edges.edge("from", "to", cells("ab", ("x",), ("k", "l")), cells("ab", ("x",), ("s",)))
    level = edges.edge("to", "", cells("a", ("x",), ("k",)), cells("a", ("x",), ("s",)))
    year = YearFlows(2030, 2)
    masses = np.arange(8.0).reshape(2, 2, 1, 2)
    year.add(wide, masses, masses.sum(axis=3))
    year.hold(level, np.ones((2, 1)), np.ones((2, 1)))
    flows, levels = year.tables(layouts)
    np.testing.assert_array_equal(flows.origin, [[0, 1, 2, 3], [4, 5, 6, 7]])
    np.testing.assert_array_equal(flows.substance, [[1, 5], [9, 13]])
    np.testing.assert_array_equal(flows.origin_by_cell, flows.origin.T)
    np.testing.assert_array_equal(levels.origin, [[1], [1]])
    assert flows.layout.start(0, True) == (0, 4)
    assert (flows.layout.width(True), flows.layout.width(False), levels.layout.width(True)) == (4, 2, 1)


def test_every_process_of_a_solved_system_is_known(answer):
    """An unknown end would be balanced as a process in the middle; here each kind is one or the other."""
    ends = {end for edge in answer.flows[YEAR].layout.edges for end in (edge.process_from, edge.process_to)}
    kinds = {kind(end) for end in ends}
    assert kinds >= {"in_use", "take_back", "dismantling", "shredding", "melting", "part_making", "assembly"}
    sources = {edge.process_from for edge in answer.flows[YEAR].layout.edges}
    sinks = {edge.process_to for edge in answer.flows[YEAR].layout.edges}
    assert {kind(end) for end in sources - sinks} <= SOURCES
    assert {kind(end) for end in sinks - sources} <= SINKS
    assert {edge.process_from for edge in answer.levels[YEAR].layout.edges} == STOCKS
    assert set(RECLASSIFIED) <= ends
    assert not SOURCES & SINKS


def test_words_of_the_tables_fit_together():
    assert set(MATERIAL) == set(ITEMS)
    assert {item for item, _ in PAIRS} == set(ITEMS)
    assert {substance for _, substance in PAIRS} == set(SUBSTANCES)
    assert len(set(PAIRS)) == len(PAIRS)
    assert set(RECLASSIFIED.values()) <= set(ORIGINS)
