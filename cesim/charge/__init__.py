"""Blending mathematics: what fits into a heat, the words of the trade for it, and the programmes that say so."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cesim.charge.alloys import AlloyLimits
    from cesim.charge.belief import Belief
    from cesim.charge.blending import Blend, blend
    from cesim.charge.charge import Charge
    from cesim.charge.codesign import CoDesign
    from cesim.charge.compounds import CompoundLimits, Feed
    from cesim.charge.estimates import Estimate
    from cesim.charge.furnace import Addition, Energy, Furnace
    from cesim.charge.grades import ScrapGrade
    from cesim.charge.gradetest import GradeTest
    from cesim.charge.information import value_of_information
    from cesim.charge.knowledge import Information
    from cesim.charge.melt_flow import rule_named
    from cesim.charge.polymers import PolymerBlend
    from cesim.charge.records import OriginRecord
    from cesim.charge.risk import Risk
    from cesim.charge.sampling import AssayError, SamplingPlan
    from cesim.charge.shop import MeltShop
    from cesim.charge.sorter import Sorter
    from cesim.charge.sources import ScrapSource
    from cesim.charge.streams import ForeignMatter
    from cesim.charge.yard import Lot

_HOMES = {
    "Addition": "furnace",
    "AlloyLimits": "alloys",
    "AssayError": "sampling",
    "Belief": "belief",
    "Blend": "blending",
    "Charge": "charge",
    "CoDesign": "codesign",
    "CompoundLimits": "compounds",
    "Energy": "furnace",
    "Estimate": "estimates",
    "Feed": "compounds",
    "ForeignMatter": "streams",
    "Furnace": "furnace",
    "Lot": "yard",
    "GradeTest": "gradetest",
    "Information": "knowledge",
    "MeltShop": "shop",
    "OriginRecord": "records",
    "PolymerBlend": "polymers",
    "Risk": "risk",
    "SamplingPlan": "sampling",
    "ScrapGrade": "grades",
    "ScrapSource": "sources",
    "Sorter": "sorter",
    "blend": "blending",
    "rule_named": "melt_flow",
    "value_of_information": "information",
}
"""Name -> the file it lives in, imported when first asked for: the doors start without numpy."""

__all__ = [
    "Addition",
    "AlloyLimits",
    "AssayError",
    "Belief",
    "Blend",
    "Charge",
    "CoDesign",
    "CompoundLimits",
    "Energy",
    "Estimate",
    "Feed",
    "ForeignMatter",
    "Furnace",
    "GradeTest",
    "Information",
    "Lot",
    "MeltShop",
    "OriginRecord",
    "PolymerBlend",
    "Risk",
    "SamplingPlan",
    "ScrapGrade",
    "ScrapSource",
    "Sorter",
    "blend",
    "rule_named",
    "value_of_information",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
