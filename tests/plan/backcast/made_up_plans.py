"""Plans to test with, and the slow, obvious twin of the search: every choice there is, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import numpy as np

from cesim.plan.backcast import ALL
from cesim.run.goals import Goal
from cesim.scenario.effects import Decision

ON = Decision(1.0, 2030)


def goal(name, value, at_most=False):
    return Goal(name, name, name, "h1_horizontal_rate_6xxx", "all", 2035, float(value), at_most)


@dataclass
class MadeUp:
    """A plan whose outcome is any function of the choice, and whose costs are prices by payer."""

    options: dict
    prices: dict  # (measure, decision) -> {payer: JPY}
    outcome: object  # choice (frozenset of (measure, decision)) -> (goal, draw)
    needs: dict = field(default_factory=dict)
    rivals: dict = field(default_factory=dict)
    payers: tuple = ("oem", "state")
    asked: int = 0
    interrupt_after: int | None = None

    def fits(self, _measure, decision, _need, held):
        return decision.start >= held.start

    def active(self, choice):
        left = dict(choice)
        while True:
            kept = {m: d for m, d in left.items() if all(n in left for n in self.needs.get(m, ()))}
            if kept == left:
                return kept
            left = kept

    def cost(self, choice):
        out = dict.fromkeys(self.payers, 0.0)
        for pair in self.active(choice).items():
            for payer, yen in self.prices[pair].items():
                out[payer] += yen
        return out

    def reached(self, choices, _goals):
        self.asked += len(choices)
        if self.interrupt_after is not None and self.asked > self.interrupt_after:
            raise KeyboardInterrupt
        return np.stack([self.outcome(frozenset(self.active(choice).items())) for choice in choices])

    def admitted(self, question):
        """Every choice that the question admits, with its costs by payer."""
        names = sorted(self.options)
        for taken in product(*((None, *self.options[name]) for name in names)):
            choice = {name: decision for name, decision in zip(names, taken, strict=True) if decision is not None}
            if self._stands(choice) and self._asked_for(choice, question):
                cost = self.cost(choice)
                cost[ALL] = sum(cost.values())
                if all(cost[payer] <= most for payer, most in question.budgets.items()):
                    yield choice, cost[ALL]

    def _stands(self, choice):
        for name, decision in choice.items():
            for need in self.needs.get(name, ()):
                if need not in choice or not self.fits(name, decision, need, choice[need]):
                    return False
            if any(other in choice for other in self.rivals.get(name, ())):
                return False
        return True

    def _asked_for(self, choice, question):
        must, ahead = set(), list(question.must)
        while ahead:
            one = ahead.pop()
            must.add(one)
            ahead += self.needs.get(one, ())
        return must <= set(choice) and not question.never & set(choice)

    def by_hand(self, question):
        """(choice, cost, margins (goal, draw), meets) of every admitted choice."""
        out = []
        for choice, cost in self.admitted(question):
            values = self.outcome(frozenset(choice.items()))
            signs = np.array([-1.0 if goal.at_most else 1.0 for goal in question.goals])
            margins = signs[:, None] * (values - np.array([[goal.value] for goal in question.goals]))
            out.append((choice, cost, margins, meets(margins, question)))
        return out


def meets(margins, question):
    met = margins >= 0
    share = met.all(axis=0).mean() if question.joint else met.mean(axis=1).min()
    return bool(share >= question.confidence - 1e-9)


def cheapest(told):
    return min((cost for _, cost, _, good in told if good), default=None)


def random_plan(rng, measures, ways=1, draws=7, hurting=0.3, goals=2):
    """A random plan: some measures need others, some exclude each other, some do harm, alone or together."""
    names = [f"m{n:02d}" for n in range(measures)]
    options = {}
    for name in names:
        every = [Decision(level, start) for level in (1.0, 0.5) for start in (2030, 2033, 2027)]
        options[name] = (ON,) if ways == 1 else tuple(every[i] for i in sorted(rng.permutation(6)[:ways]))
    needs, rivals = {}, {}
    for at in range(1, measures):
        if rng.random() < 0.3:
            needs[names[at]] = frozenset(rng.choice(names[:at], size=1 + (rng.random() < 0.2)).tolist())
    behind = {name: _behind(needs, name) | {name} for name in names}
    for one, other in rng.choice(names, size=(max(1, measures // 4), 2)).tolist():
        together = [behind[name] for name in names if one in behind[name] and other in behind[name]]
        if one != other and not together:
            rivals[one] = rivals.get(one, frozenset()) | {other}
    rivals = {
        m: rs | {o for o, their in rivals.items() if m in their}
        for m, rs in {n: rivals.get(n, frozenset()) for n in names}.items()
    }
    whole = rng.integers(1, 40, measures) if rng.random() < 0.5 else rng.integers(0, 4, measures)
    prices = {}
    for name, price in zip(names, whole.tolist(), strict=True):
        for decision in options[name]:
            yen = float(price) * 4 * decision.level * (1.0 if decision.start <= 2030 else 0.75)
            prices[name, decision] = (
                {"oem": yen, "state": 0.0} if rng.random() < 0.6 else {"oem": yen / 2, "state": yen / 2}
            )
    gain = rng.uniform(0, 1, (measures, goals, draws)) * np.where(rng.random((measures, 1, 1)) < hurting, -0.4, 1.0)
    pairs = (
        rng.normal(0, 0.25, (measures, measures, goals, 1))
        * (rng.random((measures, measures, 1, 1)) < 0.2)
        * (hurting > 0)
    )
    noise = rng.uniform(-0.3, 0.3, (goals, draws))

    def outcome(pairs_chosen):
        chosen = sorted((names.index(m), d.level * (1.0 if d.start <= 2030 else 0.6)) for m, d in pairs_chosen)
        value = noise.copy()
        for at, size in chosen:
            value += size * gain[at]
            for other, less in chosen:
                value += size * less * pairs[at, other]
        return value

    return MadeUp(options, prices, outcome, needs, rivals)


def _behind(needs, name):
    out = set()
    for one in needs.get(name, ()):
        out |= {one} | _behind(needs, one)
    return out
