"""`cesim codesign FILE`: the scrap grade and the alloy standard moved together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.cli import answering
from cesim.cli.answering import arguments
from cesim.cli.columns import table
from cesim.cli.progress import patience
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from cesim.orders.answers import Answer
    from cesim.text import Language

__all__ = ["arguments", "run"]

_MOST = 7
"""Levels and widths that a terminal shows of a table."""
_FRONT = 10
"""Designs of the front that it shows."""


def run(options: argparse.Namespace) -> int:
    """Read the order, try every design, print the table; 4 where it is not what was expected."""
    from cesim.orders import answers, asking
    from cesim.orders.placing import placed
    from cesim.orders.reading import read_order

    casthouse = read_order(options.file, "codesign")
    answering.check_files(options)
    with patience(options.lang), placed(casthouse.tree):
        design = asking.design_of(casthouse)
        answer = answers.of_design(design)

    def page(**about: Any) -> str:
        from cesim.report.casthouse import design_page

        risk = casthouse.order.risk
        return design_page(design, options.lang, risk=None if risk is None else risk.joint, **about)

    more = {"grade": casthouse.grade.name, "alloy": casthouse.alloy.name}
    told = lines(answer, options.lang)
    return answering.finish(options, casthouse, "codesign", answer, lines=told, page=page, more=more)


def lines(answer: Answer, lang: Language) -> list[str]:
    """Return the table of designs as lines for a terminal."""

    def word(key: str, **arguments: object) -> str:
        return say(f"codesign.{key}", lang, **arguments)

    designs = {(row["level"], row["widening"]): row for row in answer.tables["designs"]}
    levels, widths = (_with_today(sorted({key[at] for key in designs})) for at in (0, 1))
    out = []
    for head, cell in (("recycled", _recycled), ("binding", _binding)):
        rows = [
            {"level": f"{level:.3g}", **{str(width): cell(designs[level, width], lang) for width in widths}}
            for level in levels
        ]
        columns = [("level", word("corner")), *((str(width), f"{width:.3g}") for width in widths)]
        out += [word(head), table(rows, columns), ""]
    front = _some(answer.tables["front"], _FRONT)
    numbers = ("level", "widening", "recycled_content", "cost_jpy_per_t", "co2_t_per_t", "risk")
    rows = [{name: _shown(name, row[name]) for name in numbers} for row in front]
    out += [word("front", shown=len(front), all=len(answer.tables["front"]))]
    out += [table(rows, [(name, word(f"column.{name}")) for name in numbers]), ""]
    rows = [
        {
            "limit": word(f"side_{row['side']}", name=row["limit"]),
            "at": f"{100 * row['at']:.4g}",
            "tonnes": f"{row['recycled_t_per_year']:+,.1f}",
            "yen": f"{row['saved_jpy_per_year']:+,.0f}",
            "co2": f"{row['saved_co2_t_per_year']:+,.1f}",
        }
        for row in answer.tables["costly_limits"]
        if abs(row["recycled_t_per_year"]) > 1e-6 or abs(row["saved_jpy_per_year"]) > 1e-3
    ]
    if rows:
        names = ("limit", "at", "tonnes", "yen", "co2")
        out += [word("costly"), table(rows, [(name, word(f"column.{name}")) for name in names])]
    elif not answer.tables["costly_limits"]:
        out += [word("no_charge_there")]
    else:
        out += [word("none_costly")]
    return out


def _recycled(row: dict[str, Any], _: Language) -> str:
    return "-" if row["recycled_content"] is None else f"{100 * row['recycled_content']:.1f}"


def _binding(row: dict[str, Any], lang: Language) -> str:
    kind, _, limits = row["binding"].partition(": ")
    if kind.startswith("alloy "):
        return say("codesign.binds.alloy", lang, name=kind.removeprefix("alloy "))
    return say(f"codesign.binds.{kind.replace(' ', '_')}", lang, name=limits)


def _shown(name: str, value: float) -> str:
    if name in ("recycled_content", "risk"):
        return f"{100 * value:.3g} %"
    return f"{value:,.0f}" if name == "cost_jpy_per_t" else f"{value:.3g}"


def _with_today(factors: list[float]) -> list[float]:
    """Return some of the factors, both ends and the one nearest to 1 among them."""
    kept = _some(factors)
    today = min(factors, key=lambda factor: abs(factor - 1.0))
    if today in kept:
        return kept
    inner = min(kept[1:-1], key=lambda factor: abs(factor - today))
    return sorted({*kept, today} - {inner})


def _some(things: list[Any], most: int = _MOST) -> list[Any]:
    """Return at most so many, evenly spread, both ends among them."""
    if len(things) <= most:
        return things
    return [things[round(at * (len(things) - 1) / (most - 1))] for at in range(most)]
