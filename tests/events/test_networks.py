"""Whatever is done in whatever order: every substance and origin is kept, however it is worked out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up_networks import COLUMNS, Player, scripts

from cesim.events.chain.material import COLUMNS as CHAIN
from cesim.events.evaluate import evaluate
from cesim.events.reference import one_by_one
from cesim.ledger.lot_proof import prove_lots


def same(one, other):
    for name, table in one.ledger.tables().items():
        for column, values in table.items():
            np.testing.assert_array_equal(values, other.ledger.table(name)[column], err_msg=f"{name}.{column}")


@given(scripts)
@settings(max_examples=60, deadline=None)
def test_every_substance_and_origin_is_kept(script):
    player = Player(4096, evaluate).play(script)
    certificate = prove_lots(player.ledger)
    assert certificate.passed, certificate.worst
    assert (player.lots.held() == player.lots.accounts.held()).all()


@given(scripts, st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_worked_out_together_is_worked_out_one_by_one(script, every):
    wanted = Player(1, one_by_one).play(script)
    for other in (Player(every, evaluate), Player(4096, evaluate), Player(every, one_by_one)):
        same(wanted, other.play(script))
        assert wanted.looked == other.looked


@given(scripts, st.sampled_from([7, 4096]))
@settings(max_examples=8, deadline=None)
def test_as_many_columns_as_the_chain_has_change_nothing(script, every):
    wanted, found = Player(1, one_by_one, CHAIN).play(script), Player(every, evaluate, CHAIN).play(script)
    same(wanted, found)
    assert prove_lots(found.ledger).passed


def test_many_cars_of_the_chain_taken_apart_alike_are_worked_out_in_strips():
    players = Player(1, one_by_one, CHAIN), Player(4096, evaluate, CHAIN)
    for player in players:
        lots, rng = player.lots, np.random.default_rng(2)
        names = CHAIN.substances
        rules = [lots.splitting(player.marks[:5], rng.integers(0, 3, (5, len(names))) + [[1]] * 5, 3) for _ in range(3)]
        loss = lots.reaction(player.marks[5], {"dross": {names[4]: "1/7"}, "landfill": {names[4]: "1/3", names[9]: 1}})
        for car in range(150):
            lot = lots.react(lots.create(player.row(rng), player.marks[0], "elv", 0, 1, car), loss, 0)
            lots.split(lot, rules[car % 3], 0)
        lots.close_period()
    same(*players)
    assert prove_lots(players[1].ledger).passed


@pytest.mark.slow
@given(st.lists(scripts, min_size=20, max_size=30))
@settings(max_examples=30, deadline=None)
def test_long_networks_are_kept_too(parts):
    script = [step for part in parts for step in part]
    wanted, found = Player(1, one_by_one).play(script), Player(4096, evaluate).play(script)
    same(wanted, found)
    assert prove_lots(found.ledger).passed


def chain(lots, entity, rows):
    """One entity's own life, step by step: it touches no other's lots."""
    hulk, scrap, ingot = (lots.mark(kind, f"of {entity}") for kind in ("hulk", "scrap", "ingot"))
    whole = [lots.create(row, hulk, "elv", 0, 1, entity) for row in rows]
    yield
    parts = []
    for lot in whole:
        parts += lots.split(lot, lots.splitting([scrap, scrap], [entity + 1, 3]), 0)
        yield
    charge = lots.merge(parts, scrap, 0)
    yield
    lots.react(charge, lots.reaction(ingot, {"dross": {"Al": "1/7", "Fe": f"1/{entity + 2}"}}), 0)


@given(st.permutations([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_the_order_of_entities_that_do_not_meet_changes_nothing(order, every):
    def lives(order, every):
        player = Player(every, evaluate)
        rng = np.random.default_rng(0)
        rows = [[player.row(rng) for _ in range(2)] for _ in range(3)]
        steps = [chain(player.lots, entity, rows[entity]) for entity in range(3)]
        for entity in order:
            next(steps[entity], None)
        for step in steps:
            list(step)
        player.lots.settle()
        mark = player.lots.marks
        table = player.ledger.table("lot")
        born = zip(table["mark"].tolist(), table["mass_mg"].tolist(), table["composition"].tolist(), strict=True)
        return sorted((mark[code][1:], mass, tuple(row)) for code, mass, row in born)

    assert lives(order, every) == lives(sorted(order), 4096)


def test_the_counts_of_the_genealogy_model():
    """Root -> 3 parts -> charges of 4 of a kind: 4.75 lots and 6 edges a root, and not a milligram off."""
    player, roots = Player(4096, evaluate), 2000
    lots, rng = player.lots, np.random.default_rng(8)
    rule = lots.splitting(player.marks[:3], rng.integers(1, 100, (3, len(COLUMNS.substances))))
    piles = [[], [], []]
    for _ in range(roots):
        root = lots.create(player.row(rng), player.marks[0], "elv", 0)
        for pile, part in zip(piles, lots.split(root, rule, 0), strict=True):
            pile.append(part)
            if len(pile) == 4:
                lots.merge(pile, player.marks[4], 0)
                pile.clear()
    lots.close_period()
    assert len(player.ledger.table("lot")["lot"]) == roots * 95_000 // 20_000
    edges = np.isin(player.ledger.column("event", "kind")[player.ledger.column("event_in", "event")], [1, 2])
    children = player.ledger.column("event", "kind")[player.ledger.column("event_out", "event")] == 1
    merges = player.ledger.column("event", "kind")[player.ledger.column("event_in", "event")] == 2
    assert edges.sum() == roots + merges.sum()
    assert children.sum() + merges.sum() == roots * 120_000 // 20_000
    assert prove_lots(player.ledger).worst.worst == 0


def test_a_pile_that_everything_is_thrown_on_is_worked_out_one_by_one():
    """Every merge waits for the one before: numpy would take longer than plain Python, and nothing else differs."""
    player = Player(4096, evaluate)
    wanted = Player(1, one_by_one)
    for one in (player, wanted):
        rng = np.random.default_rng(1)
        lots, mark = one.lots, one.marks[0]
        pile = lots.create(one.row(rng), mark, "elv", 0)
        for _ in range(200):
            pile = lots.merge([pile, lots.create(one.row(rng), mark, "elv", 0)], mark, 0)
        lots.close_period()
    same(wanted, player)
    assert prove_lots(player.ledger).passed
