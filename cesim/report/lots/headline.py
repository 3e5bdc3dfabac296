"""The answer of a lot-by-lot run in a few sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.lots.view import LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.report.lots.amounts import Amount
    from cesim.report.lots.view import LotView

_SAME = 0.05
"""t that nobody tells apart in the numbers of the page."""


def headline(view: LotView) -> list[str]:
    """Return what is realised of what is possible, what costs most, and what the balance has."""
    return list(_sentences(view))


def _sentences(view: LotView) -> Iterator[str]:
    writer, steps = view.writer, view.steps
    told = {"region": view.region, "years": view.years, "realised": tonnes(view, steps["realised"])}
    if "potential" in steps:
        yield writer.say("lots.first", **told, potential=tonnes(view, steps["potential"]))
        yield _costs(view)
    else:
        yield writer.say("lots.first_alone", **told)
    yield _balance(view)


def tonnes(view: LotView, amount: Amount) -> str:
    """Return a mass with its range."""
    said, spread = view.writer.full(amount.best, "t_many"), amount.spread(view.writer, "t_many")
    return view.writer.say("lots.with_range", mass=said, range=spread) if spread else said


def _costs(view: LotView) -> str:
    writer, steps = view.writer, view.steps
    most = max(LIMITS, key=lambda limit: steps[limit].best)
    if steps[most].best < _SAME:
        return writer.say("lots.costs_nothing")
    others = [limit for limit in LIMITS if limit != most]
    told = writer.join(
        writer.say(
            "lots.gain_of" if steps[limit].best < 0 else "lots.loss_of", name=writer.say(f"lots.short.{limit}"),
            mass=writer.full(abs(steps[limit].best), "t_many"),
        )
        for limit in others
    )  # fmt: skip
    return writer.say(
        "lots.costs", name=writer.say(f"lots.short.{most}"), mass=writer.full(steps[most].best, "t_many"), others=told
    )


def _balance(view: LotView) -> str:
    writer = view.writer
    lots, there = view.steps["realised"].best, view.returned_in_balance.best
    key = "same" if abs(lots - there) < _SAME else "less" if lots < there else "more"
    gap = writer.full(abs(lots - there), "t_many")
    return writer.say(f"lots.balance_{key}", balance=writer.full(there, "t_many"), gap=gap)
