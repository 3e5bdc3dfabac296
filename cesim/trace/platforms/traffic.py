"""What every platform carries of a ledger: each record goes, as it was written, through those it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cesim.trace.platforms.sent import Sent
from cesim.trace.platforms.traffic_cmp import cmp_traffic
from cesim.trace.platforms.traffic_ouranos import ouranos_traffic
from cesim.trace.platforms.traffic_planet import planet_traffic
from cesim.trace.platforms.traffic_rmp import rmp_traffic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.quantities.streams import UniformSource
    from cesim.trace.platforms.network_plan import CompositionPlan
    from cesim.trace.platforms.traffic_cmp import Work
    from cesim.trace.records import Records


@dataclass(frozen=True)
class Carried:
    """What went through the platforms.

    Attributes
    ----------
    messages
        By platform, how many of each kind; those of which there were none are left out.
    work
        What CMP takes of people; none where nobody says who answers.
    """

    messages: Mapping[str, Mapping[str, int]]
    work: Work | None


def traffic_of(
    records: Records, first_year: int, plan: CompositionPlan | None = None, source: UniformSource | None = None
) -> Carried:
    """Send all records through the platforms.

    Own books are not sent, and whoever sends nothing is on no platform. A ledger whose roles or steps are others than
    those of a run has less traffic; that is no fault.

    Parameters
    ----------
    records
        As written.
    first_year
        Seconds count from its beginning.
    plan
        Who answers for compositions.
    source
        Of the luck of those who answer.
    """
    sent = Sent(records, first_year)
    cmp, work = cmp_traffic(sent, plan, source)
    told = {
        "cmp": cmp, "rmp": rmp_traffic(sent), "planet": planet_traffic(sent), "ouranos": ouranos_traffic(sent),
    }  # fmt: skip
    return Carried({name: {kind: n for kind, n in held.items() if n} for name, held in told.items()}, work)
