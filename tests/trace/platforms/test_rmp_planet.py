"""RMP and PLA-NET: cars until the shredder, lots after it, recyclate and what is claimed of it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from cesim.errors import InputError
from cesim.text import message
from cesim.trace.platforms.batches import PROCESSES, ROLES, ProcessBatch
from cesim.trace.platforms.cmp import Cmp
from cesim.trace.platforms.planet import Offer, PlaNet, Quality
from cesim.trace.platforms.products import MISC, Declaration, Substance
from cesim.trace.platforms.rmp import Composition, ResidualValue, Rmp, WasteDetail

KG = 10**6
SECRET = b"thirty-two bytes that nobody knows"
SHREDDING = ProcessBatch(
    "B1", "shredding", "Toyokin", "shredder", "Toyokin", "shredder", 50, 60, 900 * KG, 880 * KG, "s1"
)


def rmp():
    cmp = Cmp(10)
    parts = (Substance("Al", 95), Substance("Mn", 5, disclosed=False))
    cmp.register(Declaration("maker", "hood-7", "material", 100, substances=parts, declared="FMD"))
    return Rmp(cmp, {("small", "hood"): "hood-7"}, SECRET)


def shredded(made):
    car = made.take_back("ABC-123", "small", "dealer", 0)
    made.hand_over(car, "dealer", "Toyokin", 10)
    made.take_over(car, "Toyokin", 20)
    made.shred(SHREDDING, [car])
    return car


def code(wrong):
    with pytest.raises(InputError) as caught:
        wrong()
    (fault,) = caught.value.faults
    for lang in ("ja", "en"):
        assert fault.code not in message(fault, lang)
        assert "?" not in message(fault, lang)
    return fault.code


def test_a_car_goes_under_a_pseudonym_until_it_is_shredded_and_no_further():
    made = rmp()
    car = shredded(made)
    assert "ABC" not in car
    assert car != Rmp(made.cmp, made.parts, SECRET[::-1]).take_back("ABC-123", "small", "dealer", 0)
    for later in (
        lambda: made.composition(car, "hood"),
        lambda: made.hand_over(car, "Toyokin", "x", 99),
        lambda: made.value(ResidualValue(car, 1, "worn")),
        lambda: made.shred(replace(SHREDDING, batch="B2"), [car]),
    ):
        assert code(later) == "rmp_vehicle_ended"
    assert car not in json.dumps(made.batches["B1"].as_data())
    assert set(made.batches) == {"B1"}
    assert made.traffic == {
        "take_back": 1, "hand_over": 1, "take_over": 1, "process_batch": 1, "vehicles ended": 1,
    }  # fmt: skip


def test_nobody_reports_an_arrival_before_the_hand_over():
    made = rmp()
    car = made.take_back("ABC-123", "small", "dealer", 0)
    assert code(lambda: made.take_over(car, "Toyokin", 5)) == "rmp_not_handed_over"
    assert code(lambda: made.hand_over(car, "Toyokin", "dealer", 5)) == "rmp_not_here"
    made.hand_over(car, "dealer", "Toyokin", 10)
    assert code(lambda: made.hand_over(car, "dealer", "other", 11)) == "rmp_not_here"
    assert code(lambda: made.take_over(car, "other", 12)) == "rmp_not_handed_over"
    assert code(lambda: made.shred(SHREDDING, [car])) == "rmp_not_here"
    assert code(lambda: made.take_over(car, "Toyokin", 9)) == "rmp_back"
    made.take_over(car, "Toyokin", 20)
    assert code(lambda: made.shred(SHREDDING, [car, car])) == "rmp_not_here"
    assert code(lambda: made.shred(replace(SHREDDING, step="sorting"), [car])) == "batch_step"
    made.hand_over(car, "Toyokin", "other", 25)
    assert code(lambda: made.shred(SHREDDING, [car])) == "rmp_not_here"
    assert code(lambda: made.take_back("ABC-123", "small", "dealer", 30)) == "rmp_vehicle_twice"
    assert code(lambda: made.composition("nobody", "hood")) == "rmp_vehicle_unknown"
    assert made.batches == {}


def test_the_composition_of_a_part_comes_from_cmp_without_what_is_withheld():
    made = rmp()
    car = made.take_back("ABC-123", "small", "dealer", 0)
    assert made.composition(car, "hood") == Composition((Substance("Al", 95), Substance(MISC, 5)), "FMD", 0.95)
    assert made.composition(car, "door") is None
    assert (made.traffic["composition"], made.cmp.traffic.lookups) == (2, 1)


def test_waste_and_residual_value_are_kept():
    made = rmp()
    car = made.take_back("ABC-123", "small", "dealer", 0)
    made.value(ResidualValue(car, 90_000, "rusty"))
    made.report_waste(WasteDetail("small", "Mie", 5 * KG, "none", "M-1"))
    assert made.residual[car].mileage_km == 90_000
    assert [one.manifest for one in made.waste] == ["M-1"]


@pytest.mark.parametrize(
    ("wanted", "change"),
    [("batch_mass", {"output_mg": 901 * KG}), ("batch_mass", {"output_mg": -1}), ("batch_step", {"step": "painting"}),
     ("batch_time", {"ends_s": 49})],
)  # fmt: skip
def test_what_is_no_batch(wanted, change):
    assert code(lambda: replace(SHREDDING, **change)) == wanted


def test_a_short_secret_is_refused():
    assert code(lambda: Rmp(Cmp(1), {}, b"short")) == "commitment_salt"


def test_words_of_batches_are_those_of_the_published_schema():
    folder = Path(os.environ.get("CESIM_STANDARDS", Path(__file__).parents[4] / "shared/reference/standards"))
    file = folder / "catenax/io.catenax.material_accounting/1.0.0/RecyclingBatch-schema.json"
    if not file.exists():
        pytest.skip("the standards do not lie beside the checkout")
    schemas = json.loads(file.read_text())["components"]["schemas"]
    words = {name.split(":")[-1]: set(one["enum"]) for name, one in schemas.items() if "enum" in one}
    assert {process for process, _ in PROCESSES.values()} <= words["ProcessTypeEnum"]
    assert {child for _, child in PROCESSES.values()} <= words["ChildProcessEnum"]
    assert set(ROLES.values()) <= words["ActorRoleEnumeration"]
    step = next(one for one in schemas.values() if "childProcessType" in one.get("properties", {}))
    assert set(SHREDDING.as_data()["childProcessSteps"][0]) <= set(step["properties"])
    top = json.loads(file.read_text())["properties"]
    assert set(SHREDDING.as_data()) <= set(top)


def planet():
    made = rmp()
    shredded(made)
    made.record(
        ProcessBatch("B2", "sorting", "Toyokin", "shredder", "plant", "pelletiser", 70, 80, 100 * KG, 60 * KG, "s2")
    )
    return PlaNet(made)


SHARES = {"post_elv": 0.5, "pre_other": 0.25, "primary": 0.25}


def test_recyclate_takes_over_from_rmp_with_hashes_of_its_batches_only():
    made = planet()
    lot = made.take_over("L1", "plant", 60 * KG, SHARES, ["B1", "B2"], Quality("PP", 12.0, 0.91, 0.01))
    assert made.origin("L1") is lot
    told = repr(lot.chain)
    assert len(set(lot.chain)) == 2
    assert not any(name in told for name in ("B1", "B2", "Toyokin"))
    info = lot.information()
    assert info["postConsumerShares.automotive"] == 50.0
    assert info["preConsumerShares.nonAutomotive"] == 25.0
    assert (info["materialSourceShares.primaryMaterial"], info["materialSourceShares.secondaryMaterial"]) == (
        25.0,
        75.0,
    )
    assert made.traffic == {"origin": 1, "quality": 1}


def test_no_more_is_claimed_than_there_is_and_no_certificate_twice():
    made = planet()
    made.take_over("L1", "plant", 60 * KG, SHARES, ["B2"])
    assert made.claim("C1", "L1", 20 * KG) == 10 * KG
    assert code(lambda: made.claim("C1", "L1", KG)) == "planet_certificate_used"
    assert code(lambda: made.claim("C2", "L1", 10 * KG + 1)) == "planet_claim_above"
    assert code(lambda: made.claim("C2", "L1", 0)) == "planet_claim_above"
    made.take_over("L2", "plant", 60 * KG, SHARES, ["B2"])
    assert made.claim("C9", "L2", 15 * KG) == 15 * KG
    assert made.claim("C2", "L1", 10 * KG) == 0
    assert code(lambda: made.claim("C3", "L9", 1)) == "planet_lot_unknown"


def test_offers_are_found_by_polymer_time_and_region():
    made = planet()
    for maker, region, mass in (("a", "Mie", 5), ("b", "Aichi", 9), ("c", "Mie", 7)):
        made.offer(Offer(maker, region, "PP", mass, 0, 100))
    made.offer(Offer("d", "Mie", "PE", 99, 0, 100))
    assert [one.maker for one in made.offered("PP", 99)] == ["b", "c", "a"]
    assert [one.maker for one in made.offered("PP", 0, "Mie")] == ["c", "a"]
    assert made.offered("PP", 100) == []
    assert code(lambda: made.offer(Offer("d", "Mie", "PE", 0, 0, 100))) == "planet_offer"
    assert code(lambda: made.offer(Offer("d", "Mie", "PE", 5, 7, 7))) == "planet_offer"


@pytest.mark.parametrize(
    ("wanted", "mass", "shares", "batches"),
    [
        ("planet_batch_unknown", KG, SHARES, ["B1", "B9"]),
        ("planet_shares", KG, {"primary": 0.9}, ["B2"]),
        ("planet_shares", KG, {"primary": 1.5, "bio": -0.5}, ["B2"]),
        ("planet_mass", 60 * KG + 1, SHARES, ["B2"]),
        ("planet_mass", 0, SHARES, []),
    ],
)
def test_what_pla_net_does_not_take_over(wanted, mass, shares, batches):
    made = planet()
    assert code(lambda: made.take_over("L1", "plant", mass, shares, batches)) == wanted
    made.take_over("L1", "plant", KG, SHARES, ["B2"])
    assert code(lambda: made.take_over("L1", "plant", KG, SHARES, ["B2"])) == "planet_lot_twice"
