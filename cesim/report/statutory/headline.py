"""What a statement says first, and what must not be overlooked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.statutory.beside import more_than_all, not_modelled
from cesim.report.statutory.europe import measured
from cesim.report.statutory.laws import threshold
from cesim.report.statutory.statement import missing

if TYPE_CHECKING:
    from cesim.report.statutory.view import View


def headline(view: View) -> tuple[str, ...]:
    """Return the statement in a few sentences."""
    s = view.statement
    first = view.say(
        "first", who=view.who, period=view.period, total=view.tonnes(s.whole.total),
        kg=view.tonnes(s.whole.counted("japan")), share=view.share(s.whole.share("japan")),
    )  # fmt: skip
    return (first, *_against_plan(view), _in_eu(view))


def _in_eu(view: View) -> str:
    s = view.statement
    if s.maker is None:
        return view.say("second_fleet", kg=view.tonnes(s.whole.counted("eu")), share=view.share(s.whole.share("eu")),
                        closed=view.share(s.whole.share("closed")))  # fmt: skip
    if s.eu is None:
        return view.say("second_none")
    against = measured(view)
    held = [one for one in s.types if one.is_in_eu_rule]
    lacks = [missing(one.account, against) for one in held]
    short = sum(1 for lack in lacks if lack.total_kg or lack.closed_kg)
    key = "second_short" if short else "second_met"
    return view.say(
        key, kg=view.tonnes(s.eu.counted("eu")), share=view.share(s.eu.share("eu")),
        closed=view.share(s.eu.share("closed")), types=len(held), short=short,
        target=f"{float(100 * against.share):g} %", part=f"{float(100 * against.closed):g} %",
    )  # fmt: skip


def _against_plan(view: View) -> tuple[str, ...]:
    s = view.statement
    if s.maker is None:
        return ()
    if s.target is None:
        return (view.say("third_none"),)
    lines = []
    if s.target.share is not None:
        gap = s.whole.share("japan") - s.target.share
        lines.append(view.say("third_below" if gap < 0 else "third_above", target=view.share(s.target.share),
                              gap=f"{abs(float(100 * gap)):.2f}"))  # fmt: skip
    if s.target.mass_kg is not None:
        mass = s.whole.counted("japan") - s.target.mass_kg
        key = "third_kg_below" if mass < 0 else "third_kg_above"
        lines.append(view.say(key, target=view.tonnes(round(s.target.mass_kg)), gap=view.tonnes(round(abs(mass)))))
    return tuple(lines)


def alarms(view: View) -> tuple[str, ...]:
    """Return what must not be overlooked."""
    found = [view.watermark] if view.watermark else []
    if more := more_than_all(view):
        found.append(view.say("beside.more", names=view.writer.join(more)))
    return tuple(found)


def remarks(view: View) -> tuple[str, ...]:
    """Return what a reader has to know before using the numbers."""
    s = view.statement
    found = [view.say("form")]
    if s.maker is not None and s.maker.units < threshold():
        found.append(view.say("below_threshold", units=f"{s.maker.units:,}", limit=f"{threshold():,}"))
    if names := not_modelled(view):
        found.append(view.say("beside.not_modelled", names=view.writer.join(names)))
    if s.whole.kg["chemical"]:
        found.append(view.say("chemical_note"))
    return tuple(found)
