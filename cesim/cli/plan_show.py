"""`cesim plan show FILE`: the measures of a plan, which of them are in effect, and what each costs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from cesim.errors import DONE

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from cesim.scenario import Loaded
    from cesim.scenario.model import Scenario
    from cesim.scenario.plan import ActionPlan, Measure
    from cesim.text import Language

COLUMNS = ("id", "name", "pillar", "years", "standing", "needs", "cost", "published")
PER: Final[Mapping[Language, float]] = {"ja": 1e-8, "en": 1e-9}
"""Hundreds of millions (億円) in Japanese, billions in English."""


def answer(options: argparse.Namespace, loaded: Loaded[Scenario], target: Path) -> int:  # noqa: ARG001 - it writes no folder
    """Print the table of measures."""
    from cesim.plan.futures import plan_of

    plan = plan_of(loaded.scenario.unsteered)
    rows = list(_rows(loaded.scenario, plan, options.lang))
    if options.json:
        print(json.dumps({"name": loaded.scenario.name.model_dump(), "base_year": plan.base_year,
                          "until": plan.until, "measures": rows}, ensure_ascii=False))  # fmt: skip
        return DONE
    print("\n".join(_lines(plan, rows, options.lang)))
    return DONE


def _rows(scenario: Scenario, plan: ActionPlan, lang: Language) -> list[dict[str, Any]]:
    """Every measure in the order of the plan, in data."""
    active = plan.active(plan.adopted)
    return [
        {
            "id": name,
            "name": str(getattr(held.name, lang)),
            "pillar": held.pillar,
            "start": held.start,
            "full": held.start + held.ramp.years - 1,
            "level": held.level.value,
            "adopted": name in plan.adopted,
            "in_effect": name in active,
            "waits_for": sorted(plan.builds_on(name) - active) if name in plan.adopted else [],
            "needs": list(held.needs),
            "excludes": list(held.excludes),
            "cost_jpy": _cost(scenario, plan, name),
            "published": held.published,
        }
        for name, held in plan.measures.items()
    ]


def _cost(scenario: Scenario, plan: ActionPlan, name: str) -> float:
    """Present value of carrying a measure out as written, JPY, best estimate, all payers together."""
    from cesim.plan.futures import chosen
    from cesim.plan.money import costs

    with_needs = chosen([*plan.builds_on(name), name])  # without what it needs it waits, and costs nothing
    return float(costs(scenario, with_needs).present(measure=name)[0])


def _lines(plan: ActionPlan, rows: list[dict[str, Any]], lang: Language) -> list[str]:
    from cesim.cli.columns import table
    from cesim.text import say

    def word(key: str, **arguments: object) -> str:
        return say(f"report.casthouse.plan_show.{key}", lang, **arguments)

    cells = [_cells(plan.measures[row["id"]], row, lang, word) for row in rows]
    adopted = sum(row["adopted"] for row in rows)
    told = word("summary", count=len(rows), placeholders=sum(not row["published"] for row in rows), adopted=adopted,
                waiting=sum(row["adopted"] and not row["in_effect"] for row in rows))  # fmt: skip
    columns = [(key, word(f"column.{key}")) for key in COLUMNS]
    return [told, "", table(cells, columns), "", word("costs", base=plan.base_year, until=plan.until)]


def _cells(held: Measure, row: dict[str, Any], lang: Language, word: Callable[..., str]) -> dict[str, Any]:
    standing = "adopted" if row["in_effect"] else "waits" if row["adopted"] else "no"
    names = ", ".join(row["waits_for"])
    return {
        "id": row["id"],
        "name": row["name"],
        "pillar": word(f"pillar.{held.pillar}"),
        "years": word("years", start=row["start"], full=row["full"]),
        "standing": word(standing, names=names) if standing == "waits" else word(standing),
        "needs": ", ".join(held.needs) or "-",
        "cost": float(f"{row['cost_jpy'] * PER[lang]:.4g}"),
        "published": word("published" if held.published else "placeholder"),
    }
