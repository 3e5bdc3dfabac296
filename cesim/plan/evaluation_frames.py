"""An evaluation as tidy tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cesim.plan.money import NoUnitCost

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from cesim.plan.evaluating import PlanEvaluation
    from cesim.text import Language

TARGETS = (
    "target", "indicator", "region", "year", "value", "direction", "is_main", "met_without", "met_with", "gained",
    "lost", "shortfall_without", "shortfall_with", "draws",
)  # fmt: skip
REGRET = ("plan", "of", "target", "share_best", "mean", "p95", "most")
UNIT_COSTS = ("per", "variant", "best_jpy", "p05_jpy", "p50_jpy", "p95_jpy", "of_means_jpy", "reason")
WORK = ("year", "what", "actor", "best", "mean")
UNPRICED = ("year", "process_from", "process_to", "without_t", "with_t")


def evaluation_frames(found: PlanEvaluation, lang: Language) -> dict[str, pd.DataFrame]:
    """Return the tables `costs`, `accounts`, `indicators`, `targets`, `regret`, `unit_costs`, `work` and `unpriced`."""
    import pandas as pd

    def table(columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> pd.DataFrame:
        return pd.DataFrame(list(rows), columns=list(columns))

    return {
        "costs": found.evaluation.costs.frame(lang),
        "accounts": found.accounts.frame(lang),
        "indicators": found.evaluation.frame(lang),
        "targets": table(TARGETS, _targets(found)),
        "regret": table(REGRET, _regret(found)),
        "unit_costs": table(UNIT_COSTS, _unit_costs(found)),
        "work": table(WORK, iter(found.work)),
        "unpriced": table(UNPRICED, iter(found.accounts.unpriced)),
    }


def _targets(found: PlanEvaluation) -> Iterator[tuple[Any, ...]]:
    main = {goal.id for goal in found.goals}
    for one in found.chances():
        goal = one.goal
        direction = "at_most" if goal.at_most else "at_least"
        yield (goal.id, *goal.series, goal.value, direction, goal.id in main, one.without.share, one.chosen.share,
               one.gained.share, one.lost.share, one.shortfall[1], one.shortfall[0], one.chosen.draws)  # fmt: skip


def _regret(found: PlanEvaluation) -> Iterator[tuple[Any, ...]]:
    for one in found.standings():
        held = one.regret
        numbers = (None, None, None) if held is None else (held.mean, held.p95, held.most)
        yield one.plan, one.what, one.target, one.best, *numbers


def _unit_costs(found: PlanEvaluation) -> Iterator[tuple[Any, ...]]:
    for one in found.evaluation.unit_costs():
        if isinstance(one, NoUnitCost):
            yield one.per, one.variant, None, None, None, None, None, one.reason
        else:
            yield one.per, one.variant, one.best, one.p05, one.p50, one.p95, one.of_means, ""
