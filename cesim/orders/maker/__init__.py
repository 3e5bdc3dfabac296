"""What a car maker fills in for its statutory reports: cars built, recycled plastics bought, its own plan."""

from cesim.orders.maker.reading import read_maker
from cesim.orders.maker.sheet import BuiltType, MakerSheet, Period, PlanTarget, Purchase
from cesim.orders.maker.template import write_template

__all__ = ["BuiltType", "MakerSheet", "Period", "PlanTarget", "Purchase", "read_maker", "write_template"]
