"""When a line reaches its target."""

import pandas as pd
import pytest

from cesim.report.crossings import crossings
from cesim.report.phrases import crossing_phrase
from cesim.report.words import Words

YEARS = [2030, 2031, 2032, 2033, 2034]


def line(*medians):
    return pd.DataFrame(
        {"year": YEARS, "p05": [m - 0.1 for m in medians], "p50": medians, "p95": [m + 0.2 for m in medians]}
    )


def one(frame, value=0.3, better="up"):
    (found,) = crossings(frame, (("t", ((2032, value),)),), better)
    return found


def test_the_first_year_beyond_the_step_with_its_range():
    found = one(line(0.1, 0.2, 0.3, 0.4, 0.5))
    assert (found.year, found.again, found.since) == (2032, None, 2032)
    assert (found.low, found.median, found.high) == pytest.approx((0.2, 0.3, 0.5))


def test_a_line_that_falls_behind_again_says_when():
    found = one(line(0.1, 0.35, 0.4, 0.2, 0.5))
    assert (found.year, found.again) == (2031, 2033)


def test_a_line_that_never_gets_there_tells_its_last_year():
    found = one(line(0.1, 0.1, 0.1, 0.1, 0.2))
    assert (found.year, found.again, found.last, found.median) == (None, None, 2034, 0.2)


def test_a_ceiling_is_met_from_above():
    assert one(line(0.5, 0.4, 0.3, 0.2, 0.1), better="down").year == 2032
    assert one(line(0.1, 0.1, 0.4, 0.4, 0.4), better="down").again == 2032


def test_each_step_of_each_target_is_told():
    found = crossings(line(0.1, 0.2, 0.3, 0.4, 0.5), (("a", ((2030, 0.2), (2033, 0.5))), ("b", ((2031, 0.9),))), "up")
    assert [(c.name, c.since, c.year) for c in found] == [("a", 2030, 2031), ("a", 2033, 2034), ("b", 2031, None)]


@pytest.mark.parametrize("frame", [line(0.1, 0.35, 0.4, 0.2, 0.5), line(0.1, 0.1, 0.1, 0.1, 0.2)])
def test_the_sentence_names_year_and_range_and_a_single_future_has_none(lang, frame):
    words, found = Words(lang), one(frame)
    said = crossing_phrase(found, "share", words, single=False)
    assert str(found.year or found.last) in said
    assert f"{found.low * 100:.1f} – {found.high * 100:.1f} %" in said
    assert (found.again is not None) == (str(found.again) in said)
    assert "–" not in crossing_phrase(found, "share", words, single=True)
