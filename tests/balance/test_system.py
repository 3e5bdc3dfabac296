"""Any system, solved and proved; every mistake named."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cesim.balance import (
    Array,
    AxesError,
    Axis,
    LoopError,
    ModelError,
    NegativeFlowError,
    Survival,
    System,
    UnitError,
    inflow_driven,
    stock_driven,
)

ELEMENTS = ("Al", "Fe", "Si")
PRIMARY = {"Al": 0.997, "Fe": 0.002, "Si": 0.001}


def textbook(axes=(), scale=15.0, to_slag=0.3, years=30):
    """Primary and old scrap melted to a product that is in use for a lifetime and comes back."""
    system = System(years=range(1990, 1990 + years), elements=ELEMENTS, unit="kt", axes=axes)
    system.source("smelter")
    system.process("melt", "make", "yard")
    system.stock("use", Survival("weibull", shape=3, scale=scale))
    system.sink("slag", "lost")
    system.gap("smelter", "melt", PRIMARY)
    system.share("melt", "slag", {"Al": 0.01, "Fe": to_slag, "Si": 0.05})
    system.rest("melt", "make")
    system.share("make", "yard", 0.2)
    system.rest("make", "use")
    system.demand("make", "use", np.linspace(100, 200, years))
    system.rest("use", "yard")
    system.share("yard", "melt", 0.85)
    system.rest("yard", "lost")
    return system


def test_textbook_system_by_hand():
    years = 12
    solution = textbook(years=years).solve()
    assert solution.balance().closes
    use = solution.flow("make", "use").values
    life = Survival("weibull", shape=3, scale=15.0)
    np.testing.assert_allclose(use.sum(-1), np.linspace(100, 200, years), rtol=1e-12)
    # the same, cell by cell: old scrap depends on what entered use, this year's loop is solved by iteration
    slag = np.array([0.01, 0.3, 0.05])
    for t in range(years):
        old = inflow_driven(use[: t + 1].T, life).outflow[:, t]
        primary = solution.flow("smelter", "melt").values[t]
        np.testing.assert_allclose(primary / primary.sum(), list(PRIMARY.values()), rtol=1e-12)
        melt = primary
        for _ in range(200):
            melt = primary + 0.85 * (old + 0.2 * melt * (1 - slag))
        np.testing.assert_allclose(solution.into("melt").values[t], melt, rtol=1e-12)
        np.testing.assert_allclose(use[t], 0.8 * melt * (1 - slag), rtol=1e-12)


def test_draws_are_an_axis_and_each_is_itself():
    scales, slag = np.linspace(8, 20, 7), np.linspace(0.1, 0.5, 7)
    draw = Axis("draw", range(7))
    together = textbook((draw,), scales, Array(slag, (draw,))).solve()
    assert together.flow("yard", "melt").axes == ("draw", "year", "element")
    assert together.balance().closes
    for one in (0, 3, 6):
        alone = textbook(scale=scales[one], to_slag=slag[one]).solve()
        for flow, array in alone.flows.items():
            np.testing.assert_allclose(together.flows[flow].values[one], array.values, rtol=1e-10)


def test_tramp_elements_build_up_over_generations():
    solution = textbook(to_slag=0.0).solve()
    made = solution.flow("make", "use")
    iron = (made.select(element="Fe") / made.sum("element")).values
    assert (np.diff(iron) > 0).all()


def test_stock_driven_inside_the_system():
    level = np.array([50.0, 80.0, 90.0, 120.0, 118.0])
    system = System(years=range(5))
    system.source("maker")
    system.stock("use", Survival("gamma", mean=6, sd=2), initial=[{"mass": 5.0}, {"mass": 7.0}], level=level)
    system.sink("scrap")
    system.gap("maker", "use")
    system.rest("use", "scrap")
    solution = system.solve()
    wanted = stock_driven(level, Survival("gamma", mean=6, sd=2), initial=[5.0, 7.0])
    np.testing.assert_allclose(solution.flow("maker", "use").values[:, 0], wanted.inflow, rtol=1e-12)
    np.testing.assert_allclose(solution.flow("use", "scrap").values[:, 0], wanted.outflow, rtol=1e-12)
    np.testing.assert_allclose(solution.stock("use").values[:, 0], level, rtol=1e-12)
    assert solution.balance().closes


def test_a_delay_is_a_stock_of_fixed_life():
    system = System(years=range(4))
    system.source("press")
    system.stock("yard", Survival("fixed", mean=1), "end")
    system.sink("melt")
    system.flow("press", "yard", [1.0, 2.0, 3.0, 4.0])
    system.rest("yard", "melt")
    assert system.solve().flow("yard", "melt").values[:, 0].tolist() == [0.0, 1.0, 2.0, 3.0]


def test_given_outflow_is_taken_before_the_rest():
    system = System(years=range(2), elements=("Al", "Fe"))
    system.source("scrap")
    system.process("yard", "melt")
    system.sink("export", "product")
    system.flow("scrap", "yard", 10.0, {"Al": 0.9, "Fe": 0.1})
    system.flow("yard", "export", {"Al": 2.0, "Fe": [0.1, 0.2]})
    system.rest("yard", "melt")
    system.rest("melt", "product")
    solution = system.solve()
    np.testing.assert_allclose(solution.flow("melt", "product").values, [[7.0, 0.9], [7.0, 0.8]])
    np.testing.assert_allclose(solution.stock("export").values[-1], [4.0, 0.3])
    assert solution.balance().closes


def test_input_share_fixes_the_recipe():
    system = System(years=range(1), elements=("Al", "Fe"))
    system.source("primary", "scrap")
    system.process("melt")
    system.sink("product", "slag")
    system.gap("primary", "melt", {"Al": 1.0, "Fe": 0.0})
    system.gap("scrap", "melt", {"Al": 0.95, "Fe": 0.05})
    system.input_share("scrap", "melt", 0.4)
    system.share("melt", "slag", 0.05)
    system.rest("melt", "product")
    system.demand("melt", "product", 95.0)
    solution = system.solve()
    assert solution.into("melt").sum("element").values == pytest.approx([100.0])
    assert solution.flow("scrap", "melt").sum("element").values == pytest.approx([40.0])
    assert solution.flow("melt", "product").select(element="Fe").values == pytest.approx([1.9])
    assert solution.balance().closes


def test_demand_of_one_element():
    system = System(years=range(1), elements=("Al", "Fe"))
    system.source("ore")
    system.process("melt")
    system.sink("product", "slag")
    system.gap("ore", "melt", {"Al": 0.8, "Fe": 0.2})
    system.share("melt", "slag", {"Al": 0.5, "Fe": 0.0})
    system.rest("melt", "product")
    system.demand("melt", "product", 8.0, element="Al")
    assert system.solve().into("melt").values.tolist() == [pytest.approx([16.0, 4.0])]


@st.composite
def random_systems(draw):
    """A random system: every process shares to any process or sink, every third thing is a stock."""
    count, years = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    system = System(years=range(years), elements=("Al", "Fe"))
    names = [f"p{i}" for i in range(count)]
    system.source("mine")
    system.sink("end", "dump")
    for i, name in enumerate(names):
        if i % 3 == 2:
            system.stock(name, Survival("weibull", shape=2.0, scale=draw(st.floats(0.8, 9.0))))
        else:
            system.process(name)
    share = st.floats(0.0, 1.0)
    for name in names:
        takers = draw(st.lists(st.sampled_from([*names, "dump"]), unique=True, max_size=3))
        for taker in takers:
            system.share(name, taker, {"Al": draw(share) * 0.9 / 3, "Fe": draw(share) * 0.9 / 3})
        system.rest(name, "end")
        if draw(st.booleans()):
            system.flow("mine", name, draw(st.floats(0.1, 100.0)), {"Al": 0.9, "Fe": 0.1})
    return system


@settings(max_examples=80, deadline=None)
@given(random_systems())
def test_random_systems_balance_and_lose_nothing(system):
    solution = system.solve()
    assert solution.balance().closes, str(solution.balance())
    entered = sum(array.values.sum() for (giver, _), array in solution.flows.items() if giver == "mine")
    kept = sum(stock.values[-1].sum() for stock in solution.stocks.values())
    assert kept == pytest.approx(entered, rel=1e-9, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(random_systems(), st.data())
def test_any_flow_changed_after_solving_is_noticed(system, data):
    solution = system.solve()
    largest = max(array.values.max() for array in solution.flows.values())
    # a thousandth of less than this is below the tolerance, which is relative to the throughput
    moving = [flow for flow, array in solution.flows.items() if array.values.max() > max(1e-6, 1e-4 * largest)]
    assume(moving)
    array = solution.flows[data.draw(st.sampled_from(moving))]
    place = np.unravel_index(np.argmax(array.values), array.values.shape)
    changed = array.values.copy()
    changed[place] *= 1.001
    array.values = changed
    assert not solution.balance().closes


def mutants():
    """Every coefficient of the textbook system changed after solving, one at a time."""
    system = textbook()
    yield from (("shares", key) for key in system.shares)
    yield from (("gaps", key) for key in system.gaps)


@pytest.mark.parametrize(("table", "key"), list(mutants()), ids=str)
@pytest.mark.parametrize("element", range(3))
def test_balance_notices_a_coefficient_changed_after_solving(table, key, element):
    solution = textbook().solve()
    assert solution.balance().closes
    stated = getattr(solution.system, table)
    changed = np.broadcast_to(stated[key], (*stated[key].shape[:-1], 3)).copy()
    changed[..., element] += 1e-4
    stated[key] = changed
    assert not solution.balance().closes
    assert solution.balance().worst.cell.startswith(f"{key[0]} -> {key[1]}")


def swap_destination(solution):
    flows = dict(solution.flows)
    flows["melt", "slag"], flows["melt", "make"] = flows["melt", "make"], flows["melt", "slag"]
    return flows, solution.stocks


def send_elsewhere(solution):
    flows = dict(solution.flows)
    flows["melt", "lost"] = flows.pop(("melt", "slag"))
    return flows, solution.stocks


def rename_element(solution):
    flows = dict(solution.flows)
    old = flows["melt", "make"]
    axes = [Axis("element", ("Fe", "Al", "Si")) if a.name == "element" else a for a in old.coords]
    flows["melt", "make"] = Array(old.values, axes, old.unit)
    return flows, solution.stocks


def unknown_element(solution):
    flows = dict(solution.flows)
    old = flows["make", "use"]
    axes = [Axis("element", ("Al", "Cu", "Si")) if a.name == "element" else a for a in old.coords]
    flows["make", "use"] = Array(old.values, axes, old.unit)
    return flows, solution.stocks


def shift_stock(solution):
    stocks = dict(solution.stocks)
    old = stocks["use"]
    stocks["use"] = Array(np.roll(old.values, 1, axis=0), old.coords, old.unit)
    return solution.flows, stocks


def offset_stock(solution):
    stocks = dict(solution.stocks)
    old = stocks["slag"]
    stocks["slag"] = Array(old.values + 0.01, old.coords, old.unit)
    return solution.flows, stocks


@pytest.mark.parametrize(
    "mutate", [swap_destination, send_elsewhere, rename_element, unknown_element, shift_stock, offset_stock]
)
def test_balance_notices_a_wrong_answer(mutate):
    solution = textbook().solve()
    flows, stocks = mutate(solution)
    wrong = type(solution)(solution.system, flows, stocks)
    balance = wrong.balance()
    assert not balance.closes
    assert "DOES NOT CLOSE" in str(balance)


def test_balance_notices_another_lifetime():
    solution = textbook().solve()
    other = textbook(scale=15.01)
    assert not type(solution)(other, solution.flows, solution.stocks).balance().closes


def test_table_has_a_row_per_cell():
    rows = list(textbook(years=2).solve().table())
    assert len(rows) == 8 * 2 * 3
    assert set(rows[0]) == {"process_from", "process_to", "year", "element", "mass_kt"}
    total = sum(row["mass_kt"] for row in rows if row["process_to"] == "use" and row["year"] == 1991)
    assert total == pytest.approx(200.0)


def small():
    system = System(years=range(2), elements=("Al", "Fe"))
    system.source("mine")
    system.process("melt", "make")
    system.sink("product", "slag")
    return system


def loop_without_outlet(system):
    system.flow("mine", "melt", 1.0, {"Al": 1.0, "Fe": 0.0})
    system.rest("melt", "make")
    system.rest("make", "melt")
    system.solve()


def closed_for_iron(system):
    system.flow("mine", "melt", 1.0, {"Al": 0.9, "Fe": 0.1})
    system.rest("melt", "make")
    system.share("make", "melt", {"Al": 0.5, "Fe": 1.0})
    system.rest("make", "product")
    system.solve()


def shares_over_one(system):
    system.share("melt", "slag", {"Al": 0.5, "Fe": [0.5, 0.8]})
    system.share("melt", "make", 0.4)
    system.rest("make", "product")
    system.rest("melt", "product")
    system.solve()


def shares_short_of_one(system):
    system.share("melt", "slag", 0.4)
    system.rest("make", "product")
    system.solve()


def no_outlet(system):
    system.rest("melt", "make")
    system.solve()


def two_rests(system):
    system.rest("melt", "make")
    system.rest("melt", "slag")


def too_much_taken(system):
    system.flow("mine", "melt", 1.0, {"Al": 0.9, "Fe": 0.1})
    system.flow("melt", "slag", {"Al": 0.0, "Fe": [0.1, 0.2]})
    system.rest("melt", "make")
    system.rest("make", "product")
    system.solve()


def gap_without_condition(system):
    system.gap("mine", "melt", {"Al": 1.0, "Fe": 0.0})
    system.rest("melt", "make")
    system.rest("make", "product")
    system.solve()


def gap_that_cannot_help(system):
    system.gap("mine", "melt", {"Al": 1.0, "Fe": 0.0})
    system.rest("melt", "product")
    system.rest("make", "product")
    system.demand("make", "product", 3.0)
    system.solve()


def demand_twice(system):
    system.demand("melt", "make", 1.0)
    system.demand("melt", "make", 1.0, element="Al")
    system.demand("melt", "make", 2.0)


def condition_on_no_flow(system):
    system.rest("melt", "make")
    system.rest("make", "product")
    system.demand("melt", "slag", 1.0)
    system.solve()


def demand_already_exceeded(system):
    system.flow("mine", "make", 5.0, {"Al": 1.0, "Fe": 0.0})
    system.gap("mine", "melt", {"Al": 1.0, "Fe": 0.0})
    system.rest("melt", "make")
    system.rest("make", "product")
    system.demand("make", "product", 3.0)
    system.solve()


@pytest.mark.parametrize(
    ("mistake", "error", "words"),
    [
        (loop_without_outlet, LoopError, "loop melt -> make -> melt: 1 of the mass"),
        (closed_for_iron, LoopError, "loop melt -> make -> melt"),
        (
            shares_over_one,
            ModelError,
            r"'melt': shares to \['slag', 'make', 'product'\] add up to 1.2 .year 1, element Fe",
        ),
        (shares_short_of_one, ModelError, "'melt': .*add up to 0.4.* no residual outlet"),
        (no_outlet, ModelError, "process 'make' has no outlet"),
        (two_rests, ModelError, "'melt' has two residual outlets, 'make' and 'slag'"),
        (too_much_taken, NegativeFlowError, "flow melt -> make is -0.1 .year 1, element Fe"),
        (gap_without_condition, ModelError, "1 gaps .* for 0 conditions"),
        (gap_that_cannot_help, ModelError, "cannot meet .'demand make -> product'. in 0"),
        (demand_twice, ModelError, "demand melt -> make is stated twice"),
        (condition_on_no_flow, ModelError, "condition on melt -> slag: there is no such flow"),
        (demand_already_exceeded, NegativeFlowError, "flow mine -> melt is -2"),
        (lambda s: s.rest("melt", "maek"), ModelError, "unknown process 'maek'; did you mean 'make'"),
        (lambda s: s.share("melt", "make", 1.2), ModelError, "flow melt -> make: found share 1.2"),
        (lambda s: s.share("melt", "make", [0.1, 0.2, 0.3]), AxesError, "melt -> make: numbers of shape .3,."),
        (lambda s: s.share("melt", "make", {"Al": 0.5}), ModelError, "elements .'Al',.; allowed: every one"),
        (lambda s: s.share("melt", "make", np.nan), ModelError, "found nan"),
        (lambda s: s.share("mine", "make", 0.5), ModelError, "a source has no throughput"),
        (lambda s: s.rest("slag", "make"), ModelError, "nothing leaves a sink"),
        (lambda s: s.rest("melt", "mine"), ModelError, "nothing enters a source"),
        (lambda s: s.process("melt"), ModelError, "'melt' is declared twice"),
        (lambda s: s.flow("mine", "melt", 1.0), ModelError, "composition by element is missing"),
        (lambda s: s.flow("mine", "melt", 1.0, {"Al": 0.5, "Fe": 0.4}), ModelError, "adds up to 0.9"),
        (lambda s: s.flow("mine", "melt", -1.0, {"Al": 1.0, "Fe": 0}), ModelError, "found -1"),
        (lambda s: s.gap("melt", "make", 0.5), ModelError, "a gap goes from a source"),
        (lambda s: s.demand("melt", "make", {"Al": 1.0, "Fe": 2.0}), ModelError, "one for all elements"),
        (lambda s: s.demand("melt", "make", 1.0, element="Cu"), ModelError, "unknown element 'Cu'"),
        (
            lambda s: s.share("melt", "make", Array(np.ones(2), ("region",))),
            AxesError,
            "flow melt -> make: axis 'region'; allowed: .'year', 'element'.",
        ),
        (
            lambda s: s.share("melt", "make", Array(np.ones(2), (Axis("element", ("Fe", "Al")),))),
            AxesError,
            "axis 'element' has .'Fe', 'Al'., not .'Al', 'Fe'.",
        ),
        (
            lambda s: s.flow("mine", "melt", Array(np.ones(2), ("element",), "kg")),
            UnitError,
            "flow mine -> melt: unit 'kg'; allowed: 't'",
        ),
        (lambda s: s.stock("use", Survival("fixed", mean=3), initial=[4.0]), ModelError, "a mass for every element"),
    ],
)
def test_mistakes_raise_with_names(mistake, error, words):
    with pytest.raises(error, match=words):
        mistake(small())


def test_a_level_that_falls_faster_than_things_die_is_refused():
    system = System(years=(2000, 2001))
    system.source("maker")
    system.stock("use", Survival("fixed", mean=9), level=[5.0, 3.0])
    system.sink("scrap")
    system.gap("maker", "use")
    system.rest("use", "scrap")
    with pytest.raises(NegativeFlowError, match="stock 'use' in 2001: 5 survives"):
        system.solve()


def test_survival_must_fit_the_axes():
    system = System(years=range(2), axes=(Axis("draw", range(3)),))
    system.source("maker")
    system.stock("use", Survival("fixed", mean=[1.0, 2.0]))
    system.sink("scrap")
    system.flow("maker", "use", 1.0)
    system.rest("use", "scrap")
    with pytest.raises(AxesError, match=r"stock use: survival of shape .2,."):
        system.solve()


def test_unknown_flow_and_stock_are_named():
    solution = textbook(years=1).solve()
    with pytest.raises(ModelError, match="no flow melt -> use; allowed: smelter -> melt"):
        solution.flow("melt", "use")
    with pytest.raises(ModelError, match="no stock 'melt'; allowed: use"):
        solution.stock("melt")
    with pytest.raises(ModelError, match="nothing leaves 'slag'"):
        solution.out_of("slag")
