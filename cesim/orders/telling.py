"""What was asked, told back: each part of an order as it was understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.scenario import written

if TYPE_CHECKING:
    from cesim.orders.order import Order


def asked(order: Order) -> dict[str, str]:
    """Return every part that the order states, by its name, as YAML."""
    stated = order.model_dump(mode="json", exclude_unset=True)
    return {name: written(part).rstrip() for name, part in stated.items()}
