"""What platforms carry of a ledger is what the platforms themselves count, record by record."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from chain_ledgers import ACTORS, DAY, KINDS, ROLES, chain
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_ledgers import Writer, entries_of, records_of, rows_of, whole

from cesim.errors import InputError
from cesim.quantities.streams import KeyedSource
from cesim.trace.entries import Actor, Names
from cesim.trace.exports.epcis_ledger import ledger_of
from cesim.trace.exports.lost import Lost
from cesim.trace.exports.ouranos import Ouranos
from cesim.trace.platforms.batches import ProcessBatch
from cesim.trace.platforms.cmp import Cmp
from cesim.trace.platforms.network_plan import CompositionPlan
from cesim.trace.platforms.planet import Offer, PlaNet
from cesim.trace.platforms.products import Declaration
from cesim.trace.platforms.rmp import Rmp, WasteDetail
from cesim.trace.platforms.sent import Sent
from cesim.trace.platforms.traffic import traffic_of
from cesim.trace.platforms.traffic_cmp import ASK, DECLARE, QUARTER, THROUGH_RMP, Asked, look_up, request
from cesim.trace.platforms.traffic_rmp import BATCHES
from cesim.trace.records import Records
from cesim.trace.steps import STEPS

SECRET = bytes(32)
YEAR = 2026
SEEDS = st.integers(0, 2**31)
FEW = settings(max_examples=40, deadline=None)


def drawn(seed):
    return chain(np.random.default_rng(seed), 240)


def reports(records):
    """Records that are sent, as written: number, word of the step, row of `rows_of`."""
    rows = rows_of(records.entries)
    for n in np.argsort(records.written_s, kind="stable").tolist():
        if not records.entries.inside[n]:
            yield n, STEPS[rows[n][0]], rows[n]


def goods(records, lot):
    return int(records.entries.lots.kind[lot]), int(records.entries.lots.item[lot])


def without_zeros(counts):
    return {name: count for name, count in counts.items() if count}


# RMP


def batches_by_rmp(records):
    made, counted = Rmp(Cmp(1), {}, SECRET), Counter()
    for n, step, (_, actor, _, time_s, inputs, outputs, sources, _, _) in reports(records):
        into, out = (sum(mass for _, mass in side) for side in (inputs + sources, outputs))
        name, role = ACTORS[actor][:2]
        if step in BATCHES:
            batch = (str(n), step, name, role, name, role, time_s, time_s)
            try:
                made.record(ProcessBatch(*batch, into, out, ""))
            except InputError:
                counted["batch_corrected"] += 1
                made.record(ProcessBatch(*batch, out, out, ""))
        if step == "disposal":
            for lot, mass in inputs:
                made.report_waste(WasteDetail(str(lot), name, mass, "", ""))
        counted["composition"] += len({"dismantling": inputs, "baling": outputs}.get(step, ()))
    return counted + made.traffic


@FEW
@given(SEEDS)
def test_batches_and_waste_are_those_that_rmp_takes(seed):
    records = drawn(seed)
    found = traffic_of(records, YEAR).messages["rmp"]
    wanted = batches_by_rmp(records)
    assert {name: found.get(name, 0) for name in wanted} == wanted
    assert wanted["process_batch"] > 0


def cars_by_hand(records):
    """The same cars kept track of in a few dictionaries."""
    called, holder, going, arrived, gathered = {}, {}, {}, {}, {}
    counted = Counter()
    for n, (step, actor, partner, _, inputs, outputs, *_) in enumerate(rows_of(records.entries)):
        lots, word = [lot for lot, _ in inputs], STEPS[step]
        cars = [called[lot] for lot in lots if lot in called]
        for lot, _ in outputs if word == "take_back" else ():
            counted["car_refused" if lot in holder else "take_back"] += 1
            if lot not in holder:
                called[lot], holder[lot] = lot, actor
        for car in cars if word == "shipping" else ():
            leaves = holder[car] == actor and car not in going
            counted["hand_over" if leaves else "car_refused"] += 1
            if leaves:
                going[car] = partner
                arrived.pop(car, None)
        for car in cars if word == "receiving" else ():
            comes = going.get(car) == actor
            counted["take_over" if comes else "car_refused"] += 1
            if comes:
                holder[car] = arrived[car] = actor
                del going[car]
        if word == "dismantling" and len(cars) == 1:
            called.update((lot, cars[0]) for lot, _ in outputs)
        if word == "shredding":
            hulks = [one for lot in lots for one in gathered.pop(lot, [lot])]
            if records.entries.inside[n]:
                gathered[outputs[0][0]] = gathered.get(outputs[0][0], []) + hulks
                continue
            found = {called[lot] for lot in hulks if lot in called}
            ended = {car for car in found if arrived.get(car) == actor}
            for car in ended:
                holder[car] = None
                del arrived[car]
            counted["cars_ended"] += len(ended)
            counted["cars_not_arrived"] += len(found) - len(ended)
    return counted


@FEW
@given(SEEDS)
def test_cars_are_those_that_dictionaries_keep_track_of(seed):
    records = drawn(seed)
    found = traffic_of(records, YEAR).messages["rmp"]
    wanted = cars_by_hand(records)
    assert {name: found.get(name, 0) for name in wanted} == wanted
    assert wanted["take_back"] > 0


def one_car(*leave_out):
    """A car from its owner to the shredder, told by everybody but those left out."""
    writer = Writer()
    writer.names = Names(tuple(Actor(*one) for one in ACTORS), KINDS, ("",), writer.names.classes)
    car, hulk, piece, feed, rest = (writer.lot(10, KINDS.index(k)) for k in ("car", "hulk", "piece", "feed", "residue"))
    told = [
        ("take_back", 0, {"outputs": [(car, 10)]}), ("shipping", 0, {"inputs": [(car, 10)], "partner": 1}),
        ("receiving", 1, {"inputs": [(car, 10)], "partner": 0}),
        ("dismantling", 1, {"inputs": [(car, 10)], "outputs": [(hulk, 7), (piece, 3)]}),
        ("shipping", 1, {"inputs": [(hulk, 7)], "partner": 3}), ("receiving", 3, {"inputs": [(hulk, 7)], "partner": 1}),
        ("shredding", 3, {"inputs": [(hulk, 7)], "outputs": [(feed, 7)]}),
        ("shredding", 3, {"inputs": [(feed, 7)], "outputs": [(rest, 7)]}),
    ]  # fmt: skip
    for n, (step, who, sides) in enumerate(told):
        if n not in leave_out:
            writer.write(STEPS.index(step), who, **sides)
    entries = writer.entries()
    gathers = (entries.step == STEPS.index("shredding")) & (entries.inputs.lot[entries.inputs.start[:-1]] == hulk)
    return records_of(replace(entries, inside=gathers))


def test_the_identity_of_a_car_ends_where_the_first_batch_of_the_shredder_is_reported():
    found = traffic_of(one_car(), YEAR).messages["rmp"]
    assert found == {
        "take_back": 1, "hand_over": 2, "take_over": 2, "cars_ended": 1, "process_batch": 2, "composition": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("left_out", "wanted"),
    [
        ((1,), {"car_refused": 3, "cars_not_arrived": 1, "take_back": 1}),
        ((2,), {"car_refused": 2, "cars_not_arrived": 1, "take_back": 1, "hand_over": 1}),
        ((3,), {"take_back": 1, "hand_over": 1, "take_over": 1}),
        ((5,), {"cars_not_arrived": 1, "take_back": 1, "hand_over": 2, "take_over": 1}),
        ((6,), {"take_back": 1, "hand_over": 2, "take_over": 2}),
        ((0,), {}),
    ],
)
def test_one_report_that_is_missing_ends_the_trail(left_out, wanted):
    found = dict(traffic_of(one_car(*left_out), YEAR).messages["rmp"])
    for name in ("process_batch", "composition"):
        found.pop(name, None)
    assert found == wanted


def test_a_car_that_the_shredder_sent_on_does_not_end_there():
    records = one_car()
    rows = rows_of(records.entries)
    rows.insert(6, [STEPS.index("shipping"), 3, 2, 0, [(1, 7)], [], [], 0, -1])
    entries = entries_of(rows, records.entries.names, [10, 7, 3, 7, 7], records.entries.lots.kind.tolist())
    found = traffic_of(records_of(entries), YEAR).messages["rmp"]
    assert (found["hand_over"], found["cars_not_arrived"]) == (3, 1)
    assert "cars_ended" not in found


def test_masses_that_nobody_tells_are_not_compared():
    records = one_car()
    for side, grew in (("inputs", 0), ("outputs", 0)):
        edges = getattr(records.entries, side)
        silent = replace(records.entries, **{side: replace(edges, mass_mg=np.where(edges.mass_mg == 7, -1, 99))})
        assert traffic_of(records_of(silent), YEAR).messages["rmp"].get("batch_corrected", 0) == grew
    heavier = replace(records.entries.outputs, mass_mg=records.entries.outputs.mass_mg + 1)
    told = traffic_of(records_of(replace(records.entries, outputs=heavier)), YEAR).messages["rmp"]
    assert told["batch_corrected"] == 2


# PLA-NET


def planet_itself(records):
    made = PlaNet(Rmp(Cmp(1), {}, SECRET))
    counted = Counter()
    plastics = {
        goods(records, lot)
        for _, step, (_, actor, partner, _, inputs, *_) in reports(records)
        for lot, _ in inputs
        if step == "pelletising"
        or (step == "shipping" and ROLES[partner] == "pelletiser")
        or (step == "receiving" and ROLES[actor] == "pelletiser")
    }
    pellets = {
        goods(records, lot)[0] for _, step, row in reports(records) for lot, _ in row[5] if step == "pelletising"
    }
    for n, step, (_, actor, _, time_s, _, outputs, *_) in reports(records):
        name, role, place = ACTORS[actor]
        month = np.datetime64(f"{YEAR}-01-01", "s") + np.timedelta64(time_s, "s")
        for lot, mass in outputs:
            bale = step == "baling" and goods(records, lot) in plastics
            sold = step == "supply" and (role == "recyclate_supplier" or goods(records, lot)[0] in pellets)
            if bale:
                total = sum(mass for _, mass in outputs)
                if str(n) not in made.rmp.batches:
                    made.rmp.record(ProcessBatch(str(n), step, name, role, name, role, 0, 0, total, total, ""))
            if bale or sold or step == "pelletising":
                try:
                    made.take_over(str(lot), name, mass, {"post_other": 1.0}, [str(n)] if bale else [])
                    counted["from_rmp"] += bale
                except InputError as refused:
                    counted["origin_refused"] += refused.faults[0].code == "planet_lot_twice"
            if step == "pelletising":
                polymer, when = str(goods(records, lot)[1]), int(month.astype("datetime64[M]").astype(int))
                offer = Offer(name, place, polymer, 1, when, when + 1)
                if offer not in made.offers:
                    made.offer(offer)
    return made, counted


def claim_all(records, made, counted):
    own = Counter()
    rows = rows_of(records.entries)
    for n in np.argsort(records.written_s, kind="stable").tolist():
        step, actor, _, _, inputs, *_ = rows[n]
        for lot, _ in inputs if STEPS[step] == "compounding" else ():
            own[lot, actor] += 1
            if own[lot, actor] > 1:
                continue
            try:
                made.claim(str(lot), str(lot), 1)
            except InputError as refused:
                counted["claim_refused"] += refused.faults[0].code == "planet_certificate_used"
    return counted + made.traffic


@FEW
@given(SEEDS)
def test_recyclates_offers_and_claims_are_those_that_pla_net_takes(seed):
    records = drawn(seed)
    found = dict(traffic_of(records, YEAR).messages["planet"])
    assert found.pop("quality", 0) == found.get("origin", 0)
    assert found == without_zeros(claim_all(records, *planet_itself(records)))
    assert found["origin"] > 0


# CMP


def requests_by_cmp(records):
    made, asked = Cmp(10), {}
    on_it = {row[1] for _, _, row in reports(records)}
    for n, step, (_, actor, partner, time_s, inputs, *_) in reports(records):
        giver, taker = (actor, partner) if step == "shipping" else (partner, actor)
        if step not in ("shipping", "receiving") or not {giver, taker} <= on_it or giver == taker:
            continue
        for lot, _ in inputs:
            key = giver, taker, goods(records, lot), time_s // QUARTER
            if ROLES[taker] in ASK and ROLES[giver] not in THROUGH_RMP and key not in asked:
                asked[key] = int(records.written_s[n])
                number = f"{giver} {goods(records, lot)}"
                if number not in made._products:
                    made.register(Declaration(ACTORS[giver][0], number, "material", 1))
                made.ask(ACTORS[taker][0], number, time_s)
    types, lookups = {}, 0
    for n, step, (_, actor, _, time_s, inputs, outputs, *_) in reports(records):
        for lot, _ in {"dismantling": inputs, "baling": outputs}.get(step, ()):
            where = ACTORS[actor][2] if step == "baling" else None
            types.setdefault((goods(records, lot), where, time_s // QUARTER), int(records.written_s[n]))
            lookups += 1
    assert made.traffic.requests == len(asked)
    return sorted([*types.values(), *asked.values()]), lookups


def declared_by_hand(records):
    making = ("supply", "rolling", "pressing", "pelletising", "compounding", "moulding")
    return len({
        (row[1], goods(records, lot), row[3] // QUARTER)
        for _, step, row in reports(records)
        for lot, _ in row[5]
        if step in making and ROLES[row[1]] in DECLARE
    })  # fmt: skip


@FEW
@given(SEEDS)
def test_requests_look_ups_and_declarations_are_those_of_cmp(seed):
    records = drawn(seed)
    found = traffic_of(records, YEAR).messages["cmp"]
    wanted, lookups = requests_by_cmp(records)
    assert (found["request"], found["lookup"]) == (len(wanted), lookups)
    asked, sent = Asked(), Sent(records, YEAR)
    look_up(sent, asked)
    request(sent, asked)
    assert sorted(asked.first.values()) == wanted  # the first to write asks
    assert found["declaration"] == declared_by_hand(records)
    assert "answer" not in found


@FEW
@given(SEEDS, st.integers(1, 5))
def test_every_request_is_answered_or_refused_and_every_answer_approved_or_returned(seed, people):
    plan = CompositionPlan(people=people, answer_hours=3.0, answer_cv=0.0, refused=0.1, returned=0.3, deemed_days=8.0)
    found = traffic_of(drawn(seed), YEAR, plan, KeyedSource(1))
    told, work = Counter(found.messages["cmp"]), found.work
    assert told["receipt"] + told["refusal"] == told["request"] > 0
    assert told["answer"] == told["receipt"] + told["return"]
    assert told["approval"] + told["deemed"] == told["receipt"]
    assert (work.answers, work.people) == (told["answer"], people)
    assert work.hours == pytest.approx(3.0 * work.answers)
    for median, tenth, most in (work.wait_days, work.until_read_days):
        assert 0.0 <= median <= tenth <= most


def test_nobody_waits_where_enough_people_answer_and_everybody_where_one_does():
    records = drawn(1)
    plan = CompositionPlan(people=500, answer_hours=40.0, answer_cv=0.0, returned=0.0, refused=0.0, review_days=0.0)
    many = traffic_of(records, YEAR, plan, KeyedSource(1)).work
    assert many.wait_days == (0.0, 0.0, 0.0)
    assert 4.5 < many.until_read_days[0] <= 7.5  # a week of work
    one = traffic_of(records, YEAR, replace(plan, people=1), KeyedSource(1)).work
    assert one.wait_days[0] > 4.0
    assert one.hours == many.hours


# Ouranos


@FEW
@given(SEEDS)
def test_parts_and_trades_are_those_that_are_exported(seed):
    records = drawn(seed)
    found = Counter(traffic_of(records, YEAR).messages["ouranos"])
    lost = Lost()
    written = Ouranos(ledger_of(records, YEAR), lost)
    assert found["parts"] == len(written.parts.maker)
    assert found["lots_folded"] == lost.folded["lots"]
    assert found["lots"] == found["parts"] + found["lots_folded"]
    assert found["structures"] == len(written.parts.children)
    assert found["children"] == sum(len(children) for children in written.parts.children.values())
    assert found["trades"] == found["status"] == len(written.parts.trades)
    assert found["lots_alone"] == (np.bincount(written.parts.of_lot[written.parts.of_lot >= 0]) == 1).sum()


def test_what_weighs_nothing_has_no_structure_as_in_the_export():
    records = one_car()
    for empty in (False, True):
        outputs = records.entries.outputs
        masses = np.where((outputs.lot == 1) & empty, 0, outputs.mass_mg)
        told = replace(records, entries=replace(records.entries, outputs=replace(outputs, mass_mg=masses)))
        found = traffic_of(told, YEAR).messages["ouranos"]["structures"]
        assert found == len(Ouranos(ledger_of(told, YEAR), Lost()).parts.children) == 3 - empty


def test_of_more_than_fifty_children_the_others_are_left_out():
    writer = Writer()
    writer.names = Names(tuple(Actor(*one) for one in ACTORS), tuple(f"k{n}" for n in range(61)), ("",), ("x",))
    lots = [(writer.lot(5, kind), 5) for kind in range(60)]
    writer.write(STEPS.index("supply"), 10, outputs=lots)
    writer.write(STEPS.index("melting"), 8, inputs=lots, outputs=[(writer.lot(300, 60), 300)])
    found = traffic_of(records_of(writer.entries()), YEAR).messages["ouranos"]
    assert (found["structures"], found["children"], found["children_left_out"]) == (1, 50, 10)


# all of them


def test_an_empty_ledger_has_no_traffic():
    entries = entries_of([], Names((), (), ("",)), [])
    nothing = Records(entries, whole([]), whole([]), whole([]), whole([]))
    found = traffic_of(nothing, YEAR, CompositionPlan(), KeyedSource(0))
    assert not any(found.messages.values())
    assert (found.work.answers, found.work.wait_days) == (0, (0.0, 0.0, 0.0))


def test_own_books_are_sent_to_nobody():
    records = drawn(3)
    inside = np.ones(len(records), dtype=bool)
    found = traffic_of(replace(records, entries=replace(records.entries, inside=inside)), YEAR)
    assert not any(found.messages.values())


def test_of_people_with_unknown_roles_there_is_less_and_nothing_fails():
    records = drawn(5)
    names = replace(records.entries.names, actors=tuple(Actor(f"firm {n}", "") for n in range(len(ACTORS))))
    silent = replace(records, entries=replace(records.entries, names=names))
    found, known = (Counter(traffic_of(one, YEAR).messages["cmp"]) for one in (silent, records))
    assert found["declaration"] == 0
    assert 0 < found["request"] < known["request"]  # what RMP looks up
    assert traffic_of(silent, YEAR).messages["rmp"] == traffic_of(records, YEAR).messages["rmp"]


@FEW
@given(SEEDS)
def test_later_writing_changes_what_is_waited_for_and_no_count_but_who_was_first(seed):
    records = drawn(seed)
    late = replace(records, written_s=records.written_s + 50 * DAY)
    assert traffic_of(late, YEAR).messages == traffic_of(records, YEAR).messages
