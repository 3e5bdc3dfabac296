"""Views: what nobody may see, on every level, under every contract, at every time."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import DAY, random_loop, tiny

from cesim.errors import InputError
from cesim.text import message
from cesim.trace.integrity.commitments import opens
from cesim.trace.platforms.products import MISC, Substance
from cesim.trace.records import Records
from cesim.trace.steps import STEPS
from cesim.trace.viewing.disclosure import LEVELS, SIDES, WITHHOLDABLE, Contract, Viewer
from cesim.trace.viewing.seeing import seen
from cesim.trace.viewing.views import SEALED, Line, Record, opening, sealed, view

PARTNERS = ("Ichi", "Futa", "Mitsu")
"""Names of partners; nothing else in a record contains them."""


@st.composite
def records(draw):
    """A record in which no two values are alike, so that a value tells which field it is of."""
    numbers = iter(draw(st.lists(st.integers(10**8, 10**9), min_size=40, max_size=40, unique=True)))
    lines = st.lists(st.sampled_from(PARTNERS), max_size=4)
    inputs = tuple(Line(f"in{k}x", f"thing{k}i", next(numbers), who) for k, who in enumerate(draw(lines)))
    outputs = tuple(Line(f"out{k}x", f"thing{k}o", next(numbers), who) for k, who in enumerate(draw(lines)))
    kinds = draw(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=6))
    substances = [Substance("Albase", 10**11 + next(numbers))]
    substances += [Substance(f"sub{k}s", next(numbers), shown, rule) for k, (shown, rule) in enumerate(kinds)]
    return Record(
        number="rec1n", step="melting", second=draw(st.integers(0, 10**4)), written_s=draw(st.integers(0, 10**4)),
        actor="Writer&Co", pseudonym="p9f3", region="regMie", declared="FSR", claim="30 % claimed", certificate="C-77",
        shares=tuple((f"origin{k}", next(numbers) / 7e9) for k in range(draw(st.integers(0, 3)))),
        loss_mg=next(numbers), substances=tuple(substances), inputs=inputs, outputs=outputs,
    )  # fmt: skip


contracts = st.builds(
    Contract,
    st.frozensets(st.sampled_from(sorted(WITHHOLDABLE))),
    st.frozensets(st.sampled_from([f"sub{k}s" for k in range(6)])),
    st.integers(0, 10**4),
    st.none() | st.integers(0, 10**4),
)
viewers = st.builds(Viewer, st.sampled_from(PARTNERS), st.sampled_from(LEVELS), st.sampled_from(SIDES))


def forbidden(record, viewer, contract, now):
    """Values that this viewer must not learn, said again from the rules and not from the code."""
    if now < record.written_s:
        return set(record.fields().values())
    if viewer.level == "own":
        return set()
    ruled = viewer.level
    if not (contract.starts_s <= record.second and (contract.ends_s is None or record.second < contract.ends_s)):
        ruled = "public"
    if ruled == "certifier":
        return set()
    away = {one.name for one in record.substances if not one.regulated}
    if ruled == "partner":
        away = {name for name in away if not named(record, name) or name in contract.undisclosed}
    hidden = set(away)
    if ruled != "partner" or len(away) > 1:  # what a single one weighs follows from the rest
        hidden |= {one.mass_mg for one in record.substances if one.name in away}
    for line in record.inputs:
        sold = ruled == "partner" and viewer.side == "upstream" and line.other == viewer.name
        hidden |= {line.mass_mg} | (set() if sold else {line.lot, line.item})
    for line in record.outputs:
        bought = ruled == "partner" and viewer.side == "downstream" and line.other == viewer.name
        hidden |= set() if bought else {line.lot, line.item, line.mass_mg}
    hidden |= {name for name in PARTNERS if name != viewer.name} | {record.loss_mg}
    if ruled != "partner":
        hidden |= {record.actor, record.number}
        hidden |= {viewer.name}
    gone = contract.withheld if ruled != "public" else WITHHOLDABLE
    if "shares" in gone:
        hidden |= {share for _, share in record.shares} | {name for name, _ in record.shares}
    hidden |= {record.region} if "region" in gone else set()
    hidden |= {record.number} if "number" in gone else set()
    return hidden


def named(record, name):
    return next(one.disclosed for one in record.substances if one.name == name)


SECRET = b"a secret of thirty-two bytes or more"


@given(records(), viewers, contracts, st.integers(0, 10**4))
def test_what_is_withheld_is_nowhere_in_a_view(record, viewer, contract, now):
    shown = view(sealed(record, SECRET), viewer, contract, now)
    told = [repr(shown), str(shown), json.dumps(shown.as_data())]
    for value in forbidden(record, viewer, contract, now):
        for text in told:
            # a number is no part of a longer one that may be seen
            assert not re.search(rf"(?<![0-9]){re.escape(str(value))}(?![0-9])", text), value
    if viewer.level in ("public", "chain", "partner") and "second" in contract.withheld:
        assert {"second", "month"} & set(shown.fields) == set()
    if viewer.level in ("public", "chain"):
        assert "second" not in shown.fields


@given(records(), st.sampled_from(SIDES), contracts, st.integers(0, 10**4))
def test_more_is_seen_from_level_to_level(record, side, contract, now):
    record = sealed(record, SECRET)
    by = {level: view(record, Viewer("Ichi", level, side), contract, now) for level in LEVELS}
    for less, more in [
        ("public", "partner"), ("public", "chain"), ("partner", "certifier"), ("chain", "certifier"),
        ("certifier", "own"),
    ]:  # fmt: skip
        assert by[less].fields.items() <= by[more].fields.items(), (less, more)
        assert by[less].seals.items() <= by[more].seals.items(), (less, more)


@given(records(), contracts)
def test_the_writer_sees_all_and_nobody_anything_before_it_is_written(record, contract):
    late = 10**5
    own = view(record, Viewer("x", "own"), contract, late)
    assert record.fields().items() <= own.fields.items()
    assert set(own.fields) - set(record.fields()) <= {f"substances.{MISC}"}
    for level in LEVELS:
        assert view(record, Viewer("Ichi", level), contract, record.written_s - 1).as_data() == {
            "fields": {},
            "seals": {},
        }


@given(records(), viewers, contracts, st.integers(0, 10**4), st.integers(0, 10**4))
def test_what_was_seen_once_is_seen_later(record, viewer, contract, now, more):
    before, after = (view(record, viewer, contract, second) for second in (now, now + more))
    assert before.fields.items() <= after.fields.items()


@given(records(), viewers, contracts)
def test_regulated_substances_are_always_named(record, viewer, contract):
    shown = view(record, viewer, contract, 10**5).fields
    for one in record.substances:
        if one.regulated:
            assert shown[f"substances.{one.name}"] == one.mass_mg


@given(records(), contracts)
def test_of_a_mass_without_a_name_partners_learn_the_sum(record, contract):
    contract = Contract(contract.withheld, contract.undisclosed)
    shown = view(record, Viewer("Ichi", "partner"), contract, 10**5).fields
    masses = [value for path, value in shown.items() if path.startswith("substances.")]
    assert sum(masses) == sum(one.mass_mg for one in record.substances)


def example(**more):
    lines = (Line("L1", "scrap", 70, "Ichi"), Line("L2", "scrap", 40, "Futa")), (Line("L3", "slab", 100, "Mitsu"),)
    told = {
        "number": "r1", "step": "melting", "second": 5, "written_s": 9, "actor": "mill", "pseudonym": "p1",
        "loss_mg": 10, "inputs": lines[0], "outputs": lines[1], "substances": (Substance("Al", 95), Substance("Zr", 5)),
    }  # fmt: skip
    return Record(**{**told, **more})


def test_each_side_sees_its_own_lots_and_the_supplier_no_amounts():
    upstream = view(example(), Viewer("Ichi", "partner", "upstream"), Contract(), 9).fields
    downstream = view(example(), Viewer("Mitsu", "partner"), Contract(), 9).fields
    assert {path for path in upstream if path.startswith(("inputs", "outputs"))} == {
        "inputs.L1.item",
        "inputs.L1.other",
    }
    assert {path: value for path, value in downstream.items() if path.startswith(("inputs", "outputs"))} == {
        "outputs.L3.item": "slab",
        "outputs.L3.mass_mg": 100,
        "outputs.L3.other": "Mitsu",
    }
    assert upstream["actor"] == downstream["actor"] == "mill"
    chain = view(example(), Viewer("Ichi", "chain"), Contract(), 9).fields
    assert (chain["pseudonym"], chain["step"]) == ("p1", "melting")
    assert set(chain) & {"actor", "number", "second", "loss_mg"} == set()


def test_a_certifier_sees_its_period_only():
    contract = Contract(starts_s=0, ends_s=5)
    inside = view(example(second=4), Viewer("x", "certifier"), contract, 9).fields
    outside = view(example(second=5), Viewer("x", "certifier"), contract, 9).fields
    assert inside["inputs.L2.mass_mg"] == 40
    assert set(outside) == {"claim", "certificate"}


def test_a_seal_opens_to_a_certifier_what_a_partner_was_not_shown():
    record = sealed(example(), SECRET)
    partner = view(record, Viewer("Mitsu", "partner"), Contract(), 9)
    certifier = view(record, Viewer("x", "certifier"), Contract(), 9)
    opened = opening(record, "inputs", SECRET)
    assert opened.value["inputs.L1.mass_mg"] == 70
    assert partner.seals["inputs"] == certifier.seals["inputs"]
    assert opens(partner.seals["inputs"], opened)
    other = replace(record, inputs=(replace(record.inputs[0], mass_mg=71), record.inputs[1]))
    assert not opens(partner.seals["inputs"], opening(other, "inputs", SECRET))
    assert not opens(partner.seals["outputs"], opened)
    assert set(partner.seals) == {"pseudonym", "loss_mg", "substances", "inputs", "outputs"}
    assert set(certifier.seals) == set(SEALED)
    assert view(record, Viewer("x", "public"), Contract(), 9).seals == {}
    empty = view(sealed(example(inputs=()), SECRET), Viewer("Mitsu", "partner"), Contract(), 9)
    assert set(empty.seals) == set(partner.seals)


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("viewer_unknown", lambda: Viewer("x", "certifer")),
        ("viewer_unknown", lambda: Viewer("x", "partner", "left")),
        ("contract_field", lambda: Contract(frozenset({"claim"}))),
        ("record_repeated", lambda: example(shares=(("primary", 0.1), ("primary", 0.2)))),
        ("declaration_misc", lambda: view(example(), Viewer("x", "own"), Contract(undisclosed=frozenset({"Al"})), 9)),
        ("viewer_no_actor", lambda: seen(written(tiny()), Viewer("Mitsu", "own"), 0)),
    ],
)
def test_what_is_refused(code, wrong):
    with pytest.raises(InputError) as caught:
        wrong()
    assert [fault.code for fault in caught.value.faults] == [code]
    for lang in ("ja", "en"):
        assert code not in message(caught.value.faults[0], lang)


# whole ledgers


def written(truth, late=0):
    count = len(truth)
    none = np.zeros(count, dtype=np.int64)
    return Records(truth, np.arange(count), truth.time_s + late, none, none)


LAST = 10**9


def test_the_tiny_ledger_as_each_sees_it():
    truth = tiny()
    records = written(truth)
    steps = [STEPS[step] for step in truth.step]

    def of(name, level, side="downstream", now=LAST, period=None):
        return np.flatnonzero(seen(records, Viewer(name, level, side), now, period)).tolist()

    assert of("x", "public") == []
    assert of("x", "chain") == [k for k in range(len(truth)) if not truth.inside[k]]
    assert of("x", "certifier") == list(range(len(truth)))
    first = int(truth.time_s[3])
    assert of("x", "certifier", period=(first, first + 1)) == np.flatnonzero(truth.time_s == first).tolist()
    assert of("press shop", "own") == [k for k in range(len(truth)) if truth.actor[k] == 4]
    bought = of("press shop", "partner", "downstream")
    assert [steps[k] for k in bought] == ["melting", "shipping", "receiving"]
    sold = of("dismantlers gifu", "partner", "upstream")
    assert [steps[k] for k in sold] == ["shipping", "receiving", "melting", "melting"]
    made = {steps[k] for k in of("casthouse aichi", "partner", "downstream")}
    assert made == {"dismantling", "shipping", "receiving", "supply", "scrap_return"}
    assert of("casthouse aichi", "partner", "downstream", now=-1) == []


@settings(max_examples=25)
@given(st.integers(0, 30), st.integers(0, 40 * DAY), st.sampled_from(SIDES))
def test_partners_see_what_a_slow_walk_over_the_handovers_finds(seed, now, side):
    truth = random_loop(seed)
    records = written(truth, DAY)
    shipping, receiving = STEPS.index("shipping"), STEPS.index("receiving")
    lots = [
        set(truth.inputs.lot[truth.inputs.start[k] : truth.inputs.start[k + 1]].tolist()) for k in range(len(truth))
    ]
    outs = [
        set(truth.outputs.lot[truth.outputs.start[k] : truth.outputs.start[k + 1]].tolist()) for k in range(len(truth))
    ]
    for actor, one in enumerate(truth.names.actors):
        moved, wanted = set(), set()
        for k in range(len(truth)):
            if truth.step[k] in (shipping, receiving):
                pair = [int(truth.actor[k]), int(truth.partner[k])]
                up, down = pair if truth.step[k] == shipping else pair[::-1]
                me, other = (down, up) if side == "downstream" else (up, down)
                if me == actor:
                    wanted.add(k)
                    moved |= {(other, lot) for lot in lots[k]}
        for k in range(len(truth)):
            touched = outs[k] if side == "downstream" else lots[k]
            if truth.step[k] not in (shipping, receiving) and any((truth.actor[k], lot) in moved for lot in touched):
                wanted.add(k)
        wanted = {k for k in wanted if records.written_s[k] <= now and not truth.inside[k]}
        assert set(np.flatnonzero(seen(records, Viewer(one.name, "partner", side), now)).tolist()) == wanted
