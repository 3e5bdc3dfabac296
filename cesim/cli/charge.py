"""`cesim charge FILE`: what goes into a heat, what stops more, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.cli import answering
from cesim.cli.answering import arguments
from cesim.cli.columns import table
from cesim.cli.progress import patience
from cesim.errors import NO_ANSWER
from cesim.text import say

if TYPE_CHECKING:
    import argparse

    from cesim.charge import AlloyLimits
    from cesim.charge.answer import ChargeAnswer
    from cesim.charge.correction import CorrectedCharge
    from cesim.text import Language

__all__ = ["arguments", "run"]


def run(options: argparse.Namespace) -> int:
    """Read the order, make the charge, print it; 3 where there is none, 4 where it is not what was expected."""
    from cesim.orders import answers, asking
    from cesim.orders.placing import placed
    from cesim.orders.reading import read_order

    casthouse = read_order(options.file, "charge")
    answering.check_files(options)
    with patience(options.lang), placed(casthouse.tree):
        answer = asking.charged(casthouse)
        corrected = asking.corrected(casthouse) if answer.status == "optimal" else None
    told = [
        *lines(answer, options.lang, casthouse.alloy),
        *(_corrected_lines(corrected, options.lang) if corrected else []),
    ]

    def page(**about: Any) -> str:
        from cesim.report.casthouse import charge_page

        return charge_page(answer, options.lang, charge=casthouse.charge, corrected=corrected, **about)

    code = answering.finish(
        options, casthouse, "charge", answers.of_charge(answer, corrected), lines=told, page=page,
        more=_more(answer, options.lang),
    )  # fmt: skip
    return NO_ANSWER if answer.status != "optimal" else code


def _more(answer: ChargeAnswer, lang: Language) -> dict[str, Any]:
    return {
        "status": answer.status,
        "ask": answer.objective,
        "melt_t": answer.melt,
        "method": answer.method,
        "method_reason": answer.method_reason.words(lang),
        "why": answer.why(lang),
        "certificate": dict(answer.certificate),
    }


def lines(answer: ChargeAnswer, lang: Language, alloy: AlloyLimits) -> list[str]:
    """Return the answer as lines for a terminal, its limits beside those of the alloy."""

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
        out += [*_figure_lines(answer, word), *_limit_lines(answer, alloy, word)]
        out.append(f"{word('method')}{answer.method_reason.words(lang)}")
    if answer.why(lang):
        out.append(f"{word('why')}{answer.why(lang)}")
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


def _limit_lines(answer: ChargeAnswer, alloy: AlloyLimits, word: Any) -> list[str]:
    if not answer.binding:
        return [word("no_limit")]
    unit = word(f"unit_{answer.objective}")
    scale = 100.0 if answer.objective == "recycled" else 1.0
    out = []
    for name, side in answer.binding.items():
        lower, higher = answer.shadow_prices.get(name, (0.0, 0.0))
        down, up = (f"{0.0 + scale * step * price:+,.4g}" for step, price in ((-1e-4, lower), (1e-4, higher)))
        at = f"{100 * answer.composition[name]:.4g}" if name in answer.composition else "-"
        limit = _limit(alloy, name, side)
        told = {"at": at, "limit": "-" if limit is None else f"{100 * limit:.4g}", "down": down, "up": up}
        out.append(word("limit", name=name, side=word(side), **told, unit=unit))
    return out


def _limit(alloy: AlloyLimits, name: str, side: str) -> float | None:
    """Return a limit as mass fraction; None for one of the other elements."""
    if name in alloy.sums:
        return alloy.sums[name][1 if side == "upper" else 0]
    if name not in alloy.elements:
        return None
    return float((alloy.upper if side == "upper" else alloy.lower)[alloy.elements.index(name)])


def _corrected_lines(corrected: CorrectedCharge, lang: Language) -> list[str]:
    def word(key: str, **arguments: object) -> str:
        return say(f"charge.corrected.{key}", lang, **arguments)

    added = say("charge.comma", lang).join(
        say("charge.some", lang, name=name, mass=f"{mass:.3g}") for name, mass in corrected.corrections.items()
    )
    return [
        "",
        word("head", cost=f"{corrected.cost:,.0f}", all=f"{100 * corrected.recycled_content:.2f}"),
        word("added", list=added or "-", share=f"{100 * corrected.not_mended:.2g}"),
        word("worth", evpi=f"{max(corrected.evpi, 0.0):,.0f}", vss=f"{max(corrected.vss, 0.0):,.0f}"),
    ]
