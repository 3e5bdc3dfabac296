"""A small made-up plastics plan, and a bench on which pelletisers and compounders are tried."""

from __future__ import annotations

import numpy as np

from cesim.events.chain import compounding, pelletising
from cesim.events.chain.compounding import Compounder
from cesim.events.chain.material import COLUMNS, COUNT, PAIR_ITEM
from cesim.events.chain.plan import Names, PlasticsPlan
from cesim.events.facility import Facility
from cesim.events.simulation import Simulation
from cesim.ledger.substances import COMPONENTS, ITEMS, ORIGINS, POLYMERS

DAY = 86_400
YEAR = 365 * DAY
TONNE = 10**9
RECYCLATES = ("part-pp", "part-pe", "asr-pp", "asr-abs", "use-pp", "appliance-abs", "chemical-pp", "bio-pp")
OF_CARS = RECYCLATES[:4]
REGIONS = ("Aichi", "Mie")
NAMES = Names(REGIONS, (), (), (), (), (), RECYCLATES, ())
PP, PPT, PE, ABS = (POLYMERS.index(name) for name in ("PP", "PP-T", "PE", "ABS"))
POST_ELV = COUNT + ORIGINS.index("post_elv")


def plan(**changes):
    """Two sites; PP, PP-T, PE and ABS are wanted and take recyclate."""
    made = np.zeros((2, len(POLYMERS)))
    made[:, [PP, PPT, PE, ABS]] = [[400.0, 300.0, 90.0, 50.0], [100.0, 40.0, 0.0, 7.0]]
    made[:, POLYMERS.index("PUR")] = 33.3  # takes no recyclate
    recipe = np.tile([0.97, 0.0, 0.03], (len(POLYMERS), 1))
    recipe[PP], recipe[PPT], recipe[PE] = [0.88, 0.09, 0.03], [0.76, 0.21, 0.03], [0.95, 0.02, 0.03]
    recipe[ABS] = [0.94, 0.03, 0.03]
    admitted = np.zeros((len(POLYMERS), len(RECYCLATES)), dtype=bool)
    for polymer, names in ((PP, "pp"), (PPT, "pp"), (PE, "pe"), (ABS, "abs")):
        admitted[polymer] = [name.endswith(names) for name in RECYCLATES]
    supply = np.zeros((2, len(RECYCLATES)))
    supply[:, 4:] = [[20.0, 5.0, 2.0, 1.0], [10.0, 2.0, 1.0, 0.5]]
    origin = np.zeros((len(RECYCLATES), len(ORIGINS)))
    for number, name in enumerate(("post_elv",) * 4 + ("post_in_use", "post_other", "chemical", "bio")):
        origin[number, ORIGINS.index(name)] = 1.0
    origin[6, [ORIGINS.index("chemical"), ORIGINS.index("primary")]] = 0.7, 0.3
    cap = np.full(len(POLYMERS), 0.3)
    given = {
        "compounders": (0, 1), "route": np.array([[0.7, 0.3], [0.25, 0.75]]), "made": made, "recipe": recipe,
        "supply": supply, "composition": np.tile([0.9, 0.08, 0.02], (len(RECYCLATES), 1)), "origin": origin,
        "foreign": np.array([0.01, 0.01, 0.05, 0.06, 0.01, 0.02, 0.0, 0.0]),
        "foreign_limit": np.full(len(POLYMERS), 0.008), "cap": cap, "asr_cap": 0.1, "admitted": admitted,
        "price": np.array([150e3, 140e3, 90e3, 95e3, 170e3, 160e3, 400e3, 500e3]), "virgin_price": 220e3,
        "loss": 0.02,
    }  # fmt: skip
    return PlasticsPlan(**{**given, **changes})


def plastic_row(items, origin="post_elv"):
    """A composition from mg of (polymer, component) by item, each (polymer, filler, additive)."""
    row = np.zeros(COLUMNS.width, dtype=np.int64)
    for item, parts in items.items():
        row[np.flatnonzero(ITEMS.index(item) == PAIR_ITEM)] = parts
    row[COUNT + ORIGINS.index(origin)] = row[:COUNT].sum()
    return row


class Givers(Facility):
    """Where pellets and plastics come from."""

    kind = "givers"

    def give(self, given):
        row, kind, grade, owner, to = given
        self.send(self.lots.create(row, self.lots.mark(kind, grade, owner), "given", self.code), to)


class Bench(Simulation):
    """A run with the accounts of both rooms, and a door through which lots are given."""

    def __init__(self, folder=None, seed=0):
        super().__init__(seed, COLUMNS, folder)
        for source in dict.fromkeys(("given", *pelletising.SOURCES, *compounding.SOURCES)):
            self.lots.accounts.source(source)
        for sink in dict.fromkeys((*pelletising.SINKS, *compounding.SINKS)):
            self.lots.accounts.sink(sink)
        self.givers = Givers(self, "givers", "Aichi")

    def give(self, second, row, grade, to, kind="pellet", owner="Aichi"):
        self.clock.call_at(second, self.givers.give, (row, kind, grade, owner, to))

    def compounder(self, site=0, **how):
        return Compounder(self, f"compounder {REGIONS[site]}", REGIONS[site], NAMES, site, **how)


def account(simulation, side, name):
    """Totals of an account, mg, (column)."""
    return simulation.lots.accounts.total[side, simulation.lots.accounts.names.code(name)]


def by_component(row):
    """Polymer, filler and additive of a composition, the slow and obvious way."""
    names = COLUMNS.names
    return [
        sum(int(row[n]) for n in range(COUNT) if names[n].split(".")[1] == what and names[n].split(".")[0] in POLYMERS)
        for what in COMPONENTS
    ]


def births(simulation):
    """Every lot of the run as it was born: second, facility, kind, grade, owner, composition."""
    rows, events = simulation.ledger.table("lot"), simulation.ledger.table("event")
    where = events["facility"][np.searchsorted(events["event"], rows["event"])]
    names, marks = simulation.lots.facilities.names, simulation.lots.marks
    return [
        (int(second), names[at], marks[mark].kind, marks[mark].grade, marks[mark].owner, row)
        for second, at, mark, row in zip(rows["time_s"], where, rows["mark"], rows["composition"], strict=True)
    ]


def recipes(simulation):
    """What went into every compound: by second, facility and polymer a list of (kind, grade, composition)."""
    into = {}
    for second, at, kind, grade, owner, row in births(simulation):
        if kind in ("recyclate_in", "x_to_car", "chemical", "bio", "virgin", "filler"):
            into.setdefault((second, at, owner), []).append((kind, grade, row))
    return into
