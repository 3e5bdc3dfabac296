"""A made-up country of two regions with a thousandth of the cars of Japan, to be run lot by lot in a test."""

from __future__ import annotations

import yaml

TINY = {
    "years.fleet_from": 1990, "years.start": 2029, "years.end": 2031, "report.years": [2030, 2031],
    "market.sales": 4300, "market.production": 8300, "fleet.base_stock": 75000,
    "remelting.sash": 15, "compounding.recyclates.use-pp.supply": 2.5, "compounding.recyclates.appliance-pp.supply": 3,
    "compounding.recyclates.appliance-abs.supply": 1, "compounding.recyclates.packaging-po.supply": 1.5,
    "compounding.recyclates.industrial-pp.supply": 14, "compounding.recyclates.bio-pp.supply": 0.5,
    "facilities.dismantling.workers": 6, "facilities.shredding.capacity": 1.3, "facilities.sorting.capacity": 0.003,
    "facilities.residue.capacity": 0.008,
    "facilities.casthouses.melting": {"sheet": 0.45, "extrusion": 0.18, "casting": 3.6},
    "facilities.casthouses.yard": 30, "facilities.compounding.capacity": 4,
    "facilities.heats.mass": {"sheet": 2, "extrusion": 1, "casting": 6}, "facilities.heats.clearing": 28,
    "facilities.transport.load": 0.3,
    "facilities.knowledge.records": "simple", "facilities.knowledge.coverage": 0.5, "facilities.knowledge.assayed": 0.2,
}  # fmt: skip
"""Dotted path -> value over the scenario `tutorial`."""


def text(**changes: object) -> str:
    """Return the scenario as a file, with further changes; dots in names are written as two underscores."""
    tree: dict = {"cesim": 1, "name": {"ja": "小さな地域", "en": "Tiny"}, "extends": "tutorial"}
    for path, value in {**TINY, **{name.replace("__", "."): value for name, value in changes.items()}}.items():
        *above, last = path.split(".")
        at = tree
        for name in above:
            at = at.setdefault(name, {})
        at[last] = value
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)


FEW = {"market__sales": 430, "market__production": 830, "fleet__base_stock": 7500}
"""A ten-thousandth of the cars, for `text`."""
