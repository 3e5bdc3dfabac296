"""A block of lanes solved in full, to hold what was found another way against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.run.solve import LaneBlock, told_as_faults

if TYPE_CHECKING:
    from cesim.balance.chain import YearResult
    from cesim.ledger.flows import Table
    from cesim.run.solve import Bench, Plan, Proof


def prove_block(plan: Plan, start: int, bench: Bench) -> Proof:
    """Solve one block of lanes for its indicators and its certificate alone: nothing of its flows is kept.

    Raises what `cesim.run.solve.solve_block` raises.
    """
    with told_as_faults():
        return _Proving(plan, start, bench).proof()


class _Proving(LaneBlock):
    """Solves a block of which the indicators and the certificate are wanted alone."""

    def _keep(self, year: int, result: YearResult, flows: Table, levels: Table) -> None:
        """Keep nothing: means and limits take more memory than the lanes, and nobody reads them."""
