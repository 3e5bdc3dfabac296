"""A made-up maker of round numbers."""

from fractions import Fraction

from cesim.orders.maker import BuiltType, MakerSheet, Period, Purchase

YEAR = 2035
THIS = Period(YEAR)


def maker(period=THIS, plan=(), **changes) -> MakerSheet:
    """A maker of round numbers: 10,000 t of plastics, 1,000 t of them in a newly approved EU type."""
    types = (
        BuiltType("old", "domestic", False, 80_000, Fraction(100)),
        BuiltType("new", "domestic", True, 10_000, Fraction(100)),
        BuiltType("new EU", "eu", True, 8_000, Fraction(125)),
    )
    bought = (
        Purchase("A", "PP", "post_elv", Fraction(20_000), "new EU"),
        Purchase("A", "PP", "post_in_use", Fraction(15_000), "new EU"),
        Purchase("B", "ABS", "post_other", Fraction(500_000), None),
        Purchase("C", "PP", "pre_auto", Fraction(300_000), "old"),
        Purchase("D", "PA", "chemical", Fraction(45_000), "new EU"),
        Purchase("E", "PA", "bio", Fraction(70_000), "new EU"),
    )
    return MakerSheet(
        **({"maker": "Works", "period": period, "types": types, "purchases": bought, "plan": plan} | changes)
    )
