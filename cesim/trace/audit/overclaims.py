"""Origins that are declared and cannot be, or that nobody else in the same place declares.

Nothing here has seen the metal: an origin that is made up at the very beginning of a chain, by somebody who always does
it, looks like any other. What can be seen is an origin that does not follow from what went in, and a habit broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.ledger.substances import POST_CONSUMER
from cesim.trace.audit.periods import periods_of
from cesim.trace.audit.prints import prints, together
from cesim.trace.audit.suspicion import COMMON
from cesim.trace.genealogy.graph import sums
from cesim.trace.genealogy.passing import shares
from cesim.trace.genealogy.rebuilding import rebuild
from cesim.trace.steps import STEPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.trace.entries import Entries
    from cesim.trace.records import Records

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

_RETURN = STEPS.index("scrap_return")


@dataclass(frozen=True)
class Claimed:
    """What records declare to be post-consumer by changing the class of what leaves.

    Attributes
    ----------
    claimed_mg : (record,)
        What leaves under a post-consumer class that the record itself gives it; 0 for all that only mix what went in.
    possible_mg : (record,)
        The most of it that can be of that class by what went in, matter of unknown origin counted in.
    excess : (record,)
        Share of what is claimed that cannot be; 0 where nothing is claimed.
    against_the_rule : (record,)
        New scrap that is given out as post-consumer: it is pre-consumer, whatever it was made of.
    """

    claimed_mg: Floats
    possible_mg: Floats
    excess: Floats
    against_the_rule: Bools


def claimed(records: Records) -> Claimed:
    """Compare declared classes with what can be rebuilt from the records before them."""
    entries, found = records.entries, rebuild(records)
    genealogy, many = found.genealogy, len(records)
    classes = entries.names.classes
    post = np.isin(np.arange(len(classes) + 1), [classes.index(name) for name in POST_CONSUMER if name in classes])
    declares = post[genealogy.relabel]  # the last place, which -1 takes, is none
    event = np.repeat(np.arange(len(genealogy)), np.diff(genealogy.in_start))
    those = declares[event]
    share = shares(genealogy)
    lot, of = genealogy.in_lot[those], event[those]
    same = np.where(lot >= 0, share[lot, genealogy.relabel[of]], 0.0)
    unknown = np.where(lot >= 0, 1.0 - share.sum(axis=1)[lot], 1.0) if len(share) else np.ones(len(lot))
    weight = np.zeros(len(genealogy.in_mass))
    weight[those] = genealogy.in_mass[those] * np.clip(same + unknown, 0.0, 1.0)
    source_event = np.repeat(np.arange(len(genealogy)), np.diff(genealogy.source_start))
    fitting = (genealogy.source_class < 0) | (genealogy.source_class == genealogy.relabel[source_event])
    fits = sums(genealogy.in_start, weight) + sums(genealogy.source_start, genealogy.source_mass * fitting)
    total = genealogy.total()
    fits += np.maximum(total - genealogy.went_in, 0.0)  # what nobody wrote down may be anything
    part = np.divide(fits, total, out=np.ones(len(genealogy)), where=total > 0)
    leaving = sums(genealogy.out_start, genealogy.out_mass)
    record = found.record
    given, possible, excess = np.zeros(many), np.zeros(many), np.zeros(many)
    given[record] = np.where(declares, leaving, 0.0)
    possible[record] = np.where(declares, leaving * np.minimum(part, 1.0), 0.0)
    excess[record] = np.where(declares, np.maximum(1.0 - part, 0.0), 0.0)
    return Claimed(given, possible, excess, (entries.step == _RETURN) & post[entries.relabel])


@dataclass(frozen=True)
class Supply:
    """Matter of post-consumer origin that enters the chain, by period.

    Attributes
    ----------
    declared_mg : (actor, period)
        From sources that are declared post-consumer, take-backs left out.
    share : (actor, period)
        Of all that its sources gave, take-backs left out; 0 where they gave nothing.
    taken_back_mg : (period,)
        Old cars, by the records of take-back so far.
    old_cars_mg : (period,)
        Matter of old cars that is declared elsewhere so far. Of one region, without matter from others, it cannot be
        more than was taken back.
    """

    declared_mg: Floats
    share: Floats
    taken_back_mg: Floats
    old_cars_mg: Floats


def supply(entries: Entries, period_s: int) -> Supply:
    """Return what enters as post-consumer matter, and what the take-back of cars can have given."""
    classes, actors = entries.names.classes, len(entries.names.actors)
    record = np.repeat(np.arange(len(entries)), np.diff(entries.sources.start))
    period, many = periods_of(entries, period_s)
    mass = np.maximum(entries.sources.mass_mg, 0).astype(np.float64)
    post = np.isin(entries.sources.origin, [classes.index(name) for name in POST_CONSUMER if name in classes])
    cars = entries.sources.origin == (classes.index("post_elv") if "post_elv" in classes else -2)
    back = (entries.step == STEPS.index("take_back"))[record]
    known = entries.actor[record] >= 0
    cell = entries.actor[record] * many + period[record]

    def table(these: Bools) -> Floats:
        total = np.bincount(cell[these & known], weights=mass[these & known], minlength=actors * many)
        return np.asarray(total.reshape(actors, many), dtype=np.float64)

    def so_far(these: Bools) -> Floats:
        return np.asarray(np.bincount(period[record][these], weights=mass[these], minlength=many).cumsum())

    declared, everything = table(post & ~back), table(~back)
    share = np.divide(declared, everything, out=np.zeros_like(declared), where=everything > 0)
    return Supply(declared, share, so_far(back & cars), so_far(cars & ~back))


def surprise(entries: Entries) -> Floats:
    """Return how unusual each record is among those of actors of the same role, in nats, (record,).

    Compared are the kinds of lots made, the origins declared for sources and the class given to what leaves, among all
    records of the same step: a supplier of primary metal with an old car in it is rare among its like. It is the
    logarithm of how seldom, each pattern counted half a time more, and 0 for whatever all do. A step that is less than
    one in twenty of what this role does counts as well, by what it is rarer than that.
    """
    roles = {role: place for place, role in enumerate(dict.fromkeys(actor.role for actor in entries.names.actors))}
    of_actor = np.array([*(roles[actor.role] for actor in entries.names.actors), len(roles)], dtype=np.int64)
    role = of_actor[entries.actor]
    kind = np.append(entries.lots.kind, -1)[entries.outputs.lot]
    does = role * len(STEPS) + entries.step
    pattern = together(
        [
            entries.relabel,
            # each origin, and each kind, once a record, however often it stands there
            prints(*_distinct(entries.sources.start, entries.sources.origin)),
            prints(*_distinct(entries.outputs.start, kind)),
        ]
    )
    rare_step = rarity(does, role) - np.log(COMMON)
    return np.asarray(rarity(together([does, pattern]), does) + np.maximum(rare_step, 0.0))


def rarity(what: Whole, among: Whole) -> Floats:
    """Return the logarithm of how seldom each thing is in its group, each counted half a time more; 0 if alone."""
    _, first, thing, times = np.unique(what, return_index=True, return_inverse=True, return_counts=True)
    group = among[first]
    _, place = np.unique(group, return_inverse=True)
    many, kinds = np.bincount(place, weights=times), np.bincount(place)
    nats = np.log((many + kinds / 2)[place] / (times + 0.5))
    return np.asarray(nats[thing])


def _distinct(start: Whole, what: Whole) -> tuple[Whole, Whole]:
    """Return the different values of each stretch, and where the stretches begin then."""
    stretch = np.repeat(np.arange(len(start) - 1), np.diff(start))
    order = np.lexsort((what, stretch))
    stretch, what = stretch[order], what[order]
    new = np.append(True, (np.diff(stretch) != 0) | (np.diff(what) != 0))[: len(what)]
    count = np.bincount(stretch[new], minlength=len(start) - 1)
    return np.concatenate([[0], np.cumsum(count)]), what[new]
