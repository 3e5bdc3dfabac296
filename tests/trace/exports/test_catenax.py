"""Catena-X documents: the published models take them, masses are exact, shares add up to a hundred."""

import json
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import KG, Book, loops, random_loop, tiny
from made_up_exports import all_steps, random_entries, records_of
from published_schemas import MODELS, catenax, faults_of, needs_standards

from cesim.ledger.substances import ORIGINS
from cesim.trace.exports.catenax import materials, recycling_batches, recycling_information
from cesim.trace.exports.catenax_content import secondary_contents
from cesim.trace.exports.catenax_shares import WHOLE, in_millionths, percent
from cesim.trace.exports.catenax_words import PROCESSES, ROLES, SHARE_WORDS, SHARES
from cesim.trace.exports.epcis_ledger import ledger_of
from cesim.trace.exports.lost import Lost
from cesim.trace.records import DECLARATIONS
from cesim.trace.steps import ROLES as ALL_ROLES
from cesim.trace.steps import STEPS

ASPECTS = {
    "RecyclingBatch": recycling_batches,
    "RecyclingInformation": recycling_information,
    "Material": materials,
    "SecondaryMaterialContentVerifiable": secondary_contents,
}


def shares_of(entries, seed=0):
    return np.random.default_rng(seed).dirichlet(np.ones(9) * 0.3, len(entries.lots))


def told(aspect, ledger, **options):
    lost = Lost()
    lines = list(ASPECTS[aspect](ledger_of(ledger, 2026, **options), lost))
    assert all(line.count(b"\n") == 1 for line in lines)
    return [json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in lines], lost


def test_every_aspect_is_looked_at():
    assert set(ASPECTS) == set(MODELS)


@needs_standards
@pytest.mark.parametrize("aspect", ASPECTS)
def test_the_published_model_takes_every_document(aspect):
    import orjson

    for entries in (all_steps(), random_loop(3), *(random_entries(seed, 300) for seed in range(5))):
        lines = ASPECTS[aspect](ledger_of(entries, 2026, shares=shares_of(entries)), Lost())
        faults = [fault for line in lines for fault in faults_of(catenax(aspect), orjson.loads(line))]
        assert faults == []


@given(loops(12))
@settings(max_examples=20, deadline=None)
def test_a_batch_for_every_process_with_its_masses_to_the_milligram(entries):
    batches, lost = told("RecyclingBatch", entries)
    processes = [n for n, step in enumerate(entries.step.tolist()) if STEPS[step] in PROCESSES]
    assert len(batches) == len(processes) - lost.left_out["inside"]
    out = {f".{n}": int(mass) for n, mass in enumerate(entries.outputs.sums())}
    for batch in batches:
        [step] = batch["childProcessSteps"]
        masses = [int(step[name] * KG) for name in ("inputNetMass", "outputNetMass", "processLoss")]
        assert masses[0] == masses[1] + masses[2]
        assert masses[1] == out["." + batch["recyclingBatchId"].rsplit(".", 1)[1]]


def test_who_gives_a_batch_to_whom():
    batches, _ = told("RecyclingBatch", tiny())
    roles = [(batch["sender"]["actorRole"], batch["receiver"]["actorRole"]) for batch in batches]
    assert roles[0] == ("Dismantling Facility", "Material Recycling Facilities")
    melt = next(batch for batch in batches if batch["processInformation"]["processType"] == "Core-recycling")
    assert melt["receiver"]["actorRole"] == "Component Manufacturer"
    assert melt["sender"]["bpnsProperty"] != melt["receiver"]["bpnsProperty"]


def test_a_batch_goes_to_whom_it_is_shipped_first():
    book = Book()
    mill, press, trader = (book.actor(*who) for who in (("m", "casthouse"), ("p", "press_shop"), ("t", "scrap_trader")))
    [ingot] = book.entry("supply", mill, 0, (), [("ingot", "", KG)])
    [slab] = book.entry("melting", mill, 0, [(ingot, KG)], [("slab", "6016", KG)])
    book.handover(mill, press, 0, [slab])
    book.handover(press, trader, 2 * 86_400, [slab])
    [batch], _ = told("RecyclingBatch", book.entries())
    assert batch["receiver"]["actorRole"] == "Component Manufacturer"


@pytest.mark.parametrize(("step", "into", "out"), [("melting", 0, 1), ("melting", 1, 0), ("disposal", 0, 0)])
def test_a_process_of_which_one_side_is_told_is_left_out(step, into, out):
    book = Book()
    mill = book.actor("mill", "casthouse")
    [ingot] = book.entry("supply", mill, 0, (), [("ingot", "", KG)])
    book.entry(step, mill, 1, [(ingot, KG)][:into], [("slab", "6016", KG)][:out])
    batches, lost = told("RecyclingBatch", book.entries())
    assert batches == []
    assert lost.left_out["one_side"] == 1


def test_every_role_of_ours_has_a_word():
    assert set(ROLES) == set(ALL_ROLES)


def test_what_cannot_be_told_is_counted():
    entries = random_entries(11, 400)
    batches, lost = told("RecyclingBatch", entries)
    assert len(batches) + sum(lost.left_out.values()) == len(entries)
    assert {"mass_untold", "role_unknown", "one_side", "inside", "not_a_process"} <= set(lost.left_out)
    assert lost.filled["RecyclingBatch.container"] == len(batches)


def test_shares_of_a_lot():
    entries = tiny()
    shares = np.zeros((len(entries.lots), 9))
    row = {"primary": 0.3, "run_around": 0.05, "pre_auto": 0.1, "pre_other": 0.02, "post_elv": 0.2, "post_in_use": 0.1}
    row |= {"post_other": 0.03, "chemical": 0.04, "bio": 0.06}
    for name, share in row.items():
        shares[:, ORIGINS.index(name)] = share
    documents, lost = told("RecyclingInformation", entries, shares=shares)
    assert {key: value for key, value in documents[0].items() if key not in ("globalAssetId", "otherInformation")} == {
        "origin": "Non-EU",
        "preConsumerShares": {"automotive": 10, "nonAutomotive": 2},
        "postConsumerShares": {"automotive": 30, "nonAutomotive": 3},
        "reutilizationMaterialShare": 5,
        "materialSourceShares": {"secondaryMaterial": 49, "primaryMaterial": 46},
    }
    assert lost.folded["origins_untold"] == len(documents)


def test_every_origin_of_ours_has_a_share():
    assert set(ORIGINS) <= set(SHARES)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.floats(0, 1))
def test_shares_add_up_to_a_hundred_to_the_last_digit(seed, count, told_share):
    shares = np.random.default_rng(seed).dirichlet(np.ones(9) * 0.2, count) * told_share
    rows = in_millionths(shares, ORIGINS)
    assert (rows.sum(axis=1) == WHOLE).all()
    assert (rows >= 0).all()
    for word in SHARE_WORDS[:-1]:
        columns = [n for n, name in enumerate(ORIGINS) if SHARES[name] == word]
        np.testing.assert_allclose(rows[:, SHARE_WORDS.index(word)], shares[:, columns].sum(axis=1) * WHOLE, atol=1.01)
    assert {Decimal(percent(one)) for one in rows[0].tolist()} == {Decimal(one) / 10_000 for one in rows[0].tolist()}


@given(loops(6), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_sources_in_documents_add_up_to_a_hundred(entries, seed):
    documents, _ = told("RecyclingInformation", entries, shares=shares_of(entries, seed))
    for one in documents:
        sources = one["materialSourceShares"]
        assert sources["primaryMaterial"] + sources["secondaryMaterial"] + one["reutilizationMaterialShare"] == 100
        scrap = sum(one["preConsumerShares"].values()) + sum(one["postConsumerShares"].values())
        assert scrap <= sources["secondaryMaterial"]


def test_without_shares_no_information():
    documents, lost = told("RecyclingInformation", tiny())
    assert documents == []
    assert lost.left_out["shares_not_given"] > 0


def test_a_withheld_origin_is_left_out():
    entries = tiny()
    none = np.full(len(entries), DECLARATIONS.index("none"))
    documents, lost = told("RecyclingInformation", records_of(entries, declared=none), shares=shares_of(entries))
    assert documents == []
    assert lost.left_out["origin_withheld"] == len(told("Material", entries)[0])


def test_materials_say_what_a_lot_is_of():
    documents, _ = told("Material", all_steps())
    by = {(one["materialFormat"], one["chemicalCharacterization"]): one["materialClassification"] for one in documents}
    assert by["scrap", "6016"]["materialSubgroup"] == "2.1.2"
    assert by["scrap", "ADC12"]["materialSubgroup"] == "2.1.1"
    assert by["pellets", "PP"]["materialGroup"] == "5.1"
    assert by["scrap", "not recorded"]["materialGroup"] == "not recorded"


def test_content_of_parts_adds_up_to_a_hundred():
    entries = all_steps()
    documents, lost = told("SecondaryMaterialContentVerifiable", entries, shares=shares_of(entries))
    assert len(documents) == 3
    assert lost.filled["SecondaryMaterialContentVerifiable.orderNumber"] == 3
    for one in documents:
        [content] = one["secondaryMaterialContent"]
        assert sum(_percentages(content)) == 100
    hood = documents[0]["secondaryMaterialContent"][0]["unitOfMeasure"]
    assert (hood["materialNetMass"], hood["grossMaterialInputMass"]) == (70, 70)


def _percentages(node):
    if isinstance(node, dict):
        if "percentageOfMaterialWeight" in node:
            yield node["percentageOfMaterialWeight"]
        for value in node.values():
            yield from _percentages(value)


def test_identifiers_of_lots_tie_the_aspects():
    entries = random_loop(4)
    shares = shares_of(entries)
    first, _ = told("RecyclingInformation", entries, shares=shares)
    second, _ = told("Material", entries, shares=shares)
    assert [one["globalAssetId"] for one in first] == [one["globalAssetId"] for one in second]
    assert len({one["globalAssetId"] for one in first}) == len(first)
