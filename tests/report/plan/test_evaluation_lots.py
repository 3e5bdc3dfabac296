"""The part on lots: both runs beside each other and beside the balance, from two made-up runs."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from cesim.plan.lots_beside import LotsBeside
from cesim.report.plan.evaluation_lots import lots_section, sentences

CAME = {"in_cars": 100.0, "from_elsewhere": 20.0}


def run(finished, balance, good):
    """120 t came: 10 t are lost, 110 t are charged, of which some come back and 5 t are dross."""
    metal = {**CAME, "to_elsewhere": 0.0, "reused": 0.0, "residue": 10.0, "exported": 0.0, "charged": 110.0,
             "on_the_way": 0.0, "dross": 5.0, "finished": finished}  # fmt: skip
    family = {"other_alloy": 110.0 - 5.0 - finished}
    rows = [{"draw": 0, "without": "", "where": key, "mass_t": mass, "of": "six_t"} for key, mass in metal.items()]
    rows += [{"draw": 0, "without": "", "where": key, "mass_t": mass, "of": "family_t"} for key, mass in family.items()]
    indicators = {"draw": 0, "year": 2030, "indicator": "returned_at_works", "lots": finished, "balance": balance}
    heats = [{"draw": 0, "without": "", "alloy": "6016", "outcome": "good", "heats": good},
             {"draw": 0, "without": "", "alloy": "6016", "outcome": "off_spec", "heats": 1}]  # fmt: skip
    about = {"asked": {"draws": 1, "first": 2030, "last": 2030}, "focus": {"ja": "東部", "en": "the east"},
             "headline": {"realised": {"best": finished}}}  # fmt: skip
    tables = {"metal": rows, "indicators": [indicators], "heats": heats}
    return SimpleNamespace(about=about, tables={name: pd.DataFrame(held) for name, held in tables.items()})


@pytest.fixture
def lots():
    return LotsBeside(2030, run(60.0, 80.0, 30), run(7.0, 9.0, 4))


def test_both_engines_stand_beside_each_other(view, lots):
    told = {one.id: {row[0]: row[1:] for row in one.rows} for one in lots_section(view, lots).tables}
    assert told["lots-engines"] == {"Lot by lot": ("7", "60", "+53"), "Balance (same works)": ("9", "80", "+71")}
    assert told["lots-heats"]["in spec"] == ("4", "30", "+26")
    assert told["lots-heats"]["refused"] == ("1", "1", "0")
    assert "7 t with nothing adopted, 60 t with the plan" in next(iter(sentences(view, lots)))


def test_what_went_adds_up_to_what_came(view, lots):
    rows = next(one for one in lots_section(view, lots).tables if one.id == "lots-ways").rows
    for at in (1, 2):
        assert sum(float(row[at]) for row in rows[:-1]) == float(rows[-1][at]) == sum(CAME.values())
    assert len(rows) == 5  # what nothing went to is left out


def test_the_table_that_is_kept_has_both(lots):
    held = lots.frame().set_index(["plan", "table", "name"])["value"]
    assert held["adopted", "balance", "returned_at_works"] == 80.0
    assert held["nothing", "metal_t", "finished"] == 7.0
    assert held["nothing", "heats", "off_spec"] == 1.0
