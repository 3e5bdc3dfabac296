"""The tables of the page on measures, from the catalogue itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.quantities import Quantity
    from cesim.scenario.plan import ActionPlan, Change, Measure

PILLARS = {
    "design": "1 循環配慮設計 · design for circulation",
    "chain": "2 動静脈連携による技術・体制 · the chain",
    "making": "3 製造・品質保証 · making and quality assurance",
}
HORIZONS = {"short": "短期 short", "mid": "中期 mid", "long": "長期 long"}
HOW = {"set": "→", "scale": "×", "add": "+", "fill": "fill"}


def catalogue(plan: ActionPlan, adopted: tuple[str, ...]) -> str:
    """What each measure is and does, pillar by pillar."""
    lines: list[str] = []
    for pillar, title in PILLARS.items():
        lines += [f"### {title}", "", "| measure | 施策 | what | when | who | changes | needs, not beside |"]
        lines += ["| --- | --- | --- | --- | --- | --- | --- |"]
        for name, one in plan.measures.items():
            if one.pillar == pillar:
                mark = " **2035**" if name in adopted else ""
                cells = (f"`{name}`{mark}", one.name.ja, one.name.en, _when(one), one.actor, _changes(one), _ties(one))
                lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines).rstrip()


def costs(plan: ActionPlan) -> str:
    """What each measure costs in full and what the figure stands for, in units of 100 million JPY (億円)."""
    lines = ["| measure | investment | running, a year | subsidy | labour, min a car | what it buys |"]
    lines += ["| --- | ---: | ---: | ---: | ---: | --- |"]
    for name, one in plan.measures.items():
        rate = "" if one.subsidy is None else f"{one.subsidy.rate.value:.0%}"
        cells = (f"`{name}`", _hundred_million(one.investment), _hundred_million(one.running), rate,
                 _range(one.minutes), one.investment.note or one.running.note)  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def sources(plan: ActionPlan) -> str:
    """Where each measure is named, or how it was thought of."""
    lines = ["| measure | published | source |", "| --- | --- | --- |"]
    for name, one in plan.measures.items():
        lines.append(f"| `{name}` | {'yes' if one.published else 'place-holder'} | {one.source} |")
    return "\n".join(lines)


def _when(one: Measure) -> str:
    full = one.start - 1 + one.ramp.years
    return f"{HORIZONS[one.horizon]}, {one.start}" + (f" to {full}" if full > one.start else "")


def _changes(one: Measure) -> str:
    return "<br>".join(_grouped(one))


def _grouped(one: Measure) -> Iterator[str]:
    """Changes of one amount told once."""
    told: dict[str, list[str]] = {}
    for change in one.changes.values():
        told.setdefault(_amount(change), []).append(f"`{change.path}`")
    for amount, paths in told.items():
        yield f"{', '.join(paths)} {amount}"


def _amount(change: Change) -> str:
    unit = "" if change.amount.unit in ("", "-", "share") else f" {change.amount.unit}"
    return f"{HOW[change.how]} {_range(change.amount)}{unit}"


def _ties(one: Measure) -> str:
    told = [f"needs `{other}`" for other in one.needs] + [f"not beside `{other}`" for other in one.excludes]
    return ", ".join(told)


def _hundred_million(money: Quantity) -> str:
    return _range(money, 1e8)


def _range(number: Quantity, per: float = 1.0) -> str:
    if number.value == 0.0 and number.high is None:
        return ""
    span = (
        "" if number.low is None or number.high is None else f" ({number.low / per:,.4g} to {number.high / per:,.4g})"
    )
    return f"{number.value / per:,.4g}{span}"
