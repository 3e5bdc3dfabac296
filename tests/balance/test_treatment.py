"""From the last owner to scrap grades, pellets and residue."""

import numpy as np
import pytest
from made_up_system import changed, make
from solved import solved

from cesim.balance.inputs import PART_GRADES, SHRED_GRADES
from cesim.ledger.substances import ALLOYS, ITEMS, POLYMERS

SHAPE = {"draws": 3, "years": 2, "regions": ("a", "b"), "melters": 1, "seed": 5}


def treated(**values):
    return solved(changed(make(**SHAPE), "treatment", **values))


def mass(answer, process_from, process_to, **choice):
    return answer.view.mass(answer.flows[2023], process_from, process_to, **choice)


def test_nothing_taken_off_is_all_shredded():
    plain = make(**SHAPE).treatment
    answer = treated(reused=np.zeros_like(plain.reused), taken=np.zeros_like(plain.taken))
    assert mass(answer, "dismantling", "shredding") == pytest.approx(mass(answer, "take_back", "dismantling"))
    for grade in PART_GRADES:
        assert (mass(answer, "dismantling", f"scrap_yard.{grade}") == 0).all()


def test_all_parts_reused_leave_none_for_their_material():
    plain = make(**SHAPE).treatment
    answer = treated(reused=np.ones_like(plain.reused))
    came = mass(answer, "take_back", "dismantling", alloy=("6016",))
    assert mass(answer, "dismantling", "part_reuse", alloy=("6016",)) == pytest.approx(came * plain.part_share[:, 0, 0])
    assert (mass(answer, "dismantling", "scrap_yard.*") == 0).all()


@pytest.mark.parametrize("alloy", ["6016", "6063", "ADC12", "AC4CH"])
def test_parts_leave_by_their_shares(alloy):
    answer = treated()
    t, item = answer.system.treatment, ITEMS.index(alloy)
    came = mass(answer, "take_back", "dismantling", alloy=(alloy,))
    part = int(np.argmax(t.part_share[0, :, item]))
    share = t.part_share[:, part, item] * (1 - t.reused[:, 0, part]) * t.taken[:, 0, part]
    assert mass(answer, "dismantling", "scrap_yard.*", alloy=(alloy,)) == pytest.approx(came * share)


def test_a_perfect_sorter_gives_pure_grades():
    plain = make(**SHAPE).treatment
    perfect = np.zeros_like(plain.sorted_to)
    grades = [f"sorted-{alloy}" if f"sorted-{alloy}" in SHRED_GRADES else "shred-cast" for alloy in ALLOYS]
    for n, grade in enumerate(grades):
        perfect[:, :, n, SHRED_GRADES.index(grade)] = 1.0
    answer = treated(
        sorted_to=perfect, shred_steel=np.zeros_like(plain.shred_steel), shred_copper=np.zeros_like(plain.shred_steel)
    )
    for alloy, grade in zip(ALLOYS, grades, strict=True):
        own = mass(answer, "alloy_sorting", f"scrap_yard.{grade}", alloy=(alloy,))
        assert own == pytest.approx(mass(answer, "shredding", "alloy_sorting", alloy=(alloy,)))
    assert (mass(answer, "alloy_sorting", "scrap_yard.sorted-6016", alloy=("6063", "steel")) == 0).all()
    assert (mass(answer, "alloy_sorting", "scrap_yard.shred-mixed") == 0).all()


def test_free_iron_in_shredded_aluminium_is_its_share():
    answer = treated()
    t = answer.system.treatment
    metal = mass(answer, "shredding", "alloy_sorting", alloy=ALLOYS)
    assert mass(answer, "shredding", "alloy_sorting", alloy=("steel",)) == pytest.approx(metal * t.shred_steel[:, 0])
    assert mass(answer, "shredding", "alloy_sorting", alloy=("copper",)) == pytest.approx(metal * t.shred_copper[:, 0])


def test_no_more_steel_sticks_to_aluminium_than_the_parts_hold():
    answer = treated(part_steel=np.full(3, 50.0), shred_steel=np.full((3, SHAPE["years"]), 50.0))
    came = mass(answer, "take_back", "dismantling", alloy=("steel",))
    stuck = mass(answer, "dismantling", "scrap_yard.*", alloy=("steel",))
    assert (stuck > 0).all()
    assert (stuck < came).all()
    assert mass(answer, "dismantling", "ferrous_recycling") == pytest.approx(np.zeros(3), abs=1e-9)
    assert mass(answer, "shredding", "ferrous_recycling") == pytest.approx(np.zeros(3), abs=1e-9)
    assert answer.certificate().passed


def test_residue_sorting_catches_its_share_of_each_polymer():
    answer = treated()
    t = answer.system.treatment
    for n, polymer in enumerate(POLYMERS):
        into = mass(answer, "asr_treatment", "asr_sorting", alloy=(polymer,))
        assert into == pytest.approx(mass(answer, "shredding", "asr_treatment", alloy=(polymer,)) * t.asr_sorted[:, 0])
        caught = mass(answer, "asr_sorting", "pelletising.*", alloy=(polymer,))
        assert caught == pytest.approx(into * t.asr_recovered[:, 0, n])
    assert (mass(answer, "asr_sorting", "pelletising.*", alloy=ALLOYS) == 0).all()
    plastic = mass(answer, "asr_sorting", "pelletising.*")
    burnt = sum(mass(answer, f"pelletising.asr-{name}", "energy_recovery") for name in ("pp", "abs"))
    assert burnt == pytest.approx(plastic * (1 - t.pellet_yield[:, 0, 1]))


def test_everything_that_was_in_use_is_post_consumer_after_take_back():
    answer = treated()
    for ends in (("take_back", "*"), ("dismantling", "*"), ("shredding", "*"), ("asr_*", "*"), ("pelletising.*", "*")):
        assert mass(answer, *ends, origin=("post_elv",)) == pytest.approx(mass(answer, *ends))
    before = mass(answer, "in_use", "take_back", origin=("primary",))
    assert (before > 0).all()


def test_no_car_is_lost_between_regions():
    answer = treated()
    for ends in (("take_back", "dismantling"), ("dismantling", "shredding")):
        left = sum(mass(answer, *ends, region=(r,)) for r in answer.regions)
        came = sum(mass(answer, *ends, region_to=(r,)) for r in answer.regions)
        assert left == pytest.approx(came)
    route = answer.system.treatment.elv_route
    from_a = mass(answer, "take_back", "dismantling", region=("a",))
    assert mass(answer, "take_back", "dismantling", region=("a",), region_to=("b",)) == pytest.approx(
        from_a * route[:, 0, 1]
    )
