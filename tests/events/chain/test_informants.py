"""Who keeps records: nobody, somebody perfect, somebody slow who errs."""

from __future__ import annotations

import numpy as np
import pytest

from cesim.errors import InputError
from cesim.events.draws import Draws
from cesim.events.informants import NoRecords, PerfectRecords, SimpleRecords
from cesim.quantities.streams import KeyedSource


def told(lots, second=100, first=0):
    """Rows of new lots: the iron of a lot is its own number."""
    numbers = np.array(lots)
    beside = {"lot": numbers, "time_s": np.full(len(lots), second), "identity": numbers + first}
    return {"lot": {**beside, "Al_mg": np.full(len(lots), 1000), "Fe_mg": numbers}}


def facts(informant, lot, now=10**6):
    return {claim.field: claim.value for claim in informant.ask(lot, "casthouse", now)}


def simple(seed=4, **given):
    return SimpleRecords(Draws(KeyedSource(seed)), **given)


def test_nobody_knows_anything():
    informant = NoRecords()
    informant.tell(told([1]))
    assert not informant.ask(1, "casthouse", 10**9)
    assert informant.next_wake() is None


def test_somebody_perfect_knows_everything_at_once():
    informant = PerfectRecords()
    informant.tell(told([1, 2]))
    assert facts(informant, 2, 100) == {"Al_mg": 1000, "Fe_mg": 2}
    assert [claim.reliability for claim in informant.ask(1, "casthouse", 100)] == [1.0, 1.0]
    assert not informant.ask(3, "casthouse", 100)
    assert informant.next_wake() is None


def test_tables_without_lots_or_identities_tell_nothing():
    informant = PerfectRecords()
    informant.tell({"event": {"event": np.array([1])}})
    informant.tell({"lot": {"lot": np.array([1]), "Fe_mg": np.array([2])}})
    assert not informant.ask(1, "casthouse", 100)


def test_coverage_delay_and_reliability():
    lots = list(range(1, 2001))
    informant = simple(coverage=0.6, delay_s=50, reliability=0.9)
    informant.tell(told(lots))
    assert informant.next_wake() == 150
    assert not any(informant.ask(lot, "casthouse", 149) for lot in lots)
    known = [facts(informant, lot, 150) for lot in lots]
    assert informant.next_wake() is None
    assert sum(map(bool, known)) == pytest.approx(1200, abs=80)
    right = sum(one["Fe_mg"] == lot for lot, one in zip(lots, known, strict=True) if one)
    assert right / sum(map(bool, known)) == pytest.approx(0.9, abs=0.03)
    wrong = [lot - one["Fe_mg"] for lot, one in zip(lots, known, strict=True) if one and one["Fe_mg"] != lot]
    assert set(wrong) == {1}  # the lot before it
    assert informant.ask(next(lot for lot in lots if known[lot - 1]), "casthouse", 200)[0].reliability == 0.9


def test_a_lots_luck_is_its_own():
    one, other = simple(coverage=0.5), simple(coverage=0.5)
    one.tell(told(range(50)))
    other.tell(told(range(1000, 1100), first=7))
    other.tell(told(range(50)))
    assert [bool(facts(one, lot)) for lot in range(50)] == [bool(facts(other, lot)) for lot in range(50)]


@pytest.mark.parametrize("wrong", [{"coverage": 1.1}, {"reliability": -0.1}])
def test_chances_that_are_none_are_refused(wrong):
    with pytest.raises(InputError) as caught:
        simple(**wrong)
    assert caught.value.faults[0].code == "share_out_of_range"


def test_a_delay_before_the_fact_is_refused():
    with pytest.raises(InputError):
        simple(delay_s=-1)
