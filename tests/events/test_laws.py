"""The proof of a run finds whatever is not true: a milligram dropped, an origin swapped, a lot in two places."""

from __future__ import annotations

import numpy as np
import pytest
from made_up_networks import Player
from made_up_plant import DAY, plant

from cesim.events.evaluate import evaluate
from cesim.events.laws import laws, queue_laws
from cesim.ledger.lot_proof import prove_lots
from cesim.ledger.lot_rows import Rows

SCRIPT = [(step, 1000 + n) for n in range(40) for step in ("create", "split", "react", "move", "merge", "reclassify")]
SCRIPT += [("ship", n) for n in range(5)]


@pytest.fixture(scope="module")
def run():
    return Player(4096, evaluate).play(SCRIPT).ledger


def copied(run):
    """The same tables, to be spoilt."""
    rows = Rows(run.substances, run.origins)
    rows.names = dict(run.names)
    for name, table in run.tables().items():
        rows.add(name, {column: values.copy() for column, values in table.items()})
    return rows


def luck(run, table, number):
    return np.random.default_rng([number, len(table)]), len(next(iter(run.table(table).values())))


MASSES = [
    ("lot", "mass_mg"), ("lot", "composition"), ("event_in", "mass_mg"), ("event_out", "mass_mg"),
    ("exchange", "composition"), ("account", "mass_mg"),
]  # fmt: skip


def test_what_is_to_be_spoilt_is_sound_and_has_everything_in_it(run):
    assert prove_lots(run).passed
    assert all(len(run.table(table)[column]) > 20 for table, column in MASSES)
    assert set(run.column("event", "kind").tolist()) == set(range(7))


@pytest.mark.parametrize(("table", "column"), MASSES, ids="-".join)
@pytest.mark.parametrize("number", range(40))
def test_one_milligram_more_or_less_anywhere_is_found(run, table, column, number):
    rng, count = luck(run, table, number)
    spoilt = copied(run)
    values = spoilt.table(table)[column]
    place = (rng.integers(count), rng.integers(values.shape[1])) if values.ndim > 1 else rng.integers(count)
    values[place] += rng.choice([-1, 1])
    certificate = prove_lots(spoilt)
    assert not certificate.passed
    assert certificate.worst.where


@pytest.mark.parametrize("table", ["lot", "exchange"])
@pytest.mark.parametrize("which", ["substances", "origins"])
@pytest.mark.parametrize("number", range(20))
def test_two_substances_or_origins_swapped_are_found(run, table, which, number):
    rng, count = luck(run, table, number)
    many = len(run.substances)
    columns = np.arange(many) if which == "substances" else np.arange(many, run.width)
    spoilt = copied(run)
    rows = spoilt.table(table)["composition"]
    while True:
        row, (one, other) = rng.integers(count), rng.choice(columns, 2, replace=False)
        if rows[row, one] != rows[row, other]:
            break
    rows[row, [one, other]] = rows[row, [other, one]]
    assert not prove_lots(spoilt).passed


@pytest.mark.parametrize("column", ["side", "account", "column", "period"])
@pytest.mark.parametrize("number", range(10))
def test_an_entry_in_another_account_is_found(run, column, number):
    rng, count = luck(run, "account", number)
    spoilt = copied(run)
    values = spoilt.table("account")[column]
    others = np.setdiff1d(np.unique(values), [-1])
    row = rng.integers(count)
    values[row] = rng.choice(others[others != values[row]])
    assert not prove_lots(spoilt).passed


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("event_in", "lot"), ("event_out", "lot"), ("event_in", "event"), ("event_out", "event"), ("lot", "event"),
        ("lot", "vehicles"), ("lot", "time_s"), ("event", "period"), ("exchange", "event"),
        ("exchange", "account"), ("exchange", "side"), ("event", "time_s"), ("event_out", "sink"),
        ("event_in", "source"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("number", range(10))
def test_anything_in_another_place_is_found(run, table, column, number):
    rng, _ = luck(run, table, number)
    spoilt = copied(run)
    values = spoilt.table(table)[column]
    others = np.unique(values)
    row = rng.choice(np.flatnonzero(values >= 0))
    values[row] = rng.choice(others[others != values[row]]) if column != "vehicles" else values[row] + 1
    assert not prove_lots(spoilt).passed


@pytest.mark.parametrize("number", range(20))
def test_an_event_of_another_kind_is_found(run, number):
    """Between one lot and one lot any kind could stand; everywhere else the kind shows in the edges."""
    rng, _ = luck(run, "event", number)
    spoilt = copied(run)
    kinds = spoilt.table("event")["kind"]
    row = rng.choice(np.flatnonzero(np.isin(kinds, [0, 4, 6])))
    kinds[row] = rng.choice([kind for kind in range(7) if kind != kinds[row]])
    assert not prove_lots(spoilt).passed


@pytest.mark.parametrize("table", ["lot", "event", "event_in", "event_out", "exchange", "account"])
@pytest.mark.parametrize("number", range(5))
def test_a_row_that_is_missing_is_found(run, table, number):
    rng, count = luck(run, table, number)
    spoilt = copied(run)
    kept = np.delete(np.arange(count), rng.integers(count))
    rows = {column: values[kept] for column, values in spoilt.table(table).items()}
    spoilt.clear(table)
    spoilt.add(table, rows)
    assert not prove_lots(spoilt).passed


def test_a_lot_worked_on_where_it_is_not_is_found(run):
    spoilt = copied(run)
    kinds = spoilt.column("event", "kind")
    moves = np.flatnonzero(kinds == 4)
    spoilt.column("event", "facility_to")[moves] = (spoilt.column("event", "facility_to")[moves] + 1) % 3
    certificate = prove_lots(spoilt)
    assert {check.name for check in certificate.checks if check.worst} == {"place"}


@pytest.mark.parametrize("number", [0, 4])
def test_less_than_nothing_is_found_though_everything_adds_up(number):
    """A lot with less than nothing of a substance or an origin, in every table alike: only its row says so."""
    player = Player(4096, evaluate)
    player.lots.create(np.array([7, 2, 3, 4, 6, 9, 1]), player.marks[0], "elv", 0)
    player.lots.close_period()
    spoilt = copied(player.ledger)
    row, account = spoilt.table("lot")["composition"][0], spoilt.table("account")
    moved = int(row[number]) + 5
    for column, change in ((number, -moved), (number + 1, moved)):
        row[column] += change
        account["mass_mg"][account["column"] == column] += change
    for column in (number, number + 1):
        assert (account["mass_mg"][account["column"] == column] == row[column]).all()
    assert (account["column"] == number).sum() == (account["column"] == number + 1).sum() == 2
    assert {check.name: check.worst for check in prove_lots(spoilt).checks if check.worst} == {"lot": 5.0}


def test_a_load_that_is_not_the_one_that_was_taken_up_is_found():
    """Two lots that are alike in everything but their number: only the number says which of them was moved."""
    player = Player(4096, evaluate)
    lots = player.lots
    row = player.row(np.random.default_rng(1))
    one, other = (lots.create(row, player.marks[0], "elv", 0) for _ in range(2))
    lots.move([one, other], 0, 0)
    lots.move([one], 0, 1)
    lots.close_period()
    assert prove_lots(player.ledger).passed
    for side in ("in", "out"):
        spoilt = copied(player.ledger)
        spoilt.table(f"event_{side}")["lot"][-1] = other
        certificate = prove_lots(spoilt)
        assert next(check for check in certificate.checks if check.name == "life").worst > 0


def test_a_load_may_be_written_in_any_order():
    player = Player(4096, evaluate)
    lots = player.lots
    one, other = (lots.create(player.row(np.random.default_rng(n)), player.marks[0], "elv", 0) for n in range(2))
    lots.move([one, other], 0, 1)
    lots.close_period()
    turned = copied(player.ledger)
    for name, values in turned.table("event_out").items():
        turned.table("event_out")[name][2:] = values[2:][::-1].copy()
    assert prove_lots(turned).passed


def test_the_worst_cell_is_named(run):
    spoilt = copied(run)
    spoilt.table("account")["mass_mg"][0] += 5
    spoilt.table("account")["mass_mg"][1] += 2
    worst = prove_lots(spoilt).worst
    assert (worst.name, worst.worst) == ("account", 5.0)
    assert worst.where == "Al, period 0, source, elv"


@pytest.fixture(scope="module")
def plant_run():
    simulation = plant()
    simulation.run([10 * DAY, 20 * DAY])
    return simulation


def test_every_law_holds_in_a_plant(plant_run):
    certificate = laws(plant_run)
    assert certificate.passed, certificate.worst
    names = [check.name for check in certificate.checks]
    assert names == [
        "numbers", "life", "place", "edge", "event", "sides", "exchange", "lot", "substance", "origin", "account",
        "little", "utilisation", "flow", "contents",
    ]  # fmt: skip
    assert all(check.cells > 0 for check in certificate.checks)


@pytest.mark.parametrize(
    ("field", "by", "law"),
    [
        ("_inside_area", 1, "little"), ("_came_sum", 1, "little"), ("_begun_sum", -1, "little"), ("came", 1, "flow"),
        ("left", -1, "flow"), ("_busy_area", 10**9, "utilisation"),
    ],
)  # fmt: skip
def test_a_count_that_is_off_by_one_is_found(plant_run, field, by, law):
    shredder = plant_run.facility("shredder")
    before = getattr(shredder, field)
    setattr(shredder, field, before + by)
    try:
        checks = {check.name: check for check in queue_laws(one.statistics() for one in plant_run.facilities)}
    finally:
        setattr(shredder, field, before)
    assert checks[law].worst > 0
    assert checks[law].where == "shredder"


def test_a_lot_that_is_said_to_be_elsewhere_is_found(plant_run):
    where = plant_run.lots.facility_of
    lot = next(iter(where))
    before = where[lot]
    where[lot] = (before + 1) % len(plant_run.facilities)
    try:
        worst = laws(plant_run).worst
    finally:
        where[lot] = before
    assert worst.name == "contents"
    assert worst.worst > 0
