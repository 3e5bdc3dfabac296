"""What counts where, and the numbers of the laws as they were published."""

from fractions import Fraction

import pytest

from cesim.indicators.formulas import Sums, of_plastics
from cesim.report.statutory.counting import COUNTED, STREAMS, Account
from cesim.report.statutory.laws import FACTS, FIRST_YEARS, fact, step, step_in, threshold
from cesim.report.statutory.statement import missing
from cesim.text import has

# stream -> counts in Japan (pre- and post-consumer), in the EU (post-consumer), closed loop (ELVs, parts from use)
BOOKS = {
    "post_elv": (True, True, True),
    "post_in_use": (True, True, True),
    "post_other": (True, True, False),
    "pre_auto": (True, False, False),
    "pre_other": (True, False, False),
    "chemical": (True, True, False),
    "bio": (False, False, False),
    "primary": (False, False, False),
}


def test_every_stream_counts_where_the_laws_say():
    assert {one: tuple(one in COUNTED[book] for book in ("japan", "eu", "closed")) for one in STREAMS} == BOOKS
    assert list(BOOKS) == list(STREAMS)


def test_the_steps_are_those_that_were_published():
    """ICIS and plas.com, March 2026: 15 % and 25 %, a fifth of it from ELVs, = 3 % and 5 % of plastics."""
    assert [(step(n).share, step(n).closed) for n in (1, 2)] == [
        (Fraction(15, 100), Fraction(3, 100)), (Fraction(25, 100), Fraction(5, 100)),
    ]  # fmt: skip
    for n in (1, 2):
        assert step(n).closed == Fraction(repr(fact(f"targets.eu_elv.closed_loop_step{n}").value))
        assert fact(f"targets.eu_elv.step{n}_from").year == f"{FIRST_YEARS[n]}-08"
    assert threshold() == 10_000


@pytest.mark.parametrize(("year", "number"), [(2031, None), (2032, 1), (2035, 1), (2036, 2), (2050, 2)])
def test_the_step_of_a_year(year, number):
    found = step_in(year)
    assert (found and found.number) == number


def test_every_fact_has_words_a_source_and_a_status():
    for key in FACTS:
        row = fact(key)
        name = key.removeprefix("targets.").replace(".", "_")
        assert row.source
        for lang in ("ja", "en"):
            assert has(f"report.casthouse.statutory.fact.{name}", lang), key
            assert has(f"report.casthouse.statutory.status.{row.status}_secondary", lang)


def test_no_fact_of_the_law_was_read_in_the_law_itself():
    """The pages say so; the day a row is read in an official journal, their words have to change."""
    assert not [key for key in FACTS if "official" in fact(key).source.lower() or "官報" in fact(key).source]


def test_what_is_missing_is_rounded_up_and_never_below_nothing():
    held = Account({**dict.fromkeys(STREAMS, 0), "post_other": 149, "post_elv": 1, "primary": 851})  # 1,001 kg
    lack = missing(held, step(1))
    assert (lack.total_kg, lack.closed_kg) == (1, 30)  # 150.15 and 30.03 kg are asked for: 151 and 31
    rich = Account({**dict.fromkeys(STREAMS, 0), "post_in_use": 600, "primary": 400})
    assert (missing(rich, step(2)).total_kg, missing(rich, step(2)).closed_kg) == (0, 0)
    exact = Account({**dict.fromkeys(STREAMS, 0), "post_in_use": 3, "post_other": 12, "primary": 85})
    assert (missing(exact, step(1)).total_kg, missing(exact, step(1)).closed_kg) == (0, 0)


def test_the_books_are_those_of_the_indicators():
    """`recycled_plastics_supply` is the book of Japan; what counts is defined once."""
    from cesim.ledger.substances import COUNTED_PLASTICS

    assert COUNTED["japan"] == set(COUNTED_PLASTICS["recycled"])
    assert COUNTED["eu"] == set(COUNTED_PLASTICS["post"])
    assert COUNTED["closed"] == set(COUNTED_PLASTICS["closed"])
    assert of_plastics.__module__ == Sums.__module__
