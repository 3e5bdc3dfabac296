"""What is no fault of an order and yet worth a word beside the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cesim.errors import Fault
from cesim.orders.assays import FEW

if TYPE_CHECKING:
    from cesim.orders.answers import Answer
    from cesim.orders.objects import Casthouse
    from cesim.orders.order import Command


_OF_A_LAW: Final = ("correlation", "within_yard")
"""Fields that a table of assays makes idle: its rows are drawn whole."""


def remarks(casthouse: Casthouse, command: Command, answer: Answer) -> tuple[Fault, ...]:
    """Return what the answer to a command leaves aside, and what of it is easily misread."""
    told = [
        Fault("order_left_out", arguments={"object": name, "found": ", ".join(elements)})
        for name, elements in casthouse.left_out.items()
    ]
    told += _few(casthouse, command)
    if command == "charge":
        alike = [name for name in _looked_at(casthouse, command) if casthouse.order.sources[name].within_yard > 0.0]
        told += [Fault("order_alike", arguments={"object": name}) for name in alike]
        if answer.figures.get("drawn_heats") and answer.tables["limits"]:
            told.append(Fault("order_slopes"))
    if command == "codesign":
        told += _of_design(casthouse, answer)
    return (*told, *_without_limit(casthouse, command))


def _of_design(casthouse: Casthouse, answer: Answer) -> list[Fault]:
    told = [Fault("order_unsorted")] if casthouse.order.sorter is not None else []
    if casthouse.order.risk is not None:
        risks = [row["risk"] for row in answer.tables["designs"] if row["risk"] is not None]
        over = sum(risk > casthouse.order.risk.joint for risk in risks)
        if over:
            asked = f"{100 * casthouse.order.risk.joint:g}"
            told.append(Fault("order_design_risk", arguments={"found": over, "all": len(risks), "asked": asked}))
    return told


def _without_limit(casthouse: Casthouse, command: Command) -> list[Fault]:
    """Say which elements come in that nothing limits."""
    order = casthouse.order
    if order.alloy is None or order.furnace is None or casthouse.alloy.others_each is not None:
        return []
    held = [one.composition for one in order.furnace.additions.values()]
    held += [lot.composition or {} for lot in order.yard.values()] if command == "charge" else []
    brought = dict.fromkeys(element for one in held for element, percent in one.items() if percent > 0.0)
    free = [element for element in brought if element not in (*casthouse.alloy.elements, "Al")]
    if not free:
        return []
    return [Fault("order_no_limit", arguments={"object": casthouse.alloy.name, "found": ", ".join(free)})]


def _few(casthouse: Casthouse, command: Command) -> list[Fault]:
    """Return what is said of tables of assays that are too short to know a spread by."""
    tables = [name for name in _looked_at(casthouse, command) if casthouse.order.sources[name].assays is not None]
    rows = {name: casthouse.stated[name].mean.shape[0] for name in tables}
    told = [
        Fault("order_few_lots", arguments={"object": name, "found": count, "least": FEW})
        for name, count in rows.items()
        if count < FEW
    ]
    beside = {name: [field for field in _OF_A_LAW if getattr(casthouse.order.sources[name], field)] for name in tables}
    return told + [
        Fault("order_assays_alone", arguments={"object": name, "found": ", ".join(fields)})
        for name, fields in beside.items()
        if fields
    ]


def _looked_at(casthouse: Casthouse, command: Command) -> list[str]:
    """Return the sources of the answer: of a charge those that a lot may be of."""
    order = casthouse.order
    if command != "charge":
        return list(order.sources)
    claimed = {name for lot in order.yard.values() for name in (lot.source, *lot.others) if name}
    return [name for name in order.sources if name in claimed]
