"""Scenario -> arrays of engine A, for the lanes of one block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cesim.balance.inputs import System
from cesim.indicators.formulas import Factors
from cesim.ledger.substances import POLYMERS
from cesim.run.compile_cars import Counted, compile_cars
from cesim.run.compile_metal import compile_metal, compile_plastics
from cesim.run.compile_treatment import compile_treatment
from cesim.run.limits import middle, read_windows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cesim.run.sampler import Sampler
    from cesim.scenario.model import Scenario

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Compiled:
    """What a block of lanes needs: the system, the vehicles counted, the greenhouse-gas factors and the type rules."""

    system: System
    counted: Counted
    factors: Factors
    type_cycle: Floats
    type_ceiling: Floats


def compile_block(scenario: Scenario, sampler: Sampler) -> Compiled:
    """Draw everything uncertain and build the arrays."""
    windows = read_windows(scenario)
    cars, counted = compile_cars(scenario, sampler, middle(windows))
    system = System(
        cars, compile_treatment(scenario, sampler), compile_metal(scenario, sampler, windows),
        compile_plastics(scenario, sampler),
    )  # fmt: skip
    return Compiled(
        system.along_axes(),  # here, so that arrays cut out of larger ones let those go
        counted,
        compile_factors(scenario, sampler),
        *compile_type_rules(scenario, sampler),
    )


def compile_type_rules(scenario: Scenario, sampler: Sampler) -> tuple[Floats, Floats]:
    """How long a type is built, in years, and how much recycled content it can hold: (lane,) each."""
    rules = scenario.compounding
    cycle = np.maximum(sampler.value("compounding.type_cycle", rules.type_cycle), 1.0)
    return cycle, sampler.value("compounding.type_ceiling", rules.type_ceiling)


def compile_factors(scenario: Scenario, sampler: Sampler) -> Factors:
    """The greenhouse-gas factors."""
    gases, variant, drawn = scenario.gases, scenario.variants.primary_co2, sampler.under("gases")
    return Factors(
        primary=drawn.value(f"primary.{variant}", gases.primary[variant]),
        remelting=drawn.value("remelting", gases.remelting),
        addition=drawn.value("addition", gases.addition),
        virgin=drawn.value("virgin", gases.virgin),
        recyclate=drawn.value("recyclate", gases.recyclate),
        combustion=drawn.each("combustion", gases.combustion, POLYMERS),
    )
