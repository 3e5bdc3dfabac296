"""The numbers of the page on records and risk, computed when it is written."""

from __future__ import annotations

import numpy as np

ASKED = (0.001, 0.005, 0.01, 0.02)
RELIABILITIES = (0.8, 0.95, 0.99, 1.0)
RELIABILITY, AT = 0.95, 0.01
HEATS = 100_000
PRIMARY, LIMIT = 0.0014, 0.0024
RIGHT, WRONG = (0.0020, 0.0002), (0.0045, 0.0005)


def by_risk() -> str:
    """The most that may be charged, what is found and what the usual margin finds, by the risk asked for."""
    rows = [
        f"Scrap of {_percent(RIGHT[0])} ± {_percent(RIGHT[1])} % Fe if its record is right, {_percent(WRONG[0])} ± "
        f"{_percent(WRONG[1])} % if not;",
        f"primary of {_percent(PRIMARY)} % Fe; an alloy of at most {_percent(LIMIT)} % Fe; records right in "
        f"{100 * RELIABILITY:g} % of cases;",
        f"{HEATS:,} heats to count. The numbers are made up; with one scrap the most that may be charged is known",
        "exactly.",
        "",
        "| asked | most, exactly | drawn heats: recycled | off spec | usual margin: recycled | promised | off spec |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for asked in ASKED:
        kept, fooled = _answer(asked), _answer(asked, method="normal", calibrated=False)
        cells = (
            f"{100 * asked:g} %", f"{_exact(asked, RELIABILITY):.3f}", f"{kept.recycled_content:.3f}", _off(kept),
            f"{fooled.recycled_content:.3f}", f"{100 * fooled.nominal_risk:.2g} %", _off(fooled),
        )  # fmt: skip
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def by_reliability() -> str:
    """The same by the reliability of the records, at one risk."""
    rows = [f"Most recycled content at an asked risk of {100 * AT:g} %, everything else as above:", ""]
    rows += ["| records right | most, exactly | found | off spec | method |", "| ---: | ---: | ---: | ---: | --- |"]
    for reliability in RELIABILITIES:
        found = _answer(AT, reliability)
        shares = f"{_exact(AT, reliability):.3f} | {found.recycled_content:.3f}"
        rows.append(f"| {100 * reliability:g} % | {shares} | {_off(found)} | `{found.method}` |")
    return "\n".join(rows)


def _answer(asked, reliability=RELIABILITY, **how):  # type: ignore[no-untyped-def]
    from cesim.charge import AlloyLimits, Belief, Charge, Energy, Furnace, Lot, Risk

    kinds = [(RIGHT, reliability), (WRONG, 1.0 - reliability)]
    kinds = [(kind, weight) for kind, weight in kinds if weight > 0.0]
    belief = Belief(
        np.array([weight for _, weight in kinds]),
        np.array([[mean] for (mean, _), _ in kinds]),
        np.array([[[spread**2]] for (_, spread), _ in kinds]),
        "normal",
        ("Fe",),
    )
    yard = [
        Lot("scrap", None, 250e3, 0.5, belief, "post"),
        Lot.known("P1020", {"Fe": PRIMARY}, stock=None, price=380e3, co2=10.0, recycled="none"),
    ]
    alloy = AlloyLimits("made up", ("Fe",), np.zeros(1), np.array([LIMIT]))
    furnace = Furnace(1.0, Energy(0.0, 0.0, 0.0), yields=1.0)
    return Charge(alloy, yard, furnace, Risk(asked, heats=HEATS, **how)).most_recycled()


def _exact(asked: float, reliability: float) -> float:
    """The share at which the two bells together miss the limit as often as asked."""
    from scipy.optimize import brentq
    from scipy.stats import norm

    def over(highest: float) -> float:
        missed = reliability * norm.sf((highest - RIGHT[0]) / RIGHT[1])
        return float(missed + (1.0 - reliability) * norm.sf((highest - WRONG[0]) / WRONG[1]) - asked)

    return float((LIMIT - PRIMARY) / (brentq(over, PRIMARY + 1e-6, 0.02) - PRIMARY))


def _off(answer) -> str:  # type: ignore[no-untyped-def]
    risk = answer.realised_risk
    return f"{100 * risk.share:.2f} % ({100 * risk.upper_bound:.2f})"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.2f}"
