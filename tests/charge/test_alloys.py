"""Limits of alloys: read from the table, widened, and kept or missed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cesim.charge import AlloyLimits
from cesim.charge.rounding import decimals_of, rounded
from cesim.data import lookup
from cesim.errors import InputError

SHEET = {"Si": 0.012, "Fe": 0.003, "Cu": 0.001, "Mn": 0.001, "Mg": 0.004, "Cr": 0.0003, "Zn": 0.0005, "Ti": 0.0003}
FRACTIONS = st.floats(0.0, 0.08)


def sheet(**changed):
    return {**SHEET, **changed}


def test_limits_are_those_of_the_table():
    alloy = AlloyLimits.named("6016")
    at = alloy.elements.index("Si")
    assert (alloy.lower[at], alloy.upper[at]) == (0.010, 0.015)
    assert (alloy.others_each, alloy.others_total) == (0.0005, 0.0015)
    assert alloy.lower[alloy.elements.index("Fe")] == 0.0
    assert set(alloy.elements) == set(SHEET)


def test_every_alloy_of_the_table_can_be_named():
    assert len(AlloyLimits.names()) == 35
    for name in AlloyLimits.names():
        alloy = AlloyLimits.named(name)
        assert (alloy.upper < 1.0).any(), name


def test_status_and_source_of_every_limit_are_kept_and_shown():
    alloy = AlloyLimits.named("6111")
    assert len(alloy.unverified) == len(alloy.shown()) + 1  # the class and use of the alloy are recalled, too
    name, value, low, high, status, source = alloy.shown()[0]
    row = lookup("alloys.6111.si.min")
    assert (name, value, low, high, status, source) == (
        row.name,
        row.value,
        row.low,
        row.high,
        row.status,
        row.source,
    )
    assert AlloyLimits.named("6016").unverified == ()


def test_a_standard_without_others_states_none():
    alloy = AlloyLimits.named("ADC12")
    assert (alloy.others_each, alloy.others_total) == (None, None)


def test_sums_of_elements():
    alloy = AlloyLimits.named("6005A")
    assert alloy.sums == {"Mn+Cr": (0.0012, 0.005)}
    inside = {**SHEET, "Si": 0.007, "Mg": 0.005, "Mn": 0.003, "Cr": 0.0015}
    assert alloy.meets(inside)
    assert not alloy.meets({**inside, "Mn": 0.004})
    assert not alloy.meets({**inside, "Mn": 0.0005, "Cr": 0.0003})
    assert alloy.widened({"Mn+Cr": 1.1}).meets({**inside, "Mn": 0.004})


@pytest.mark.parametrize(
    ("changed", "missed"),
    [
        ({}, None),
        ({"Fe": 0.005}, None),
        ({"Fe": 0.005 + 1e-8}, "Fe"),
        ({"Si": 0.010}, None),
        ({"Si": 0.0099}, "Si"),
        ({"V": 0.0005}, None),
        ({"V": 0.0006}, "others each"),
        ({"Ni": 0.0001, "V": 0.0006, "Pb": 0.0002}, "others each"),
        ({"Fe": 0.005 + 5e-10}, None),
        ({"Si": 0.010 - 5e-10}, None),
        ({"V": 0.0005, "Ni": 0.0005, "Pb": 0.0005}, None),
        ({"V": 0.0005, "Ni": 0.0005, "Pb": 0.0005, "Sn": 0.0001}, "others total"),
        ({"Al": 0.9}, None),
    ],
)
def test_which_limit_is_missed(changed, missed):
    alloy = AlloyLimits.named("6016")
    assert alloy.meets(sheet(**changed)) == (missed is None)
    assert {name for name, by in alloy.excess(sheet(**changed)).items() if abs(by) > 1e-9} == ({missed} - {None})


def test_excess_has_the_sign_of_the_side():
    excess = AlloyLimits.named("6016").excess(sheet(Fe=0.006, Si=0.008))
    assert excess["Fe"] == pytest.approx(0.001)
    assert excess["Si"] == pytest.approx(-0.002)
    assert excess["Cu"] == 0.0


def test_what_is_not_measured_is_refused():
    composition = {name: value for name, value in SHEET.items() if name != "Cr"}
    with pytest.raises(InputError) as caught:
        AlloyLimits.named("6016").meets(composition)
    assert [(f.code, f.arguments["field"]) for f in caught.value.faults] == [("charge_not_measured", "Cr")]
    assert AlloyLimits.named("6016").without("Cr").meets(composition)


def test_a_limit_left_out_leaves_its_element_to_the_others():
    alloy = AlloyLimits.named("6016").without("Cr")
    assert alloy.meets(sheet(Cr=0.0005))
    assert not alloy.meets(sheet(Cr=0.0006))


def test_many_lots_at_once():
    alloy = AlloyLimits.named("6016")
    lots = np.array([[sheet(Fe=fe)[name] for name in alloy.elements] for fe in (0.004, 0.006)])
    np.testing.assert_array_equal(alloy.meets(lots), [True, False])
    np.testing.assert_allclose(alloy.excess(lots)["Fe"], [0.0, 0.001])


@pytest.mark.parametrize(
    ("alloy", "changed", "exact", "rounds"),
    [
        ("6016", {"Fe": 0.005049}, False, True),  # 0.5049 -> 0.50
        ("6016", {"Fe": 0.005051}, False, False),  # 0.5051 -> 0.51
        ("6016", {"Fe": 0.00505}, False, True),  # a tie goes to the even digit: 0.50
        ("6016", {"Mg": 0.0064}, False, True),  # the limit is printed 0.6
        ("6016", {"Mg": 0.0066}, False, False),
        ("6016", {"Mg": 0.00246}, False, True),  # the lower one 0.25
        ("6016", {"Mg": 0.00244}, False, False),
        ("6016", {"V": 0.000549}, False, True),
        ("6016", {"V": 0.000551}, False, False),
    ],
)
def test_the_rounding_rule_is_a_choice(alloy, changed, exact, rounds):
    limits = AlloyLimits.named(alloy)
    assert bool(limits.meets(sheet(**changed))) is exact
    assert bool(limits.meets(sheet(**changed), rounded=True)) is rounds


def test_limits_of_ones_own_are_rounded_by_their_size():
    own = AlloyLimits("own", ("Fe",), np.array([0.0]), np.array([0.008]))
    assert own.meets({"Fe": 0.00849}, rounded=True)
    assert not own.meets({"Fe": 0.00851}, rounded=True)
    assert AlloyLimits("own", ("Fe",), own.lower, own.upper, digits={"Fe": (None, 2)}).meets(
        {"Fe": 0.00804}, rounded=True
    )


@pytest.mark.parametrize(
    ("limit", "places"),
    [
        (0.000005, 4), (0.0000099, 4), (0.00001, 3), (0.000099, 3), (0.0001, 2), (0.002, 2), (0.0055, 2), (0.0056, 1),
        (0.12, 1),
    ],
)  # fmt: skip
def test_decimals_of_a_limit_by_its_size(limit, places):
    assert decimals_of(limit) == places


@given(st.integers(0, 99_999), st.integers(0, 3))
def test_rounding_is_that_of_decimal_arithmetic(thousandths, decimals):
    from decimal import ROUND_HALF_EVEN, Decimal

    percent = Decimal(thousandths).scaleb(-3)
    wanted = float(percent.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)) / 100
    assert rounded(np.asarray(float(percent) / 100), decimals) == pytest.approx(wanted, abs=1e-15)


@given(
    st.dictionaries(st.sampled_from(("Fe", "Cu", "Mn", "Si", "others each", "others total")), st.floats(1.0, 3.0)),
    st.fixed_dictionaries(dict.fromkeys((*SHEET, "V", "Ni"), FRACTIONS)),
    st.booleans(),
)
def test_widening_never_rejects(factors, composition, rounds):
    alloy = AlloyLimits.named("6016")
    if alloy.meets(composition, rounded=rounds):
        assert alloy.widened(factors).meets(composition, rounded=rounds)


@given(st.floats(1.0, 2.0), st.fixed_dictionaries({name: st.floats(0.8, 1.2) for name in SHEET}))
def test_widening_near_the_limits_never_rejects_and_only_moves_what_it_names(factor, near):
    alloy = AlloyLimits.named("6016")
    lots = {name: float(alloy.upper[alloy.elements.index(name)]) * near[name] for name in SHEET}
    wide = alloy.widened({"Fe": factor})
    assert wide.meets(lots) or not alloy.meets(lots)
    before, after = alloy.excess(lots), wide.excess(lots)
    assert after["Fe"] <= before["Fe"]
    assert all(after[name] == before[name] for name in SHEET if name != "Fe")


@given(st.fixed_dictionaries(dict.fromkeys(SHEET, FRACTIONS)))
def test_exactly_what_has_no_excess_meets(composition):
    alloy = AlloyLimits.named("6016")
    assert bool(alloy.meets(composition)) == all(abs(by) <= 1e-9 for by in alloy.excess(composition).values())


def test_every_tie_goes_to_the_even_digit():
    for decimals in range(4):
        whole = np.arange(2000)
        ties = (whole + 0.5) / 10.0 ** (decimals + 2)
        np.testing.assert_allclose(rounded(ties, decimals) * 10.0 ** (decimals + 2), whole + whole % 2, rtol=1e-12)


def test_widening_stops_at_the_whole_and_keeps_the_original():
    alloy = AlloyLimits.named("ADC12")
    wide = alloy.widened({"Si": 20.0})
    assert wide.upper[wide.elements.index("Si")] == 1.0
    assert alloy.upper[alloy.elements.index("Si")] == 0.12
    with pytest.raises(ValueError, match="read-only"):
        alloy.upper[0] = 1.0
