"""The annual engine: stocks made of cohorts, systems of flows, and the proof that they balance."""

from cesim.balance.arrays import Array, AxesError, Axis
from cesim.balance.audit import Balance, Residual
from cesim.balance.cohorts import CohortStock, inflow_driven, inflow_from_age_structure, stock_driven
from cesim.balance.exits import Exits, exits
from cesim.balance.frame import ModelError
from cesim.balance.loops import LoopError
from cesim.balance.reconcile import GlobalTest, Reconciled, reconcile
from cesim.balance.solution import Solution
from cesim.balance.solving import NegativeFlowError
from cesim.balance.steps import survival_steps
from cesim.balance.survival import Survival
from cesim.balance.system import System
from cesim.balance.units import UnitError

__all__ = [
    "Array",
    "AxesError",
    "Axis",
    "Balance",
    "CohortStock",
    "Exits",
    "GlobalTest",
    "LoopError",
    "ModelError",
    "NegativeFlowError",
    "Reconciled",
    "Residual",
    "Solution",
    "Survival",
    "System",
    "UnitError",
    "exits",
    "inflow_driven",
    "inflow_from_age_structure",
    "reconcile",
    "stock_driven",
    "survival_steps",
]
