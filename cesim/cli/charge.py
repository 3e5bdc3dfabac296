"""`cesim charge FILE`: what goes into a heat, what stops more, and how sure that is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cesim.cli.columns import table
from cesim.errors import DONE, MISSED, NO_ANSWER
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from cesim.charge.answer import ChargeAnswer
    from cesim.cli.parser import Parser
    from cesim.heatorder.expecting import Expected
    from cesim.text import Language


def arguments(parser: Parser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help=parser.word("order"))
    parser.add_argument("--json", action="store_true", help=parser.word("json"))


def run(options: argparse.Namespace) -> int:
    """Read the order, make the charge, print it; 3 where there is none, 4 where it is not what was expected."""
    from cesim.heatorder.expecting import expectations
    from cesim.heatorder.making import charge_of
    from cesim.heatorder.model import HeatOrder
    from cesim.scenario import load

    order = load(options.file, HeatOrder).scenario
    charge = charge_of(order)
    ask = {"cost": charge.least_cost, "co2": charge.least_co2, "recycled": charge.most_recycled}[order.ask]
    answer = ask()
    expected = expectations(order.expect, figures(answer))
    if options.json:
        print(json.dumps(told(answer, expected, options.lang), ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines(answer, expected, options.lang)))
    if answer.status != "optimal":
        return NO_ANSWER
    return DONE if all(one.holds for one in expected) else MISSED


def figures(answer: ChargeAnswer) -> dict[str, float | None]:
    """Return the numbers that an order may expect something of."""
    risk = answer.realised_risk
    return {
        "recycled_content": answer.recycled_content,
        "post_consumer": answer.post_consumer,
        "pre_consumer": answer.pre_consumer,
        "cost_jpy": answer.cost,
        "co2_t": answer.co2,
        "realised_risk": None if risk is None else risk.share,
        "realised_risk_bound": None if risk is None else risk.upper_bound,
    }


def told(answer: ChargeAnswer, expected: tuple[Expected, ...], lang: Language) -> dict[str, Any]:
    """Return the answer as plain values: masses in t, shares as fractions."""
    return {
        "status": answer.status,
        "ask": answer.objective,
        "mix_t": dict(answer.mix),
        "melt_t": answer.melt,
        "composition": dict(answer.composition),
        **figures(answer),
        "binding": dict(answer.binding),
        "shadow_prices": {name: list(pair) for name, pair in answer.shadow_prices.items()},
        "method": answer.method,
        "method_reason": answer.method_reason.words(lang),
        "nominal_risk": answer.nominal_risk,
        "why": answer.why(lang),
        "expected": [{"line": one.line, "found": one.found, "holds": one.holds} for one in expected],
    }


def lines(answer: ChargeAnswer, expected: tuple[Expected, ...], lang: Language) -> list[str]:
    """Return the answer as lines for a terminal."""

    def word(key: str, **arguments: object) -> str:
        return say(f"charge.table.{key}", lang, **arguments)

    out = []
    if answer.mix:
        whole = sum(answer.mix.values())
        rows = [
            {"name": name, "mass": f"{mass:,.3f}", "share": f"{100 * mass / whole:.1f} %"}
            for name, mass in sorted(answer.mix.items(), key=lambda item: -item[1])
        ]
        out += [table(rows, [(key, word(key)) for key in ("name", "mass", "share")]), ""]
    if answer.status == "optimal":
        out += [*_figure_lines(answer, word), *_limit_lines(answer, word)]
        out.append(f"{word('method')}{answer.method_reason.words(lang)}")
    if answer.why(lang):
        out.append(f"{word('why')}{answer.why(lang)}")
    for one in expected:
        found = word("nothing") if one.found is None else f"{one.found:.6g}"
        out.append(word("holds" if one.holds else "missed", line=one.line, found=found))
    return out


def _figure_lines(answer: ChargeAnswer, word: Any) -> list[str]:
    assert answer.recycled_content is not None
    assert answer.post_consumer is not None
    assert answer.cost is not None
    assert answer.co2 is not None
    out = [
        word("recycled", all=f"{100 * answer.recycled_content:.2f}", post=f"{100 * answer.post_consumer:.2f}"),
        word("costs", cost=f"{answer.cost:,.0f}", each=f"{answer.cost / answer.melt:,.0f}"),
        word("gases", co2=f"{answer.co2:,.2f}", each=f"{answer.co2 / answer.melt:.3f}"),
    ]
    risk = answer.realised_risk
    if risk is not None:
        asked = "" if answer.nominal_risk is None else word("nominal", share=f"{100 * answer.nominal_risk:.3g}")
        bound = f"{100 * risk.upper_bound:.3g}"
        out.append(word("risk", share=f"{100 * risk.share:.3g}", bound=bound, heats=f"{risk.heats:,}") + asked)
    return out


def _limit_lines(answer: ChargeAnswer, word: Any) -> list[str]:
    if not answer.binding:
        return [word("no_limit")]
    unit = word(f"unit_{answer.objective}")
    out = []
    for name, side in answer.binding.items():
        down, up = (f"{1e-4 * price:,.4g}" for price in answer.shadow_prices.get(name, (0.0, 0.0)))
        at = f"{100 * answer.composition[name]:.4g}" if name in answer.composition else "-"
        out.append(word("limit", name=name, side=word(side), at=at, down=down, up=up, unit=unit))
    return out
