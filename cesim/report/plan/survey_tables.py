"""The tables of a survey: what knowing is worth, what the choice is between, and what makes the headlines uncertain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.plan.futures import ADOPTED, NOTHING
from cesim.report.casthouse.shell import Table
from cesim.report.numbers import write_error

if TYPE_CHECKING:
    from cesim.plan.survey import Stake
    from cesim.report.plan.survey_view import SurveyView

LEAST = 6
"""Alternatives shown at once, those with the least expected loss."""
WORDS = ("", "words", "words", "words", "", "", "words")


def worth_tables(view: SurveyView, stake: Stake) -> tuple[Table, ...]:
    """What knowing is worth: above the floor, and, folded, of every number."""
    known = stake.knowing
    if known is None:
        return ()
    above = [path for path, worth in known.worth.items() if worth > known.floor]
    columns = tuple(
        view.say(f"column.{key}") for key in ("input", "status", "source", "value", "worth", "error", "standing")
    )
    told = Table(view.say("worth_above"), columns, _worth(view, stake, above), kinds=WORDS)
    every = Table(
        view.say("worth_all", count=f"{len(known.worth):,}"), columns, _worth(view, stake, list(known.worth)),
        is_folded=True, kinds=WORDS,
    )  # fmt: skip
    return (told, every) if above else (every,)


def _worth(view: SurveyView, stake: Stake, paths: list[str]) -> tuple[tuple[str, ...], ...]:
    known = stake.knowing
    assert known is not None
    dash = view.plan.writer.say("undefined")
    rows = []
    for path in paths:
        error = known.error.get(path)
        rows.append((view.input(path), view.status(path), view.source(path), view.amount(path),
                     view.yen(known.worth[path]), dash if error is None else view.yen(error),
                     view.standing(stake, path)))  # fmt: skip
    return tuple(rows)


def alternatives_tables(view: SurveyView, stake: Stake) -> tuple[Table, ...]:
    """Cost, shortfall and loss expected of the best, the adopted and no plan; folded, of every alternative."""
    known = stake.knowing
    names = [one.name for one in stake.alternatives]
    if known is not None:
        names.sort(key=lambda name: known.expected[name])
    first = [name for at, name in enumerate(names) if at < LEAST or name in (ADOPTED, NOTHING)]
    columns = tuple(view.say(f"column.{key}") for key in ("alternative", "cost", "missing", "loss", "least_often"))
    told = Table(view.say("alternatives"), columns, _alternatives(view, stake, first))
    if len(first) == len(names):
        return (told,)
    title = view.say("alternatives_all", count=len(names))
    return told, Table(title, columns, _alternatives(view, stake, names), is_folded=True)


def _alternatives(view: SurveyView, stake: Stake, names: list[str]) -> tuple[tuple[str, ...], ...]:
    known, unit, size = stake.knowing, stake.goal.unit, max(stake.missing.values())
    dash = view.plan.writer.say("undefined")
    rows = []
    for name in names:
        told = view.alternative(name)
        best = known is not None and name == known.best
        rows.append((
            view.say("alternative.best", name=told) if best else told,
            view.yen(stake.cost[name]),
            write_error(stake.missing[name], unit, view.plan.words, size or None),
            dash if known is None else view.yen(known.expected[name]),
            dash if known is None else view.plan.writer.full(known.least_often[name], "share"),
        ))  # fmt: skip
    return tuple(rows)


def inputs_table(view: SurveyView) -> Table:
    """Every input above the noise floor of any headline."""
    rows = tuple(
        (view.input(path), view.series(one.series), view.plan.writer.full(share, "share"), view.status(path),
         view.source(path))
        for one in view.found.spreads for path, share in one.shares.items()
    )  # fmt: skip
    columns = tuple(view.say(f"column.{key}") for key in ("input", "figure", "spread", "status", "source"))
    kinds = ("", "words", "", "words", "words")
    return Table(view.say("spread_table"), columns, rows, is_folded=True, kinds=kinds)
