"""Which lots others hear of, and from whom first."""

from hypothesis import given, settings
from made_up import KG, Book, loops
from made_up_exports import random_entries

from cesim.trace.exports.hearing import first_heard
from cesim.trace.steps import STEPS


def test_a_lot_made_inside_is_first_heard_of_when_it_is_used_or_handed_over():
    book = Book()
    mill, press = book.actor("mill", "casthouse"), book.actor("press", "press_shop")
    [slab] = book.entry("supply", mill, 0, (), [("slab", "6016", 9 * KG)], inside=True)
    [coil] = book.entry("rolling", mill, 1, [(slab, 9 * KG)], [("semis", "6016", 9 * KG)], inside=True)
    book.entry("receiving", press, 2, [(coil, 8 * KG)], partner=mill)
    book.entry("pressing", press, 3, [(coil, 9 * KG)], [("semis", "", 9 * KG)])
    heard = first_heard(book.entries())
    assert heard.lot.tolist() == [1, 2]
    assert heard.entry.tolist() == [2, 3]
    assert heard.actor.tolist() == [mill, press]
    assert heard.mass_mg.tolist() == [8 * KG, 9 * KG]
    assert heard.made.tolist() == [False, True]


@given(loops(8))
@settings(max_examples=20, deadline=None)
def test_the_same_as_reading_the_ledger_through(entries):
    _compare(entries)


def test_the_same_in_a_ledger_that_makes_no_sense():
    for seed in range(5):
        _compare(random_entries(seed, 150))
    _compare(random_entries(0, 0))


def _compare(entries):
    born, used = {}, {}
    for found, side in ((born, entries.outputs), (used, entries.inputs)):
        for entry, lot, mass in zip(side.entry().tolist(), side.lot.tolist(), side.mass_mg.tolist(), strict=True):
            if not entries.inside[entry]:
                found.setdefault(lot, (entry, mass))
    wanted = []
    for lot in sorted(born | used):
        entry, mass = born.get(lot) or used[lot]
        partner = int(entries.partner[entry])
        taken = lot not in born and entries.step[entry] == STEPS.index("receiving") and partner >= 0
        wanted.append((lot, entry, partner if taken else int(entries.actor[entry]), mass, lot in born))
    heard = first_heard(entries)
    columns = (heard.lot, heard.entry, heard.actor, heard.mass_mg, heard.made)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == wanted
