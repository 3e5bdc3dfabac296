"""From a file to a casthouse with everything that a command needs, or every fault at its place."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.orders.grid import EXCEL
from cesim.orders.objects import Casthouse
from cesim.orders.order import Order
from cesim.orders.workbook import order_tree
from cesim.scenario import ScenarioError, load, of_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.orders.order import Command

NEEDED: Final[Mapping[Command, tuple[str, ...]]] = {
    "charge": ("alloy", "yard", "furnace"),
    "test": ("grade", "sources", "sampling"),
    "compare": ("grade", "against", "sources", "sampling"),
    "value": ("alloy", "sources", "sampling", "furnace", "shop", "risk"),
    "codesign": ("alloy", "grade", "sources", "sampling", "furnace", "design"),
}
"""What an order must hold for each command; what else it holds is used where it helps."""
TOGETHER: Final = ("alloy", "furnace", "shop", "risk")
"""A trial melts what it accepts where the order holds all of these."""


def read_order(path: str | Path, command: Command) -> Casthouse:
    """Return the casthouse of an order in YAML or in a workbook.

    Raises
    ------
    InputError
        With every fault at its line or cell; ``order_lacks`` for what the command needs and is not there.
    """
    file = Path(path)
    order = _of_workbook(file) if file.suffix.lower() in EXCEL else load(file, Order).scenario
    lacking = [part for part in NEEDED[command] if not getattr(order, part)]
    if command in ("test", "compare") and order.shop is not None:
        lacking += [part for part in TOGETHER if not getattr(order, part)]
    if lacking:
        place, asked = Place(str(file)), spoken(command)
        raise ScenarioError([Fault("order_lacks", place, {"missing": part, "command": asked}) for part in lacking])
    return Casthouse(order, file.parent)


def spoken(command: Command) -> str:
    """Return a command as it is typed."""
    return command if command in ("charge", "codesign") else f"grade {command}"


def _of_workbook(file: Path) -> Order:
    try:
        tree = order_tree(file)
    except InputError as error:
        raise ScenarioError(error.faults) from None
    return of_tree(tree, Order)
