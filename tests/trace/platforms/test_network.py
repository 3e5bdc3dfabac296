"""The network of platforms: who is heard of a bale, when, and how far it can be believed."""

from __future__ import annotations

import pickle
from dataclasses import replace

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.quantities.streams import KeyedSource
from cesim.text import message
from cesim.trace.platforms.answering import DAY, WorkingTime
from cesim.trace.platforms.network import QUARTER, Network, withheld
from cesim.trace.platforms.network_plan import CompositionPlan, NetworkPlan, composition_plan, supplier_of
from cesim.trace.records import DECLARATIONS, FAULTS
from cesim.trace.reporting.policies import Policies
from cesim.trace.reporting.policy import Policy

GRADES, REGIONS = ("part-6016", "wheels", "sorted-6063", "other-can"), ("Aichi", "Gifu")
NAMES = ("Al", "Si", "Fe", "Cu", "Mg")
PLAIN = Policy()
AT_ONCE = CompositionPlan(
    people=200, answer_hours=0.1, answer_cv=0.0, refused=0.0, returned=0.0, review_days=0.0, declared=(1.0, 0.0, 0.0)
)
FOREVER = 10**9


def everybody(policy: Policy, composition: CompositionPlan = AT_ONCE) -> NetworkPlan:
    return NetworkPlan(Policies(otherwise=policy), composition)


USUAL = NetworkPlan(
    Policies(
        {
            "dismantler": Policy(coverage=0.9, delay_days=3.0, delay_spread=0.8, swapped=0.02, weighing_sd=0.01),
            "shredder": Policy(coverage=0.7, delay_days=5.0, delay_spread=0.8, swapped=0.04, bias_sd=0.01),
        },
        {"dismantlers Gifu": Policy(coverage=0.0)},
        Policy(coverage=0.2, declaration="FMD", back_dated=0.3, back_dated_days=20.0),
    )
)


def bales(count=400, seed=1, year_s=360 * DAY):
    rng = np.random.default_rng(seed)
    rows = {
        "lot": np.arange(count) * 7 + 3,
        "time_s": np.sort(rng.integers(0, year_s, count)),
        "identity": np.arange(count) + (3 << 40),
        "grade": rng.integers(0, len(GRADES), count),
        "region": rng.integers(-1, len(REGIONS), count),
    }
    share = rng.dirichlet([95.0, 1.0, 0.5, 0.3, 0.8], count)
    rows.update({f"{name}_mg": np.rint(share[:, place] * 10**10).astype(np.int64) for place, name in enumerate(NAMES)})
    return rows


def network(plan, seed=5):
    return Network(plan, GRADES, REGIONS, KeyedSource(seed))


def told(plan, rows, seed=5):
    made = network(plan, seed)
    made.tell({"lot": rows})
    return made


def said(made, lot, now=FOREVER):
    return {claim.field: claim.value for claim in made.ask(int(lot), "Toyota", now)}


def truth(rows, place):
    return {f"{name}_mg": int(rows[f"{name}_mg"][place]) for name in NAMES}


def test_where_everybody_writes_at_once_all_is_known_as_it_is():
    rows = bales()
    made = told(everybody(PLAIN), rows)
    for place, lot in enumerate(rows["lot"]):
        assert said(made, lot) == truth(rows, place)
        assert {claim.reliability for claim in made.ask(int(lot), "x", FOREVER)} == {1.0}


def test_nothing_is_known_of_a_stranger_or_before_it_is_written():
    rows = bales()
    made = told(everybody(Policy(delay_days=4.0)), rows)
    assert made.ask(1, "x", FOREVER) == ()
    first, second = int(rows["lot"][0]), int(rows["time_s"][0])
    assert made.ask(first, "x", second + 4 * DAY - 1) == ()
    known = made.ask(first, "x", second + 15 * DAY)
    assert known
    assert second + 4 * DAY < known[0].recorded_s <= second + 15 * DAY
    assert made.decisions()["written_s"].tolist() == (rows["time_s"] + 4 * DAY).tolist()


def test_a_record_that_comes_late_wakes_whoever_waits():
    rows = {name: column[:1] for name, column in bales().items()}
    made = told(everybody(Policy(delay_days=4.0, delay_spread=1.0), replace(AT_ONCE, review_days=3.0)), rows)
    woken, answers = [], []
    while (second := made.next_wake()) is not None:
        answers.append(bool(made.ask(3, "x", second - 1)))
        woken.append(second)
        known = made.ask(3, "x", second)
        assert len(woken) < 10
    assert known
    assert known[0].recorded_s == woken[-1]
    assert not any(answers)


def test_coverage_is_by_supplier_and_those_who_stay_away_write_nothing():
    rows = bales(8000)
    made = told(USUAL, rows)
    decided = made.decisions()
    covered = decided["covered"].astype(bool)
    who = [made.suppliers[place] for place in decided["supplier"]]
    for place, actor in enumerate(who):
        region = int(rows["region"][place])
        assert actor == supplier_of(GRADES[rows["grade"][place]], REGIONS[region] if region >= 0 else None)
    of = np.array([actor.name for actor in who])
    role = np.array([actor.role for actor in who])
    assert set(of) == {
        "dismantlers Aichi", "dismantlers Gifu", "shredder Aichi", "shredder Gifu", "scrap traders", "other regions",
    }  # fmt: skip
    assert not covered[of == "dismantlers Gifu"].any()
    assert covered[of == "dismantlers Aichi"].mean() == pytest.approx(0.9, abs=0.03)
    assert covered[role == "shredder"].mean() == pytest.approx(0.7, abs=0.04)
    assert covered[of == "scrap traders"].mean() == pytest.approx(0.2, abs=0.04)
    assert ((decided["written_s"] >= 0) == covered).all()
    late = (decided["written_s"] - decided["time_s"])[covered]
    assert np.median(late[role[covered] == "shredder"]) == pytest.approx(5 * DAY, rel=0.1)
    assert set(late[of[covered] == "scrap traders"]) == {0, 20 * DAY}
    assert {DECLARATIONS[place] for place in decided["declared"][~covered]} == {"none"}
    assert {DECLARATIONS[place] for place in decided["declared"][covered & (of == "scrap traders")]} == {"FMD"}


def test_the_luck_of_a_bale_does_not_depend_on_what_else_there_is():
    rows = bales(600)
    whole = told(USUAL, rows).decisions()
    some = np.arange(0, 600, 3)
    part = told(USUAL, {name: column[some] for name, column in rows.items()}).decisions()
    one_by_one = network(USUAL)
    for place in some:
        one_by_one.tell({"lot": {name: column[place : place + 1] for name, column in rows.items()}})
    for name in ("covered", "written_s", "declared", "supplier"):
        assert (whole[name][some] == part[name]).all()
    for name, column in one_by_one.decisions().items():
        assert (column == part[name]).all(), name


def test_claims_are_right_as_often_as_they_say():
    rows = bales(20_000)
    made = told(everybody(Policy(swapped=0.05, unit_slip=0.02), replace(AT_ONCE, stale=(0.03, 0.0, 0.0))), rows)
    right, trust = [], []
    for place, lot in enumerate(rows["lot"]):
        claims = made.ask(int(lot), "x", FOREVER)
        right.append({claim.field: claim.value for claim in claims} == truth(rows, place))
        trust.append(claims[0].reliability)
    assert np.mean(trust) == pytest.approx(0.95 * 0.98 * 0.97)
    assert np.mean(right) == pytest.approx(np.mean(trust), abs=0.01)
    wrong = made.decisions()["wrong"]
    assert ((wrong == 0) == np.array(right)).all()
    for name, share in (("swapped_lot", 1.0 - 0.95 * 0.97), ("unit_slip", 0.02), ("scale", 0.0)):
        assert (wrong & (1 << FAULTS.index(name)) > 0).mean() == pytest.approx(share, abs=0.006)


def test_a_scale_that_is_off_changes_masses_and_no_composition():
    rows = bales(300)
    made = told(everybody(Policy(bias_sd=0.1, weighing_sd=0.01)), rows)
    supplier = made.decisions()["supplier"]
    factors = np.array([said(made, lot)["Al_mg"] / rows["Al_mg"][k] for k, lot in enumerate(rows["lot"])])
    for place, lot in enumerate(rows["lot"]):
        for name, mass in truth(rows, place).items():
            assert said(made, lot)[name] == pytest.approx(mass * factors[place], rel=1e-6, abs=1.0)
    mean = [np.log(factors[supplier == one]).mean() for one in range(len(made.suppliers))]
    assert all(np.log(factors[supplier == one]).std() < 0.02 for one in range(len(made.suppliers)))
    assert np.std(mean) > 0.03
    assert (made.decisions()["wrong"] == 1 << FAULTS.index("scale")).all()
    assert made.ask(int(rows["lot"][0]), "x", FOREVER)[0].reliability == 1.0


def test_whoever_declares_nothing_is_asked_nothing():
    made = told(everybody(Policy(declaration="none")), bales(20))
    assert made.decisions()["covered"].all()
    assert made.next_wake() is None
    assert not any(made.ask(int(lot), "x", FOREVER) for lot in bales(20)["lot"])


def test_a_swapped_record_is_that_of_an_earlier_bale_of_the_same_supplier():
    rows = bales(300)
    made = told(everybody(Policy(swapped=0.2)), rows)
    wrong, supplier = made.decisions()["wrong"], made.decisions()["supplier"]
    assert wrong.any()
    for place in np.flatnonzero(wrong):
        before = [truth(rows, other) for other in np.flatnonzero(supplier[:place] == supplier[place])]
        assert said(made, rows["lot"][place]) in before


def test_the_lot_that_a_record_was_taken_for_is_the_one_it_speaks_of():
    rows = bales(300)
    made = told(everybody(Policy(swapped=0.1), replace(AT_ONCE, stale=(0.2, 0.0, 0.0))), rows)
    decided = made.decisions()
    place_of = {lot: place for place, lot in enumerate(rows["lot"].tolist())}
    swapped = decided["taken_for"] >= 0
    assert 10 < swapped.sum() < 60
    for place in np.flatnonzero(swapped):
        other = place_of[int(decided["taken_for"][place])]
        assert other < place
        assert decided["supplier"][other] == decided["supplier"][place]
        assert said(made, rows["lot"][place]) == truth(rows, other)
    stale = ~swapped & (decided["wrong"] > 0)  # another composition, and nobody's label
    assert stale.sum() > 30


def test_what_goes_through_rmp_is_that_of_dismantlers_and_shredders():
    rows = bales(2000)
    made = told(USUAL, rows)
    decided = made.decisions()
    role = np.array([made.suppliers[place].role for place in decided["supplier"]])
    ours = np.isin(role, ["dismantler", "shredder"]) & (decided["covered"] > 0)
    assert made.rmp == {"process_batch": ours.sum(), "composition": ours.sum()}
    assert made.cmp.traffic.lookups == (decided["covered"] > 0).sum() > ours.sum() > 0
    made.tell({"lot": rows})  # sold on: looked up once more, and still one batch
    assert made.rmp == {"process_batch": ours.sum(), "composition": 2 * ours.sum()}


def test_the_first_of_a_grade_region_and_quarter_waits_for_an_answer_and_later_ones_do_not():
    composition = replace(AT_ONCE, people=1, answer_hours=40.0)
    rows = {name: np.repeat(column[:1], 3) for name, column in bales().items()}
    rows["lot"], rows["identity"] = np.array([1, 2, 3]), np.array([1, 2, 3])
    rows["time_s"] = np.array([0, 30 * DAY, QUARTER])
    made = told(everybody(PLAIN, composition), rows)
    for lot, at, known in [(1, 4 * DAY, 0), (1, 5 * DAY, 5), (2, 30 * DAY - 1, 0), (2, 30 * DAY, 5), (3, QUARTER, 0)]:
        assert len(made.ask(lot, "x", at)) == known, (lot, at)
    assert made.ask(3, "x", QUARTER + 8 * DAY)
    assert (made.cmp.traffic.requests, made.cmp.traffic.answers, made.cmp.traffic.lookups) == (2, 2, 3)


def test_a_refused_composition_is_never_known():
    rows = bales(50)
    made = told(everybody(PLAIN, replace(AT_ONCE, refused=0.5)), rows)
    known = [bool(said(made, lot)) for lot in rows["lot"]]
    asked = made.cmp.traffic
    assert 0 < asked.refusals < asked.requests
    assert 0 < sum(known) < 50
    assert made.next_wake() is None


@pytest.mark.parametrize(("declared", "most"), [((0.0, 1.0, 0.0), 0.005), ((0.0, 0.0, 1.0), 0.01)])
def test_what_is_withheld_is_not_said_but_its_mass_is(declared, most):
    rows = bales(200)
    made = told(everybody(PLAIN, replace(AT_ONCE, declared=declared, stale=(0.0, 0.0, 0.04))), rows)
    hid = 0
    for place, lot in enumerate(rows["lot"]):
        claims, whole = said(made, lot), truth(rows, place)
        if made.decisions()["wrong"][place]:
            continue
        away = claims.pop("withheld_mg", 0)
        assert claims.items() <= whole.items()
        assert sum(claims.values()) + away == sum(whole.values())
        assert away <= most * sum(whole.values())
        hid += len(whole) - len(claims)
    assert hid > 100


def test_the_smallest_are_withheld_first():
    assert withheld(np.array([900, 50, 0, 30, 20]), 0.05).tolist() == [False, False, True, True, True]
    assert not withheld(np.array([900, 0]), 0.0).any()


def test_a_saved_network_goes_on_as_if_it_had_not_been():
    rows = bales(300)
    half = [{name: column[part] for name, column in rows.items()} for part in (slice(150), slice(150, 300))]
    going, saved = network(USUAL), network(USUAL)
    for made in (going, saved):
        made.tell({"lot": half[0]})
        made.ask(3, "x", int(half[0]["time_s"][-1]))
    saved = pickle.loads(pickle.dumps(saved))
    answers = []
    for made in (going, saved):
        made.tell({"lot": half[1]})
        answers.append(
            [(made.next_wake(), made.ask(int(lot), "x", now)) for now in (DAY * 200, FOREVER) for lot in rows["lot"]]
        )
    assert answers[0] == answers[1]
    assert going.cmp.traffic == saved.cmp.traffic
    assert all((a == b).all() for a, b in zip(going.decisions().values(), saved.decisions().values(), strict=True))


def test_nothing_told_is_nothing_decided():
    made = network(USUAL)
    made.tell({})
    assert {len(column) for column in made.decisions().values()} == {0}
    assert made.next_wake() is None


def test_a_desk_is_read_from_the_numbers_of_a_scenario():
    plan = composition_plan({"people": 3.6, "full": 0.5, "registered": 0.8, "stale": 0.02, "answer_hours": 2.0})
    assert plan.people == 4
    assert plan.declared == pytest.approx((0.5, 0.4, 0.1))
    assert plan.stale == (0.0, 0.02, 0.02)
    assert (plan.answer_hours, plan.deemed_days) == (2.0, CompositionPlan().deemed_days)
    assert composition_plan({}).declared == pytest.approx(CompositionPlan().declared)
    assert composition_plan({"full": 1.0, "registered": 1.0}).declared == (1.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("network_number", lambda: CompositionPlan(refused=1.2)),
        ("network_number", lambda: CompositionPlan(answer_hours=float("nan"))),
        ("unknown_key", lambda: composition_plan({"peeple": 3.0})),
        ("network_number", lambda: CompositionPlan(undisclosed=(0.0, 0.05, 0.2))),
        ("network_number", lambda: CompositionPlan(undisclosed=(0.1, 0.0, 0.0))),
        ("network_shares", lambda: CompositionPlan(declared=(0.5, 0.2, 0.2))),
        ("network_row_short", lambda: told(NetworkPlan(), {"lot": np.array([1]), "time_s": np.array([1])})),
        ("network_row_unknown", lambda: told(NetworkPlan(), {**bales(1), "grade": np.array([4])})),
        ("network_row_unknown", lambda: told(NetworkPlan(), {**bales(1), "region": np.array([-2])})),
    ],
)
def test_what_is_refused_and_in_which_words(code, wrong):
    with pytest.raises(InputError) as caught:
        wrong()
    assert [fault.code for fault in caught.value.faults] == [code]
    fault = caught.value.faults[0]
    for lang in ("ja", "en"):
        assert "?" not in message(fault, lang)
        assert code not in message(fault, lang)


def one(lot, second, grade=0):
    rows = {name: column[:1].copy() for name, column in bales().items()}
    rows["lot"][:], rows["identity"][:], rows["time_s"][:], rows["grade"][:] = lot, lot, second, grade
    return {"lot": rows}


def test_a_bale_told_late_is_asked_for_when_it_is_told():
    made = network(everybody(PLAIN, replace(AT_ONCE, people=1)))
    made.tell(one(1, 0))
    assert made.ask(1, "x", 100 * DAY)
    made.tell(one(2, 50 * DAY, grade=2))  # came long ago, told only now, and nobody asked for its grade before
    assert made.ask(2, "x", 100 * DAY) == ()
    (second,) = {claim.recorded_s for claim in made.ask(2, "x", 110 * DAY)}
    assert 100 * DAY < second < 105 * DAY


def test_a_record_whose_composition_is_known_already_wakes_when_it_is_written():
    made = network(everybody(Policy(delay_days=10.0)))
    made.tell(one(1, 0))
    assert made.ask(1, "x", 30 * DAY)
    made.tell(one(2, 40 * DAY))
    assert made.next_wake() == 50 * DAY
    assert made.ask(2, "x", 50 * DAY - 1) == ()
    assert made.ask(2, "x", 50 * DAY)
    assert made.next_wake() is None


def test_an_answer_nobody_reviews_counts_as_approved_and_a_late_one_is_asked_for_again():
    always = WorkingTime(0, 24, 7)
    plan = replace(AT_ONCE, working=always, answer_hours=40 * 24.0, review_days=45.0, review_cv=0.0, deemed_days=30.0)
    made = network(everybody(PLAIN, plan))
    made.tell(one(1, 0))
    assert made.ask(1, "x", 70 * DAY - 1) == ()
    assert made.ask(1, "x", 70 * DAY)[0].recorded_s == 70 * DAY
    counted = made.cmp.traffic
    assert (counted.reminders, counted.deemed, counted.approvals, counted.answers) == (2, 1, 0, 1)


def test_an_answer_that_is_returned_goes_through_the_desk_again():
    always = WorkingTime(0, 24, 7)
    plan = replace(AT_ONCE, working=always, answer_hours=24.0, review_days=2.0, review_cv=0.0, returned=0.99)
    made = network(everybody(PLAIN, plan))
    made.tell(one(1, 0))
    assert made.ask(1, "x", 100 * DAY)[0].recorded_s == 3 * made.cmp.traffic.answers * DAY
    counted = made.cmp.traffic
    assert counted.returns == counted.answers - 1 > 0
    assert counted.approvals == 1
