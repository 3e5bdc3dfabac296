"""Why nothing can be charged, in words: and whoever follows them can charge."""

import re
from dataclasses import replace

import numpy as np

from cesim.charge import AlloyLimits, Charge, Energy, Furnace, Lot

FURNACE = Furnace(10.0, Energy(0.0, 0.0, 0.0), yields=1.0)
ALLOY = AlloyLimits("iron", ("Fe", "Cu"), np.zeros(2), np.array([0.0005, 0.001]))


def lot(name, stock, fe, cu=0.0, recycled="post", least=0.0):
    return Lot.known(name, {"Fe": fe, "Cu": cu}, stock=stock, price=1.0, co2=1.0, recycled=recycled, least=least)


def yard(primary=8.0, **changed):
    lots = [lot("A", 5.0, 0.0014), lot("B", 5.0, 0.0015), lot("P0610", primary, 0.0004, recycled="none")]
    return [replace(one, **changed.get(one.name, {})) for one in lots]


def test_the_best_the_limit_and_the_way_out():
    answer = Charge(ALLOY, yard(), FURNACE).least_cost()
    assert answer.status == "infeasible"
    assert answer.recycled_content is None
    assert answer.verification.holds
    assert set(answer.certificate) == {"Fe upper", "melt"}
    assert answer.why("en") == (
        "Fe cannot be met: best 0.060 %, limit 0.050 %; add 1 t of P0610 or make 8.88 t only, leaving out 1.12 t of A"
    )
    assert "Fe を満たせません（最良 0.060 %、上限 0.050 %）" in answer.why("ja")


def test_following_the_words_is_enough():
    short = yard(primary=5.3)
    words = Charge(ALLOY, short, FURNACE).least_cost().why("en")
    more, less = (float(mass) for mass in re.search(r"add ([\d.]+) t of P0610 or make ([\d.]+) t", words).groups())
    for enough, status in ((more, "optimal"), (more - 0.011, "infeasible")):
        assert Charge(ALLOY, yard(primary=5.3 + enough), FURNACE).least_cost().status == status
    for mass, status in ((less, "optimal"), (less + 0.011, "infeasible")):
        assert Charge(ALLOY, short, replace(FURNACE, mass=mass)).least_cost().status == status


def test_lots_that_must_go_in_are_left_out():
    full = yard(primary=9.5, A={"least": 1.0}, B={"least": 0.5})
    answer = Charge(ALLOY, full, FURNACE).least_cost()
    assert answer.why("en") == "Fe cannot be met: best 0.056 %, limit 0.050 %; leave out 0.5 t of B"
    kept = yard(primary=9.5, A={"least": 1.0})
    assert Charge(ALLOY, kept, FURNACE).least_cost().status == "optimal"
    kept = yard(primary=9.5, A={"least": 1.0}, B={"least": 0.02})
    assert Charge(ALLOY, kept, FURNACE).least_cost().status == "infeasible"


def test_too_little_and_too_much_metal():
    small = [lot("P", 4.0, 0.0, recycled="none")]
    assert Charge(ALLOY, small, FURNACE).least_cost().why("en") == (
        "the yard gives 4 t of melt; the furnace asks for 10 t"
    )
    big = [lot("P", 14.0, 0.0, recycled="none", least=12.0)]
    assert Charge(ALLOY, big, FURNACE).least_cost().why("en") == "12 t of melt must go in; the furnace holds 10 t"


def test_two_limits_that_are_each_missed():
    lots = [lot("A", None, 0.001, 0.002)]
    words = Charge(ALLOY, lots, FURNACE).least_cost().why("en")
    assert "Fe cannot be met: best 0.100 %, limit 0.050 %; Cu cannot be met: best 0.200 %, limit 0.100 %" in words
    assert "add 5 t of 99.99 % Al" in words


def test_a_lower_limit_that_cannot_be_reached():
    alloy = AlloyLimits("copper", ("Fe", "Cu"), np.array([0.0, 0.02]), np.ones(2))
    answer = Charge(alloy, [lot("A", None, 0.001, 0.005)], FURNACE).least_cost()
    assert answer.why("en") == "Cu cannot be met: best 0.500 %, limit at least 2.000 %"


def test_two_limits_that_exclude_each_other():
    alloy = AlloyLimits("both", ("Fe", "Cu"), np.array([0.0, 0.001]), np.array([0.001, 1.0]))
    answer = Charge(alloy, [lot("A", None, 0.004, 0.002), lot("P", None, 0.0, 0.0, "none")], FURNACE).least_cost()
    assert answer.status == "infeasible"
    assert "cannot be met" in answer.why("en")
    assert set(answer.certificate) >= {"Fe upper", "Cu lower"}
