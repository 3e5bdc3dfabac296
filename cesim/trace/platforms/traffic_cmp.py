"""What CMP carries of a ledger: declarations of products, requests between buyers and sellers, look-ups by RMP.

A product is what a company makes of one kind and item; its declaration and an answer on it hold for a quarter, as in
`cesim.trace.platforms.network`. Who answers, how fast and how fully is `Compositions`, one desk for all.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.platforms.answering import DAY
from cesim.trace.platforms.compositions import Compositions
from cesim.trace.platforms.luck import Luck
from cesim.trace.platforms.packing import first_of
from cesim.trace.platforms.sent import held_by
from cesim.trace.steps import HANDOVERS, STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from cesim.quantities.streams import UniformSource
    from cesim.trace.platforms.network_plan import CompositionPlan
    from cesim.trace.platforms.sent import Sent

    Whole = NDArray[np.int64]

QUARTER: Final = 91 * DAY
"""Seconds for which a declaration or an answer holds."""
DECLARE: Final = ("metal_supplier", "polymer_supplier", "recyclate_supplier", "casthouse", "press_shop", "pelletiser",
                  "compounder")  # fmt: skip
"""Roles of those who make products of materials, and declare them."""
ASK: Final = ("casthouse", "press_shop", "compounder")
"""Roles of those who ask what they buy is made of."""
THROUGH_RMP: Final = ("take_back", "dismantler", "shredder")
"""Roles of sellers whom nobody asks: what they sell is looked up by RMP."""
_MAKING: Final = ("supply", "rolling", "pressing", "pelletising", "compounding", "moulding")
_NEVER: Final = 2**62


@dataclass(frozen=True, slots=True)
class Work:
    """What it takes of people.

    Attributes
    ----------
    answers
        Given, corrections among them.
    hours
        Of work.
    people
        At the desk.
    wait_days
        Median, 90th percentile and longest time until an answer is taken up, working days.
    until_read_days
        The same from the request until the composition can be read, days of the calendar.
    """

    answers: int
    hours: float
    people: int
    wait_days: tuple[float, float, float]
    until_read_days: tuple[float, float, float]


class Asked:
    """Compositions that somebody wants to know, each with the second of the first to ask."""

    def __init__(self) -> None:
        self.first: dict[str, int] = {}
        self.lookups = 0

    def want(self, names: Iterable[str], seconds: Iterable[int]) -> None:
        """Ask in the order of time; who asks again changes nothing."""
        for name, second in zip(names, seconds, strict=True):
            self.first.setdefault(name, second)


def look_up(sent: Sent, asked: Asked) -> None:
    """Let RMP look up what is dismantled, a type of vehicle at a time, and what is baled, a grade of a region."""
    entries, written = sent.entries, sent.records.written_s
    places = [actor.place or "elsewhere" for actor in entries.names.actors]
    for side, step in ((entries.inputs, "dismantling"), (entries.outputs, "baling")):
        found = held_by(side, sent.of_step(step))
        asked.lookups += len(found.lot)
        at = entries.actor[found.row] if step == "baling" else np.full(len(found.row), -1)
        keys = (sent.goods(found.lot), at, entries.time_s[found.row] // QUARTER)
        some = first_of(*keys)
        names = [
            f"{sent.called(goods)} {places[actor] if actor >= 0 else 'everywhere'} {quarter}"
            for goods, actor, quarter in zip(*(key[some].tolist() for key in keys), strict=True)
        ]
        asked.want(names, written[found.row[some]].tolist())


def request(sent: Sent, asked: Asked) -> None:
    """Let buyers ask: once a seller, buyer, kind of goods and quarter, when the first handover is written.

    Both have to be on the platform; the new scrap of press shops and what traders sell is asked for as well.
    """
    entries, written = sent.entries, sent.records.written_s
    found = held_by(entries.inputs, sent.of_step(*(STEPS[step] for step in HANDOVERS)))
    actor, partner = entries.actor[found.row], entries.partner[found.row]
    takes = entries.step[found.row] == HANDOVERS[1]
    giver, taker = np.where(takes, partner, actor), np.where(takes, actor, partner)
    known = (giver >= 0) & (taker >= 0) & (giver != taker) & sent.writes[giver] & sent.writes[taker]
    wanted = known & sent.has_role(*ASK)[taker] & ~sent.has_role(*THROUGH_RMP)[giver]
    quarter = entries.time_s[found.row] // QUARTER
    keys = [key[wanted] for key in (giver, taker, sent.goods(found.lot), quarter)]
    some = first_of(*keys)
    names = entries.names.actors
    asked.want(
        (
            f"{names[seller].name} > {names[buyer].name} {sent.called(goods)} {when}"
            for seller, buyer, goods, when in zip(*(key[some].tolist() for key in keys), strict=True)
        ),
        written[found.row[wanted][some]].tolist(),
    )


def declarations(sent: Sent) -> int:
    """Count declarations: one a company, product and quarter."""
    entries = sent.entries
    found = held_by(entries.outputs, sent.of_step(*_MAKING))
    makes = sent.has_role(*DECLARE)[entries.actor[found.row]]
    quarter = entries.time_s[found.row] // QUARTER
    return len(first_of(entries.actor[found.row][makes], sent.goods(found.lot)[makes], quarter[makes]))


def cmp_traffic(
    sent: Sent, plan: CompositionPlan | None, source: UniformSource | None
) -> tuple[Counter[str], Work | None]:
    """Count what CMP carries, and what it takes of people; without a plan nobody answers, and nothing is said of it.

    ``declaration``; ``lookup``; ``request``, and with a plan ``receipt``, ``refusal``, ``reminder``, ``answer``,
    ``approval``, ``return``, ``deemed``.
    """
    asked = Asked()
    look_up(sent, asked)
    request(sent, asked)
    told = Counter({"declaration": declarations(sent), "lookup": asked.lookups, "request": len(asked.first)})
    if plan is None or source is None:
        return told, None
    desk = Compositions(plan, Luck(source))
    for name, second in asked.first.items():
        desk.request(name, second)
    desk.advance(_NEVER)
    got = desk.traffic
    told.update({
        "receipt": got.receipts, "refusal": got.refusals, "reminder": got.reminders, "answer": got.answers,
        "approval": got.approvals, "return": got.returns, "deemed": got.deemed,
    })  # fmt: skip
    return told, _work(desk, asked)


def _work(desk: Compositions, asked: Asked) -> Work:
    ready = [(desk.ready(name), second) for name, second in asked.first.items()]
    read = np.array([(at - second) / DAY for at, second in ready if at is not None])
    return Work(
        desk.traffic.answers,
        desk.desk.worked_s() / 3600.0,
        desk.plan.people,
        _spread(desk.desk.waited() / desk.plan.working.day_s),
        _spread(read),
    )


def _spread(days: NDArray[np.float64]) -> tuple[float, float, float]:
    if not len(days):
        return 0.0, 0.0, 0.0
    median, tenth, most = np.quantile(days, [0.5, 0.9, 1.0]).tolist()
    return median, tenth, most
