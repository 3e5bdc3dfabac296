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
        if view.drawn:
            yield _costs_in_draws(view)
        yield _in_best(view, _costs(view))
    else:
        yield writer.say("lots.first_alone", **told)
    yield _in_best(view, _balance(view))


def _in_best(view: LotView, sentence: str) -> str:
    """Say that a sentence is of the best estimate, where there are draws too."""
    return view.writer.say("lots.in_best", told=sentence) if view.drawn else sentence[:1].upper() + sentence[1:]


def tonnes(view: LotView, amount: Amount) -> str:
    """Return a mass: of draws the median with its range, and the best estimate behind them."""
    writer, best = view.writer, view.writer.full(amount.best, "t_many")
    if amount.median is None:
        return best
    return writer.say(
        "lots.with_range", median=writer.full(amount.median, "t_many"), ends=_ends(view, amount), best=best
    )


def _ends(view: LotView, amount: Amount) -> str:
    assert amount.low is not None
    assert amount.high is not None
    writer = view.writer
    return writer.say("lots.ends", low=writer.bare(amount.low, "t_many"), high=writer.full(amount.high, "t_many"))


def _costs_in_draws(view: LotView) -> str:
    """What costs most in the median of the draws; it may be another limit than with best estimates."""
    medians = {limit: view.steps[limit].median or 0.0 for limit in LIMITS}
    most = max(LIMITS, key=lambda limit: medians[limit])
    if medians[most] < _SAME:
        return view.writer.say("lots.draws_cost_nothing")
    return view.writer.say(
        "lots.draws_cost", name=view.writer.say(f"lots.short.{most}"),
        mass=view.writer.full(medians[most], "t_many"), ends=_ends(view, view.steps[most]),
    )  # fmt: skip


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
