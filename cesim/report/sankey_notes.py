"""How the numbers of a flow diagram stand to those of the headline, in one note a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.numbers import write
from cesim.report.read import in_language, returned
from cesim.report.sankey_groups import BACK, ENTERING, INTO_CARS, RETURNED
from cesim.report.sankey_labels import BREAK, node_name

if TYPE_CHECKING:
    from cesim.report.read import RunTables
    from cesim.report.sankey_svg import MaterialFlow, YearFlow
    from cesim.report.words import Words

ENDS = (BACK, INTO_CARS, "melting_6xxx", ENTERING)
"""What a diagram leads to: the first of these that it shows."""
SAME = 1e-6
"""Relative difference below which the diagram and the headline show the same mass."""


def note(tables: RunTables, flow: MaterialFlow, year: YearFlow, words: Words) -> str:
    """Scope of the diagram, what arrives at its end, and mean and median of the headline; empty where it has none."""
    row = returned(tables, flow.material, year.year)
    if row is None:
        return ""
    mean, median, best = (write(float(row[column]), "t", words) for column in ("mean", "p50", "best"))
    figures = words("stand.single", best=best) if tables.is_single else words("stand.both", mean=mean, median=median)
    end = arriving(year)
    region = in_language(tables.run["focus"]["name"], words.lang)
    text = words(f"stand.{flow.key}", year=year.year, value=write(end, "t", words), region=region, figures=figures)
    apart = flow.material == RETURNED and abs(end - float(row["mean"])) > SAME * abs(end)
    return text + words("stand.apart") if apart else text


def arriving(year: YearFlow) -> float:
    """Tonnes that arrive where the diagram leads to."""
    into, _ = year.graph.sums()
    return next((into[end] for end in ENDS if end in into), 0.0)


def gathered(flow: MaterialFlow, words: Words) -> list[str]:
    """Say what each "other" node stands for."""
    told = []
    for node, members in flow.gathered.items():
        names = sorted({node_name(member, words).replace(BREAK, "") for member in members})
        name = node_name(node, words, flow.merged(node)).replace(BREAK, "")
        told.append(words("stand.gathered", name=name, members=words("stand.comma").join(names)))
    return told
