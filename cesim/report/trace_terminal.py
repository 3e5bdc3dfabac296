"""The headline of a trace in plain text, and its tables as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.report.terminal import columns_of as width_of
from cesim.report.terminal import fill
from cesim.report.trace.columns import cells_of, columns_of, heading, written
from cesim.report.trace.findings import (
    PAIR,
    as_if_products,
    best_gains,
    budgeted,
    content,
    counts_of,
    is_aluminium_simulated,
    products_told,
)
from cesim.report.trace.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.report.trace.findings import Claim, Interval
    from cesim.run.trace.tracing import Tracing
    from cesim.text import Language


def summary(tracing: Tracing, lang: Language) -> str:
    """Return what is claimed, provable and true of each product, what an audit found, and whom to bring on board."""
    names = Names(tracing, lang)
    lines = [names.say("summary.head", what=names.what_it_is), "", *_shares(names), ""]
    lines += [*_records(names), *_next(names), names.say(f"summary.made_{_made(tracing)}")]
    return "\n".join([*lines, *_caveats(names), ""])


def table_lines(tracing: Tracing, what: str, lang: Language) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """Return a table of a trace as rows and its columns as (key, heading); numbers are filled to stand to the right.

    Parameters
    ----------
    what
        One of `cesim.report.trace.columns.TABLES`.
    """
    names = Names(tracing, lang)
    columns = columns_of(names, what)
    kept = [at for at, one in enumerate(columns) if one.is_brief]
    cells = cells_of(names, what)
    told: list[list[str]] = []
    for at in kept:
        look = columns[at].look
        texts = [written(row[at], look) for row in cells]
        wide = max((width_of(text) for text in (heading(columns[at], names), *texts)), default=0)
        told.append(texts if look == "text" else [fill(text, wide, right=True) for text in texts])
    heads = [(columns[at].name, heading(columns[at], names)) for at in kept]
    return [dict(zip((key for key, _ in heads), row, strict=True)) for row in zip(*told, strict=True)], heads


def _made(tracing: Tracing) -> str:
    return str(tracing.about["made"])


def percent(value: float | None) -> str:
    """Write a share with one decimal; a dash where there is none."""
    return "—" if value is None else f"{100.0 * value:.1f} %".replace("-0.0", "0.0")


def _shares(names: Names) -> Iterator[str]:
    """A line a product and law under headings."""
    tracing = names.tracing
    known = tracing.truth is not None
    heads = ["", "", "claimed", "provable", "budgeted", *(["true"] if known else [])]
    rows = [[names.say(f"summary.{head}") if head else "" for head in heads]]
    for product in products_told(tracing):
        for law in PAIR:
            claim = content(tracing, product, law)
            if claim is not None:
                rows.append(_line(names, claim, budgeted(tracing, product, law), known=known))
    widths = [max(width_of(row[at]) for row in rows) for at in range(len(heads))]
    for row in rows:
        cells = [fill(text, wide, right=at > 1) for at, (text, wide) in enumerate(zip(row, widths, strict=True))]
        yield "  " + "  ".join(cells).rstrip()


def _line(names: Names, claim: Claim, budget: Interval | None, *, known: bool) -> list[str]:
    law = names.say(f"summary.law.{claim.law}")
    row = [names.word("product", claim.product), law, percent(claim.claimed), between(claim.provable, claim.possible)]
    row.append(_with_budget(names, budget))
    return [*row, percent(claim.true)] if known else row


def between(low: float | None, high: float | None) -> str:
    """Write an interval."""
    return "—" if low is None or high is None else f"{100.0 * low:.1f}–{percent(high)}"


def _with_budget(names: Names, found: Interval | None) -> str:
    if found is None:
        return "—"
    return between(found.provable, found.possible) if found.is_proved else names.say("summary.not_provable")


def _records(names: Names) -> Iterator[str]:
    counts = counts_of(names.tracing)
    if {"records", "wrong_beyond_doubt"} <= counts.keys():
        told = {"records": f"{counts['records']:,}", "wrong": f"{counts['wrong_beyond_doubt']:,}"}
        yield names.say("summary.records", **told)


def _next(names: Names) -> Iterator[str]:
    told = [
        names.say(
            "summary.next_one", product=names.word("product", one.product), role=names.role(one.role),
            before=f"{100 * one.before:.1f}", after=f"{100 * one.after:.1f}",
        )
        for one in best_gains(names.tracing)
    ]  # fmt: skip
    if told:
        yield names.say("summary.next", told=names.say("summary.and").join(told))


def _caveats(names: Names) -> Iterator[str]:
    asked: dict[str, Any] = names.tracing.judging
    yield names.say("summary.budget", wrong=f"{100 * asked['wrong_share']:g}", sure=f"{100 * asked['confidence']:g}")
    if names.tracing.truth is not None:
        yield names.say("summary.limit" if names.is_built_in else "summary.hypothesis")
    if as_if := as_if_products(names.tracing):
        told = names.say("summary.and").join(names.word("product", product) for product in as_if)
        yield names.say("summary.as_if", products=told)
    if is_aluminium_simulated(names.tracing):
        yield names.say("summary.rmp")
