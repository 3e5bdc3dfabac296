"""Scenarios compared with the same luck: differences future by future, what differs, and what cannot be compared."""

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.plan.comparing import compare
from cesim.run.prepared import prepare
from cesim.scenario import open_scenario

H1 = "h1_horizontal_rate_6xxx"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return compare([open_scenario("tutorial"), open_scenario("tutorial", {"sorting.share": 0.5})], draws=24, seed=3)


def test_each_scenario_has_the_bits_of_its_own_run(found):
    with prepare(open_scenario("tutorial", {"sorting.share": 0.5}), draws=24, seed=3) as alone:
        assert np.array_equal(alone.base.values, found.answers[1].values, equal_nan=True)


def test_the_range_is_that_of_the_difference(found):
    frame = found.figures()
    year, region = found.years[0], found.regions[0]
    row = frame[(frame.indicator == H1) & (frame.year == year) & (frame.region == region) & (frame.scenario == 1)].iloc[
        0
    ]
    gap = found.drawn(1, H1, region, year) - found.drawn(0, H1, region, year)
    assert row.difference_p50 == np.median(gap)
    assert row.difference_p05 == np.quantile(gap, 0.05)
    assert row.higher == (gap > 0).mean()
    apart = found.drawn(1, H1, region, year)[::-1] - found.drawn(0, H1, region, year)
    assert row.difference_p95 - row.difference_p05 < np.quantile(apart, 0.95) - np.quantile(apart, 0.05)


def test_the_first_differs_from_itself_by_nothing(found):
    frame = found.figures()
    own = frame[frame.scenario == 0]
    assert (own[["difference_best", "difference_p05", "difference_p95", "higher", "lower"]] == 0).all().all()


def test_what_differs_is_told_as_written(found):
    frame = found.inputs()
    assert list(frame["path"]) == [path for path in frame["path"] if path.startswith("sorting.share")]
    assert "0.5" in set(frame["1"])


def test_targets_carry_the_error_of_paired_samples(found):
    frame = found.targets()
    assert (frame[frame.scenario == 0].standard_error == 0).all()
    for row in frame.itertuples():
        goal = next(goal for goal in found._shared_goals() if goal.id == row.target)
        met = [goal.is_met(answer.draws(*goal.series)) for answer in found.answers]
        gap = met[row.scenario].astype(float) - met[0]
        assert row.met == met[row.scenario].mean()
        assert row.standard_error == pytest.approx(gap.std(ddof=1) / np.sqrt(24))


@pytest.mark.parametrize(
    ("names", "code"),
    [(["tutorial"], "compare_needs_two"), (["tutorial", "no-such"], "no_such_scenario"),
     (["tutorial", "chubu-baseline"], "compare_no_region")],
)  # fmt: skip
def test_what_cannot_be_compared(names, code):
    with pytest.raises(InputError) as caught:
        compare(names, draws=1)
    assert caught.value.faults[0].code == code


def test_years_in_common_are_needed():
    early = open_scenario("tutorial", {"years.end": 2029, "report.years": [2028]})
    late = open_scenario("tutorial", {"years.start": 2031, "report.years": [2035]})
    with pytest.raises(InputError) as caught:
        compare([early, late], draws=1)
    assert caught.value.faults[0].code == "compare_no_year"
