"""cesim: what it takes for the aluminium and the plastics of scrapped cars to become cars again.

The three steps of a question::

    scenario = cesim.load_scenario("scenarios/chubu-2035.yaml")
    run = cesim.simulate(scenario, draws=1000, seed=0)
    run.save("runs/chubu-2035")

Heavy libraries are imported where they are used, so importing ``cesim`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "load_scenario": "cesim.scenario",
    "simulate": "cesim.run",
    "simulate_lots": "cesim.run",
    "open_lot_run": "cesim.run",
    "LotRun": "cesim.run",
    "open_run": "cesim.run",
    "Run": "cesim.run",
    "Scenario": "cesim.scenario",
}

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'cesim' has no attribute {name!r}")
