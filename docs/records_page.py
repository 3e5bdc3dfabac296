"""The numbers of the page on records and risk, computed when it is written."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cesim.charge import ChargeAnswer

    Bell = tuple[float, float]

ASKED = (0.001, 0.005, 0.01, 0.02)
RELIABILITIES = (0.9, 0.95, 0.97, 0.98, 0.99, 0.995)
BY_ASKED = (0.001, 0.005, 0.01, 0.02, 0.03)
PAIRED = (0.95, 0.98, 0.99, 0.995)
RELIABILITY = 0.95
HEATS = 100_000
MISSES = 400
PRIMARY, LIMIT = 0.0014, 0.0024
RIGHT, WRONG = (0.0020, 0.0002), (0.0045, 0.0005)
PAIRS = {"alike": (RIGHT, WRONG), "unlike": ((0.0021, 0.0003), (0.0035, 0.0003))}
GRID = 2_000


def by_risk() -> str:
    """The most that may be charged, what is found and what the usual margin finds, by the risk asked for."""
    rows = [
        f"Scrap of {_percent(RIGHT[0])} ± {_percent(RIGHT[1])} % Fe if its record is right, {_percent(WRONG[0])} ± "
        f"{_percent(WRONG[1])} % if not;",
        f"primary of {_percent(PRIMARY)} % Fe; an alloy of at most {_percent(LIMIT)} % Fe; records right in "
        f"{100 * RELIABILITY:g} % of cases;",
        f"{HEATS:,} heats to count, more where fewer than {MISSES} misses are to be expected of them. The numbers are",
        "made up; with one scrap the most that may be charged is known exactly.",
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
    """Found and exact by the reliability of the records and the risk asked for."""
    rows = [
        "Recycled content found / the most there is, everything else as above. The last column is the largest upper",
        "bound of the risk in the row, as a share of what was asked.",
        "",
        "| records right | " + " | ".join(f"{100 * asked:g} %" for asked in BY_ASKED) + " | bound |",
        "| ---: " * (len(BY_ASKED) + 2) + "|",
    ]
    for reliability in RELIABILITIES:
        found = [(_answer(asked, reliability), _exact(asked, reliability), asked) for asked in BY_ASKED]
        rows.append(_row(f"{100 * reliability:g} %", found))
    return "\n".join(rows)


def by_pair() -> str:
    """Found and the best on a fine grid, for two lots with records."""
    unlike = PAIRS["unlike"]
    rows = [
        "Two lots as above (alike), or the second of them "
        + " or ".join(f"{_percent(m)} ± {_percent(s)} %" for m, s in unlike)
        + " Fe (unlike);",
        f"the most there is on a grid of {GRID + 1:,} proportions, each as far as the exact risk allows:",
        "",
        "| records right | second lot | " + " | ".join(f"{100 * asked:g} %" for asked in BY_ASKED) + " | bound |",
        "| ---: | --- " + "| ---: " * (len(BY_ASKED) + 1) + "|",
    ]
    for reliability, (name, second) in product(PAIRED, PAIRS.items()):
        bells = [(RIGHT, WRONG), second]
        found = [(_answer(a, reliability, bells), _best(a, reliability, bells), a) for a in BY_ASKED]
        rows.append(_row(f"{100 * reliability:g} % | {name}", found))
    return "\n".join(rows)


def _row(name: str, found: list[tuple[ChargeAnswer, float, float]]) -> str:
    cells = [f"{answer.recycled_content:.3f} / {most:.3f}" for answer, most, _ in found]
    bound = max(answer.realised_risk.upper_bound / asked for answer, _, asked in found if answer.realised_risk)
    return f"| {name} | " + " | ".join(cells) + f" | {bound:.2f} |"


def _answer(asked, reliability=RELIABILITY, bells=((RIGHT, WRONG),), **how):  # type: ignore[no-untyped-def]
    from cesim.charge import AlloyLimits, Belief, Charge, Energy, Furnace, Lot, Risk

    def lot(name: str, right: Bell, wrong: Bell) -> Lot:
        belief = Belief(
            np.array([reliability, 1.0 - reliability]), np.array([[right[0]], [wrong[0]]]),
            np.array([[[right[1] ** 2]], [[wrong[1] ** 2]]]), "normal", ("Fe",),
        )  # fmt: skip
        return Lot(name, None, 250e3, 0.5, belief, "post")

    yard = [lot(f"scrap {at}", *bell) for at, bell in enumerate(bells, 1)]
    yard.append(Lot.known("P1020", {"Fe": PRIMARY}, stock=None, price=380e3, co2=10.0, recycled="none"))
    alloy = AlloyLimits("made up", ("Fe",), np.zeros(1), np.array([LIMIT]))
    furnace = Furnace(1.0, Energy(0.0, 0.0, 0.0), yields=1.0)
    heats = max(HEATS, round(MISSES / asked))
    return Charge(alloy, yard, furnace, Risk(asked, heats=heats, **how)).most_recycled()


def _exact(asked: float, reliability: float) -> float:
    """The share at which the two bells together miss the limit as often as asked; the whole melt at most."""
    from scipy.optimize import brentq
    from scipy.stats import norm

    def over(highest: float) -> float:
        missed = reliability * norm.sf((highest - RIGHT[0]) / RIGHT[1])
        return float(missed + (1.0 - reliability) * norm.sf((highest - WRONG[0]) / WRONG[1]) - asked)

    return min(float((LIMIT - PRIMARY) / (brentq(over, PRIMARY + 1e-6, 0.02) - PRIMARY)), 1.0)


def _best(asked: float, reliability: float, bells: list[tuple[Bell, Bell]]) -> float:
    """The most scrap over a grid of proportions of two lots; along each the risk grows."""
    from scipy.special import ndtr

    def risk(x: np.ndarray) -> np.ndarray:
        total = np.zeros(x.shape[1])
        for kinds in product(range(2), repeat=2):
            means, spreads = np.array([bell[kind] for bell, kind in zip(bells, kinds, strict=True)]).T
            chance = np.prod([reliability if kind == 0 else 1.0 - reliability for kind in kinds])
            total += chance * ndtr(((means - PRIMARY) @ x - (LIMIT - PRIMARY)) / np.sqrt(spreads**2 @ x**2))
        return total

    share = np.linspace(0.0, 1.0, GRID + 1)
    parts = np.stack([share, 1.0 - share])
    low, high = np.full(share.size, 1e-6), np.ones(share.size)
    whole = risk(parts) <= asked
    for _ in range(40):
        middle = (low + high) / 2.0
        fine = risk(parts * middle) <= asked
        low, high = np.where(fine, middle, low), np.where(fine, high, middle)
    return float(np.where(whole, 1.0, low).max())


def _off(answer: ChargeAnswer) -> str:
    risk = answer.realised_risk
    return "" if risk is None else f"{100 * risk.share:.2f} % ({100 * risk.upper_bound:.2f})"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.2f}"
