"""What is no fault of an order and yet worth a word beside the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.errors import Fault

if TYPE_CHECKING:
    from cesim.orders.objects import Casthouse
    from cesim.orders.order import Command


def remarks(casthouse: Casthouse, command: Command) -> tuple[Fault, ...]:
    """Return what the answer to a command leaves aside."""
    told = [
        Fault("order_left_out", arguments={"object": name, "found": ", ".join(elements)})
        for name, elements in casthouse.left_out.items()
    ]
    if command == "charge":
        claimed = {name for lot in casthouse.order.yard.values() for name in (lot.source, *lot.others) if name}
        alike = [name for name, one in casthouse.order.sources.items() if one.within_yard > 0.0 and name in claimed]
        told += [Fault("order_alike", arguments={"object": name}) for name in alike]
    if command == "codesign" and casthouse.order.sorter is not None:
        told.append(Fault("order_unsorted"))
    return tuple(told)
