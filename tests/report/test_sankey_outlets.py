"""What the flow diagrams say: every outlet shows its own tonnes, and the 6000 series arrives at the headline."""

import re
from pathlib import Path

import pytest

from cesim.ledger.processes import SINKS
from cesim.report.numbers import write
from cesim.report.read import read_run
from cesim.report.sankey_graph import graphs
from cesim.report.sankey_groups import BACK, INTO_CARS, RETURNED
from cesim.report.sankey_notes import arriving, gathered, note
from cesim.report.sankey_svg import material_flow
from cesim.report.sankey_trace import followed, returned_mean, traced_return
from cesim.report.sankey_views import VIEWS
from cesim.report.words import Words
from cesim.run import simulate
from cesim.scenario import open_scenario

SCENARIOS = Path(__file__).parents[2] / "scenarios"


@pytest.fixture(scope="module", params=VIEWS, ids=lambda view: "-".join(map(str, view)))
def diagram(request, any_tables, lang):
    view, only_elv = request.param
    return material_flow(any_tables, view, Words(lang), only_elv=only_elv)


def outlet_sums(tables, material, year, *, only_elv):
    """Tonnes out of the system in the focus by kind of process, from the table alone; burnt paint counts as dross."""
    flows = tables.flows
    flows = flows[(flows["year"] == year) & (flows["material"] == material) & (flows["mean"] > 0)]
    if only_elv:
        flows = flows[(flows["origin"] == "post_elv") | (flows["process_from"] == "in_use")]
    ends = SINKS - {"new_car_export"}  # new cars of all regions meet in one market
    flows = flows[flows["region"].isin(tables.focus_regions) & flows["process_to"].isin(ends)]
    return flows["mean"].groupby(flows["process_to"].replace({"coating_burnt": "dross"})).sum()


@pytest.mark.parametrize("only_elv", [False, True])
@pytest.mark.parametrize("material", ["aluminium", "plastics"])
def test_what_is_drawn_into_an_outlet_is_what_the_table_sends_there(any_tables, material, only_elv):
    for year, graph in graphs(any_tables, material, only_elv=only_elv).items():
        sums = outlet_sums(any_tables, material, year, only_elv=only_elv)
        drawn, members = graph.sums()[0], set(graph.gathered.get("other_out", ()))
        assert len(sums) > 4
        for outlet, mass in sums.items():
            assert (outlet in drawn) != (outlet in members), outlet
            if outlet in drawn:
                assert drawn[outlet] == pytest.approx(mass), outlet
        if members:
            known = sum(sums.get(outlet, 0.0) for outlet in members)
            alone = members <= set(sums.index)
            assert drawn["other_out"] == pytest.approx(known) if alone else drawn["other_out"] > known - 1e-6


def test_no_name_stands_twice_in_a_diagram(diagram):
    for year in diagram.years:
        labels = [box.label[:-1] for box in year.drawing.boxes]
        assert len(labels) == len(set(labels))


def test_the_note_names_everything_that_was_gathered(diagram, lang):
    told = gathered(diagram, Words(lang))
    assert len(told) == len({node for year in diagram.years for node in year.graph.gathered})
    for text, members in zip(told, diagram.gathered.values(), strict=True):
        assert len(members) > 1
        assert len(re.split(", |、", text.split("”: " if lang == "en" else "内訳：")[1])) == len(set(members))


def test_every_year_of_every_diagram_says_how_it_stands_to_the_headline(diagram, any_tables, lang):
    words = Words(lang)
    indicator = "plastics_returned" if diagram.material == "plastics" else "aluminium_returned"
    figures = any_tables.focus_figures
    for year in diagram.years:
        row = figures[(figures["indicator"] == indicator) & (figures["year"] == year.year)].iloc[0]
        text = note(any_tables, diagram, year, words)
        assert write(row["mean"], "t", words) in text
        assert write(row["p50"], "t", words) in text


def test_the_6000_series_diagram_arrives_at_the_mean_of_the_headline(real_tables, lang):
    words = Words(lang)
    flow = material_flow(real_tables, RETURNED, words, only_elv=True)
    for year in flow.years:
        mean = returned_mean(real_tables, year.year)
        assert year.graph.sums()[0][BACK] == pytest.approx(mean)
        assert traced_return(real_tables, year.year) == pytest.approx(mean, rel=0.01)
        assert words("stand.apart") not in note(real_tables, flow, year, words)


def test_the_plastics_diagram_arrives_at_the_mean_of_the_headline(real_tables):
    figures = real_tables.focus_figures
    flow = material_flow(real_tables, "plastics", Words("en"), only_elv=True)
    for year in flow.years:
        row = figures[(figures["indicator"] == "plastics_returned") & (figures["year"] == year.year)].iloc[0]
        assert year.graph.sums()[0][INTO_CARS] == pytest.approx(row["mean"]) == arriving(year)


def test_tables_that_contradict_each_other_are_told_apart(tables, lang):
    """The made-up indicators have nothing to do with the made-up flows."""
    words = Words(lang)
    flow = material_flow(tables, RETURNED, words, only_elv=True)
    year = flow.years[0]
    assert arriving(year) == pytest.approx(traced_return(tables, year.year))
    assert note(tables, flow, year, words).endswith(words("stand.apart"))


def test_nothing_of_the_6000_series_is_lost_on_the_way(any_tables):
    """From the dismantler on, everything arrives somewhere; no stock is made up to close a gap."""
    for year, graph in graphs(any_tables, RETURNED, only_elv=True).items():
        assert not [node for node in graph.throughput() if "stock" in node]
        edges = followed(any_tables, year)
        inner = {a for a, _, _ in edges} & {b for _, b, _ in edges}
        for node in inner:
            into = sum(mass for (_, b, _), mass in edges.items() if b == node)
            assert into == pytest.approx(sum(mass for (a, _, _), mass in edges.items() if a == node)), node


def one_future(name, folder):
    """Tables of a run at the best estimate only, where means are the values themselves."""
    return read_run(simulate(open_scenario(str(SCENARIOS / f"{name}.yaml")), draws=1).save(folder))


def test_with_one_future_the_trace_is_the_indicator(tmp_path):
    tables = one_future("tutorial", tmp_path / "one")
    for year in tables.report_years:
        assert traced_return(tables, year) == pytest.approx(returned_mean(tables, year), rel=1e-9)
    flow = material_flow(tables, RETURNED, Words("en"), only_elv=True)
    assert "best estimate" in note(tables, flow, flow.years[0], Words("en"))


@pytest.mark.slow
def test_over_six_regions_the_trace_is_the_indicator_and_the_diagrams_stay_small(tmp_path):
    tables = one_future("chubu-2035", tmp_path / "chubu")
    for year in tables.report_years:
        assert traced_return(tables, year) == pytest.approx(returned_mean(tables, year), rel=1e-9)
    for graph in graphs(tables, "aluminium").values():
        assert len(graph.throughput()) <= 22
