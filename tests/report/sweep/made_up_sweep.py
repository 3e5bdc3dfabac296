"""Studies made up by hand: what they come to can be worked out from what varies."""

import numpy as np
import pandas as pd

from cesim.run.goals import goals_of
from cesim.sweep.answers.discovery import Discovered
from cesim.sweep.answers.futures import Futures
from cesim.sweep.answers.question import Question
from cesim.sweep.answers.sensitivities import Analysed, Sensitivities
from cesim.sweep.answers.summary import Summary
from cesim.sweep.answers.tallies import differences, failures, figures, targets, units_of
from cesim.sweep.answers.varied import Varied
from cesim.sweep.discovery.choosing import explain
from cesim.sweep.sensitivity import (
    LeftOut,
    Unvarying,
    breaking,
    given_shares,
    morris,
    replicate_noise,
    sobol_indices,
    verdict,
)
from cesim.sweep.solving import Shape

NAME = {"ja": "調査 <b>一</b>", "en": "study <b>one</b>"}
H1, GHG = "h1_horizontal_rate_6xxx", "ghg"
EXPORT, RECOVERY, MASS = "fleet.export.hazard_scale", "sorting.recovery", "content.mass.al_6xxx"
NAMES = (EXPORT, RECOVERY, MASS, "content.split.al_6xxx", "remelting.alloys.6016.approved")
YEARS = (2030, 2035, 2040)


LEFT = LeftOut(np.arange(258) > 1, 12, 5, 258 * 12)


class Outcomes:
    """Results of two indicators as a formula of what varies and of the alternative."""

    def __init__(self, shape, runs, u):
        self.shape, self.runs, self._u = shape, runs, u

    def series(self, indicator, _region, years):
        point, alternative = self.runs // self.shape.per_point, self.runs % len(self.shape.alternatives)
        rate = 0.5 * self._u[point, 0] + 0.1 * alternative
        grown = np.stack([rate * (year - 2020) / 15.0 for year in years], axis=1)
        return grown if indicator == H1 else np.where(grown > 0.05, 1e6 * (1.0 - grown), np.nan)


def summary(scenario, levers=({},), points=80, failing=0.0, goals=True, factors=5, design="monte-carlo", years=YEARS):
    """Futures of which every one with a first number below `failing` has no answer."""
    u = (np.random.default_rng(3).permuted(np.tile(np.arange(points), (factors, 1)), axis=1).T + 0.5) / points
    shape = Shape(tuple(f"a{at}" for at in range(len(levers))), 1, (H1, GHG), ("chubu",), years)
    every = np.arange(points * len(levers))
    bad = u[every // len(levers), 0] < failing
    outcomes = Outcomes(shape, every[~bad], u)
    asked = tuple(goal for goal in goals_of(scenario).values() if goal.id == "h1_2035" and goals and goal.year in years)
    units = units_of(shape.indicators, {})
    failed = {int(run): ("no_answer", "no_room: <i>works</i>") for run in every[bad]}
    names = (*NAMES, *(f"parts.hood{n}.mass" for n in range(factors)))[:factors]
    drawn = None
    if len(outcomes.runs):
        own = outcomes.runs[outcomes.runs % len(levers) == 0] // len(levers)
        at = years.index(2035) if 2035 in years else 0
        values = outcomes.series(H1, "chubu", years[at : at + 1])[outcomes.runs % len(levers) == 0, 0]
        varied = tuple(Varied(name, "share", u[own, n], 0.5) for n, name in enumerate(names))
        series, goal = (H1, "chubu", years[at]), asked[0] if asked else None
        drawn = Futures(shape.alternatives[0], varied, values, series, goal, len(values))
    broken = np.zeros(points, dtype=bool)
    broken[[run // len(levers) for run in failed]] = True
    report = tuple(year for year in scenario.report.years if year in years) or years
    return Summary(
        NAME, shape, design, "balance", 7, points, names, tuple(levers), ({"ja": "中部", "en": "Chubu"},) * len(levers),
        len(outcomes.runs), 12.5, figures(outcomes, units, report, (H1,)), targets(outcomes, asked),
        differences(outcomes, units, report), failures(shape, failed), asked, report, drawn,
        breaking(u.T, broken) if failed else None, names,
    )  # fmt: skip


def discovered(scenario, points=400, kind="planted", files=None):
    """The target is missed where the export factor is above 1.3 and the recovery below 0.72, if `kind` is planted."""
    rng = np.random.default_rng(5)
    export, recovery, mass = rng.uniform(0.5, 2.0, points), rng.uniform(0.5, 0.95, points), rng.uniform(18, 55, points)
    miss = (export > 1.3) & (recovery < 0.72)
    if kind == "nothing":
        miss = rng.permutation(miss)
    if kind in ("nobody", "everybody"):
        miss = np.full(points, kind == "everybody")
    if kind == "few":
        miss = np.arange(points) < 2
    choice = rng.integers(0, 2, points).astype(float)
    varied = (
        Varied(EXPORT, "-", export, 1.0, is_relative=True), Varied(RECOVERY, "share", recovery, 0.83),
        Varied(MASS, "kg/vehicle", mass, 32.0), Varied("metal.rule", "-", choice, options=("wide", "strict")),
    )  # fmt: skip
    inputs = np.stack([one.column for one in varied], axis=1)
    goal = goals_of(scenario)["h1_2035"]
    found = explain(inputs, miss, ("continuous",) * 3 + ("category",), resamples=4)[0]
    column = f"{H1}|chubu|2035"
    worst = pd.DataFrame({"point": [3, 17], "file": ["worst-3.yaml", ""], column: [0.101, 0.123]})
    return Discovered(
        NAME, Question("miss", goal, goal.series, goal.value, goal.unit), varied, miss, np.where(miss, 0.1, 0.4), found,
        left_out=3, worst=worst, files=files or {},
    )  # fmt: skip


def _model(x):
    return 0.2 + 0.1 * x[:, 0] + 0.05 * np.sin(6 * x[:, 1]) + 0.08 * x[:, 2] * x[:, 0]


def sensitivities(method, second=True):
    """The first number matters most; the last two do nothing."""
    rng = np.random.default_rng(1)
    count, n = len(NAMES), 256
    a, b = rng.uniform(size=(n, count)), rng.uniform(size=(n, count))
    key, other = (H1, "chubu", 2035), (GHG, "all", 2035)
    nothing = Analysed(other, "t CO2e", "a0", Unvarying("does_not_vary", 1.2e6, n))
    if method == "sobol":
        ab, ba = np.empty((n, count)), np.empty((n, count))
        for j in range(count):
            lent, back = a.copy(), b.copy()
            lent[:, j], back[:, j] = b[:, j], a[:, j]
            ab[:, j], ba[:, j] = _model(lent), _model(back)
        indices = sobol_indices(_model(a), _model(b), ab, ba if second else None)
        noise = replicate_noise(_model(a)[:, None] + 0.02 * rng.normal(size=(n, 4)))
        one = Analysed(key, "share", "a0", indices, verdict(indices), noise, LEFT, (NAMES[1],))
        return Sensitivities(NAME, method, NAMES, (one, nothing), 2 * count + 2, 3.0)
    if method == "morris":
        at = rng.uniform(0, 0.4, size=(24, count))
        before, after = np.empty((24, count)), np.empty((24, count))
        for j in range(count):
            before[:, j] = _model(at)
            at[:, j] += 0.5
            after[:, j] = _model(at)
        direction = np.ones((24, count), dtype=np.int64)
        direction[:, 3] = 0
        return Sensitivities(
            NAME, method, NAMES, (Analysed(key, "share", "a0", morris(before, after, direction, 0.5)),), count + 1
        )
    shares = given_shares(a, _model(a) + 0.02 * rng.normal(size=n))
    return Sensitivities(NAME, method, NAMES, (Analysed(key, "share", "a0", shares), nothing))
