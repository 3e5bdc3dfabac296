"""`run.json` of a lot-by-lot run: what it must hold, and what was assumed of works and knowledge."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from cesim.quantities import KeyedSource
from cesim.run.compile_facilities import compile_facilities
from cesim.run.record import KIND, SUMS, record
from cesim.run.sampler import Sampler, numbers

if TYPE_CHECKING:
    from pathlib import Path

    from cesim.scenario.model import Scenario

STATUSES: Final = ("read", "unverified", "estimate", "given")
_NUMBER: Final = (int, float)
_NAMES: Final = {"ja": str, "en": str}
_CHECK: Final = {"name": str, "cells": int, "worst": _NUMBER, "where": str}
_PRACTICE: Final = (
    "days_a_week", "clearing_days", "risk", "correction", "approval_months", "load_t", "hulks_a_load", "speed_km_h",
    "cost_jpy_per_km", "co2_kg_per_tkm", "patience_days",
)  # fmt: skip
_KNOWLEDGE: Final = ("records", "coverage", "delay_days", "reliability", "assayed", "assay_cv")
_SHAPE: Final[dict[str, Any]] = {
    KIND: str,
    SUMS: {},
    "cesim": str,
    "scenario": {"name": _NAMES, "file": str, "hash": str, "resolved": str},
    "asked": {
        **dict.fromkeys(("first", "last", "seed", "draws", "batch"), int),
        **dict.fromkeys(("with_losses", "traced", "worth"), bool),
    },
    "assumed": {
        "opens": _NUMBER, "closes": _NUMBER, **dict.fromkeys((*_PRACTICE, *_KNOWLEDGE), _NUMBER), "records": str,
        "inputs": dict.fromkeys(STATUSES, int),
    },
    "regions": [str],
    "region_names": {},
    "focus": _NAMES,
    "cars": {},
    "lots": int,
    "events": int,
    "turned_away": {},
    "laws": {"passed": bool, "worst": _NUMBER, "where": str, "checks": [_CHECK]},
    "laws_of_all": bool,
    "mirror": {"agrees": bool, "flows": int, "masses": int, "worst_mg": _NUMBER, "where": str, "operations": int},
    "headline": {"realised": {"best": _NUMBER}},
}  # fmt: skip
"""What the record holds; a list has at least one item."""


def lot_record(folder: Path) -> dict[str, Any]:
    """Return the record of a lot-by-lot run.

    Raises
    ------
    InputError
        where it is no JSON, or something is missing in it or of another kind
    """
    return record(folder, _SHAPE)


def assumed(scenario: Scenario, seed: int, year: int) -> dict[str, Any]:
    """Return how works work and what is known of lots in a year, best estimates, and where these numbers are from."""
    plan = compile_facilities(scenario, Sampler(KeyedSource(seed), 0, 1), year)
    opens, closes = plan.practice.hours
    held = scenario.facilities
    assert held is not None
    status = Counter(quantity.status for _, quantity in numbers(held))
    return {
        "opens": opens,
        "closes": closes,
        **{name: getattr(plan.practice, name) for name in _PRACTICE},
        **{name: getattr(plan.knowledge, name) for name in _KNOWLEDGE},
        "inputs": {name: status[name] for name in STATUSES},
    }
