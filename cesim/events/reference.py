"""Compositions worked out one operation after the other in plain whole numbers: slow, and easy to believe.

It stands behind the same interface as `evaluate`, and tests hold the two to the same bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.events.notes import WorkedOut, in_order
from cesim.events.sharing import shared_beside_one, shared_one
from cesim.ledger.lot_tables import RECLASSIFICATION, SINK, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cesim.events.columns import Columns
    from cesim.events.notes import Page

    Whole = NDArray[np.int64]


def one_by_one(page: Page, columns: Columns, before: Whole) -> WorkedOut:
    """Work out a page, event by event; the same answer as `evaluate`."""
    lots: dict[int, list[int]] = dict(zip(page.before.tolist(), before.tolist(), strict=True))
    exchanges: list[tuple[int, int, int, list[int]]] = []
    for _, work in sorted(_operations(page), key=lambda operation: operation[0]):
        exchanges.extend(work(lots, columns))
    born = range(page.first_lot, page.first_lot + page.lots)
    rows = [*before.tolist(), *(lots[lot] for lot in born)]
    table = np.array(rows, dtype=np.int64).reshape(-1, columns.width + 2)
    listed: list[tuple[Any, ...]] = [tuple(np.array([one[n]], dtype=np.int64) for n in range(4)) for one in exchanges]
    return WorkedOut(table, in_order(listed, columns.width))


def _operations(page: Page) -> Iterator[tuple[int, Any]]:
    """Every operation of a page with its event."""
    for given, row in zip(page.created.tolist(), page.rows.tolist(), strict=True):
        yield given[0], _created(given, row)
    gains: dict[int, list[tuple[int, list[int]]]] = {}
    for (event, _, source), row in zip(page.gained.tolist(), page.gained_rows.tolist(), strict=True):
        gains.setdefault(event, []).append((source, row))
    for given, number in zip(page.divided.tolist(), page.rule.tolist(), strict=True):
        yield given[0], _divided(given, page.rules[number], gains.get(given[0], []))
    for given, start in zip(page.merged.tolist(), page.starts.tolist(), strict=True):
        yield given[0], _merged(given, page.parents[start : start + given[5]].tolist())
    for given in page.renamed.tolist():
        yield given[0], _renamed(given)


def _created(given: list[int], row: list[int]) -> Any:
    def work(lots: dict[int, list[int]], _: Columns) -> list[Any]:
        lots[given[3]] = [*row, given[6], given[7]]
        return []

    return work


def _divided(given: list[int], rule: Any, gains: list[tuple[int, list[int]]]) -> Any:
    event, _, _, parent, child, _ = given

    def work(lots: dict[int, list[int]], columns: Columns) -> list[Any]:
        count = len(columns.substances)
        *row, vehicles, serial = lots[parent]
        rule.check(np.array([row]), columns)
        by_substance = [shared_one(row[column], rule.weights[:, column].tolist()) for column in range(count)]
        parts = [list(part) for part in zip(*by_substance, strict=True)]
        beside = shared_beside_one(row[count:], [sum(part) for part in parts])
        whole = [[*part, *origins] for part, origins in zip(parts, beside, strict=True)]
        for number in range(len(rule.marks)):
            lots[child + number] = [*whole[number], vehicles if number == rule.carrier else 0, serial]
        for _, gain in gains:
            lots[child] = [a + b for a, b in zip(lots[child], [*gain, 0, 0], strict=True)]
        lost = zip(rule.sinks, whole[len(rule.marks) :], strict=True)
        return [(event, SINK, sink, part) for sink, part in lost] + [
            (event, SOURCE, source, gain) for source, gain in gains
        ]

    return work


def _merged(given: list[int], parents: list[int]) -> Any:
    def work(lots: dict[int, list[int]], _: Columns) -> list[Any]:
        total = [sum(column) for column in zip(*(lots[parent] for parent in parents), strict=True)]
        lots[given[3]] = [*total[:-1], -1]
        return []

    return work


def _renamed(given: list[int]) -> Any:
    event, _, _, parent, child, _, process, origin = given

    def work(lots: dict[int, list[int]], columns: Columns) -> list[Any]:
        row, count = list(lots[parent]), len(columns.substances)
        lots[child] = row
        if process < 0:
            return []
        old = row[count : columns.width]
        new = [sum(old) if number == origin else 0 for number in range(len(old))]
        row[count : columns.width] = new
        return [(event, RECLASSIFICATION, process, [0] * count + [a - b for a, b in zip(new, old, strict=True)])]

    return work
