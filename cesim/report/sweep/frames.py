"""The answers of a sweep as tidy tables: what `--json`, CSV files and workbooks hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.sweep.answers.limits import told
from cesim.sweep.sensitivity import GivenShares, MorrisEffects, SobolIndices, Unvarying

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from cesim.sweep.answers.discovery import Discovered
    from cesim.sweep.answers.sensitivities import Analysed, Sensitivities
    from cesim.sweep.answers.summary import Summary
    from cesim.sweep.discovery.boxes import Box
    from cesim.sweep.sensitivity import Estimated

RESULT = ("indicator", "region", "year", "alternative")
INDICES = (*RESULT, "factor", "other", "index", "value", "low", "high")
VERDICTS = (*RESULT, "verdict", "points", "needed", "widest", "noise", "noise_low", "noise_high", "left_out", "left_of",
            "apart")  # fmt: skip
LIMITS = ("factor", "unit", "low", "high", "options", "told_low", "told_high", "p", "again")
BOXES = (
    "box", "is_told", "coverage", "density", "inside", "inside_of_interest", "runs", "of_interest", "limited",
    "factors",
)  # fmt: skip
FILES = ("file", "what")


def summary_frames(found: Summary) -> dict[str, pd.DataFrame]:
    """Return the tables `figures`, `targets`, `differences` and `failures`."""
    return {"figures": found.figures, "targets": found.targets, "differences": found.differences,
            "failures": found.failures}  # fmt: skip


def sensitivity_frames(found: Sensitivities) -> dict[str, pd.DataFrame]:
    """Return the tables `indices` (first, total, second; mu_star, mu, sigma; share) and `verdicts`."""
    return {
        "indices": _frame([row for one in found.results for row in _indices(found, one)], INDICES),
        "verdicts": _frame([_verdict(one) for one in found.results], VERDICTS),
    }


def discovery_frames(found: Discovered) -> dict[str, pd.DataFrame]:
    """Return the tables `limits` (of the box told) and `boxes`, and those of points and files where there are any."""
    out = {"limits": _frame(list(_limits(found)), LIMITS), "boxes": _frame(list(_boxes(found)), BOXES)}
    points = {"pareto": found.pareto, "worst": found.worst}
    out |= {name: frame for name, frame in points.items() if frame is not None}
    if found.files:
        out["files"] = _frame(list(found.files.items()), FILES)
    return out


def _indices(found: Sensitivities, one: Analysed) -> Iterator[tuple[Any, ...]]:
    key, answer, factors = (*one.series, one.alternative), one.answer, found.factors
    held: dict[str, Estimated] = {}
    if isinstance(answer, SobolIndices):
        held = {"first": answer.first, "total": answer.total}
    elif isinstance(answer, MorrisEffects):
        held = {"mu_star": answer.mu_star}
        for index, of in (("mu", answer.mu), ("sigma", answer.sigma)):
            for n, at in enumerate(answer.signed):
                yield *key, factors[at], None, index, float(of.value[n]), float(of.low[n]), float(of.high[n])
    elif isinstance(answer, GivenShares):
        shares = zip(factors, answer.share.tolist(), answer.low.tolist(), answer.high.tolist(), strict=True)
        for name, share, low, high in shares:
            yield *key, name, None, "share", share, low, high
    for index, of in held.items():
        for at, name in enumerate(factors):
            yield *key, name, None, index, float(of.value[at]), float(of.low[at]), float(of.high[at])
    if isinstance(answer, SobolIndices) and answer.second is not None:
        of = answer.second
        for at, (first, other) in enumerate(answer.pairs):
            yield (*key, factors[first], factors[other], "second", float(of.value[at]), float(of.low[at]),
                   float(of.high[at]))  # fmt: skip


def _verdict(one: Analysed) -> tuple[Any, ...]:
    verdict, noise, answer = one.verdict, one.noise, one.answer
    if verdict is not None:
        told_of: tuple[Any, ...] = (verdict.code, verdict.points, verdict.needed, verdict.widest)
    elif isinstance(answer, Unvarying):
        told_of = (answer.code, answer.points, None, None)
    else:
        points = answer.trajectories if isinstance(answer, MorrisEffects) else answer.points
        told_of = (None, points, None, None)
    luck = (None, None, None) if noise is None else (noise.share, noise.low, noise.high)
    left = (one.left_out, None if one.left is None else one.left.groups, ", ".join(one.apart))
    return (*one.series, one.alternative, *told_of, *luck, *left)


def _limits(found: Discovered) -> Iterator[tuple[Any, ...]]:
    box, stability = found.explanation.box, found.explanation.stability
    for one in () if box is None else box.restrictions:
        varied = found.varied[one.column]
        limit = told(one, varied.values, varied.factor)
        if limit is None:
            continue
        ends = [None if end is None else float(end) / varied.factor for end in (limit.low, limit.high)]
        options = ", ".join(str(varied.options[round(kept)]) for kept in one.kept) if varied.options else ""
        again = None if stability is None else float(stability.share[one.column])
        yield varied.name, varied.unit, one.low, one.high, options, *ends, one.p, again


def _boxes(found: Discovered) -> Iterator[tuple[Any, ...]]:
    explanation = found.explanation
    boxes: Sequence[Box] = () if explanation.trajectory is None else explanation.trajectory.boxes
    held = [(f"{at + 1}", box, False) for at, box in enumerate(boxes)]
    if explanation.box is not None:
        held.append(("", explanation.box, True))
    for name, box, is_told in held:
        factors = ", ".join(found.varied[column].name for column in box.columns)
        shares = (box.coverage if box.of_interest else None, box.density if box.inside else None)
        counts = (box.inside, box.inside_of_interest, box.runs, box.of_interest, len(box.columns))
        yield (name, is_told, *shares, *counts, factors)


def _frame(rows: Sequence[tuple[Any, ...]], columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns))
