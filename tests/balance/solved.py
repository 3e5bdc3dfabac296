"""Solve a made-up system and keep its tables, as a run does year by year."""

from dataclasses import dataclass, field

import numpy as np

from cesim.balance.chain import Limits, solve
from cesim.balance.inputs import System
from cesim.indicators.formulas import Factors, Year, compute
from cesim.ledger.certificate import Auditor, Certificate
from cesim.ledger.flows import Edges, FlowView, Layouts, Table, levels_table
from cesim.ledger.substances import POLYMERS


@dataclass(repr=False)
class Answer:
    """The tables of all years, by calendar year."""

    system: System
    opening: Table
    flows: dict[int, Table]
    levels: dict[int, Table]
    limits: dict[int, Limits]
    view: FlowView = field(default_factory=FlowView)

    @property
    def regions(self) -> tuple[str, ...]:
        return self.system.cars.regions

    @property
    def draws(self) -> int:
        return self.system.cars.registered.shape[0]

    def certificate(self, flows=None, levels=None) -> Certificate:
        """The proof, of these tables or of tables put in their place."""
        auditor = Auditor()
        auditor.opening(self.opening)
        total = None
        for year in self.flows:
            part = auditor.year(
                year, (flows or {}).get(year, self.flows[year]), (levels or {}).get(year, self.levels[year])
            )
            total = part if total is None else total.with_(part)
        return total

    def indicators(self, year: int) -> dict:
        """Numerators and denominators (region, draw) of the year."""
        none = np.zeros((len(self.regions), self.draws))
        one = np.ones(self.draws)
        factors = Factors(one, one, one, one, one, np.ones((self.draws, len(POLYMERS))))
        vehicles = {"scrapped": none, "exported": none}
        return compute(Year(self.view, self.flows[year], self.regions, vehicles, factors))

    def h1(self) -> np.ndarray:
        """(year, region, draw)"""
        parts = [self.indicators(year)["h1_horizontal_rate_6xxx"] for year in self.flows]
        return np.array([top / np.where(bottom > 0, bottom, 1.0) for top, bottom in parts])

    def cells(self, year: int) -> dict:
        """Mass (draw,) by (process_from, process_to, cell), by origin and by substance."""
        out = {}
        for table in (self.flows[year], self.levels[year]):
            for by_origin, values in ((True, table.origin), (False, table.substance)):
                for n, edge in enumerate(table.layout.edges):
                    start = table.layout.start(n, by_origin)[0]
                    for k, cell in enumerate(edge.by_origin if by_origin else edge.by_substance):
                        out[edge.process_from, edge.process_to, cell, by_origin] = values[:, start + k]
        return out


def solved(system: System) -> Answer:
    layouts, flows, levels, limits, opening = Layouts(), {}, {}, {}, None
    for result in solve(system, Edges()):
        if result.limits is None:
            opening = levels_table(result.flows, layouts)
            continue
        year = result.flows.year
        flows[year], levels[year] = result.flows.tables(layouts)
        limits[year] = result.limits
    return Answer(system, opening, flows, levels, limits)
