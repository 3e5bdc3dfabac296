"""Rule sets: what they count, what is known of them, and the words for it."""

import ast
from fractions import Fraction
from pathlib import Path

import pytest

import cesim.trace.custody
from cesim.errors import InputError
from cesim.ledger.substances import COUNTED_PLASTICS
from cesim.text import keys
from cesim.trace.classes import CLASSES, OWN_SCRAP
from cesim.trace.custody.laws import (
    BOUNDARIES,
    EN_45557,
    EU_ELV,
    JAMA,
    JAPAN_RESOURCE_ACT,
    LAWS,
    iso_14021,
    law,
    standing,
)
from cesim.trace.custody.models import MODELS


def test_the_eu_counts_post_consumer_and_a_fifth_of_it_from_vehicles():
    assert {"post_elv", "post_in_use", "post_other", "chemical"} == EU_ELV.counts
    assert {"post_elv", "post_in_use"} == EU_ELV.part
    # 15 % and 25 % of plastics, a fifth of it: the 3 % and 5 % that are published
    assert [Fraction(target, 100) * EU_ELV.part_of_target for target in (15, 25)] == [Fraction(3, 100), Fraction(1, 20)]
    assert EU_ELV.only_part().counts == EU_ELV.part


def test_japan_counts_more_than_the_eu_and_the_industry_more_than_the_law():
    assert JAPAN_RESOURCE_ACT.counts - EU_ELV.counts == {"pre_auto", "pre_other", OWN_SCRAP}
    assert JAMA.counts - JAPAN_RESOURCE_ACT.counts == {"bio"}
    assert EU_ELV.counts < JAPAN_RESOURCE_ACT.counts


def test_plastics_are_counted_as_the_indicators_count_them():
    assert EU_ELV.counts == set(COUNTED_PLASTICS["post"])
    assert JAPAN_RESOURCE_ACT.counts - {OWN_SCRAP} == set(COUNTED_PLASTICS["recycled"])
    assert EU_ELV.part == set(COUNTED_PLASTICS["closed"])
    assert JAMA.counts - {OWN_SCRAP} == set(COUNTED_PLASTICS["recycled"]) | set(COUNTED_PLASTICS["bio"])


def test_the_wider_the_process_the_less_counts():
    casthouse, product, company = (iso_14021(boundary).counts for boundary in BOUNDARIES)
    assert casthouse - product == {"run_around"}
    assert product - company == {"pre_auto", OWN_SCRAP}
    assert company < product < casthouse
    assert "pre_other" in company


def test_no_rule_counts_primary_and_only_the_industry_counts_plants():
    assert not any("primary" in one.counts for one in LAWS)
    assert [one.key for one in LAWS if "bio" in one.counts] == ["jama"]


def test_mass_balance_is_for_chemical_recycling_only_in_the_eu():
    assert EU_ELV.balanced == {"chemical"}
    assert EU_ELV.only_part().balanced == set()
    assert EU_ELV.booked == set()


def test_only_one_rule_counts_the_unknown_as_primary():
    assert [one.key for one in LAWS if one.unknown == "primary"] == [EN_45557.key]


def test_no_legal_rule_is_in_force_for_aluminium():
    by_kind = {one.key: standing(one, "aluminium") for one in LAWS}
    assert set(by_kind.values()) == {"as_if", "standard"}
    assert by_kind["eu_elv"] == by_kind["japan_resource_act"] == by_kind["jama"] == "as_if"
    assert [standing(one, "plastics") for one in (EU_ELV, JAMA, EN_45557)] == ["law", "industry", "standard"]


@pytest.mark.parametrize("one", LAWS, ids=lambda one: one.key)
def test_every_entry_has_a_source_and_counts_what_exists(one):
    assert {"counts", "balanced", "booked", "unknown", "denominator"} <= {fact.about for fact in one.facts}
    assert all(fact.source for fact in one.facts)
    assert one.counts | one.balanced | one.booked | one.part <= set(CLASSES)
    assert one.balanced | one.booked | one.part <= one.counts


def test_laws_are_found_by_their_key():
    assert [law(one.key) for one in LAWS] == list(LAWS)
    with pytest.raises(InputError) as caught:
        law("eu")
    assert caught.value.faults[0].code == "custody_law_unknown"


def test_what_is_asked_for_and_not_there():
    with pytest.raises(InputError, match="no share of its target"):
        JAMA.only_part()
    with pytest.raises(InputError, match="same process"):
        iso_14021("country")


def test_everything_has_words():
    wanted = {f"custody.{room}.{one.key}" for one in LAWS for room in ("law", "rule")}
    wanted |= {f"custody.model.{model}" for model in MODELS}
    wanted |= {f"custody.standing.{one}" for one in ("law", "industry", "standard", "as_if")}
    wanted |= {f"custody.of.{one.denominator}" for one in LAWS}
    assert wanted <= set(keys("ja")) & set(keys("en"))


def test_every_refusal_has_words():
    room = Path(cesim.trace.custody.__file__).parent
    used = set()
    for file in room.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refuse":
                used.add(node.args[0].value)
    assert used == {
        key.split(".")[1] for key in keys("ja", "fault.") if key.split(".")[1].startswith(("custody_", "credit_"))
    }  # fmt: skip
