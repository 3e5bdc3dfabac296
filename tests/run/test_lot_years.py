"""Several years: laws hold across their boundary, works and coefficients are those of each year."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from made_up_region import TINY
from made_up_runs import plan_of, ran

from cesim.events.laws import laws
from cesim.run import simulate_lots

FEWER = {"market.sales": 1075, "market.production": 2075, "fleet.base_stock": 18750}
GROWING = FEWER | {
    "facilities.dismantling.workers": {"2030": 8, "2031": 2},
    "facilities.sorting.capacity": {"2030": 0.001, "2031": 0.003},
    "facilities.compounding.capacity": {"2030": 0.5, "2031": 4}, "sorting.share": 0.5,
}  # fmt: skip


@pytest.fixture(scope="module")
def two():
    plan, balance = plan_of(GROWING, years=(2030, 2031))
    return plan, balance, ran(plan)


def test_every_law_holds_across_the_years(two):
    _, _, chain = two
    certificate = laws(chain.simulation)
    assert certificate.passed, certificate.worst
    assert chain.simulation.clock._now == 2 * 365 * 86_400


def test_cars_are_those_of_each_year(two):
    plan, _, chain = two
    expected = {year.year: int(year.arrivals.counts[:, 0].sum()) for year in plan.years}
    assert chain.sites[0].gate.cars_in == expected
    assert chain.sites[0].gate.cars == sum(expected.values())
    born = chain.simulation.ledger
    period = born.column("event", "period")[np.searchsorted(born.column("event", "event"), born.column("lot", "event"))]
    vehicles = born.column("lot", "vehicles")
    marks = [n for n, one in enumerate(chain.simulation.lots.marks) if one.kind == "car"]
    cars = np.isin(born.column("lot", "mark"), marks)
    assert [int(vehicles[cars & (period // 12 == n)].sum()) for n in (0, 1)] == list(expected.values())


def test_works_can_do_what_they_can_in_each_year(two):
    plan, _, chain = two
    now = plan.capacities[1][0]
    before = plan.capacities[0][0]
    assert now.workers < before.workers
    assert chain.sites[0].dismantler.capacities == now
    assert chain.compounders[0].mg_per_day == round(now.compounding_t_per_day * 1e9)
    assert now.compounding_t_per_day > before.compounding_t_per_day
    assert chain.casthouses[0].can == now
    assert chain.sorters[0].seconds_a_lot == pytest.approx(chain._work_s(_load(chain, 1), now.sorter_t_per_h))


def _load(chain, number):
    year = chain.plan.years[number]
    batches = max(1.0, float(chain._hulks(year)[0]) / chain._hulks_a_batch())
    return float(year.treatment.arising[0, len(chain.plan.names.part_grades) :].sum()) / batches


def test_the_first_year_of_two_is_that_year_alone(two):
    """Until its end, what comes after makes no difference."""
    plan, _, chain = two
    alone = ran(replace(plan, years=plan.years[:1], capacities=plan.capacities[:1]))
    both = [
        (ledger.column("lot", "mass_mg"), ledger.column("lot", "event"))
        for ledger in (chain.simulation.ledger, alone.simulation.ledger)
    ]
    seconds = alone.simulation.ledger.column("event", "time_s")
    early = seconds < 364 * 86_400
    assert early.sum() > 0.9 * len(seconds)
    assert np.array_equal(chain.simulation.ledger.column("event", "time_s")[: early.sum()], seconds[early])
    lots = int((both[1][1] < early.sum()).sum())
    assert np.array_equal(both[0][0][:lots], both[1][0][:lots])


@pytest.mark.slow
def test_a_run_of_two_years_is_told_year_by_year():
    run = simulate_lots("tutorial", 2030, to=2031, overrides=TINY | GROWING, batch=5, workers=1, with_losses=False)
    assert run.about["laws_of_all"]
    table = run.tables["indicators"].set_index(["year", "indicator"])
    assert set(table.index.get_level_values("year")) == {2030, 2031}
    for year in (2030, 2031):
        for name in ("elv_count", "elv_6xxx"):
            row = table.loc[(year, name)]
            assert row["lots"] == pytest.approx(row["balance"], rel=1e-7), (year, name)
    assert set(run.tables["flows"]["year"]) == {2030, 2031}
