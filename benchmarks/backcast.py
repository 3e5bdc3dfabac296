"""The backcast on made-up plans: choices worked out, against all there are and against a mixed-integer programme.

Where measures add up, the cheapest plan is a mixed-integer programme that sees inside the model: its optimum is the
limit of what any search may find. The search sees outcomes only, and has to refute all that is cheaper for a proof.

    python benchmarks/backcast.py [--seeds 5] [--effort 4096]
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from cesim.plan.backcast import Effort, Question, Solution, backcast
from cesim.run.goals import Goal
from cesim.scenario.effects import Decision

DRAWS, GOALS = 20, 2
ON = Decision(1.0, 2030)


class Additive:
    """A plan whose measures add up in every draw, and of which half do nothing for the goals."""

    payers = ("oem",)

    def __init__(self, size: int, seed: int) -> None:
        rng = np.random.default_rng([size, seed])
        self.names = [f"m{at:02d}" for at in range(size)]
        self.options = dict.fromkeys(self.names, (ON,))
        self.needs: dict[str, frozenset[str]] = {}
        self.rivals: dict[str, frozenset[str]] = {}
        self.prices = dict(zip(self.names, rng.integers(10, 200, size).tolist(), strict=True))
        self.gain = rng.uniform(0, 1, (size, GOALS, 1)) * rng.uniform(0.7, 1.3, (size, GOALS, DRAWS))
        self.gain *= rng.random((size, 1, 1)) < 0.5
        self.solved = 0

    def fits(self, *_: object) -> bool:
        return True

    def cost(self, choice) -> dict[str, float]:
        return {"oem": float(sum(self.prices[name] for name in choice))}

    def reached(self, choices, _):
        self.solved += len(choices)
        taken = np.array([[name in choice for name in self.names] for choice in choices], dtype=float)
        return np.einsum("cm,mgd->cgd", taken, self.gain)

    def question(self) -> Question:
        whole = self.gain.sum(axis=0).min(axis=1)
        goals = tuple(
            Goal(f"g{at}", "", "", "h1_horizontal_rate_6xxx", "all", 2035, 0.4 * value)
            for at, value in enumerate(whole)
        )
        return Question(goals, 0.8)


def programme(plan: Additive, question: Question) -> float:
    """The optimum by HiGHS: one binary a measure, one a draw that must be met or not."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    size, needed = len(plan.names), int(np.ceil(question.confidence * DRAWS - 1e-9))
    cost = np.r_[list(plan.prices.values()), np.zeros(DRAWS)]
    rows, low = [], []
    for at, goal in enumerate(question.goals):
        for draw in range(DRAWS):
            rows.append(np.r_[plan.gain[:, at, draw], -goal.value * np.eye(DRAWS)[draw]])
            low.append(0.0)
    rows.append(np.r_[np.zeros(size), np.ones(DRAWS)])
    low.append(needed)
    told = milp(
        cost, integrality=np.ones(len(cost), dtype=np.int64), bounds=Bounds(0, 1),
        constraints=[LinearConstraint(np.array(rows), np.array(low), np.inf)], options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    return float(told.fun)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--effort", type=int, default=4096)
    asked = parser.parse_args()
    heads = (
        "measures",
        "choices",
        "worked out",
        "share",
        "proof",
        "gap",
        "gap if none hurts",
        "cost/optimum",
        "s",
        "milp s",
    )
    print("  ".join(f"{head:>17}" for head in heads))
    for size in (8, 10, 12, 16, 20, 30, 40, 50):
        for seed in range(asked.seeds):
            plan = Additive(size, seed)
            question = plan.question()
            began = time.process_time()
            found = backcast(plan, question, Effort(asked.effort))
            middle = time.process_time()
            best = programme(plan, question)
            ended = time.process_time()
            assert isinstance(found, Solution)
            print("  ".join(f"{text:>17}" for text in row(size, found, best, middle - began, ended - middle)))


def row(size: int, found: Solution, best: float, own: float, highs: float) -> tuple[str, ...]:
    hurt = found.if_never_hurt
    return (
        str(size), f"{2**size:.3g}", str(found.evaluations), f"{found.evaluations / 2**size:.2g}", found.proof,
        f"{found.gap:.3f}", "-" if hurt is None else f"{hurt.gap:.3f}", f"{found.cost / best:.3f}", f"{own:.2f}",
        f"{highs:.2f}",
    )  # fmt: skip


if __name__ == "__main__":
    main()
