"""A page worked out becomes rows of the ledger, entries in the accounts, and lots on the shelf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.events.faults import refuse
from cesim.events.notes import CREATE, MERGE, MOVE, RECLASSIFY, SHIP, ranges
from cesim.events.sharing import HEAVIEST
from cesim.ledger.lot_tables import COMPOSED, SINK, SOURCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.events.lots import Lots
    from cesim.events.notes import Page, WorkedOut

    Whole = NDArray[np.int64]


def settled(page: Page, done: WorkedOut, lots: Lots) -> None:
    """Write a page: tables, accounts, shelf.

    Raises
    ------
    InputError
        ``lot_too_heavy``
    """
    masses = lots.columns.masses(done.rows[:, : lots.columns.width])
    heavy = np.flatnonzero(masses >= HEAVIEST)
    if heavy.size:
        place, old = int(heavy[0]), len(page.before)  # lots from before were weighed when they were born
        raise refuse("lot_too_heavy", f"lot {page.first_lot + place - old}", found=int(masses[place]), allowed=HEAVIEST)
    time, births = _events(page, lots)
    _edges(page, done, masses, lots)
    _births(page, done, masses, births, time, lots)
    _book(page, done, lots)
    _shelve(page, done, births, time, lots)


def _events(page: Page, lots: Lots) -> tuple[Whole, Whole]:
    """Write the events; return their times, and event and mark of each birth, (lot, 2)."""
    kind, time, facility, to = (np.full(page.events, -1, dtype=np.int64) for _ in range(4))
    births = np.zeros((page.lots, 2), dtype=np.int64)
    for table, of in (
        (page.created, CREATE), (page.divided, None), (page.merged, MERGE), (page.renamed, RECLASSIFY),
        (page.shipped, SHIP), (page.moved, MOVE),
    ):  # fmt: skip
        if not len(table):
            continue
        at = table[:, 0] - page.first_event
        time[at], facility[at] = table[:, 1], table[:, 2]
        kind[at] = table[:, 5] if of is None else of
    to[page.moved[:, 0] - page.first_event] = page.moved[:, 3]
    for table, lot, mark in ((page.created, 3, 5), (page.merged, 3, 4), (page.renamed, 4, 5)):
        births[table[:, lot] - page.first_lot] = table[:, [0, mark]]
    parts, event_of = _parts(page)
    births[parts - page.first_lot, 0] = event_of
    first_mark = np.cumsum(page.shapes[:, 0]) - page.shapes[:, 0]
    births[parts - page.first_lot, 1] = page.marks[ranges(first_mark[page.rule], page.children)]
    event = np.arange(page.first_event, page.first_event + page.events)
    period = np.full(page.events, lots.period)
    columns = (event, time, period, kind, facility, to)
    names = ("event", "time_s", "period", "kind", "facility", "facility_to")
    lots.ledger.add("event", dict(zip(names, columns, strict=True)))
    return time, births


def _parts(page: Page) -> tuple[Whole, Whole]:
    """Lots that come out of divisions, and the event of each."""
    return ranges(page.divided[:, 4], page.children), np.repeat(page.divided[:, 0], page.children)


def _edges(page: Page, done: WorkedOut, masses: Whole, lots: Lots) -> None:
    """Write what went into each event and what came out, with its mass."""
    parts, event_of_part = _parts(page)
    of_parent = np.repeat(page.merged[:, 0], page.merged[:, 5])
    of_load = np.repeat(page.moved[:, 0], page.moved[:, 4])
    event, side, account, rows = done.exchanges
    crossed = lots.columns.masses(rows)
    created, shipped = page.created, page.shipped
    inside = [
        (page.divided[:, 0], page.divided[:, 3]), (of_parent, page.parents), (page.renamed[:, 0], page.renamed[:, 3]),
        (shipped[:, 0], shipped[:, 3]), (of_load, page.loads),
    ]  # fmt: skip
    outside = [
        (created[:, 0], created[:, 3]), (event_of_part, parts), (page.merged[:, 0], page.merged[:, 3]),
        (page.renamed[:, 0], page.renamed[:, 4]), (of_load, page.loads),
    ]  # fmt: skip
    gained, lost = side == SOURCE, side == SINK
    came, went = masses[page.at(created[:, 3])], masses[page.at(shipped[:, 3])]
    sources = [(created[:, 0], created[:, 4], came), (event[gained], account[gained], crossed[gained])]
    sinks = [(shipped[:, 0], shipped[:, 4], went), (event[lost], account[lost], crossed[lost])]
    lots.ledger.add("event_in", _rows(page, masses, inside, sources, "source"))
    lots.ledger.add("event_out", _rows(page, masses, outside, sinks, "sink"))


def _rows(
    page: Page, masses: Whole, edges: list[tuple[Whole, Whole]], crossed: list[tuple[Whole, Whole, Whole]], name: str
) -> dict[str, Whole]:
    """Lots and accounts on one side of the events, by event; lots before accounts."""
    lot = np.concatenate([one[1] for one in edges])
    account = np.concatenate([one[1] for one in crossed])
    event = np.concatenate([one[0] for one in edges] + [one[0] for one in crossed])
    mass = np.concatenate([masses[page.at(lot)]] + [one[2] for one in crossed])
    order = np.argsort(event, kind="stable")
    lot, account = (
        np.concatenate([lot, np.full(len(account), -1)])[order],
        np.concatenate([np.full(len(lot), -1), account])[order],
    )
    return {"event": event[order], "lot": lot, name: account, "mass_mg": mass[order]}


def _births(page: Page, done: WorkedOut, masses: Whole, births: Whole, time: Whole, lots: Lots) -> None:
    """Write the lots that were born, and what crossed the boundary inside events."""
    old, width = len(page.before), lots.columns.width
    born = done.rows[old:]
    columns = {
        "lot": np.arange(page.first_lot, page.first_lot + page.lots),
        "event": births[:, 0],
        "time_s": time[births[:, 0] - page.first_event],
        "mark": births[:, 1],
        "vehicles": born[:, width],
        "serial": born[:, width + 1],
        "mass_mg": masses[old:],
    }
    lots.ledger.add(COMPOSED[0], columns | {"composition": born[:, :width]})
    event, side, account, rows = done.exchanges
    if len(event):
        lots.ledger.add(COMPOSED[1], {"event": event, "side": side, "account": account, "composition": rows})


def _book(page: Page, done: WorkedOut, lots: Lots) -> None:
    """Enter in the accounts what came from sources and went to sinks."""
    rows = done.rows[:, : lots.columns.width]
    lots.accounts.book(SOURCE, page.created[:, 4], page.rows)
    lots.accounts.book(SINK, page.shipped[:, 4], rows[page.at(page.shipped[:, 3])])
    _, sides, accounts, crossed = done.exchanges
    for side in set(sides.tolist()):
        lots.accounts.book(side, accounts[sides == side], crossed[sides == side])


def _shelve(page: Page, done: WorkedOut, births: Whole, time: Whole, lots: Lots) -> None:
    """Take off the shelf what ended, put on it what was born and is still there."""
    ended = np.concatenate([page.divided[:, 3], page.parents, page.renamed[:, 3], page.shipped[:, 3]])
    lots._store.end(ended[ended < page.first_lot])
    there = np.ones(page.lots, dtype=np.bool_)
    there[ended[ended >= page.first_lot] - page.first_lot] = False
    new = np.flatnonzero(there)
    beside = np.column_stack([births[new, 1], time[births[new, 0] - page.first_event]])
    lots._store.add(new + page.first_lot, done.rows[len(page.before) + new], beside)
