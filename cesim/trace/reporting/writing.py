"""From what happened to what is written down, actor by actor, each by its policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.trace.reporting.binding import bound
from cesim.trace.reporting.claiming import claimable, over_claim, pre_as_post
from cesim.trace.reporting.colluding import collude
from cesim.trace.reporting.covering import cover, omit
from cesim.trace.reporting.declaring import withhold
from cesim.trace.reporting.draft import Draft
from cesim.trace.reporting.swapping import swap
from cesim.trace.reporting.weighing import slip, weigh

if TYPE_CHECKING:
    from cesim.quantities.streams import UniformSource
    from cesim.trace.entries import Entries
    from cesim.trace.records import Records
    from cesim.trace.reporting.policies import Policies


def write_records(truth: Entries, policies: Policies, draws: UniformSource) -> Records:
    """Return what everybody writes of what happened.

    A record differs from its entry in nothing but what the policy of its actor does to it, and each difference that is
    wrong is marked. All luck is by actor, step, purpose and count (`Tickets`): another policy of one actor leaves the
    records of all others as they are, but those on which two work together (collusion, a use claimed twice), and the
    numbers of lots that never were, which are counted through.

    Parameters
    ----------
    truth
        Entries in the order of time.
    policies
        By role and actor.
    draws
        `KeyedSource` of a seed, or the columns of a design.

    Raises
    ------
    InputError
        ``policy_actor_unknown``, ``policy_class_missing``.
    """
    draft = Draft(truth, policies, draws)
    claimable(draft)
    cover(draft)
    weigh(draft)
    slip(draft)
    collude(draft)
    omit(draft)
    swap(draft)
    over_claim(draft)
    pre_as_post(draft)
    withhold(draft)
    return bound(draft)
