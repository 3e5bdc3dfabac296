"""The national account agrees with the flows of the run to the kilogram."""

from fractions import Fraction

import pytest

from cesim.errors import InputError
from cesim.orders.maker import Period
from cesim.report.statutory import national
from cesim.report.statutory.counting import STREAMS, together


def summed(run, year, origin=None, polymer=None):
    """Sum the flows of finished plastic parts into assembly another way, t."""
    flows = run.flows
    kept = flows.query("year == @year and process_to == 'assembly' and material == 'plastics'")
    kept = kept[kept["process_from"].str.match(r"part_making\.")]
    for column, wanted in (("origin", origin), ("alloy", polymer)):
        kept = kept if wanted is None else kept[kept[column] == wanted]
    return float(kept["mean"].sum())


def test_every_year_agrees_with_the_flows_to_the_kilogram(run):
    first, last = run.about["years"]
    for year in range(first, last + 1):
        found = national(run, Period(year))
        assert found.account.total == round(1000 * summed(run, year))
        assert sum(found.account.kg.values()) == found.account.total
        for origin in STREAMS:
            assert abs(found.account.kg[origin] - 1000 * summed(run, year, origin)) < 1
        supply = run.indicators.query("indicator == 'recycled_plastics_supply' and region == 'all' and year == @year")
        assert abs(found.account.counted("japan") - 1000 * supply["mean"].item()) < 4  # rounded stream by stream


def test_polymers_add_up_to_the_account(run):
    found = national(run, Period(2035))
    assert together(found.polymers.values()) == found.account
    for polymer, held in found.polymers.items():
        assert abs(held.total - 1000 * summed(run, 2035, polymer=polymer)) < len(STREAMS)


def test_a_fiscal_year_is_three_quarters_and_one_quarter(run):
    found = national(run, Period(2035, is_fiscal=True)).account
    assert found.total == round(750 * summed(run, 2035) + 250 * summed(run, 2036))
    assert found.total != national(run, Period(2035)).account.total
    assert abs(found.kg["post_elv"] - 750 * summed(run, 2035, "post_elv") - 250 * summed(run, 2036, "post_elv")) < 1


def test_the_years_of_the_plan_are_those_of_the_report_from_the_first_plan_on(run):
    found = national(run, Period(2035))
    assert set(found.years) == {2027, *(year for year in run.about["report_years"] if year >= 2027), 2035}
    assert found.years[2035] == found.account
    last = run.about["years"][1]
    assert last not in national(run, Period(2035, is_fiscal=True)).years


def test_ranges_are_those_of_the_indicators_and_around_the_mean(run):
    ranges = national(run, Period(2035)).ranges
    assert len(ranges) == 5
    for one in ranges:
        row = run.indicators.query("indicator == @one.indicator and region == 'all' and year == 2035").iloc[0]
        assert (one.median, one.low, one.high, one.mean) == (row.p50, row.p05, row.p95, row["mean"])
        assert one.low < one.mean < one.high


def test_shares_of_the_account_are_the_ratio_of_means(run):
    found = national(run, Period(2035)).account
    fleet = next(
        one for one in national(run, Period(2035)).ranges if one.indicator == "recycled_plastics_fleet_average"
    )
    assert float(found.share("japan")) == pytest.approx(fleet.mean, rel=0.05)  # a mean of ratios, not the same
    assert found.share("japan") == Fraction(found.counted("japan"), found.total)


@pytest.mark.parametrize("back", [(1, False), (0, True)])
def test_a_year_that_was_not_computed_is_refused(run, back):
    first, last = run.about["years"]
    for period in (Period(first - 1), Period(last + back[0], back[1])):
        with pytest.raises(InputError) as caught:
            national(run, period)
        [fault] = caught.value.faults
        assert fault.code == "statutory_year_outside"
        assert fault.arguments == {"found": str(period), "first": first, "last": last}
    national(run, Period(last))
    national(run, Period(last - 1, is_fiscal=True))


def test_a_run_without_plastics_is_refused(run):
    from dataclasses import replace

    flows = run.flows[run.flows["material"] != "plastics"]
    with pytest.raises(InputError) as caught:
        national(replace(run, tables={**run.tables, "flows": flows}), Period(2035))
    assert [fault.code for fault in caught.value.faults] == ["statutory_no_plastics"]


def test_the_best_estimate_alone_has_the_flows_of_the_best_estimate(best):
    found = national(best, Period(2035)).account
    kept = best.flows.query("year == 2035 and process_to == 'assembly' and material == 'plastics'")
    assert found.total == round(1000 * float(kept["best"].sum()))
