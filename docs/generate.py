"""Writes what the docs say from what the code says, so that the two cannot part.

    python docs/generate.py            rewrite everything
    python docs/generate.py --check    name what is stale, exit code 1 if anything is

Whole pages are written where nobody has anything to add by hand (indicators, commands, hindcast, the schema for
editors); elsewhere only the block between `<!-- generated: NAME -->` and `<!-- end of NAME -->` is.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, get_args

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # a checkout documents itself, not another cesim that is installed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import BaseModel

    from cesim.scenario.model import Scenario
    from cesim.scenario.plan import ActionPlan

BY_HAND = "do not edit by hand"
STATUSES = ("read", "unverified", "estimate", "given")
SHIPPED = ("tutorial", "japan-baseline", "chubu-baseline", "chubu-2035", "chubu-2035-component-model")
YEAR = 2035


def indicators_page() -> str:
    """Every indicator with formula, unit, denominator, region rule and source."""
    from cesim.indicators import INDICATORS

    lines = [
        "# Indicators", "", f"<!-- Written by docs/generate.py from cesim.indicators.registry; {BY_HAND}. -->", "",
        "Each formula is written once, in `cesim/indicators/formulas.py`, and reads flow tables only. A group of",
        "regions is the ratio of the sums, never the mean of ratios. The ones in **bold** open the report.", "",
    ]  # fmt: skip
    for one in INDICATORS.values():
        mark = "**" if one.headline else ""
        wish = {"up": "more is better", "down": "less is better", "": "neither good nor bad by itself"}[one.better]
        lines += [
            f"## {mark}{one.name_en}{mark}", "", f"{one.name_ja}", "",
            f"- id: `{one.id}`", f"- unit: {one.unit}; {wish}", f"- formula: {one.formula}",
            f"- 計算式: {one.formula_ja}", f"- denominator: {one.denominator}", f"- region rule: {one.region_rule}",
            f"- source: {one.source}", "",
        ]  # fmt: skip
    return "\n".join(lines)


def commands_page() -> str:
    """Every command with its arguments in both languages."""
    from importlib import import_module

    from cesim.cli.main import commands
    from cesim.cli.parser import Parser
    from cesim.text import say

    lines = [
        "# Commands", "", f"<!-- Written by docs/generate.py from the parsers of cesim.cli; {BY_HAND}. -->", "",
        "Every command takes `--lang ja|en` (default: that of the terminal) and `--help`. "
        + say("cli.exit_codes", "en") + ".", "",
    ]  # fmt: skip
    for name in commands():
        parsers = [Parser(name, lang) for lang in ("en", "ja")]
        for parser in parsers:
            import_module(f"cesim.cli.{name}").arguments(parser)
        lines += [f"## cesim {name}", "", say(f"cli.summary.{name}", "en"), "", say(f"cli.summary.{name}", "ja"), ""]
        lines += ["| argument | what | 説明 |", "| --- | --- | --- |"]
        for own, other in zip(*(parser._actions for parser in parsers), strict=True):
            words = ["/".join(own.option_strings)] if own.option_strings else []
            words += [own.metavar] if isinstance(own.metavar, str) else []
            words += ["{" + ",".join(own.choices) + "}"] if own.choices else []
            told = [str(action.help).replace("%%", "%") for action in (own, other)]
            lines.append(f"| `{_cell(' '.join(words))}` | {_cell(told[0])}{_default(own.default)} | {_cell(told[1])} |")
        lines.append("")
    return "\n".join(lines)


def hindcast_page() -> str:
    """The fleet model beside what was counted."""
    from cesim.run.hindcast_page import hindcast_page as page

    return page()


def schema() -> str:
    """The schema by which editors complete and check scenario files."""
    from cesim.scenario.model import Scenario
    from cesim.scenario.schema import schema_text

    return schema_text(Scenario)


def study_schema() -> str:
    """The schema by which editors complete and check study files."""
    from cesim.scenario.schema import schema_text
    from cesim.sweep.study import Study

    return schema_text(Study)


def study_entries_block() -> str:
    """Every entry of a study, with those of its parts."""
    from cesim.sweep.study import Study

    return "\n".join(["| entry | without it | what |", "| --- | --- | --- |", *_entries(Study, "")])


def inputs_block() -> str:
    """How well the numbers of each shipped scenario are known."""
    lines = ["| scenario | " + " | ".join(STATUSES) + " |", "| --- |" + " ---: |" * len(STATUSES)]
    for name in SHIPPED:
        held = Counter(quantity.status for _, quantity in _numbers(_scenario(name)))
        lines.append(f"| `{name}` | " + " | ".join(str(held[status]) for status in STATUSES) + " |")
    return "\n".join(lines)


def tables_block() -> str:
    """How many rows of each table were read, are recalled, or are estimates."""
    from cesim.data import rows, sources, tables

    kinds = STATUSES[:3]
    lines = ["| table | " + " | ".join(kinds) + " |", "| --- |" + " ---: |" * len(kinds)]
    for table in tables():
        held = Counter(row.status for row in rows(table))
        lines.append(f"| `{table}` | " + " | ".join(str(held[kind]) for kind in kinds) + " |")
    held = Counter(row.status for row in rows())
    lines.append("| **all** | " + " | ".join(f"**{held[kind]}**" for kind in kinds) + " |")
    return "\n".join([*lines, "", f"{len(rows())} rows from {len(sources())} sources."])


def scenarios_block() -> str:
    """The scenarios that ship."""
    lines = ["| file | 名前 | name | what it is |", "| --- | --- | --- | --- |"]
    for name in SHIPPED:
        held = _scenario(name)
        lines.append(f"| `{name}` | {held.name.ja} | {held.name.en} | {_cell(held.summary.en)} |")
    return "\n".join(lines)


def levers_block() -> str:
    """The values people change most, with what they are today and in the 2035 model."""
    from cesim.scenario.levers import levers

    today, plan = (
        {lever.path: lever for lever in levers(_scenario(name))} for name in ("chubu-baseline", "chubu-2035")
    )
    lines = [
        f"| path | てこ | lever | unit | today, {YEAR} | chubu-2035, {YEAR} |",
        "| --- | --- | --- | --- | ---: | ---: |",
    ]
    for path, lever in today.items():
        unit = lever.value_of.unit if lever.value_of is not None else ""
        cells = (_told(lever.value), _told(plan[path].value)) if path in plan else (_told(lever.value), "")
        row = (f"`{'.'.join(path)}`", lever.name_ja, lever.name_en, "" if unit == "-" else unit, *cells)
        lines.append("| " + " | ".join(row) + " |")
    return "\n".join(lines)


def by_risk_block() -> str:
    """What a record that may be wrong does to a charge, by the risk asked for."""
    from docs.records_page import by_risk

    return by_risk()


def by_reliability_block() -> str:
    """The same by the reliability of the record."""
    from docs.records_page import by_reliability

    return by_reliability()


def by_pair_block() -> str:
    """The same for two lots with records."""
    from docs.records_page import by_pair

    return by_pair()


def quantity_rules_block() -> str:
    """The rules of numbers with ranges, from the room that keeps them."""
    import cesim.quantities

    rules = re.split(r"\n(?=Q\d+ )", (cesim.quantities.__doc__ or "").partition("\nQ1 ")[2])
    numbered = [rules[0], *(rule.partition(" ")[2] for rule in rules[1:])]
    return "\n".join(f"- **Q{n}** {' '.join(rule.split())}" for n, rule in enumerate(numbered, start=1))


PAGES: dict[str, Callable[[], str]] = {
    "docs/indicators.md": indicators_page,
    "docs/commands.md": commands_page,
    "docs/hindcast.md": hindcast_page,
    "docs/scenario.schema.json": schema,
    "docs/study.schema.json": study_schema,
}
"""Written whole."""


def measures_block() -> str:
    """The catalogue of measures."""
    from docs.measures_page import catalogue

    plan = _plan()
    return catalogue(plan, plan.adopted)


def measure_costs_block() -> str:
    """What measures cost."""
    from docs.measures_page import costs

    return costs(_plan())


def measure_sources_block() -> str:
    """Where measures come from."""
    from docs.measures_page import sources

    return sources(_plan())


def order_commands_block() -> str:
    """Which parts of an order each command needs."""
    from cesim.orders.reading import NEEDED, TOGETHER, spoken

    lines = ["| command | needs |", "| --- | --- |"]
    lines += [
        f"| `cesim {spoken(command)}` | {', '.join(f'`{part}`' for part in NEEDED[command])} |" for command in NEEDED
    ]
    together = ", ".join(f"`{part}`" for part in TOGETHER)
    return "\n".join(
        [*lines, "", f"`grade test` and `grade compare` also melt what is accepted where there are {together}."]
    )


def order_fields_block() -> str:
    """Every field of an order in both languages."""
    from cesim.text import say
    from cesim.text.catalogue import keys

    lines: list[str] = []
    for key in keys("en", "order.sheet."):
        part = key.removeprefix("order.sheet.")
        lines += [f"### `{part}`", "", f"{say(key, 'en')}. {say(key, 'ja')}。", ""]
        fields = keys("en", f"order.field.{part}.")
        if fields:
            lines += ["| field | without it | what | 意味 |", "| --- | --- | --- | --- |"]
            for key in fields:
                name = key.rpartition(".")[2]
                words = " | ".join(_cell(say(key, lang)) for lang in ("en", "ja"))
                lines.append(f"| `{name}` | {_without(part, name)} | {words} |")
            lines.append("")
    return "\n".join(lines).rstrip()


BLOCKS: dict[str, dict[str, Callable[[], str]]] = {
    "README.md": {"inputs": inputs_block},
    "docs/data.md": {"tables": tables_block},
    "docs/measures.md": {
        "measures": measures_block,
        "costs of measures": measure_costs_block,
        "sources of measures": measure_sources_block,
    },
    "docs/orders.md": {"order commands": order_commands_block, "order fields": order_fields_block},
    "docs/equations.md": {"quantity rules": quantity_rules_block},
    "docs/records-and-risk.md": {
        "by risk": by_risk_block,
        "by reliability": by_reliability_block,
        "by pair": by_pair_block,
    },
    "docs/scenarios.md": {"scenarios": scenarios_block, "levers": levers_block},
    "docs/sweep.md": {"study entries": study_entries_block},
}
"""Written between marks; what stands around them is by hand."""


def fresh(path: str) -> str:
    """What a page should say."""
    if path in PAGES:
        return PAGES[path]()
    text = (ROOT / path).read_text(encoding="utf-8")
    for name, block in BLOCKS[path].items():
        begin, end = f"<!-- generated: {name} -->", f"<!-- end of {name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"{path} must hold the marks of `{name}` once")
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{block()}\n{end}{rest.partition(end)[2]}"
    return text


def stale(paths: Iterable[str]) -> list[str]:
    """The pages that do not say what the code says."""
    return [path for path in paths if not (ROOT / path).is_file() or (ROOT / path).read_text("utf-8") != fresh(path)]


def _scenario(name: str) -> Scenario:
    from cesim.scenario import open_scenario

    return open_scenario(str(ROOT / "scenarios" / f"{name}.yaml")).scenario


def _plan() -> ActionPlan:
    plan = _scenario("chubu-2035").plan
    assert plan is not None
    return plan


def _numbers(scenario: Scenario) -> Iterable[tuple[str, object]]:
    from cesim.run.sampler import numbers

    return numbers(scenario)


def _told(value: object) -> str:
    """A number, or a path over years as it stands in the year shown; with its range where that year has one."""
    from cesim.quantities import KeyedSource, Quantity, TimePath
    from cesim.quantities.steered import SteeredPath

    if isinstance(value, SteeredPath) and value.effects:
        drawn = sorted(value.draw([YEAR], KeyedSource(0), "shown", 0, 1_000)[:, 0])
        return f"{_figure(float(value.best([YEAR])[0]))} ({_rounded(drawn[50])} to {_rounded(drawn[949])})"
    if isinstance(value, TimePath):
        knot = value.knots.get(YEAR, next(iter(value.knots.values())) if len(value.knots) == 1 else None)
        return _told(knot) if knot is not None else _figure(float(value.best([YEAR])[0]))
    assert isinstance(value, Quantity)
    span = "" if value.low is None or value.high is None else f" ({_figure(value.low)} to {_figure(value.high)})"
    return f"{_figure(value.value)}{span}"


def _rounded(number: float) -> str:
    """Two figures: more, a thousand draws do not tell."""
    return _figure(float(f"{number:.2g}"))


def _figure(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.4g}"


def _without(part: str, name: str) -> str:
    """What an order without a field is taken for: refused, nothing, or its default."""
    from pydantic_core import PydanticUndefined

    from cesim.orders.layout import SHEETS
    from cesim.orders.order import Order
    from cesim.scenario import kinds_at

    sheet = next(one for one in SHEETS if one.name == part)
    kinds = kinds_at(Order, (*sheet.loc, "*") if sheet.several else sheet.loc)
    field = next(kind for kind in kinds if hasattr(kind, "model_fields")).model_fields[name]
    if field.default is PydanticUndefined:
        return "refused"
    return "nothing" if field.default in (None, (), {}) else f"`{field.default}`"


def _entries(model: type[BaseModel], before: str) -> Iterable[str]:
    """Rows of a model and of the models in it; of a part that stands for itself only its entries."""
    from pydantic import BaseModel
    from pydantic_core import PydanticUndefined

    for name, field in model.model_fields.items():
        held = field.default
        without = "needed" if held is PydanticUndefined else _plainly(held)
        parts = [one for one in (field.annotation, *get_args(field.annotation)) if isinstance(one, type)]
        part = next((one for one in parts if issubclass(one, BaseModel) and one.__name__ != "Names"), None)
        if field.description or part is None:
            yield f"| `{before}{name}` | {without} | {_cell(field.description or '')} |"
        if part is not None:
            yield from _entries(part, f"{before}{name}.")


def _plainly(held: object) -> str:
    """What an entry is where nobody says it."""
    if held is None or held in ((), {}):
        return "nothing"
    if isinstance(held, bool):
        return "no" if not held else "yes"
    return ", ".join(f"`{one}`" for one in held) if isinstance(held, tuple) else f"`{held}`"


def _default(held: object) -> str:
    told = isinstance(held, int | str) and not isinstance(held, bool) and held != "==SUPPRESS=="
    return f" (default {held})" if told else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Rewrite, or tell what is stale."""
    paths = [*PAGES, *BLOCKS]
    if "--check" in sys.argv[1:]:
        old = stale(paths)
        print("\n".join(old) if old else "nothing is stale")
        return 1 if old else 0
    for path in paths:
        (ROOT / path).write_text(fresh(path), encoding="utf-8", newline="\n")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
