"""Losses add up from the flows; drivers come from the sources."""

import pytest

from cesim.report.doubt import drivers
from cesim.report.headline import headline_rows
from cesim.report.losses import losses
from cesim.report.sankey_groups import ALLOYS_6XXX
from cesim.report.words import Words


@pytest.fixture(params=["aluminium_6xxx", "plastics"])
def account(request, any_tables):
    found = losses(any_tables, request.param, any_tables.main_year)
    assert found is not None
    return any_tables, found


def old_flows(tables, group):
    flows = tables.flows[tables.flows["year"] == tables.main_year]
    return flows[flows["alloy"].isin(ALLOYS_6XXX) if group == "aluminium_6xxx" else flows["material"] == "plastics"]


def test_every_tonne_that_leaves_use_or_arrives_is_in_one_row(account):
    _, found = account
    assert sum(fate.mass for fate in found.fates) == pytest.approx(found.whole, rel=1e-9)
    assert sum(fate.share for fate in found.fates) == pytest.approx(1.0, rel=1e-9)


def test_rows_are_ranked_and_positive(account):
    _, found = account
    listed = [fate for fate in found.fates if fate.outlet != "rest"]
    assert len(listed) > 4
    assert [fate.mass for fate in listed] == sorted((fate.mass for fate in listed), reverse=True)
    assert all(0 < fate.share < 1 for fate in found.fates)


def test_what_leaves_use_is_what_the_flows_say(account):
    tables, found = account
    flows = old_flows(tables, found.group)
    ends = ["take_back", "used_car_export", "other_exit"]
    mine = flows["region"].isin(tables.focus_regions) & (flows["process_from"] == "in_use")
    assert found.leaving == pytest.approx(flows.loc[mine & flows["process_to"].isin(ends), "mean"].sum())


def test_used_car_export_is_what_the_flows_say(account):
    tables, found = account
    flows = old_flows(tables, found.group)
    mine = flows["region"].isin(tables.focus_regions) & (flows["process_to"] == "used_car_export")
    stated = next(fate.mass for fate in found.fates if fate.outlet == "used_car_export")
    assert stated == pytest.approx(flows.loc[mine, "mean"].sum())


def test_factory_scrap_is_no_loss_of_old_cars(tables):
    found = {fate.outlet: fate.mass for fate in losses(tables, "plastics", 2035).fates}
    flows = tables.flows[(tables.flows["year"] == 2035) & tables.flows["region"].isin(tables.focus_regions)]
    everything = flows.loc[(flows["material"] == "plastics") & (flows["process_to"] == "energy_recovery"), "mean"].sum()
    assert found["energy_recovery"] < everything


def test_a_run_without_the_material_has_no_account(tables):
    from dataclasses import replace

    steel = replace(tables, flows=tables.flows[tables.flows["material"] == "steel"])
    assert losses(steel, "plastics", 2035) is None


def test_drivers_are_the_largest_shares(tables, indicators):
    found = drivers(tables, indicators, Words("en"))
    assert [d.indicator.id for d in found] == [i.id for i in indicators.values() if i.headline]
    for d in found:
        column = tables.sources[f"share_{d.indicator.id}|chubu|2035"]
        assert d.largest[0].share == column.max()
        assert d.largest[0].lever == tables.sources.at[column.idxmax(), "lever"]
        assert all(driver.share > d.floor for driver in d.largest)
        assert d.check_first is None or d.check_first.status != "read"


def test_a_ceiling_that_is_kept_has_a_gap_that_is_not_negative(tables, indicators):
    from dataclasses import replace

    raised = {"landfill_rate": replace(indicators["landfill_rate"], headline=True)}
    (row,) = headline_rows(tables, raised, "en")
    later = next(cell for cell in row.cells if cell.year == 2050)
    assert later.goals[0].since == 2035
    assert (later.goals[0].gap >= 0) == (later.median <= later.goals[0].value)
