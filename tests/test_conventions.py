"""What always holds: one small test for each number of docs/conventions.md."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent / "trace"))

from made_up import random_loop

import cesim
from cesim.balance.fleet import fiscal
from cesim.balance.metal import ADMITTED, ORDER
from cesim.charge.lexicographic import maximise
from cesim.errors import InputError
from cesim.events import Clock, Columns, Trial
from cesim.events.sharing import shared_one
from cesim.ledger.certificate import Certificate, Check
from cesim.ledger.processes import RECLASSIFIED, SINKS, SOURCES, STOCKS, kind
from cesim.ledger.substances import CAST
from cesim.quantities import KeyedSource, Quantity, QuantityError, TimePath, uniforms
from cesim.run.compile import compile_block
from cesim.run.sampler import Sampler, numbers
from cesim.scenario import open_scenario
from cesim.trace.genealogy.bounds import bounds
from cesim.trace.genealogy.graph import true_genealogy
from cesim.trace.genealogy.passing import shares
from cesim.trace.genealogy.rebuilding import rebuild
from cesim.trace.platforms.products import Substance
from cesim.trace.reporting.policies import Policies
from cesim.trace.reporting.policy import Policy
from cesim.trace.reporting.writing import write_records
from cesim.trace.viewing.disclosure import Contract, Viewer
from cesim.trace.viewing.views import Line, Record, sealed, view

PAGE = Path(__file__).parents[1] / "docs" / "conventions.md"
SHIPPED = ("chubu-baseline", "chubu-2035", "japan-baseline", "tutorial")


@pytest.fixture(scope="module")
def tutorial():
    return open_scenario("tutorial")


@pytest.fixture(scope="module")
def best(tutorial):
    """The best estimate alone: what a table holds is one solution, not a mean."""
    return cesim.simulate(tutorial, draws=1)


def summed(table, *by):
    return table.groupby(list(by))["mean"].sum()


def test_the_page_and_these_tests_are_the_same_list():
    told = re.findall(r"^- \*\*C(\d+)\*\*.*?`(test_c\d+_\w+)`", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert [int(number) for number, _ in told] == list(range(1, len(told) + 1))
    assert all(name.startswith(f"test_c{number}_") for number, name in told)
    assert [name for _, name in told] == [name for name in globals() if re.match(r"test_c\d+_", name)]


def test_c1_a_fiscal_year_is_three_quarters_and_one_quarter():
    years = np.array([2020, 2021])
    assert fiscal(np.array([[100.0, 200.0]]), years, 2020) == 125.0
    with pytest.raises(ValueError, match="2021"):
        fiscal(np.array([[100.0, 200.0]]), years, 2021)


def test_c2_units_are_converted_where_a_number_is_read(tutorial):
    mass = {"value": 0.012, "unit": "t/vehicle"}
    changed = open_scenario("tutorial", {"parts.hood.mass": mass}).scenario
    assert changed.parts["hood"].mass.value == pytest.approx(12.0)
    metal = compile_block(tutorial.scenario, Sampler(KeyedSource(0), 0, 1)).system.metal
    assert metal.primary_price[0] == pytest.approx(tutorial.scenario.remelting.primary_price.value * 1e3)


def test_c3_lane_zero_is_the_best_estimate():
    source, number = KeyedSource(7), Quantity(0.4, low=0.2, high=0.7)
    lanes = Sampler(source, 0, 6).value("a", number)
    assert lanes[0] == 0.4
    np.testing.assert_array_equal(lanes[1:], number.law.ppf(uniforms(7, "a", 0, 5)))
    np.testing.assert_array_equal(lanes[4:], Sampler(source, 4, 2).value("a", number))


def test_c4_the_first_year_of_a_cohort_is_booked_a_year_later(tutorial):
    cars = compile_block(tutorial.scenario, Sampler(KeyedSource(0), 0, 1)).system.cars
    for n, year in enumerate(cars.years):
        own = year - cars.first_cohort
        assert not cars.scrapped[:, n, own].any()
        assert not cars.other[:, n, own].any()
        np.testing.assert_allclose(cars.stock[:, n + 1, own], cars.registered[:, n], rtol=1e-12)
    assert cars.other[:, 1, cars.years[0] - cars.first_cohort].all()


def test_c5_origin_changes_at_two_processes_only(best):
    flows = best.flows
    came = summed(flows, "process_to", "region_to", "origin").rename_axis(["process", "region", "origin"])
    left = summed(flows, "process_from", "region", "origin").rename_axis(["process", "region", "origin"])
    net = came.sub(left, fill_value=0.0)
    for (process, region, origin), amount in net.items():
        if kind(process) in SOURCES | SINKS or process in STOCKS | set(RECLASSIFIED):
            continue
        assert abs(amount) <= 1e-6 + 1e-9 * came[process, region].sum(), (process, region, origin)
    for process, origin in RECLASSIFIED.items():
        assert set(flows.loc[flows.process_from == process, "origin"]) == {origin}


@pytest.mark.parametrize("name", SHIPPED)
def test_c6_what_is_not_read_carries_a_range(name):
    for path, number in numbers(open_scenario(name).scenario):
        if number.status in ("unverified", "estimate"):
            assert number.low is not None, path
            assert number.high is not None, path
    with pytest.raises(QuantityError):
        Quantity(0.5, status="estimate")


def test_c7_no_nan_passes():
    nan = float("nan")
    with pytest.raises(QuantityError):
        Quantity(nan)
    one = np.ones((1, 1, 1))
    with pytest.raises(ValueError, match="finite"):
        maximise(one, one * nan, np.ones((1, 1)), np.ones((1, 1)))
    assert not Certificate((Check("substance", 1, nan, "here"), Check("origin", 1, 0.0, ""))).passed


def test_c8_the_same_seed_gives_the_same_bytes(best, tutorial, tmp_path):
    first, second = best.save(tmp_path / "one"), cesim.simulate(tutorial, draws=1).save(tmp_path / "two")
    tables = sorted(path.name for path in first.glob("*.parquet"))
    assert tables == sorted(path.name for path in second.glob("*.parquet"))
    for name in tables:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_c9_mill_returns_leave_no_process(best):
    assert "run_around" not in set(best.flows.origin)
    assert "run_around" not in set(best.stocks.origin)
    assert best.flows.origin.eq("pre_auto").any()


def test_c10_sources_and_sinks_are_a_closed_list(best):
    flows = best.flows
    senders, receivers = ({kind(p) for p in flows[end].unique()} for end in ("process_from", "process_to"))
    assert senders - receivers <= SOURCES
    assert receivers - senders <= SINKS
    assert not receivers & SOURCES
    assert not senders & SINKS


def test_c11_mass_changes_region_on_transports_only(best):
    moved = best.flows[best.flows.region != best.flows.region_to]
    ends = {(kind(a), kind(b)) for a, b in zip(moved.process_from, moved.process_to, strict=True)}
    market = {("assembly", "new_car_market"), ("new_car_market", "in_use"), ("new_car_market", "new_car_export")}
    used = {("overseas_assembly", "new_car_market"), ("in_use", "used_car_market"), ("used_car_market", "in_use")}
    treated = {("take_back", "dismantling"), ("dismantling", "shredding"), ("scrap_yard", "melt_down")}
    made = {("pelletising", "recyclate"), ("part_making", "assembly")}
    assert ends <= market | used | treated | made
    assert treated <= ends


def test_c12_a_group_is_the_ratio_of_the_sums(best):
    held = best.indicators.set_index(["indicator", "region", "year"])["best"]
    top = sum(held["aluminium_returned", region, 2035] for region in ("east", "west"))
    whole = sum(held["elv_6xxx", region, 2035] for region in ("east", "west"))
    assert held["h1_horizontal_rate_6xxx", "all", 2035] == pytest.approx(top / whole, rel=1e-12)


def test_c13_a_flow_weighs_the_same_by_origin_and_by_substance(best):
    edge = ("year", "region", "region_to", "process_from", "process_to")
    by_origin, by_substance = summed(best.flows, *edge), summed(best.tables["composition"], *edge)
    pd.testing.assert_series_equal(by_origin, by_substance, rtol=1e-9, atol=1e-6)


def test_c14_wrought_first_castings_last():
    assert not set(ORDER) & set(CAST)
    assert set(ADMITTED) == set(ORDER) | set(CAST)
    wrought = frozenset().union(*(ADMITTED[alloy] for alloy in ORDER))
    assert wrought < ADMITTED["ADC12"] | ADMITTED["6063"]
    assert ADMITTED["ADC12"] - wrought


def test_c15_a_draw_does_not_know_its_neighbours():
    alone = uniforms(3, "sorting.share", 10, 1)
    np.testing.assert_array_equal(alone, uniforms(3, "sorting.share", 0, 40)[10:11])
    assert alone != uniforms(3, "sorting.recovery", 10, 1)
    assert alone != uniforms(4, "sorting.share", 10, 1)


def test_c16_a_path_is_straight_between_and_constant_outside():
    path = TimePath({2025: Quantity(0.2), 2035: Quantity(0.4)})
    np.testing.assert_allclose(path.best([2000, 2025, 2030, 2035, 2050]), [0.2, 0.2, 0.3, 0.4, 0.4])


def test_c17_quantiles_are_of_the_draws_alone(tutorial):
    run = cesim.simulate(tutorial, draws=4, seed=1)
    drawn = run.tables["draws"]["h1_horizontal_rate_6xxx|all|2035"]
    held = run.indicators.set_index(["indicator", "region", "year"]).loc[("h1_horizontal_rate_6xxx", "all", 2035)]
    assert drawn.size == 4
    assert held.p50 == np.quantile(drawn, 0.5)
    assert held.best not in set(drawn)


def test_c18_cars_built_and_imported_are_shipped_or_registered(best):
    by_ends = summed(best.flows, "process_from", "process_to", "year")
    built, imported = by_ends["assembly", "new_car_market"], by_ends["overseas_assembly", "new_car_market"]
    shipped, registered = by_ends["new_car_market", "new_car_export"], by_ends["new_car_market", "in_use"]
    np.testing.assert_allclose(built + imported, shipped + registered, rtol=1e-9)


def test_c19_the_engines_are_plain_numpy():
    heavy = ("pandas", "pydantic", "yaml", "plotly")
    engines = "cesim.balance.chain, cesim.events, cesim.trace.reporting.writing, cesim.trace.audit.verdict"
    code = f"import sys, {engines}; print([name for name in {heavy} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "[]"


def test_c20_a_folder_that_is_no_run_is_left_alone(best, tmp_path):
    (tmp_path / "thesis.docx").write_text("three years of work", encoding="utf-8")
    with pytest.raises(InputError):
        best.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]
    twice = tmp_path / "run"
    assert best.save(twice) == best.save(twice)


def test_c21_ten_milligrams_by_thirds_are_three_three_four():
    trial = Trial(Columns(("Al",), ("primary",)))
    lots, code = trial.lots, trial.gate.code
    lot = lots.create(trial.columns.row({"Al": 10}, "primary"), lots.mark("whole"), "given", code)
    parts = lots.split(lot, lots.splitting([lots.mark("third")] * 3, [1, 1, 1]), code)
    assert lots.masses(parts).tolist() == shared_one(10, [1, 1, 1]) == [3, 3, 4]


def test_c22_the_end_of_a_period_belongs_to_the_next():
    clock, called = Clock(), []
    for second in (0, 9, 10):
        clock.call_at(second, called.append, second)
    clock.run_to(10)
    assert called == [0, 9]
    clock.run_to(20)
    assert called == [0, 9, 10]


def test_c23_another_composition_or_name_is_another_lot():
    trial = Trial(Columns(("Al",), ("primary", "pre_auto")), sinks=("dross",))
    lots, code, yard = trial.lots, trial.gate.code, trial.bay("yard").code
    scrap, melt = lots.mark("scrap"), lots.mark("melt")
    lot = lots.create(trial.columns.row({"Al": 10}, "primary"), scrap, "given", code)
    lots.move([lot], code, yard)
    assert lots.look(lot).facility == "yard"
    classed = lots.reclassify(lot, scrap, yard, "new_scrap")
    melted = lots.react(classed, lots.reaction(melt, {"dross": {"Al": "1/10"}}), yard)
    assert lot < classed < melted
    lots.settle()
    assert trial.ledger.column("lot", "mass_mg").tolist() == [10, 10, 9]
    assert list(lots.mark_of) == [melted]


def test_c24_what_no_record_tells_may_be_of_any_origin():
    truth = random_loop(4)
    whole = shares(true_genealogy(truth))
    records = write_records(truth, Policies(otherwise=Policy(coverage=0.7, omission=0.1)), KeyedSource(1))
    told = shares(rebuild(records).genealogy)
    counted = [truth.names.classes.index("post_elv"), truth.names.classes.index("pre_auto")]
    found, true = bounds(told, counted), whole[:, counted].sum(axis=1)
    assert (found.provable <= true + 1e-12).all()
    assert (true <= found.possible + 1e-12).all()
    assert (found.width > 0.01).any()


def test_c25_a_withheld_field_is_in_no_view():
    record = Record(
        number="r", step="melting", second=0, written_s=0, actor="Writer", pseudonym="p", region="mie", declared="FSR",
        claim="30 %", certificate="C", shares=(("post_elv", 0.3),), loss_mg=123_457,
        substances=(Substance("Al", 10**9), Substance("Xy", 7_654_321)),
        inputs=(Line("in", "scrap", 987_654, "Giver"),), outputs=(),
    )  # fmt: skip
    contract = Contract(frozenset({"region"}), frozenset({"Xy"}))
    for level in ("public", "chain", "partner"):
        seen = view(sealed(record, b"s" * 32), Viewer("Taker", level), contract, 1)
        assert "'mie'" not in repr(seen)
        assert "Giver" not in repr(seen)
        assert "Xy" not in repr(seen)


def test_c26_one_actors_habits_change_nobody_elses_records():
    truth = random_loop(5)
    name = truth.names.actors[0].name
    habits = Policy(coverage=0.6, delay_days=2.0, weighing_sd=0.01)
    plain = write_records(truth, Policies(otherwise=habits), KeyedSource(2))
    other = write_records(truth, Policies({}, {name: Policy(coverage=0.2)}, habits), KeyedSource(2))
    rows = [records.entries.actor != 0 for records in (plain, other)]
    np.testing.assert_array_equal(plain.event[rows[0]], other.event[rows[1]])
    np.testing.assert_array_equal(plain.written_s[rows[0]], other.written_s[rows[1]])
    assert len(other) < len(plain)
