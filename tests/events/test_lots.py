"""The doors: what goes in comes out, what cannot be is refused and named."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.events.clock import Clock
from cesim.events.columns import Columns
from cesim.events.lots import Lots
from cesim.events.sharing import HEAVIEST
from cesim.ledger.lot_proof import prove_lots
from cesim.ledger.lot_rows import Rows

CYCLUS = json.loads((Path(__file__).parents[1] / "cases" / "events.json").read_text("utf-8"))["cyclus_regression"]
COLUMNS = Columns(("Al", "Fe", "remainder"), ("primary", "post_elv", "pre_auto"), balance="remainder")
KG = 1_000_000


@pytest.fixture
def lots():
    return made(COLUMNS)


def made(columns, **given):
    lots = Lots(Clock(), Rows(columns.substances, columns.origins), columns, **given)
    for name in ("yard", "furnace"):
        lots.facilities.new(name)
    lots.accounts.source("elv")
    lots.accounts.source("alloying")
    for name in ("dross", "mill"):
        lots.accounts.sink(name)
    return lots


YARD, FURNACE = 0, 1


def scrap(lots, al=900, fe=70, mass=1000, origin="post_elv", **given):
    row = lots.columns.row({"Al": al, "Fe": fe}, origin, mass)
    return lots.create(row, lots.mark("scrap", "6016"), "elv", YARD, **given)


def refused(code, call, *arguments, **given):
    with pytest.raises(InputError) as caught:
        call(*arguments, **given)
    (fault,) = caught.value.faults
    assert fault.code == code
    assert "?" not in str(fault)
    return fault


def test_the_balance_column_makes_the_row_the_mass(lots):
    lot = lots.look(scrap(lots))
    assert lot.substances == {"Al": 900, "Fe": 70, "remainder": 30}
    assert lot.origins == {"primary": 0, "post_elv": 1000, "pre_auto": 0}
    assert (lot.mass_mg, lot.kind, lot.grade, lot.facility, lot.serial) == (1000, "scrap", "6016", "yard", None)


def test_the_columns_are_those_of_the_tables_unless_given():
    assert Columns().width == 28
    assert Columns().names[0] == "Al"


def test_a_split_shares_each_substance_by_its_own_weights_and_origins_beside(lots):
    lot = lots.create(
        lots.columns.row({"Al": 10, "Fe": 3}, {"primary": 6, "post_elv": 7}), lots.mark("hulk"), "elv", YARD, 1, 77
    )
    rule = lots.splitting([lots.mark("light"), lots.mark("heavy")], [[2, 0, 1], [1, 1, 1]])
    light, heavy = (lots.look(part) for part in lots.split(lot, rule, YARD))
    assert light.substances == {"Al": 7, "Fe": 0, "remainder": 0}
    assert heavy.substances == {"Al": 3, "Fe": 3, "remainder": 0}
    assert light.origins == {"primary": 3, "post_elv": 4, "pre_auto": 0}  # 42/13 = 3 + 3/13, 49/13 = 3 + 10/13
    assert heavy.origins == {"primary": 3, "post_elv": 3, "pre_auto": 0}
    assert (light.vehicles, heavy.vehicles, light.serial, heavy.serial) == (1, 0, 77, 77)


def test_a_merged_lot_is_the_sum_and_nobodys_in_particular(lots):
    parts = [scrap(lots, al=n, serial=n, vehicles=1) for n in (1, 2, 3)]
    one = lots.look(lots.merge(parts, lots.mark("charge"), YARD))
    assert one.substances == {"Al": 6, "Fe": 210, "remainder": 2784}
    assert (one.vehicles, one.serial, one.mass_mg) == (3, None, 3000)
    refused("lot_gone", lots.look, parts[0])


def test_a_reaction_loses_to_sinks_and_gains_from_sources(lots):
    lot = scrap(lots)
    rule = lots.reaction(lots.mark("melt"), {"dross": {"Al": "1/100", "Fe": 0.5}, "mill": {"remainder": 1}})
    gain = lots.columns.row({"Al": 5}, "primary")
    melt = lots.look(lots.react(lot, rule, YARD, [("alloying", gain), ("alloying", gain)]))
    assert melt.substances == {"Al": 891 + 10, "Fe": 35, "remainder": 0}
    assert melt.origins == {"primary": 10, "post_elv": 926, "pre_auto": 0}
    lots.close_period()
    booked = {
        (name, side): lots.accounts.total[side, lots.accounts.names.code(name), 0]
        for name, side in (("dross", 1), ("alloying", 0))
    }
    assert booked == {("dross", 1): 9, ("alloying", 0): 10}
    assert prove_lots(lots.ledger).passed


def test_origin_classes_change_at_two_places_only(lots):
    sheet = lots.create(lots.columns.row({"Al": 9}, "primary"), lots.mark("offcut"), "elv", YARD)
    scrap_ = lots.reclassify(sheet, lots.mark("new scrap"), YARD, "new_scrap")
    assert lots.look(scrap_).origins == {"primary": 0, "post_elv": 0, "pre_auto": 9}
    again = lots.reclassify(scrap_, lots.mark("bale"), YARD)
    assert lots.look(again).origins["pre_auto"] == 9
    assert refused("name_unknown", lots.reclassify, again, lots.mark("x"), YARD, "new_scrp").arguments["nearest"]
    lots.close_period()
    assert prove_lots(lots.ledger).passed


def test_what_is_not_here_cannot_be_touched(lots):
    lot, rule = scrap(lots), lots.splitting([lots.mark("a")] * 2, [1, 1])
    refused("lot_elsewhere", lots.split, lot, rule, FURNACE)
    lots.move([lot], YARD, FURNACE)
    refused("lot_elsewhere", lots.ship, lot, "mill", YARD)
    refused("lot_elsewhere", lots.move, [lot], YARD, FURNACE)
    lots.ship(lot, "mill", FURNACE)
    refused("lot_gone", lots.ship, lot, "mill", FURNACE)
    refused("lot_gone", lots.react, lot, lots.reaction(lots.mark("a"), {}), FURNACE, [("elv", None)])
    refused("lot_gone", lots.reclassify, 99, lots.mark("a"), YARD)
    refused("facility_unknown", lots.create, lots.columns.row({}, "primary"), lots.mark("a"), "elv", 2)
    one = scrap(lots)
    refused("facility_unknown", lots.move, [one], YARD, -1)
    refused("merge_of_these", lots.merge, [one, one], lots.mark("a"), YARD)
    refused("merge_of_these", lots.merge, [], lots.mark("a"), YARD)
    refused("lot_gone", lots.merge, [one, 98], lots.mark("a"), YARD)
    assert lots.look(one).mass_mg == 1000


def test_a_loss_needs_a_sink_that_was_entered(lots):
    refused("account_unknown", lots.reaction, lots.mark("melt"), {"off-gas": {"Al": 0.1}})
    refused("account_unknown", lots.ship, scrap(lots), "elv", YARD)
    refused("account_unknown", lots.create, None, lots.mark("a"), "mill", YARD)
    refused("name_twice", lots.accounts.sink, "dross")


def test_rules_belong_to_their_doors(lots):
    melting = lots.reaction(lots.mark("melt"), {"dross": {"Al": 0.1}})
    halving = lots.splitting([lots.mark("a")] * 2, [1, 1])
    refused("rule_of_another_door", lots.split, scrap(lots), melting, YARD)
    refused("rule_of_another_door", lots.react, scrap(lots), halving, YARD)


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ([0.5, 0.5], "weights_not_whole"),
        ([1, 2, 3], "weights_shape"),
        ([[1, 2], [3, 4]], "weights_shape"),
        ([1, -1], "weights_negative"),
        ([2**52, 2**52], "shares_too_fine"),
    ],
)
def test_weights_that_cannot_be(lots, weights, code):
    refused(code, lots.splitting, [lots.mark("a")] * 2, weights)


def test_a_split_into_nothing_is_refused(lots):
    refused("weights_shape", lots.splitting, [], [])


def test_a_substance_that_nobody_takes_is_refused(lots):
    rule = lots.splitting([lots.mark("a"), lots.mark("b")], [[1, 0, 1], [1, 0, 1]])
    lots.split(scrap(lots, fe=70), rule, YARD)
    fault = refused("weights_leave_out", lots.settle)
    assert fault.arguments["column"] == "Fe"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (np.array([1, 2, 3, 6, 0, 1]), "lot_origins_differ"),
        (np.array([1, -2, 3, 2, 0, 0]), "lot_negative"),
        (np.array([1, 2, 3]), "lot_shape"),
        (np.array([HEAVIEST - 1, 1, 0, HEAVIEST, 0, 0]), "lot_too_heavy"),
    ],
)
def test_a_composition_that_cannot_be(lots, row, code):
    def create():
        scrap(lots)
        lots.create(row, lots.mark("a"), "elv", YARD)
        lots.settle()

    fault = refused(code, create)
    assert str(fault.place) == ("yard" if code == "lot_shape" else "lot 1")


def test_rows_say_what_is_wrong(lots):
    refused("name_unknown", lots.columns.row, {"Al": 1, "Fee": 2}, "primary")
    refused("lot_not_whole", lots.columns.row, {"Al": 0.5}, "primary")
    refused("lot_negative", lots.columns.row, {"Al": 5}, "primary", 4)
    refused("lot_origins_differ", lots.columns.row, {"Al": 5}, {"primary": 4})
    refused("lot_without_balance", Columns(("Al",), ("primary",)).row, {}, "primary", 5)
    refused("columns_not_distinct", Columns, ("Al", "Al"))


def test_masses_too_great_are_refused_and_never_wrap_around(lots):
    heavy = lots.columns.row({"Al": HEAVIEST - 1}, "primary")
    lots.merge([lots.create(heavy, lots.mark("a"), "elv", YARD) for _ in range(2)], lots.mark("b"), YARD)
    refused("lot_too_heavy", lots.settle)
    lots = made(COLUMNS)
    for _ in range(2 * 4096 - 1):
        lots.create(heavy, lots.mark("a"), "elv", YARD)
    refused("account_full", lots.create, heavy, lots.mark("a"), "elv", YARD)


@pytest.mark.parametrize("every", [0, 5000])
def test_how_often_is_limited(every):
    refused("every_out_of_range", made, COLUMNS, every=every)


def test_the_traces_that_cyclus_erases_are_kept():
    """ExtractComp of Cyclus 1.6 erases a remainder below 1e-6 kg; 2000 skewed splits by 3 and merges of 3."""
    lots = made(Columns(("Al", "trace"), ("primary",)))
    lot = lots.create(lots.columns.row({"Al": 3000 * KG, "trace": 7}, "primary"), lots.mark("a"), "elv", YARD)
    rule = lots.splitting([lots.mark("a")] * 3, [980, 19, 1])
    for _ in range(2000):
        lot = lots.merge(lots.split(lot, rule, YARD), lots.mark("a"), YARD)
    assert lots.look(lot).substances == {"Al": 3000 * KG, "trace": 7}


def test_separations_by_element():
    """Cycamore, SepMixElemAndNuclide: efficiencies by element and nuclide; what is not named stays."""
    case = CYCLUS["separations_element_efficiency"]
    names = tuple(case["feed"])
    lots = made(Columns(names, ("primary",)))
    feed = {name: round(share * case["batch_kg"] * KG) for name, share in case["feed"].items()}
    lot = lots.create(lots.columns.row(feed, "primary"), lots.mark("feed"), "elv", YARD)
    efficiency = {name: case["efficiencies"].get(name, case["efficiencies"].get(name[0], 0)) for name in names}
    taken = [Fraction(str(efficiency[name])) for name in names]
    weights = [[share.numerator for share in taken], [share.denominator - share.numerator for share in taken]]
    stream, left = lots.split(lot, lots.splitting([lots.mark("stream"), lots.mark("left")], weights), YARD)
    for part, wanted in ((stream, case["stream_kg"]), (left, case["leftover_kg"])):
        assert lots.look(part).substances == {name: round(kg * KG) for name, kg in wanted.items()}


def test_more_cannot_be_separated_than_there_is(lots):
    lots.reaction(lots.mark("a"), {"dross": {"Al": "0.4"}, "mill": {"Al": 0.6}})
    refused("shares_negative", lots.reaction, lots.mark("a"), {"dross": {"Al": 1.01}})
    refused("shares_negative", lots.reaction, lots.mark("a"), {"dross": {"Al": 0.5}, "mill": {"Al": "501/1000"}})


def test_mixing_by_ratios():
    """Cycamore, MixingComposition: fractions of the mix of three streams."""
    case = CYCLUS["mixer"]
    names = tuple(case["mix_mass_fractions"])
    lots = made(Columns(names, ("primary",)))
    whole = 10**12
    streams = []
    for stream, ratio in zip(case["streams"], case["ratios"], strict=True):
        total = sum(stream.values())
        exact = {
            name: Fraction(str(part)) / Fraction(str(total)) * Fraction(str(ratio)) for name, part in stream.items()
        }
        row = {name: round(share * whole) for name, share in exact.items()}
        streams.append(lots.create(lots.columns.row(row, "primary"), lots.mark("stream"), "elv", YARD))
    mix = lots.look(lots.merge(streams, lots.mark("mix"), YARD))
    for name, share in case["mix_mass_fractions"].items():
        assert mix.substances[name] / mix.mass_mg == pytest.approx(share, abs=1e-11)


@pytest.mark.parametrize("factor", ["0.95", "1", "2"])
def test_a_minimal_cycle(factor):
    """Cyclus, test_minimal_cycle: what goes round is multiplied each time."""
    lots = made(Columns(("Al",), ("primary",)))
    amount = Fraction(10**8)
    lot = lots.create(lots.columns.row({"Al": 10**8}, "primary"), lots.mark("a"), "elv", YARD)
    kept = Fraction(factor)
    for _ in range(20):
        gains = []
        losses = {"dross": {"Al": 1 - kept}} if kept < 1 else {}
        if kept > 1:
            gains = [("alloying", lots.columns.row({"Al": int(lots.masses([lot])[0] * (kept - 1))}, "primary"))]
        lot = lots.react(lot, lots.reaction(lots.mark("a"), losses), YARD, gains)
        amount *= kept
        assert abs(int(lots.masses([lot])[0]) - amount) <= 10  # half a milligram at each rounding, kept k**t times
    lots.close_period()
    assert prove_lots(lots.ledger).passed


def test_to_look_at_a_lot_from_before_works_nothing_out():
    """Decisions look at the same lots again and again; only what is new costs something."""
    lots = made(COLUMNS)
    old = scrap(lots)
    assert lots.masses([old]).tolist() == [1000]
    lots.move([old], YARD, FURNACE)
    new = scrap(lots, mass=500, al=400)
    assert lots.look(old).facility == "furnace"
    assert lots.rows([]).shape == (0, COLUMNS.width)
    assert lots._first_lot == new  # still noted down
    assert lots.masses([new, old]).tolist() == [500, 1000]
    assert lots._first_lot == new + 1


def test_lots_that_ended_leave_memory():
    lots = made(COLUMNS, every=100)
    rule = lots.splitting([lots.mark("a")] * 2, [1, 1])
    kept = scrap(lots)
    for _ in range(20_000):
        for part in lots.split(scrap(lots), rule, YARD):
            lots.ship(part, "mill", YARD)
    lots.settle()
    assert len(lots._store._lots) < 20_000
    assert list(lots.mark_of) == [kept]
    assert lots._store.lots.tolist() == [kept]
    assert lots.held().tolist() == lots.rows([kept])[0].tolist()
