"""The headline of a lot-by-lot run in plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from cesim.report.read import in_language
from cesim.report.terminal import fill
from cesim.text import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cesim.text import Language


class Found(Protocol):
    """What is read of a lot-by-lot run."""

    @property
    def about(self) -> Mapping[str, Any]:
        """The record of the run."""
        ...

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Its tables."""
        ...


ORDER = ("potential", "standard", "knowledge", "capacity", "realised")


def summary(found: Found, lang: Language) -> str:
    """Return what is realised, what keeps the rest away, and whether the laws hold."""
    about = found.about
    asked = about["asked"]
    years = str(asked["first"]) if asked["first"] == asked["last"] else f"{asked['first']}-{asked['last']}"
    batch = say("lots.one_car", lang) if asked["batch"] == 1 else say("lots.cars_a_lot", lang, count=asked["batch"])
    region = in_language(about["focus"], lang)
    lines = [say("lots.head", lang, region=region, years=years, batch=batch), "", _returned(found, lang)]
    lines += [*_losses(about["headline"], lang), ""]
    lines += _works(found, lang)
    return "\n".join([*lines, *_proofs(about, lang), ""])


def _returned(found: Found, lang: Language) -> str:
    realised = found.about["headline"]["realised"]["best"]
    table = found.tables["indicators"]
    rows = table[(table["indicator"] == "returned_at_works") & (table["draw"] == 0)]
    if len(rows) != 1:
        return say("lots.returned_years", lang, lots=tonnes(realised))
    return say("lots.returned", lang, lots=tonnes(realised), balance=tonnes(float(rows["balance"].iloc[0])))


def _losses(headline: Mapping[str, Mapping[str, float]], lang: Language) -> list[str]:
    lines = []
    for step in ORDER:
        if step not in headline:
            continue
        held = headline[step]
        lost = step not in ("potential", "realised")
        shown = tonnes(abs(held["best"]))
        sign = ("+" if held["best"] < 0 else "-") if lost else " "
        line = f"  {fill(sign + ' ' + shown, 14, right=True)}  {say(f'lots.{step}', lang)}"
        if lost and held["best"] < 0:
            line += " " + say("lots.gained", lang)
        lines.append(line)
        if "median" in held:
            middle, low, high = (tonnes(held[name]) for name in ("median", "p05", "p95"))
            lines.append(" " * 18 + say("lots.range", lang, median=middle, low=low, high=high))
    return lines


def _works(found: Found, lang: Language) -> list[str]:
    heats = found.tables["heats"]
    held = heats[(heats["draw"] == 0) & (heats["without"] == "")].groupby("outcome")["heats"].sum()
    count = {name: f"{int(held.get(name, 0)):,}" for name in ("good", "corrected", "downgraded", "off_spec")}
    cars = found.about["cars"].values()
    done, hurried = (sum(one[name] for one in cars) for name in ("done", "hurried"))
    away = sum(found.about["turned_away"].values())
    trucks = found.tables["transport"].iloc[0]
    return [
        say("lots.heats", lang, **count),
        say("lots.short", lang, hurried=f"{hurried:,}", cars=f"{done:,}", away=f"{away:,}"),
        say(
            "lots.trucks", lang, loads=f"{int(trucks['loads']):,}", t_km=f"{trucks['t_km']:,.0f}",
            cost=f"{trucks['cost_jpy']:,.0f}", co2=f"{trucks['co2_kg'] / 1000:,.0f}",
        ),
    ]  # fmt: skip


def _proofs(about: Mapping[str, Any], lang: Language) -> list[str]:
    laws, same = about["laws"], about["mirror"]
    if about["laws_of_all"]:
        line = say("lots.laws_ok", lang, lots=f"{about['lots']:,}", events=f"{about['events']:,}")
    else:
        line = say("lots.laws_bad", lang, where=f"{laws['where']}")
    worst = f"{same['worst_mg'] / 1000:,.1f}"
    told = {"masses": f"{same['masses']:,}", "flows": f"{same['flows']:,}"}
    key = "lots.mirror_ok" if same["agrees"] else "lots.mirror_bad"
    return [line, say(key, lang, worst=worst, where=same["where"], **told)]


def tonnes(value: float) -> str:
    """Return a mass with as many places as it needs."""
    return f"{value:,.0f} t" if abs(value) >= 100 else f"{value:,.1f} t"
