"""What is believed of records: one fault after the other in a chain of four works, and what becomes of the interval."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from liars import back
from made_up_ledgers import (
    MELTING,
    RECEIVING,
    RETURN,
    SHIPPING,
    SUPPLY,
    Writer,
    drawn,
    entries_of,
    records_of,
    rows_of,
    whole,
    with_losses,
)

from cesim.errors import InputError
from cesim.trace.genealogy.bounds import bounds
from cesim.trace.genealogy.graph import Genealogy, recorded_genealogy, true_genealogy
from cesim.trace.genealogy.passing import shares
from cesim.trace.genealogy.rebuilding import REASONS, rebuild, tolerance_between

DISPOSAL = 18
SCRAP, PRIMARY, TAPPED, SHEET = 0, 1, 2, 3
BORN_AGAIN = [SUPPLY, 2, -1, 9, [], [(SCRAP, 600)], [(2, 600)], 0, -1]
MELTED_AGAIN = [MELTING, 1, -1, 9, [(SCRAP, 600)], [(4, 600)], [], 0, -1]
THROWN_AWAY = [DISPOSAL, 1, -1, 9, [(SCRAP, 600)], [], [], 600, -1]
BOTH_MELTED_AGAIN = [MELTING, 1, -1, 9, [(SCRAP, 600), (PRIMARY, 400)], [(4, 1000)], [], 0, -1]


def chain():
    """Works 0 supplies scrap and ships it to works 1, which adds its own primary, taps and makes sheet."""
    writer = Writer(3)
    scrap, primary = writer.lot(600), writer.lot(400)
    tapped, sheet = writer.lot(950), writer.lot(950)
    writer.write(SUPPLY, 0, outputs=[(scrap, 600)], sources=[(2, 600)])
    writer.write(SUPPLY, 1, outputs=[(primary, 400)], sources=[(0, 400)])
    writer.write(SHIPPING, 0, [(scrap, 600)], partner=1)
    writer.write(RECEIVING, 1, [(scrap, 600)], partner=0)
    writer.write(MELTING, 1, [(scrap, 600), (primary, 400)], [(tapped, 950)], loss=50)
    writer.write(MELTING, 1, [(tapped, 950)], [(sheet, 950)])
    return writer.entries()


def changed(change, **more):
    """What is rebuilt once the rows are changed, and the interval of the sheet for post_elv."""
    entries = chain()
    rows = rows_of(entries)
    change(rows)
    extra = max((lot for row in rows for lot, _ in (*row[4], *row[5])), default=0) + 1
    masses = (entries.lots.mass_mg.tolist() + [0] * extra)[: max(4, extra)]
    found = rebuild(records_of(entries_of(rows, entries.names, masses)), **more)
    sheet = bounds(shares(found.genealogy), [2])
    return found, (float(sheet.provable[SHEET]), float(sheet.possible[SHEET]))


def why(found, lot):
    return {REASONS[place] for place in found.reason[found.named == lot].tolist()}


def test_all_that_fits_is_believed():
    found, interval = changed(list)
    assert interval == (0.6, 0.6)
    assert set(found.counts().values()) == {0}
    assert found.record.tolist() == [0, 1, 4, 5]
    assert found.wrong_at_least() == 0


@pytest.mark.parametrize(
    ("change", "lot", "reason", "interval"),
    [
        (lambda rows: rows.pop(0), SCRAP, "never_made", (0.0, 0.6)),
        (lambda rows: rows.pop(1), PRIMARY, "never_made", (0.6, 1.0)),
        (lambda rows: (rows.pop(2), rows.pop(2)), SCRAP, "not_handed_over", (0.0, 0.6)),
        (lambda rows: rows.append(rows.pop(0)), SCRAP, "made_later", (0.0, 0.6)),
        (lambda rows: rows.insert(1, BORN_AGAIN), SCRAP, "made_twice", (0.0, 0.6)),
        (lambda rows: rows.append(MELTED_AGAIN), SCRAP, "used_twice", (0.0, 0.6)),
        (lambda rows: rows.append(THROWN_AWAY), SCRAP, "used_twice", (0.0, 0.6)),
        (lambda rows: rows[4].__setitem__(4, [(-1, 600), (PRIMARY, 400)]), -1, "not_named", (0.0, 0.6)),
        (lambda rows: rows[5].__setitem__(0, RETURN), TAPPED, "class_not_told", (0.0, 1.0)),
    ],
)  # fmt: skip
def test_what_is_not_believed_and_why(change, lot, reason, interval):
    found, bounded = changed(change)
    assert why(found, lot) == {reason}
    assert bounded == pytest.approx(interval)
    assert found.counts()[reason] >= 1


@pytest.mark.parametrize("gone", [2, 3])
def test_one_of_the_two_who_hand_over_is_enough(gone):
    assert changed(lambda rows: rows.pop(gone))[1] == (0.6, 0.6)


def test_a_lot_that_left_and_came_back_needs_a_record_of_it():
    """Shipped by somebody, though who made it also used it: the viewer who sees no handover does not follow it."""

    entries = chain()
    rows = rows_of(entries)
    rows[0][1] = 1
    records = back(entries, rows)
    seen = np.array([True, True, False, False, True, True])
    assert why(rebuild(records, seen), SCRAP) == {"not_handed_over"}
    assert why(rebuild(records), SCRAP) == {"believed"}


def test_what_is_written_later_is_not_there_yet():
    records = replace(records_of(chain()), written_s=whole([0, 50, 2, 3, 4, 5]))
    assert why(rebuild(records, until_s=49), PRIMARY) == {"never_made"}
    assert why(rebuild(records, until_s=50), PRIMARY) == {"believed"}
    assert len(recorded_genealogy(records, until_s=0)) == 1


def test_a_record_twice_counts_once():
    def twice(rows):
        rows.append(list(rows[4]))
        rows[6][4] = rows[4][4][::-1]  # in another order

    found, interval = changed(twice)
    assert interval == (0.6, 0.6)
    assert found.repeated.tolist() == [False] * 6 + [True]
    assert found.counts()["repeated"] == 1


@pytest.mark.parametrize("place", [0, 1, 2, 7, 8])
def test_a_record_that_differs_anywhere_is_no_repeat(place):
    def nearly(rows):
        rows.append(list(rows[4]))
        rows[6][place] += 1

    found, interval = changed(nearly)
    assert not found.repeated.any()
    assert found.made_twice[TAPPED]
    assert interval == (0.0, 1.0)


def test_a_repeat_of_what_is_not_seen_is_seen():
    def twice(rows):
        rows.append(list(rows[5]))

    found, interval = changed(twice, seen=np.array([True] * 5 + [False, True]))
    assert not found.repeated.any()
    assert interval == (0.6, 0.6)


def test_scales_may_differ_and_no_more():
    def heavier(by):
        def change(rows):
            rows[4][4] = [(SCRAP, 600 + by), (PRIMARY, 400)]

        return change

    assert why(changed(heavier(12), tolerance=0.02)[0], SCRAP) == {"believed"}
    found, _ = changed(heavier(13), tolerance=0.02)
    assert why(found, SCRAP) == {"used_twice"}
    assert found.excess[SCRAP] == 13
    assert found.conflict_lot.tolist() == [SCRAP, SCRAP]
    assert sorted(found.conflict_record.tolist()) == [0, 4]
    assert why(changed(heavier(1), tolerance=0.0)[0], SCRAP) == {"used_twice"}


def test_honest_scales_hardly_contradict_each_other():
    rng = np.random.default_rng(0)
    first, second = np.exp(rng.normal(0, [[0.003], [0.002]], (2, 2, 100_000)).sum(axis=0))
    beyond = np.count_nonzero(second > first * (1 + tolerance_between(0.003, 0.002))) / 100_000
    assert beyond < 1 / 8_000
    assert np.count_nonzero(second > first * (1 + tolerance_between(0.003, 0.002) / 4)) > 10_000
    assert tolerance_between(1.0) < 1.0


def test_what_is_only_looked_at_is_not_used_up():
    analysis = [6, 1, -1, 9, [(SCRAP, 600)], [], [], 0, -1]
    assert changed(lambda rows: rows.append(analysis))[1] == (0.6, 0.6)


def test_one_liar_may_contradict_many():
    """Somebody uses both lots a second time: two contradictions that one record makes."""
    found, _ = changed(lambda rows: rows.append(BOTH_MELTED_AGAIN))
    assert set(found.conflict_lot.tolist()) == {SCRAP, PRIMARY}
    assert found.wrong_at_least() == 1

    def two_pairs(rows):
        rows.insert(1, BORN_AGAIN)
        rows.append([MELTING, 1, -1, 9, [(TAPPED, 950)], [(SHEET, 950)], [], 0, 0])

    assert changed(two_pairs)[0].wrong_at_least() == 2


def test_a_lot_made_of_itself_is_not_believed():
    found, interval = changed(lambda rows: rows[5].__setitem__(4, [(SHEET, 950)]))
    assert why(found, SHEET) == {"made_later"}
    assert interval == (0.0, 1.0)


def test_new_scrap_without_its_class_hides_what_was_added_too():
    def change(rows):
        rows[5][0], rows[5][6] = RETURN, [(2, 50)]

    assert changed(change)[1] == (0.0, 1.0)


def test_a_loss_that_nobody_declares_leaves_the_shares_of_what_went_in():
    """More went in than left: the most that can have gone in is what did."""
    assert changed(lambda rows: rows[4].__setitem__(7, 0))[1] == (0.6, 0.6)


def test_masses_that_are_not_told():
    def input_unweighed(rows):
        rows[4][4] = [(SCRAP, 600), (PRIMARY, -1)]

    found, interval = changed(input_unweighed)
    assert interval == pytest.approx((0.6, 1.0))
    assert found.without_mass == 1

    def output_unweighed(rows):
        rows[4][5] = [(TAPPED, -1)]

    found, interval = changed(output_unweighed)
    assert why(found, TAPPED) == {"never_made"}
    assert interval == (0.0, 1.0)
    assert changed(lambda rows: rows[4].__setitem__(7, -1))[1] == (0.0, 1.0)


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 0.5))
@settings(max_examples=60, deadline=None)
def test_a_lot_used_twice_never_narrows_what_is_said_of_others(seed, share):
    """Somebody claims a second time what others used up: nothing becomes provable that was not."""
    rng = np.random.default_rng(seed)
    records = with_losses(rng, drawn(rng), share)
    rows = rows_of(records.entries)
    inputs = [(row[1], lot, mass) for row in rows if row[5] for lot, mass in row[4]]
    if not inputs:
        return
    actor, lot, mass = inputs[rng.integers(len(inputs))]
    product = len(records.entries.lots)
    rows.append([MELTING, actor, -1, len(rows), [(lot, 2 * mass)], [(product, 2 * mass)], [], 0, -1])
    masses = [*records.entries.lots.mass_mg.tolist(), 2 * mass]
    lying = records_of(entries_of(rows, records.entries.names, masses))
    before, after = (bounds(shares(recorded_genealogy(said)), [1, 2]) for said in (records, lying))
    assert np.all(after.provable[:product] <= before.provable + 1e-12)
    assert np.all(after.possible[:product] >= before.possible - 1e-12)
    if rebuild(lying).excess[lot] > 0:
        assert after.provable[product] == 0.0


def test_handovers_make_nothing():
    genealogy = true_genealogy(chain())
    assert len(genealogy) == 4
    assert genealogy.in_start.tolist() == [0, 0, 0, 2, 3]
    assert genealogy.in_lot.tolist() == [SCRAP, PRIMARY, TAPPED]
    assert genealogy.loss.tolist() == [0, 0, 50, 0]
    assert genealogy.birth.tolist() == [0, 1, 2, 3]
    assert genealogy.total().tolist() == [600, 400, 1000, 950]


def broken(**columns):
    given = {name: getattr(true_genealogy(chain()), name) for name in Genealogy.__dataclass_fields__}
    return Genealogy(**{**given, **columns})


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"in_lot": whole([0, 1, 4])}, "does not exist.*: in"),
        ({"in_lot": whole([0, 1, -2])}, "does not exist.*: in"),
        ({"out_lot": whole([0, 1, 2])}, "too short or too long: out"),
        ({"in_start": whole([0, 0, 3, 2, 3])}, "too short or too long: in"),
        ({"source_class": whole([4, 0])}, "does not exist.*: source"),
        ({"relabel": whole([-1, -1, -1, 4])}, "does not exist.*: relabel"),
        ({"loss": np.array([0.0, 0.0, -1.0, 0.0])}, r"no number from 0.*: -1\."),
        ({"loss": np.array([0.0, 0.0, np.nan, 0.0])}, "no number from 0.*: nan"),
        ({"in_mass": np.array([1e308, 0.0, 0.0])}, "no number from 0.*: 1e"),
        ({"out_lot": whole([0, 1, 2, 2])}, "Lot 2 is made twice"),
        ({"in_lot": whole([0, 3, 2])}, "Lot 3 is used before"),
        ({"in_lot": whole([0, 1, 3])}, "Lot 3 is used before"),
    ],
)
def test_a_genealogy_that_cannot_be_is_refused(columns, words):
    with pytest.raises(InputError, match=words):
        broken(**columns)


def test_records_that_point_nowhere_are_refused():
    rows = rows_of(chain())
    rows[4][4] = [(99, 600)]
    with pytest.raises(InputError, match="does not exist"):
        rebuild(back(chain(), rows))


@pytest.mark.parametrize("tolerance", [-0.01, 1.0, float("nan")])
def test_a_tolerance_that_is_no_share(tolerance):
    with pytest.raises(InputError, match="between two scales"):
        rebuild(records_of(chain()), tolerance=tolerance)
