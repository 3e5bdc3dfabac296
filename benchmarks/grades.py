"""Scrap grades: a million lots tried and tried again, 50 x 50 designs, knowledge at equal risk; CPU seconds.

Beside a fixed numpy kernel measured in the same run, before and after. The claims are ratios: seconds of a job to
seconds of the kernel. What is compiled at the first solve is compiled before.

    python benchmarks/grades.py [--lots 1000000] [--designs 50] [--heats 2000]
"""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

import numpy as np
from machine import kernel

from cesim.charge import (
    Addition,
    AlloyLimits,
    AssayError,
    CoDesign,
    Energy,
    Furnace,
    GradeTest,
    Information,
    MeltShop,
    SamplingPlan,
    ScrapGrade,
    ScrapSource,
    value_of_information,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ELEMENTS = ("Si", "Fe", "Cu", "Mn", "Mg", "Cr", "Zn", "Ti", "Ni", "Pb")
MEAN = np.array([6, 3, 1, 1, 5, 0.3, 1, 0.3, 0.1, 0.1]) * 1e-3
UPPER = np.array([12, 5, 2, 2, 9, 0.6, 2, 0.6, 0.3, 0.3]) * 1e-3
ALLOY = AlloyLimits(
    "illustrative", ELEMENTS, np.array([5, 0, 0, 0, 3, 0, 0, 0, 0, 0]) * 1e-3,
    np.array([9, 3, 1, 1, 7, 1, 1, 1.5, 0.5, 0.5]) * 1e-3,
)  # fmt: skip
GRADE = ScrapGrade("illustrative", upper=dict(zip(ELEMENTS, UPPER, strict=True)))
PLAN = SamplingPlan(4, 0.02, 0.001, 12.0, AssayError(0.03), 0.0, minimum_mass=0.0)
ADDITIONS = (
    Addition("P1020", {"Si": 0.0005, "Fe": 0.0012}, 400_000, 10.0),
    Addition("silicon", {"Si": 1.0}, 500_000, 5.0),
    Addition("magnesium", {"Mg": 1.0}, 600_000, 20.0),
)


def sources() -> list[ScrapSource]:
    rng = np.random.default_rng(0)
    means = MEAN * rng.uniform(0.4, 2.2, (6, MEAN.size))
    return [
        ScrapSource.lognormal(f"yard {at}", mean, np.full(MEAN.size, 0.35), 0.2, ELEMENTS, lot_mass=12.0)
        for at, mean in enumerate(means)
    ]


def furnace(names: tuple[str, ...]) -> Furnace:
    yields = {**dict.fromkeys(names, 0.96), "P1020": 0.99, "silicon": 1.0, "magnesium": 1.0}
    return Furnace(20.0, Energy(3.0, 2000.0, 0.05), yields=yields, additions=ADDITIONS)


def design(points: int, heats: int, lots: int) -> CoDesign:
    yards = sources()
    names = tuple(yard.name for yard in yards)
    return CoDesign(
        GRADE, ALLOY, yards, PLAN, furnace(names), dict.fromkeys(names, 2000.0), dict.fromkeys(names, 220_000.0),
        dict.fromkeys(names, 0.4), 10_000.0, 3, 3.0, np.linspace(0.4, 1.6, points), np.linspace(0.8, 2.0, points),
        ("Fe", "Cu", "Mn", "Zn"), lots=lots, heats=heats,
    )  # fmt: skip


def tell(name: str, seconds: float, unit: float) -> None:
    print(f"{name:44} {seconds:8.2f} s {seconds / unit:8.2f} kernels")


def timed(name: str, unit: float, job: Callable[[], object]) -> None:
    begun = time.process_time()
    job()
    tell(name, time.process_time() - begun, unit)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lots", type=int, default=1_000_000)
    parser.add_argument("--designs", type=int, default=50)
    parser.add_argument("--heats", type=int, default=2_000)
    options = parser.parse_args()
    design(2, 100, 1000).grid()  # compiles
    unit = kernel()

    source = ScrapSource.lognormal("yard", MEAN, np.full(MEAN.size, 0.3), 0.2, ELEMENTS, lot_mass=12.0)
    shop = MeltShop(furnace(("scrap",)), 220_000, 0.4, 8, 0.005)
    trial = GradeTest(GRADE, [source], PLAN, alloy=ALLOY, shop=shop)
    results = []

    def tried() -> None:
        result = trial.run(options.lots) if not results else results[0].again(GRADE.scaled(1.0 + 0.01 * len(results)))
        _ = result.acceptance, result.false_accept, result.false_reject, result.sole_cause, result.accepted
        results.append(result)

    timed(f"{options.lots:,} lots x 10 elements, first", unit, tried)
    timed("  another grade on the same lots", unit, tried)
    timed("  what can be melted of it, 100,000 heats", unit, lambda: results[0].melting)
    whole = design(options.designs, options.heats, 200_000)
    points = options.designs**2
    timed(f"{points:,} designs, {points * options.heats:,} heats", unit, whole.grid)
    timed("  the designs that none beats", unit, whole.front)
    timed("  the costliest limit", unit, whole.costliest_limit)
    yards = sources()
    supplies = {yard.name: 1.0 for yard in yards}
    blend = MeltShop(furnace(("scrap",)), 220_000, 0.4, 20, 0.005, heats=100_000)
    for level in (Information.none(), Information.of_record(0.95), Information.of_assay(PLAN)):
        timed(
            f"knowledge: {level.name}, 200,000 heats", unit,
            lambda level=level: value_of_information(yards, supplies, ALLOY, blend, [level]),
        )  # fmt: skip
    print(f"kernel: {unit:.2f} s before, {kernel():.2f} s after, CPU")


if __name__ == "__main__":
    main()
