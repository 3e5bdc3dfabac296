"""Yards of lots that are known by their records alone; all numbers made up."""

import numpy as np

from cesim.charge import Addition, AlloyLimits, Charge, Energy, Furnace, Lot, OriginRecord, ScrapSource

ELEMENTS = ("Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Zn", "Ti")
MEANS = {
    "6063 profile": (0.45, 0.22, 0.03, 0.03, 0.50, 0.02, 0.03, 0.02),
    "6016 sheet": (1.05, 0.25, 0.10, 0.08, 0.38, 0.02, 0.04, 0.02),
    "5182 sheet": (0.12, 0.25, 0.05, 0.33, 4.50, 0.03, 0.06, 0.02),
    "cast mix": (6.50, 0.75, 1.80, 0.25, 0.30, 0.05, 0.70, 0.06),
}
SPREADS = {"6063 profile": 0.12, "6016 sheet": 0.15, "5182 sheet": 0.15, "cast mix": 0.30}


def sources():
    return {
        name: ScrapSource.lognormal(
            name, np.array(mean) / 100.0, np.full(8, SPREADS[name]), 0.2, ELEMENTS, lot_mass=2.0
        )
        for name, mean in MEANS.items()
    }


def lots(rng, count, reliability, kinds=("6063 profile", "6016 sheet")):
    """Lots of wrought scrap by their records; a wrong record is one of the other three sources."""
    yard = sources()
    for at in range(count):
        claimed = kinds[rng.integers(len(kinds))]
        others = {name: float(rng.uniform(0.5, 1.5)) for name in yard if name != claimed}
        yield Lot.recorded(
            f"lot {at + 1}", OriginRecord(claimed, reliability, others), yard, stock=float(rng.uniform(0.5, 2.0)),
            price=float(rng.uniform(250e3, 300e3)), co2=0.5, recycled="post",
        )  # fmt: skip


def primary():
    return Lot.known(
        "P1020", dict(zip(ELEMENTS, (0.0006, 0.0012, 0.0001, 0.0001, 0.0, 0.0, 0.0002, 0.0001), strict=True)),
        stock=None, price=380e3, co2=10.0, recycled="none",
    )  # fmt: skip


def furnace():
    added = (
        Addition("Si", {"Si": 1.0}, 420e3, 6.0),
        Addition("Mg", {"Mg": 1.0}, 480e3, 20.0),
        Addition("Cu", {"Cu": 1.0}, 1_400e3, 4.0),
    )
    return Furnace(12.0, Energy(3.0, 2_000.0, 0.05), yields=0.97, additions=added)


def yard_charge(seed, alloy="6063", count=20, reliability=0.95, risk=None):
    rng = np.random.default_rng([6063, seed])
    return Charge(AlloyLimits.named(alloy), [*lots(rng, count, reliability), primary()], furnace(), risk)
