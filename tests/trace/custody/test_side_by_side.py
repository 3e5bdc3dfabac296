"""The table of models and laws: what is on the page is what is computed."""

import json
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from custody_flows import T, flow
from custody_page import compounder

from cesim.errors import InputError
from cesim.text import say
from cesim.trace.custody.laws import EU_ELV, JAPAN_RESOURCE_ACT, LAWS, iso_14021
from cesim.trace.custody.models import MODELS, claimable
from cesim.trace.custody.side_by_side import side_by_side
from cesim.trace.custody.terms import Terms

PAGE = Path(__file__).parents[3] / "docs" / "custody.md"
TERMS = Terms(window=3, share=Fraction(1, 4), life=2)


def test_one_row_for_each_law_and_model_in_their_order():
    rows = side_by_side(compounder())
    assert [(row.law, row.model) for row in rows] == [(law.key, model) for law in LAWS for model in MODELS]


def test_claim_proof_and_truth_of_each_model():
    # 270 t out; by the EU rule the records say 63 t, 54 t are certain and true, 9 t may be anything
    rows = {row.model: row for row in side_by_side(compounder(), [EU_ELV], terms=TERMS)}
    row = rows["controlled_blending"]
    wanted = {"claimed": 63, "provable": 54, "possible": 63, "entitled": 54, "true": 54, "gap": 9}
    for name, tonnes in wanted.items():
        assert getattr(row, name) == pytest.approx(tonnes / 270), name
    assert (row.claimed_mg, row.output_mg) == (63 * T, 270 * T)
    assert all(one.true == pytest.approx(54 / 270) for one in rows.values())
    assert rows["segregated"].gap == pytest.approx((18 - 54) / 270)


def test_rows_say_what_the_rule_is_for_the_material():
    what = flow([(0, 0, 10, {"post_elv": 1.0})], material="aluminium")
    rows = side_by_side(what, models=["segregated"])
    assert {row.law: row.standing for row in rows if row.law in ("eu_elv", "iso_14021_product")} == {
        "eu_elv": "as_if",
        "iso_14021_product": "standard",
    }


def test_what_could_not_be_computed_says_why():
    (row,) = side_by_side(flow([(0, 0, 10, {})]), [EU_ELV], ["identity_preserved"])
    assert (row.reason, row.claimed, row.gap, row.claimed_mg) == ("custody_sources_unknown", None, None, None)
    (row,) = side_by_side(flow([(0, 0, 0, {})]), [EU_ELV], ["segregated"])
    assert (row.reason, row.claimed, row.true, row.output_mg) == ("no_output", None, None, 0)


def test_what_is_wrong_is_refused_and_no_row():
    with pytest.raises(InputError):
        side_by_side(flow([(0, 0, 10, {})]), models=["none"])


def test_rows_are_plain_data():
    rows = [row.as_data() for row in side_by_side(compounder(), terms=TERMS)]
    assert json.loads(json.dumps(rows)) == rows


def cells(heading):
    """The rows of the table under a heading of the page."""
    text = PAGE.read_text("utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    table = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("|")]
    return [[one.strip() for one in row] for row in table[:1] + table[2:]]


def shown(share):
    return "—" if share is None else f"{100 * share:.1f} %"


def test_the_first_table_of_the_page():
    laws = [EU_ELV, JAPAN_RESOURCE_ACT, iso_14021("product")]
    head, *table = cells("One flow, many numbers")
    assert head[1:] == [say(f"custody.law.{law.key}", "en") for law in laws]
    rows = {(row.model, row.law): row for row in side_by_side(compounder(), laws, terms=TERMS)}
    wanted = [
        [say(f"custody.model.{model}", "en"), *(shown(rows[model, law.key].claimed) for law in laws)]
        for model in MODELS
    ]
    assert table == [*wanted, ["true", *(shown(rows["credit", law.key].true) for law in laws)]]


def test_the_second_table_of_the_page():
    rows = side_by_side(compounder(), [EU_ELV, JAPAN_RESOURCE_ACT], ["controlled_blending"], TERMS)
    head, *table = cells("Claimed, provable, true")
    assert head[1:] == ["claimed", "provable", "possible", "true", "gap"]
    assert table == [
        [say(f"custody.law.{row.law}", "en")]
        + [shown(one) for one in (row.claimed, row.provable, row.possible, row.true)]
        + [f"{100 * row.gap:+.1f} points"]
        for row in rows
    ]


def test_the_account_of_the_page():
    statement = claimable("credit", compounder(), JAPAN_RESOURCE_ACT, TERMS).outcome.statements[0]
    head, *table = cells("An account")
    names = ("opening", "credited", "used", "expired", "refused", "closing")
    assert head == ["month", *names]
    assert table == [
        [str(line.period + 1), *(f"{float(getattr(line, name)) / T:g} t" for name in names)] for line in statement.lines
    ]


def test_the_page_names_every_model_and_no_other_number_of_them():
    text = PAGE.read_text("utf-8")
    assert all(say(f"custody.model.{model}", "en").lower() in text.lower() for model in MODELS)
    assert not re.search(r"\bNaN\b|TODO", text)
    assert np.isfinite([row.true for row in side_by_side(compounder())]).all()
