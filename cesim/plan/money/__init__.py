"""What a plan costs, who pays and who gains, and what it brings for the money. The rules: docs/plan-costs.md."""

from cesim.plan.money.accounts import Accounts, Payment, Unpriced, accounts
from cesim.plan.money.chances import Chance, GoalChances, all_met, chances
from cesim.plan.money.costs import ACTORS, KINDS, Costs, MeasureCosts, costs
from cesim.plan.money.evaluation import Evaluation, IndicatorEffect, evaluation
from cesim.plan.money.labour import hours, person_years
from cesim.plan.money.robust import COST, Regret, compare_plans, regret_of, regrets
from cesim.plan.money.unit_costs import NoUnitCost, UnitCost, unit_costs

__all__ = [
    "ACTORS",
    "COST",
    "KINDS",
    "Accounts",
    "Chance",
    "Costs",
    "Evaluation",
    "GoalChances",
    "IndicatorEffect",
    "MeasureCosts",
    "NoUnitCost",
    "Payment",
    "Regret",
    "UnitCost",
    "Unpriced",
    "accounts",
    "all_met",
    "chances",
    "compare_plans",
    "costs",
    "evaluation",
    "hours",
    "person_years",
    "regret_of",
    "regrets",
    "unit_costs",
]
