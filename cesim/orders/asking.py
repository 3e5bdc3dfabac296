"""What each command asks of a casthouse: the questions of the charge room, put together from an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cesim.charge import CoDesign, GradeTest, Information, value_of_information
from cesim.charge.faults import told
from cesim.errors import InputError
from cesim.orders.reading import TOGETHER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.charge.answer import ChargeAnswer
    from cesim.charge.correction import CorrectedCharge
    from cesim.charge.graderesult import Comparison, GradeResult
    from cesim.charge.information import InformationValue
    from cesim.orders.objects import Casthouse
    from cesim.orders.order import Span


def charged(casthouse: Casthouse) -> ChargeAnswer:
    """Return what to charge."""
    charge = casthouse.charge
    ask = {"cost": charge.least_cost, "co2": charge.least_co2, "recycled": charge.most_recycled}
    return ask[casthouse.order.ask]()


def corrected(casthouse: Casthouse) -> CorrectedCharge | None:
    """Return the charge that counts on a correction after the analysis; None where none is asked for."""
    asked = casthouse.order.correction
    if asked is None:
        return None
    return casthouse.charge.two_stage(asked.heats, asked.seed, room=asked.room, miss_price=asked.miss_price)


def trial_of(casthouse: Casthouse) -> GradeTest:
    """Return the trial of the grade."""
    order = casthouse.order
    melts = all(getattr(order, part) for part in TOGETHER)
    several = len(casthouse.sources) > 1 or order.sorter is not None
    stated = any(one.supply is not None for one in order.sources.values())
    return GradeTest(
        casthouse.grade, tuple(casthouse.sources.values()), casthouse.plan,
        supplies=casthouse.of_sources("supply") if several or stated else None,
        sorter=casthouse.sorter,
        bins=order.sorter.offered or None if order.sorter is not None else None,
        foreign=casthouse.foreign,
        alloy=casthouse.alloy if melts else None,
        shop=casthouse.shop if melts else None,
    )  # fmt: skip


def tried(casthouse: Casthouse) -> GradeResult:
    """Return the trial as it went."""
    return trial_of(casthouse).run(casthouse.order.trial.lots, casthouse.order.trial.seed)


def compared(casthouse: Casthouse) -> Comparison:
    """Return both grades on the same lots."""
    first = tried(casthouse)
    return first.compare(first.again(casthouse.against))


def valued(casthouse: Casthouse) -> InformationValue:
    """Return what knowing more about the lots is worth."""
    asked = casthouse.order.knowledge
    return value_of_information(
        tuple(casthouse.sources.values()), casthouse.of_sources("supply"), casthouse.alloy, casthouse.shop,
        levels(casthouse), yards=asked.yards, choice=asked.choice, seed=asked.seed,
    )  # fmt: skip


def levels(casthouse: Casthouse) -> list[Information]:
    """Return the levels of knowledge: none, each record, an assay, the sorter, each record with an assay, perfect."""
    asked, sampling = casthouse.order.knowledge, casthouse.order.sampling
    assert sampling is not None
    if any(later <= one for one, later in zip(asked.records, asked.records[1:], strict=False)):
        raise InputError([told("charge_not_rising", "knowledge", "records")])
    found = [Information.none()]
    found += [Information.of_record(share, asked.record_cost) for share in asked.records]
    found.append(Information.of_assay(casthouse.plan, sampling.cost))
    if casthouse.sorter is not None:
        found.append(Information.of_sorter(casthouse.sorter, "sorted"))
    both = asked.record_cost + sampling.cost
    found += [Information.of_record_and_assay(share, casthouse.plan, both) for share in asked.records]
    return [*found, Information.perfect()]


def design_of(casthouse: Casthouse) -> CoDesign:
    """Return the table of designs."""
    asked = casthouse.order.design
    assert asked is not None
    return CoDesign(
        casthouse.grade, casthouse.alloy, tuple(casthouse.sources.values()), casthouse.plan, casthouse.furnace,
        casthouse.of_sources("supply"), casthouse.of_sources("price"), casthouse.of_sources("co2"), asked.demand,
        asked.lots_per_source, asked.margin, _factors(asked.levels), _factors(asked.widening), asked.widened,
        casthouse.order.ask, asked.lots, asked.heats, asked.seed, casthouse.foreign,
    )  # fmt: skip


def _factors(span: Span) -> NDArray[np.float64]:
    return np.linspace(span.first, span.last, span.points) if span.points > 1 else np.array([span.first])
