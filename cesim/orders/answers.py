"""Answers as plain figures and tables: what an order may expect something of, and what is written to files.

Shares are fractions, masses t, costs JPY; column names end in their unit. What has no value (a share of nothing) is
None, never NaN. `..._se` is the standard error of the simulation.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from cesim.charge import Estimate
from cesim.errors import NoAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cesim.charge import CoDesign
    from cesim.charge.answer import ChargeAnswer
    from cesim.charge.correction import CorrectedCharge
    from cesim.charge.graderesult import Comparison, GradeResult
    from cesim.charge.information import Gain, InformationValue
    from cesim.charge.melting import Melting
    from cesim.errors import Fault

Rows = list[dict[str, Any]]
MELTING = {"recycled_content": "recycled_content", "cost": "cost_jpy_per_t", "co2": "co2_t_per_t"}
"""Figure of a melting -> its name with the unit."""
RISKS = ("realised_risk", "realised_risk_bound")


@dataclass(frozen=True)
class Answer:
    """An answer without its words."""

    figures: Mapping[str, float | None]
    """Name -> number."""
    tables: Mapping[str, Rows] = field(default_factory=dict)
    """Name -> rows, all of one table with the same columns."""
    lacks: tuple[Fault, ...] = ()
    """Why part of what was asked has no answer: nothing that was taken can be melted."""


def of_charge(answer: ChargeAnswer, corrected: CorrectedCharge | None) -> Answer:
    """Return a charge."""
    risk = answer.realised_risk
    figures = {
        "recycled_content": answer.recycled_content,
        "post_consumer": answer.post_consumer,
        "pre_consumer": answer.pre_consumer,
        "cost_jpy": answer.cost,
        "co2_t": answer.co2,
        "nominal_risk": answer.nominal_risk,
        "realised_risk": None if risk is None else risk.share,
        "realised_risk_bound": None if risk is None else risk.upper_bound,
        "drawn_heats": float(answer.method == "scenarios"),
    }
    limits = [
        {"limit": name, "side": side, "at": answer.composition.get(name), "lower": pair[0], "higher": pair[1]}
        for name, side in answer.binding.items()
        for pair in [answer.shadow_prices.get(name, (0.0, 0.0))]
    ]
    tables: dict[str, Rows] = {
        "mix": [{"material": name, "mass_t": mass} for name, mass in answer.mix.items()],
        "composition": [{"element": name, "fraction": value} for name, value in answer.composition.items()],
        "limits": limits,
    }
    if corrected is not None:
        names = ("cost", "charge_cost", "correction_cost", "evpi", "vss")
        figures |= {f"corrected_{name}_jpy": getattr(corrected, name) for name in names}
        figures |= {f"corrected_{name}": getattr(corrected, name) for name in ("not_mended", "recycled_content")}
        tables["corrected_mix"] = [{"material": name, "mass_t": mass} for name, mass in corrected.mix.items()]
        tables["corrections"] = [{"material": name, "mean_t": mass} for name, mass in corrected.corrections.items()]
    return _answer(figures, tables)


def of_trial(result: GradeResult) -> Answer:
    """Return a trial of a grade, with what can be melted of it where an alloy is asked for."""
    rates = ("acceptance", "conforming", "false_accept", "false_reject")
    figures: dict[str, Any] = {name: getattr(result, name) for name in rates}
    figures["accepted_t"] = None if result.test.supplies is None else sum(result.tonnes.values())
    causes = {"sole_cause": result.sole_cause, "first_cause": result.first_cause}
    figures |= {f"{kind}.{limit}": share for kind, shares in causes.items() for limit, share in shares.items()}
    tables: dict[str, Rows] = {
        "rates": [{"rate": name, **_with_error("share", figures[name])} for name in rates],
        "causes": [
            {"limit": limit, **_with_error("sole", share), **_with_error("first", result.first_cause[limit])}
            for limit, share in result.sole_cause.items()
        ],
        "sources": [
            {
                "source": name,
                "accepted_t": None if result.test.supplies is None else result.tonnes[name],
                **{key: value for rate in rates for key, value in _with_error(rate, by[rate]).items()},
            }
            for name, by in result.by_source.items()
        ],
    }
    if result.accepted.lots.any():
        sd = np.sqrt(np.diag(result.accepted.covariance))
        pairs = zip(result.lots.elements, result.accepted.mean.tolist(), sd.tolist(), strict=True)
        tables["accepted"] = [{"element": e, "mean": mean, "sd": spread} for e, mean, spread in pairs]
    lacks: tuple[Fault, ...] = ()
    if result.test.alloy is not None:
        try:
            more, tables["melting"] = _of_melting(result.melting)
        except NoAnswer as refused:
            more, lacks = dict.fromkeys((*MELTING.values(), *RISKS)), refused.faults
        figures |= more
    return replace(_answer(figures, tables), lacks=lacks)


def of_comparison(comparison: Comparison) -> Answer:
    """Return two grades: each by itself, and the second less the first."""
    own = {"first": of_trial(comparison.first), "second": of_trial(comparison.second)}
    lacks = own["first"].lacks + own["second"].lacks
    differences = comparison.at_the_gate if lacks else comparison.differences
    names = MELTING | {name: name for name in differences if name not in MELTING}
    found = {names[name]: value for name, value in differences.items()}
    figures: dict[str, Any] = {f"difference.{name}": value for name, value in found.items()}
    figures |= {f"{which}.{name}": value for which, one in own.items() for name, value in one.figures.items()}
    rows = [{"figure": name, **_with_error("difference", value)} for name, value in found.items()]
    tables: dict[str, Rows] = {"differences": rows}
    tables |= {f"{which}_{name}": table for which, one in own.items() for name, table in one.tables.items()}
    return replace(_answer(figures, tables), lacks=lacks)


def of_information(value: InformationValue) -> Answer:
    """Return what knowing is worth."""
    levels: Rows = []
    figures: dict[str, Any] = {}
    for level in value.levels:
        name = level.information.name
        own = {MELTING[key]: getattr(level, key) for key in MELTING}
        own |= {"realised_risk": level.realised_risk, "realised_risk_bound": level.risk_bound}
        figures |= {f"{key}.{name}": number for key, number in own.items()}
        levels.append(
            {"level": name, **{k: v for key, number in own.items() for k, v in _with_error(key, number).items()}}
        )
    figures |= {f"points.{gain.name}": gain.points for gain in value.gains()}
    figures |= {f"saved_jpy_per_t.{gain.name}": gain.yen for gain in value.gains()}
    tables = {
        "levels": levels,
        "gains": _gains(value.gains()),
        "per_cent_of_record": _gains(value.per_cent_of_record()),
    }
    return _answer(figures, tables)


def of_design(design: CoDesign) -> Answer:
    """Return every design, those that none beats, and what each limit costs at level 1 and widening 1."""
    grid, front = design.grid(), design.front()
    there = np.isfinite(grid.recycled_content)
    figures: dict[str, float | None] = {
        "designs": float(there.size),
        "designs_with_charge": float(there.sum()),
        "designs_on_front": float(len(front)),
        "most_recycled_content": float(grid.recycled_content[there].max()) if there.any() else None,
        "least_cost_jpy_per_t": float(grid.cost[there].min()) if there.any() else None,
        "least_co2_t_per_t": float(grid.co2[there].min()) if there.any() else None,
    }
    rows: Rows = []
    for i, level in enumerate(grid.levels.tolist()):
        for j, width in enumerate(grid.widening.tolist()):
            numbers = {
                "recycled_content": grid.recycled_content[i, j], "cost_jpy_per_t": grid.cost[i, j],
                "co2_t_per_t": grid.co2[i, j], "risk": grid.risk[i, j],
            }  # fmt: skip
            mix = {f"mix.{name}_t_per_t": grid.mix[i, j, at] for at, name in enumerate(grid.names)}
            rows.append({"level": level, "widening": width, **numbers, "binding": str(grid.binding[i, j]), **mix})
    tables: dict[str, Rows] = {"designs": rows, "front": [_with_units(one) for one in front]}
    tables["accepted"] = [
        {"level": level, "source": name, "share": float(grid.accepted[i, at])}
        for i, level in enumerate(grid.levels.tolist())
        for at, name in enumerate(design.names)
    ]
    tables["costly_limits"] = [
        {
            "side": one.side, "limit": one.name, "at": one.limit, "moved_by": one.by, "recycled_t_per_year": one.tonnes,
            "saved_jpy_per_year": one.yen, "saved_co2_t_per_year": one.co2,
        }
        for one in costly(design)
    ]  # fmt: skip
    return _answer(figures, tables)


def costly(design: CoDesign) -> list[Any]:
    """Return what each limit costs at level 1 and widening 1; nothing where that design has no charge."""
    try:
        return list(design.costliest_limit())
    except NoAnswer:
        return []


def _of_melting(melting: Melting) -> tuple[dict[str, Any], Rows]:
    figures: dict[str, Any] = {name: getattr(melting, key) for key, name in MELTING.items()}
    figures |= dict(zip(RISKS, (melting.realised_risk, melting.risk_bound), strict=True))
    return figures, [{"material": name, "mass_t_per_t": mass} for name, mass in melting.mix.items()]


def _gains(gains: Iterable[Gain]) -> Rows:
    return [
        {
            "name": gain.name,
            **_with_error("points", gain.points),
            **_with_error("saved_jpy_per_t", gain.yen),
            **_with_error("saved_co2_t_per_t", gain.co2),
        }
        for gain in gains
    ]


def _with_units(row: Mapping[str, object]) -> dict[str, object]:
    return {MELTING.get(name, name): value for name, value in row.items()}


def _with_error(name: str, value: float) -> dict[str, float | None]:
    error = value.standard_error if isinstance(value, Estimate) else None
    return {name: float(value), f"{name}_se": error}


def _answer(figures: Mapping[str, float | None], tables: Mapping[str, Rows]) -> Answer:
    """Return figures and tables without numbers that are none."""
    clean = {
        name: [{key: _sound(value) for key, value in row.items()} for row in rows] for name, rows in tables.items()
    }
    return Answer({name: _sound(value) for name, value in figures.items()}, clean)


def _sound(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return float(value) if isfinite(value) else None
    return value
