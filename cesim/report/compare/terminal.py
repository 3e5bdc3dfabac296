"""A comparison on the terminal: the differences of the headlines, and the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.compare.page import FEW_DRAWS, changed, value
from cesim.report.compare.view import view_of

if TYPE_CHECKING:
    from cesim.plan.comparing import Comparison
    from cesim.text import Language


def summary(found: Comparison, lang: Language) -> str:
    """Return the lines."""
    view = view_of(found, lang)
    say = view.writer.say
    lines = []
    for at in range(1, len(view.names)):
        lines.append(say("compare.lead", other=view.names[at], first=view.names[0], year=view.main_year,
                         place=view.place(view.main_region)))  # fmt: skip
        for key, rows in view.headlines():
            lines.append(f"  {view.indicator(key)}")
            lines.append(f"    {value(view, rows[0])} → {value(view, rows[at])}: {changed(view, rows[at])}")
        lines.append("")
    if 1 < found.draws < FEW_DRAWS:
        lines.append(say("compare.few_draws", draws=found.draws))
    lines.append(say("compare.inputs_lead", count=len(view.inputs)))
    return "\n".join(lines)
