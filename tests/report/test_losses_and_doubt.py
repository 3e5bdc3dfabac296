"""Losses add up from the flows; drivers come from the sources."""

import pytest

from cesim.report.doubt import drivers
from cesim.report.headline import headline_rows
from cesim.report.losses import losses
from cesim.report.sankey_groups import ALLOYS_6XXX
from cesim.report.words import Words


@pytest.fixture(params=["aluminium_6xxx", "plastics"])
def ranked(request, tables):
    return request.param, losses(tables, request.param, 2035)


def test_losses_are_ranked_and_positive(ranked):
    _, found = ranked
    assert len(found) > 4
    assert [loss.mass for loss in found] == sorted((loss.mass for loss in found), reverse=True)
    assert all(0 < loss.share < 1 for loss in found)


def test_used_car_export_is_what_the_flows_say(tables, ranked):
    group, found = ranked
    flows = tables.flows[(tables.flows["year"] == 2035) & tables.flows["region"].isin(tables.focus_regions)]
    mine = flows["alloy"].isin(ALLOYS_6XXX) if group == "aluminium_6xxx" else flows["material"] == "plastics"
    wanted = flows.loc[mine & (flows["process_to"] == "used_car_export"), "mean"].sum()
    assert next(loss.mass for loss in found if loss.outlet == "used_car_export") == pytest.approx(wanted)


def test_factory_scrap_is_no_loss_of_old_cars(tables):
    found = {loss.outlet: loss.mass for loss in losses(tables, "plastics", 2035)}
    flows = tables.flows[(tables.flows["year"] == 2035) & tables.flows["region"].isin(tables.focus_regions)]
    everything = flows.loc[(flows["material"] == "plastics") & (flows["process_to"] == "energy_recovery"), "mean"].sum()
    assert found["energy_recovery"] < everything


def test_drivers_are_the_largest_shares(tables, indicators):
    found = drivers(tables, indicators, Words("en"))
    assert [d.indicator.id for d in found] == [i.id for i in indicators.values() if i.headline]
    for d in found:
        column = tables.sources[f"share_{d.indicator.id}|chubu|2035"]
        assert d.largest[0].share == column.max()
        assert all(driver.share > d.floor for driver in d.largest)
        assert d.check_first is None or d.check_first.status != "read"


def test_a_ceiling_that_is_kept_has_a_gap_that_is_not_negative(tables, indicators):
    from dataclasses import replace

    raised = {"landfill_rate": replace(indicators["landfill_rate"], headline=True)}
    (row,) = headline_rows(tables, raised, "en")
    later = next(cell for cell in row.cells if cell.year == 2050)
    assert later.goals[0].since == 2035
    assert (later.goals[0].gap >= 0) == (later.median <= later.goals[0].value)
