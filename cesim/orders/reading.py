"""From a file to a casthouse with everything that a command needs, or every fault at its place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError, Place
from cesim.orders.expecting import unreadable
from cesim.orders.objects import Casthouse
from cesim.orders.order import Order
from cesim.orders.placing import at_its_line
from cesim.orders.workbook import order_tree
from cesim.scenario import ScenarioError, load, of_tree
from cesim.scenario.workbook.grid import EXCEL
from cesim.text import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cesim.orders.order import Command
    from cesim.scenario import Branch

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
    order, tree = _of_workbook(file) if file.suffix.lower() in EXCEL else _of_yaml(file)
    told = [order.expect] if isinstance(order.expect, tuple) else order.expect.values()
    faults = [at_its_line(fault, tree) for lines in told for fault in unreadable(lines)]
    if faults:
        raise ScenarioError(faults)
    lacking = [part for part in NEEDED[command] if not getattr(order, part)]
    if command in ("test", "compare") and order.shop is not None:
        lacking += [part for part in TOGETHER if not getattr(order, part)]
    if lacking:
        place, asked = Place(str(file)), spoken(command)
        raise ScenarioError([Fault("order_lacks", place, {"missing": part, "command": asked}) for part in lacking])
    return Casthouse(order, file.parent, tree)


def spoken(command: Command) -> str:
    """Return a command as it is typed."""
    return command if command in ("charge", "codesign") else f"grade {command}"


def _of_yaml(file: Path) -> tuple[Order, Branch]:
    if not file.exists():  # an order is a file, never the name of a scenario that ships
        beside = [str(one) for one in _beside(file)]
        told = {"nearest": nearest(str(file), beside)}
        raise ScenarioError([Fault("no_such_file", Place(str(file)), told)])
    try:
        loaded = load(file, Order)
    except InputError as error:
        empty = {"empty_file": "empty_order"}
        raise ScenarioError(replace(one, code=empty.get(one.code, one.code)) for one in error.faults) from None
    return loaded.scenario, loaded.tree


def _beside(file: Path) -> list[Path]:
    if not file.parent.is_dir():
        return []
    return sorted(one for one in file.parent.iterdir() if one.suffix.lower() in (*EXCEL, ".yaml", ".yml"))


def _of_workbook(file: Path) -> tuple[Order, Branch]:
    try:
        tree = order_tree(file)
    except InputError as error:
        raise ScenarioError(error.faults) from None
    return of_tree(tree, Order), tree
