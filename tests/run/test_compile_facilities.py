"""Works of the country are shared among the regions as the balance shares them; every number with a range is drawn."""

from __future__ import annotations

import math

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cesim.balance.inputs import YARD
from cesim.errors import InputError
from cesim.events.chain.material import METALS
from cesim.quantities import KeyedSource
from cesim.run import simulate
from cesim.run.compile_facilities import EARTH_KM, bale_kind, compile_facilities, great_circle_km
from cesim.run.sampler import Sampler, numbers
from cesim.run.table_sources import UNREAD, streams_of
from cesim.scenario import open_scenario
from cesim.scenario.model import Scenario
from cesim.text import hints, message

SHARED = {
    # field of `Capacities` -> what the whole country has in `chubu-2035` in 2035
    "shredder_t_per_h": 1300.0,
    "sorter_t_per_h": 22.0,
    "residue_t_per_h": 55.0,
    "yard_t": 30000.0,
    "melting_t_per_day": 600.0 + 180.0 + 3600.0,
    "compounding_t_per_day": 4000.0,
}


class Listening:
    """A source that remembers which streams were asked for."""

    def __init__(self):
        self.source, self.asked = KeyedSource(3), set()

    def u(self, name, first, count):
        self.asked.add(name)
        return self.source.u(name, first, count)

    def holds(self, name):
        return self.source.holds(name)


def sampler(first=0, count=1):
    return Sampler(KeyedSource(5), first, count)


@pytest.fixture(scope="module")
def plan():
    return open_scenario("chubu-2035").scenario


@pytest.fixture(scope="module")
def compiled(plan):
    return compile_facilities(plan, sampler(), 2035)


@pytest.mark.parametrize("field", SHARED)
def test_the_regions_together_have_what_the_country_has(compiled, field):
    own = [getattr(capacity, field) for capacity in compiled.capacities]
    assert math.fsum(own) == pytest.approx(SHARED[field], rel=1e-12)
    assert min(own) >= 0


def test_a_region_has_its_weight_of_the_country(plan, compiled):
    aichi, gifu = compiled.capacities[:2]
    weight = {name: region.shredding.value for name, region in plan.regions.items()}
    assert aichi.sorter_t_per_h == pytest.approx(22 * weight["aichi"] / sum(weight.values()))
    assert aichi.melting_t_per_day == pytest.approx(600 * 0.25 + 180 * 0.12 + 3600 * 0.28)
    assert aichi.yard_t == pytest.approx(30000 * (0.25 + 0.12 + 0.28) / 3)
    assert aichi.workers == round(3600 * 230 / 3086)
    assert aichi.car_places == aichi.workers * 25
    assert aichi.base_minutes == 40
    assert (gifu.melting_t_per_day, gifu.yard_t) == (0, 0)  # nothing is melted there, nothing is sent there
    assert gifu.shredder_t_per_h > 0


def test_a_region_without_dismantlers_has_none_and_one_with_few_has_one():
    changed = {"regions.east.dismantling": 0.001, "regions.west.dismantling": 100}
    few = compile_facilities(open_scenario("tutorial", changed).scenario, sampler(), 2030).capacities
    assert (few[0].workers, few[1].workers) == (1, 3600)
    none = open_scenario("tutorial", {**changed, "regions.east.dismantling": 0}).scenario
    without = compile_facilities(none, sampler(), 2030).capacities[0]
    assert (without.workers, without.car_places) == (0, 0)


@pytest.mark.parametrize("year", [2025, 2030, 2032, 2035, 2050])
def test_a_path_is_read_in_the_year_asked_for(plan, year):
    held = plan.facilities
    made = compile_facilities(plan, sampler(), year)
    assert made.knowledge.coverage == pytest.approx(held.knowledge.coverage.best([year])[0])
    total = sum(capacity.sorter_t_per_h for capacity in made.capacities)
    assert total == pytest.approx(held.sorting.capacity.best([year])[0])


def test_practice_is_what_the_scenario_says(compiled):
    practice = compiled.practice
    assert (practice.hours, practice.days_a_week) == ((8.0, 17.0), 6)
    assert (practice.hulks_a_load, practice.load_t, practice.clearing_days) == (12, 10.0, 7)
    assert (practice.speed_km_h, practice.cost_jpy_per_km, practice.co2_kg_per_tkm) == (40.0, 300.0, 0.12)
    assert (practice.correction, practice.risk) == (0.1, 0.02)
    assert (practice.approval_months, practice.patience_days) == (6.0, 14.0)
    assert [practice.heat_t[alloy] for alloy in ("6016", "6063", "ADC12")] == [50.0, 25.0, 15.0]


def test_knowledge_has_a_spread_for_every_grade_and_element(plan, compiled):
    known = compiled.knowledge
    assert (known.records, known.coverage) == ("simple", 0.7)
    assert (known.delay_days, known.reliability, known.assayed, known.assay_cv) == (3.0, 0.95, 0.05, 0.1)
    assert known.spread.shape == (len(YARD), len(METALS))
    said = plan.facilities.knowledge.spread
    for grade, kind in {
        "part-6016": "dismantled", "part-mixed": "dismantled", "part-cast": "castings", "wheels": "castings",
        "sorted-6111": "sorted", "shred-cast": "shredded", "shred-mixed": "shredded", "new-mixed": "new",
        "sash": "bought", "secondary": "bought",
    }.items():  # fmt: skip
        assert bale_kind(grade) == kind
        row = dict(zip(METALS, known.spread[YARD.index(grade)], strict=True))
        assert row == {"Al": 0.0, "other": 0.0, **{element: q.value for element, q in said[kind].items()}}


@pytest.mark.parametrize("name", ["tutorial", "japan-baseline", "chubu-baseline", "chubu-2035"])
def test_every_number_with_a_range_is_drawn(name):
    scenario = open_scenario(name).scenario.unsteered  # measures have streams of their own
    source = Listening()
    compile_facilities(scenario, Sampler(source, 1, 2), 2030)
    held = [(path, quantity) for path, quantity in numbers(scenario) if path.startswith("facilities.")]
    ranged = {
        ".".join(parts[:-1]) if (parts := path.split("."))[-1].isdigit() else path
        for path, quantity in held
        if not quantity.is_certain
    }
    assert len(ranged) > 70
    if name != "tutorial":  # its places are made up
        assert "facilities.places." in " ".join(ranged)
    asked = {path for path in source.asked if path.startswith("facilities.")}
    assert asked == ranged


def test_a_lane_is_the_same_whatever_its_company(plan):
    """Lane 2 alone, and as the third of a block."""
    among = compile_facilities(plan, sampler(0, 4), 2035, lane=2)
    alone = compile_facilities(plan, sampler(2, 1), 2035)
    best = compile_facilities(plan, sampler(), 2035)
    assert among.capacities == alone.capacities
    assert among.practice == alone.practice
    np.testing.assert_array_equal(among.distance_km, alone.distance_km)
    np.testing.assert_array_equal(among.knowledge.spread, alone.knowledge.spread)
    assert among.practice.speed_km_h != best.practice.speed_km_h
    assert among.capacities[0].sorter_t_per_h != best.capacities[0].sorter_t_per_h
    assert np.all(among.distance_km != best.distance_km)


def test_drawn_works_still_add_up_and_whole_numbers_are_whole(plan):
    source = sampler(1, 40)
    for lane in range(40):
        made = compile_facilities(plan, source, 2035, lane)
        sorting = plan.facilities.sorting.capacity
        total = source.under("facilities").path("sorting.capacity", sorting, [2035])[lane, 0]
        assert math.fsum(c.sorter_t_per_h for c in made.capacities) == pytest.approx(total)
        assert all(isinstance(c.workers, int) and c.workers >= 1 for c in made.capacities)
        for whole in (made.practice.days_a_week, made.practice.hulks_a_load, made.practice.clearing_days):
            assert isinstance(whole, int)
            assert whole >= 1
        assert 0 <= made.knowledge.coverage <= 1
        assert made.practice.hours[0] < made.practice.hours[1]


def test_ways_between_prefectures_are_near_those_on_the_map(plan, compiled):
    """Straight lines from Nagoya: about 29 km to Gifu and 171 km to Toyama (general knowledge)."""
    ways = compiled.distance_km / 1.3
    names = list(plan.regions)
    aichi = dict(zip(names, ways[0], strict=True))
    assert aichi["gifu"] == pytest.approx(29, abs=1.5)
    assert aichi["toyama"] == pytest.approx(171, abs=3)
    assert 150 < aichi["rest_of_japan"] < 350
    np.testing.assert_array_equal(compiled.distance_km, compiled.distance_km.T)
    assert np.diag(compiled.distance_km).tolist() == [35.0] * 5 + [120.0]


degrees = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(st.lists(degrees, min_size=3, max_size=6))
def test_great_circles_are_distances(places):
    latitude, longitude = np.array(places).T
    ways = great_circle_km(latitude, longitude)
    assert np.all(np.diag(ways) == 0)
    np.testing.assert_allclose(ways, ways.T, atol=1e-9)
    assert ways.max() <= math.pi * EARTH_KM * (1 + 1e-12)
    around = ways[:, :, None] + ways[None]  # from a by b to c
    assert np.all(ways[:, None, :] <= around + 1e-6)


@given(degrees, degrees)
def test_great_circles_agree_with_the_angle_between_directions(one, other):
    """Another formula: the angle between two vectors by its sine and cosine."""
    phi, theta = np.radians(np.array([one, other]).T)
    a, b = np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)
    angle = math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b))
    got = great_circle_km(np.array([one[0], other[0]]), np.array([one[1], other[1]]))[0, 1]
    # the haversine is weak near the other side of the Earth: half its digits are lost there
    assert got == pytest.approx(EARTH_KM * angle, rel=1e-9, abs=1e-3 if angle > 3 else 1e-6)


def test_a_scenario_without_works_is_told_what_is_missing(tmp_path):
    held = open_scenario("tutorial").scenario
    bare = Scenario.model_validate({**dict(held), "facilities": None})
    with pytest.raises(InputError) as caught:
        compile_facilities(bare, sampler(), 2030)
    fault = caught.value.faults[0]
    assert (fault.code, str(fault.place), fault.arguments["regions"]) == (
        "no_facilities",
        "facilities",
        ["east", "west"],
    )
    whole = yaml.safe_load(open_scenario("tutorial").resolved_text)
    del whole["facilities"]
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        compile_facilities(open_scenario(str(file)).scenario, sampler(), 2030)
    assert str(caught.value.faults[0].place) == str(file)
    for lang in ("ja", "en"):
        assert "facilities" in message(caught.value.faults[0], lang)
        (hint,) = hints(caught.value.faults[0], lang)
        assert "library/facilities" in hint
        assert "east" in hint


def test_what_the_balance_does_not_read_explains_none_of_its_spread(short, short_run):
    sources = short_run.tables["sources"]
    ours = sources["path"].str.startswith("facilities.")
    assert ours.sum() == sum(path.startswith("facilities.") for path, _ in numbers(short.scenario)) > 80
    told = [column for column in sources if column.startswith("share_")]
    assert told
    assert (sources.loc[ours, told] == 0).all(axis=None)
    assert (sources.loc[~ours, told] > 0).any(axis=None)
    counts = sources.loc[~ours, "status"].value_counts()
    assert short_run.about["inputs"] == {
        name: int(counts.get(name, 0)) for name in ("read", "unverified", "estimate", "given")
    }
    streams = streams_of(list(numbers(short.scenario)), short.scenario)
    assert streams
    assert not [path for path in streams if path.partition(".")[0] in UNREAD]


def test_works_do_not_touch_the_balance(short):
    """No stream of the works is asked for when the balance is compiled."""
    from cesim.run.compile import compile_block

    source = Listening()
    compile_block(short.scenario, Sampler(source, 1, 2))
    assert source.asked
    assert not [path for path in source.asked if path.startswith("facilities.")]


def test_what_is_treated_today_finds_room():
    """The year 2025 of `chubu-baseline` as the balance has it, beside the hours that works have."""
    today = {"years.start": 2025, "years.end": 2025, "report.years": [2025]}
    loaded = open_scenario("chubu-baseline", today)
    made = compile_facilities(loaded.scenario, sampler(), 2025)
    flows, regions = simulate(loaded, draws=1, workers=1).flows, list(loaded.scenario.regions)
    hours = (made.practice.hours[1] - made.practice.hours[0]) * made.practice.days_a_week * 365 / 7
    mass = flows.groupby(["process_from", "region"])["best"].sum()
    into = flows.groupby(["process_to", "region"])["best"].sum()
    for n, region in enumerate(regions):
        able = made.capacities[n]
        assert 0.2 < mass["shredding", region] / (able.shredder_t_per_h * hours) < 0.8
        sorted_part = loaded.scenario.sorting.share.best([2025])[0]
        assert 0.2 < mass["alloy_sorting", region] * sorted_part / (able.sorter_t_per_h * hours) < 0.8
        assert 0.2 < into["asr_sorting", region] / (able.residue_t_per_h * hours) < 0.8
        compounds = sum(
            flow for (process, place), flow in mass.items() if (process[:12], place) == ("compounding.", region)
        )
        assert 0.2 < compounds / (able.compounding_t_per_day * 365) < 0.8
