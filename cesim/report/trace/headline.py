"""The answer of a trace in a few sentences, and what must not be overlooked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.report.trace.findings import (
    PAIR,
    as_if_products,
    best_gains,
    budgeted,
    content,
    counts_of,
    is_aluminium_simulated,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.report.trace.findings import Claim
    from cesim.report.trace.view import TraceView


NOTHING: Final = 1e-9
"""Width of an interval that is rounding."""


def headline(view: TraceView) -> list[str]:
    """Return what is claimed, provable and true of each product, what wrong records do to it, and whom to ask next."""
    return [*_shares(view), *_budget(view), *_audit(view), *_next(view), view.say(f"made.{view.tracing.about['made']}")]


def _shares(view: TraceView) -> Iterator[str]:
    for product in view.products:
        told = [_share(view, one) for law in PAIR if (one := content(view.tracing, product, law)) is not None]
        if told:
            yield view.say("headline", product=view.product(product), told=view.say("semicolon").join(told))
    if not view.products:
        yield view.say("headline_none")


def _share(view: TraceView, one: Claim) -> str:
    told = {
        "law": view.say(f"short.{one.law}"), "claimed": view.share(one.claimed), "provable": view.share(one.provable),
        "possible": view.share(one.possible),
    }  # fmt: skip
    if one.true is None:
        return view.say("headline_share_unknown", **told)
    unknown = (one.possible or 0.0) - (one.provable or 0.0)
    if unknown < NOTHING:
        told.pop("possible")
        return view.say("headline_share_sure", true=view.share(one.true), **told)
    return view.say("headline_share", true=view.share(one.true), **told)


def _budget(view: TraceView) -> Iterator[str]:
    told = []
    for product in view.products:
        found = budgeted(view.tracing, product, PAIR[0])
        if found is not None:
            key = "budget_one" if found.is_proved else "budget_one_not"
            span = view.between(found.provable, found.possible)
            told.append(view.say(key, product=view.product(product), range=span))
    if told:
        asked = view.tracing.judging
        yield view.say(
            "budget_headline", wrong=view.writer.short(asked["wrong_share"]), told=view.writer.join(told),
            sure=view.writer.short(asked["confidence"]),
        )  # fmt: skip


def _audit(view: TraceView) -> Iterator[str]:
    counts = counts_of(view.tracing)
    if not {"records", "wrong_beyond_doubt"} <= counts.keys():
        return
    told = {"records": f"{counts['records']:,}", "found": f"{counts['wrong_beyond_doubt']:,}"}
    if view.knows and "planted" in counts:
        yield view.say("audit_headline_known", wrong=f"{counts['planted']:,}", **told)
    else:
        yield view.say("audit_headline", **told)


def _next(view: TraceView) -> Iterator[str]:
    told = [
        view.say(
            "next_one", product=view.product(one.product), role=view.names.role(one.role), after=view.share(one.after),
            before=view.writer.bare(one.before, "share"),
        )
        for one in best_gains(view.tracing)
    ]  # fmt: skip
    if told:
        yield view.say("next_headline", told=view.say("semicolon").join(told))


def remarks(view: TraceView) -> tuple[str, ...]:
    """Return what every reader has to know before the numbers are used."""
    key = "pilot" if not view.knows else "limit" if view.names.is_built_in else "hypothesis"
    found = [view.say(f"remark_{key}")]
    as_if = [product for product in as_if_products(view.tracing) if product in view.products]
    if as_if:
        found.append(view.say("remark_as_if", products=view.writer.join(view.product(one) for one in as_if)))
    if is_aluminium_simulated(view.tracing):
        found.append(view.say("remark_rmp"))
    return tuple(found)


def alarms(view: TraceView) -> tuple[str, ...]:
    """Return what is wrong with the proof itself: more wrong records than reckoned with; a truth that lies outside."""
    found = []
    for product in view.products:
        budgets = [budgeted(view.tracing, product, law) for law in PAIR]
        if any(one is not None and not one.is_proved for one in budgets):
            found.append(view.say("alarm_not_provable", product=view.product(product)))
        for law in PAIR:
            one = content(view.tracing, product, law)
            if one is not None and _lies_outside(one):
                told = {"product": view.product(product), "law": view.say(f"short.{law}")}
                found.append(view.say("alarm_outside", **told))
    return tuple(found)


def _lies_outside(one: Claim) -> bool:
    if one.provable is None or one.possible is None or one.true is None:
        return False
    return not one.provable - 1e-9 <= one.true <= one.possible + 1e-9
