"""What a plan costs, who pays and who gains, and what it brings for the money."""

from cesim.plan.money.costs import ACTORS, KINDS, Costs, MeasureCosts, costs

__all__ = ["ACTORS", "KINDS", "Costs", "MeasureCosts", "costs"]
