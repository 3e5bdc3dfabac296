"""What is kept of a year, from what was counted in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from cesim.indicators import INDICATORS
from cesim.report.numbers import scale_for, unit_name
from cesim.report.words import Words
from cesim.run.evaluated import NAMES
from cesim.run.lot_outcome import RETURNED, SHARED
from cesim.sweep.engines.lot_counts import NOTHING, Counting, Counts
from cesim.sweep.engines.lot_figures import LOT_FIGURES, LotYear, figures_of
from cesim.text import keys

COUNTS = Counts(
    family=Counter(finished=3_000_000_000, other_alloy=2_000_000_000, off_spec=500_000_000),
    heats=Counter(good=6, corrected=2, downgraded=1, off_spec=1),
    done=200,
    hurried=50,
    came=Counter(alloy_sorting=40, asr_treatment=0),
    away=Counter(alloy_sorting=10),
    seconds=1000,
    waiting=Counter(shredding=2500),
    busy=Counter(shredding=400, dismantling=300),
    could=Counter(shredding=1000, dismantling=4000, furnaces=1000),
    bales=8,
    recorded=2,
)
YEAR = LotYear(dict.fromkeys(SHARED, 12.0), {RETURNED: 4.0}, COUNTS, {"km": 10.0, "cost_jpy": 2600.0, "co2_kg": 500.0})


def test_figures_of_a_year():
    found = figures_of(YEAR)
    assert list(found) == list(LOT_FIGURES)
    expected = {
        "lots_elv_6xxx": 12.0, "lots_returned_6xxx": 3.0, "lots_returned_6xxx_by_balance": 4.0,
        "lots_return_rate_6xxx": 0.25, "lots_lost_other_alloy": 2.0, "lots_lost_off_spec": 0.5, "lots_lost_spec": 0.0,
        "lots_heats": 10, "lots_heats_corrected": 0.2, "lots_heats_missed": 0.2, "lots_cars_hurried": 0.25,
        "lots_alloy_sorting_turned_away": 0.25, "lots_shredding_use": 0.4, "lots_dismantling_use": 0.075,
        "lots_shredding_queue": 2.5, "lots_furnaces_queue": 0.0, "lots_truck_km": 10.0, "lots_truck_cost": 2600.0,
        "lots_truck_co2": 0.5, "lots_bales_recorded": 0.25,
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected


def test_a_share_of_nothing_is_none_and_nothing_else_is():
    lots = {name: value for name, value in YEAR.lots.items() if INDICATORS[name].unit != "share"}
    empty = replace(NOTHING, seconds=1000)
    found = figures_of(YEAR._replace(lots={**lots, "elv_6xxx": 0.0}, counts=empty))
    assert {name for name, value in found.items() if value is None} == {
        name for name, figure in LOT_FIGURES.items() if figure.unit == "share"
    }


def test_what_both_engines_keep_has_names_of_its_own():
    assert not set(LOT_FIGURES) & set(NAMES)
    shared = [figure.shared for figure in LOT_FIGURES.values() if figure.shared]
    assert shared == list(SHARED)
    assert all(LOT_FIGURES[f"lots_{name}"].unit == INDICATORS[name].unit for name in SHARED)


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_figure_has_words_and_there_are_no_others(lang):
    own = [name for name, figure in LOT_FIGURES.items() if not figure.shared]
    for part in ("name", "meaning"):
        assert list(keys(lang, f"sweep.lots.{part}.")) == [f"sweep.lots.{part}.{name}" for name in own]
    assert len({figure.name(lang) for figure in LOT_FIGURES.values()}) == len(LOT_FIGURES)
    assert all(figure.meaning(lang).endswith((".", "。")) for figure in LOT_FIGURES.values())
    named = LOT_FIGURES["lots_elv_count"].name(lang)
    assert named == {"ja": f"{INDICATORS['elv_count'].name_ja}（ロット単位）",
                     "en": f"{INDICATORS['elv_count'].name_en} (lot by lot)"}[lang]  # fmt: skip


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_unit_can_be_written(lang):
    words = Words(lang)
    for unit in {figure.unit for figure in LOT_FIGURES.values()}:
        assert scale_for(unit, 12345.0, words).full(12345.0)
        assert unit_name(unit, words)


class Chain:
    """As much of a chain as is counted."""

    def __init__(self):
        self.heats = 0
        self.sorters = self.residues = {}
        self.sites = []
        self.simulation = type("Simulation", (), {"facilities": []})()

    def metal(self):
        told = Counter(good=self.heats)
        return type("Outcome", (), {"family_mg": Counter(), "by_outcome": lambda _: dict(told)})()


def test_counts_are_of_each_year():
    chain = Chain()
    counting = Counting(chain)
    for month in range(36):
        chain.heats += month
        counting()
    assert [year.heats["good"] for year in counting.years] == [66, 210, 354]
