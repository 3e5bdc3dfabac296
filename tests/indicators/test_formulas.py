"""The trace and the indicators by hand, on two regions with numbers that can be followed."""

import numpy as np
import pytest
from made_up_system import make
from solved import solved

from cesim.indicators import INDICATORS
from cesim.indicators.formulas import Factors, Year, compute
from cesim.indicators.trace import Trace
from cesim.ledger.flows import Edges, FlowView, Layouts, YearFlows, paired_cells
from cesim.ledger.substances import ALLOYS, CAST, POLYMERS, SIX_THOUSAND

REGIONS = ("east", "west")


class Writer:
    """Writes flows of one draw, one cell each."""

    def __init__(self):
        self.year, self.edges = YearFlows(2030, 1), Edges()

    def __call__(
        self, process_from, process_to, mass, region, region_to, alloy="6016", origin="post_elv", substance="Al"
    ):
        ends = ((region,), (region_to,))
        edge = self.edges.edge(
            process_from, process_to, paired_cells(ends[0], ((alloy, origin),), ends[1]),
            paired_cells(ends[0], ((alloy, substance),), ends[1]),
        )  # fmt: skip
        self.year.add(edge, np.array([[float(mass)]]), np.array([[float(mass)]]))

    def table(self):
        self.year.hold(self.year.flows[0][0], np.zeros((1, 1)), np.zeros((1, 1)))
        return self.year.tables(Layouts())[0]


def two_regions():
    """Panels taken off at the dismantler and shredded sheet; everything is melted in the west.

    East: 100 t of 6016 in cars, 20 t taken off, 80 t in hulks of which 60 go to the western shredder and 20 stay.
    West: 50 t of 6016 in cars, 10 t taken off, 40 t in hulks shredded in the west.
    """
    write = Writer()
    write("in_use", "take_back", 100, "east", "east")
    write("in_use", "take_back", 50, "west", "west")
    write("in_use", "used_car_export", 100, "east", "east")
    write("take_back", "dismantling", 100, "east", "east")
    write("take_back", "dismantling", 50, "west", "west")
    write("dismantling", "scrap_yard.part-6016", 20, "east", "east")
    write("dismantling", "scrap_yard.part-6016", 10, "west", "west")
    write("dismantling", "shredding", 20, "east", "east")
    write("dismantling", "shredding", 60, "east", "west")
    write("dismantling", "shredding", 40, "west", "west")
    # the sorter finds half: 10 t in the east, 50 t in the west
    write("alloy_sorting", "scrap_yard.sorted-6016", 10, "east", "east")
    write("alloy_sorting", "scrap_yard.sorted-6016", 50, "west", "west")
    # melters in the west take all panels, and of the sorted grade 5 t from the east and 50 t from the west
    write("scrap_yard.part-6016", "melt_down.part-6016", 20, "east", "west")
    write("scrap_yard.part-6016", "melt_down.part-6016", 10, "west", "west")
    write("scrap_yard.sorted-6016", "melt_down.sorted-6016", 5, "east", "west")
    write("scrap_yard.sorted-6016", "melt_down.sorted-6016", 50, "west", "west")
    write("scrap_yard.sorted-6016", "scrap_export", 5, "east", "east")
    # a tenth is lost; panels become sheet, the sorted grade 33 t of sheet and 16.5 t of castings
    write("melt_down.part-6016", "melting.6016", 27, "west", "west")
    write("melt_down.sorted-6016", "melting.6016", 33, "west", "west")
    write("melt_down.sorted-6016", "melting.ADC12", 16.5, "west", "west")
    write("primary_supply", "melting.6016", 40, "west", "west", origin="primary")
    # of 60 t of metal from cars in the melt, 45 t are in finished parts
    write("part_making.6016", "assembly", 45, "west", "west")
    write("part_making.6016", "assembly", 30, "west", "west", origin="primary")
    write("part_making.6016", "assembly", 5, "west", "west", origin="pre_auto")
    return write.table()


def test_the_trace_by_hand():
    trace = Trace(FlowView(), two_regions(), REGIONS)
    # panels: 27 t in the melt, 2/3 from the east; sorted: 33 t, of which 5/55 = 3 t from the eastern yard (all eastern
    # hulks) and 30 t from the western, where 60 of 100 t of hulks came from the east
    east, west = 18 + 3 + 30 * 0.6, 9 + 30 * 0.4
    kept = 45 / 60
    assert trace.into(("6016",), only=SIX_THOUSAND)[:, 0] == pytest.approx([east * kept, west * kept])
    # castings: 16.5 t, 1.5 t from the eastern yard and 15 t from the western
    assert trace.melted(CAST)[:, 0] == pytest.approx([1.5 + 15 * 0.6, 15 * 0.4])
    assert trace.into(("6016",), only=("6061",))[:, 0] == pytest.approx([0, 0])


def indicators(table, draws=1):
    one = np.ones(draws)
    factors = Factors(10 * one, 0.5 * one, 20 * one, 3 * one, one, np.full((draws, len(POLYMERS)), 2.0))
    vehicles = {"scrapped": np.array([[7.0], [5.0]]), "exported": np.array([[3.0], [0.0]])}
    return compute(Year(FlowView(), table, REGIONS, vehicles, factors))


def test_the_horizontal_rate_by_hand():
    found = indicators(two_regions())
    top, bottom = found["h1_horizontal_rate_6xxx"]
    assert top[:, 0] == pytest.approx([29.25, 15.75])
    assert bottom[:, 0] == pytest.approx([100, 50])
    # a group of regions is the ratio of the sums: 45 / 150, not the mean of 29.25 % and 31.5 %
    assert top.sum() / bottom.sum() == pytest.approx(0.30)
    assert (top / bottom).mean() != pytest.approx(0.30, abs=1e-3)
    assert found["h3_of_all_deregistered"][1][:, 0] == pytest.approx([200, 50])


def test_content_and_surplus_by_hand():
    found = indicators(two_regions())
    post, whole = found["recycled_content_6xxx_post"]
    assert (post[:, 0].tolist(), whole[:, 0].tolist()) == ([0, 45], [0, 80])
    assert found["recycled_content_6xxx_pre"][0][:, 0] == pytest.approx([0, 5])
    assert found["surplus_scrap"][0][:, 0] == pytest.approx([5, 0])
    assert found["cascade_rate_aluminium"][0].sum() == pytest.approx(16.5)
    assert found["primary_demand"][0][:, 0] == pytest.approx([0, 40])
    charged = found["import_dependence"][1]
    assert charged[:, 0] == pytest.approx([0, 40 + 27 + 33 + 16.5])


def test_gases_by_hand():
    found = indicators(two_regions())
    assert found["ghg"][0][:, 0] == pytest.approx([0, 40 * 10 + 76.5 * 0.5])
    assert found["ghg_primary_avoided"][0][:, 0] == pytest.approx([0, 76.5 * 9.5])


def test_only_the_polymer_part_burns_to_carbon_dioxide():
    write = Writer()
    write("asr_treatment", "energy_recovery", 10, "east", "east", "PP", substance="polymer")
    write("asr_treatment", "energy_recovery", 4, "east", "east", "PP-T", substance="filler")
    assert indicators(write.table())["ghg"][0][:, 0] == pytest.approx([20, 0])


def test_counting_of_plastics_by_hand():
    write = Writer()
    made = {"primary": 70, "post_elv": 4, "post_in_use": 3, "post_other": 5, "pre_other": 8, "chemical": 2, "bio": 6}
    for origin, mass in made.items():
        write("part_making.PP", "assembly", mass, "east", "west", "PP", origin, "polymer")
    write("part_making.PA", "assembly", 2, "east", "west", "PA", "primary", "polymer")
    found = {name: parts[0][0, 0] for name, parts in indicators(write.table()).items()}
    assert found["plastics_returned"] == 4
    assert found["recycled_plastics_supply"] == 4 + 3 + 5 + 8 + 2
    assert found["recycled_plastics_sustainable"] == 22 + 6
    assert found["recycled_plastics_fleet_average"] == 22
    # the EU counts post-consumer material only, and mass balance of it; bio-based and production waste never
    assert found["recycled_plastics_post_average"] == 4 + 3 + 5 + 2
    assert found["_closed"] == 4 + 3
    assert indicators(write.table())["recycled_plastics_fleet_average"][1][:, 0] == pytest.approx([100, 0])


def test_counts_of_vehicles_are_passed_on():
    found = indicators(two_regions())
    assert found["elv_count"][0][:, 0].tolist() == [7, 5]
    assert found["used_export_count"][0][:, 0].tolist() == [3, 0]


# on a whole system


def test_the_trace_gives_every_tonne_to_one_region(answer):
    """Summed over regions, what the trace finds is what the tables hold."""
    view = FlowView()
    for table in answer.flows.values():
        trace = Trace(view, table, answer.regions)
        melted = trace.melted(ALLOYS).sum(axis=0)
        assert melted == pytest.approx(view.mass(table, "melt_down.*", "melting.*", alloy=ALLOYS, origin=("post_elv",)))
        # finished parts hold steel and copper picked up on the way too, which is no aluminium of the car
        into = trace.into(ALLOYS, only=(*ALLOYS, "steel", "copper")).sum(axis=0)
        finished = sum(view.mass(table, f"part_making.{a}", "assembly", origin=("post_elv",)) for a in ALLOYS)
        assert into == pytest.approx(finished, rel=1e-9)


def test_alloys_of_the_old_car_add_up(answer):
    trace = Trace(FlowView(), answer.flows[2024], answer.regions)
    parts = sum(trace.into(SIX_THOUSAND, only=(alloy,)) for alloy in SIX_THOUSAND)
    assert parts == pytest.approx(trace.into(SIX_THOUSAND, only=SIX_THOUSAND))


def test_shares_are_shares(answer):
    for year in answer.flows:
        for name, (top, bottom) in answer.indicators(year).items():
            assert (top >= -1e-9).all(), name
            if bottom is not None and not name.startswith("h3"):
                assert (top.sum(axis=0) <= bottom.sum(axis=0) * (1 + 1e-9)).all(), name


def test_h1_is_at_most_h2_and_at_least_h3(answer):
    for year in answer.flows:
        found = answer.indicators(year)
        assert (found["h1_horizontal_rate_6xxx"][0] <= found["h2_any_elv_aluminium"][0] + 1e-9).all()
        h1, h3 = (
            top.sum(axis=0) / bottom.sum(axis=0)
            for top, bottom in (found["h1_horizontal_rate_6xxx"], found["h3_of_all_deregistered"])
        )
        assert (h3 <= h1).all()


def test_each_formula_is_registered_and_each_indicator_has_one(answer):
    found = set(answer.indicators(2024))
    later = {"recycled_plastics_eu_new_types", "recycled_plastics_eu_closed_loop", "recycled_plastics_jama"}
    assert {name for name in found if not name.startswith("_")} | later == set(INDICATORS)
    shares = {name for name, one in INDICATORS.items() if one.unit == "share"} - later
    assert {name for name, (_, bottom) in answer.indicators(2024).items() if bottom is not None} - shares == {
        "_post", "_closed", "_sustainable",
    }  # fmt: skip


def test_one_region_alone_keeps_all_it_returns():
    answer = solved(make(draws=2, years=2, regions=("only",), melters=1, seed=2))
    h1 = answer.h1()
    assert ((h1 > 0) & (h1 < 1)).all()
