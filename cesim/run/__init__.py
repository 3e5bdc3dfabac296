"""One question -> one answer: compiles a scenario into arrays, runs the engines, wires them together."""

from typing import Any

__all__ = ["Evaluated", "LotRun", "Prepared", "Run", "open_lot_run", "open_run", "prepare", "simulate", "simulate_lots"]


def __getattr__(name: str) -> Any:
    if name == "simulate":
        from cesim.run.solve import simulate

        return simulate
    if name in ("Evaluated", "Prepared", "prepare"):
        from cesim.run import prepared

        return getattr(prepared, name)
    if name in ("LotRun", "open_lot_run", "simulate_lots"):
        from cesim.run import lots

        return getattr(lots, name)
    if name in ("Run", "open_run"):
        from cesim.run import folder

        return getattr(folder, name)
    raise AttributeError(f"module 'cesim.run' has no attribute {name!r}")
