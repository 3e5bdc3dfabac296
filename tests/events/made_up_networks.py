"""Random networks of operations: a script that is played on the doors, so that two ways can be compared."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from cesim.events.clock import Clock
from cesim.events.columns import Columns
from cesim.events.lots import Lots
from cesim.ledger.lot_rows import Rows

COLUMNS = Columns(("Al", "Fe", "Cu", "other"), ("primary", "post_elv", "pre_auto"))
PLACES = ("yard", "shredder", "furnace")
KINDS = ("hulk", "scrap", "ingot", "sheet")

steps = st.tuples(
    st.sampled_from(("create", "create", "split", "split", "merge", "react", "move", "reclassify", "ship", "look")),
    st.integers(0, 2**31),
)
scripts = st.lists(steps, min_size=10, max_size=80)


class Player:
    """Plays a script: every step picks what it touches by the luck of its own number."""

    def __init__(self, every, evaluator, columns=COLUMNS):
        self.clock = Clock()
        self.ledger = Rows(columns.substances, columns.origins)
        self.lots = lots = Lots(self.clock, self.ledger, columns, every, evaluator)
        self.columns = columns
        for place in PLACES:
            lots.facilities.new(place)
        for name in ("elv", "alloying"):
            lots.accounts.source(name)
        for name in ("dross", "landfill", "mill"):
            lots.accounts.sink(name)
        self.ledger.names.update(account=lots.accounts.names.names, facility=lots.facilities.names, mark=lots.marks)
        self.marks = [lots.mark(kind, grade) for kind in KINDS for grade in ("", "6016")]
        self.looked = []

    def play(self, script):
        for number, (step, luck) in enumerate(script):
            rng = np.random.default_rng([luck, number])
            live = list(self.lots.mark_of)
            if step == "create" or not live:
                self.create(rng)
            else:
                getattr(self, step)(live[rng.integers(len(live))], rng)
            if number % 7 == 6:
                self.clock.run_to(self.clock.now + int(rng.integers(0, 100)))
            if number % 19 == 18:
                self.lots.close_period()
        self.lots.close_period()
        return self

    def row(self, rng):
        masses = rng.integers(0, 10 ** rng.integers(1, 12), len(self.columns.substances))
        origins = rng.multinomial(1, [1 / len(self.columns.origins)] * len(self.columns.origins)) * masses.sum()
        moved = int(rng.integers(0, origins.max() + 1))
        origins[np.argmax(origins)] -= moved
        origins[rng.integers(len(origins))] += moved
        return np.concatenate([masses, origins])

    def mark(self, rng):
        return self.marks[rng.integers(len(self.marks))]

    def create(self, rng):
        serial = int(rng.integers(-1, 5))
        at = int(rng.integers(len(PLACES)))
        self.lots.create(self.row(rng), self.mark(rng), "elv", at, int(rng.integers(0, 3)), serial)

    def split(self, lot, rng):
        parts = int(rng.integers(1, 9))
        weights = rng.integers(0, 5, (parts, len(self.columns.substances)))
        weights[rng.integers(parts)] += 1
        marks = [self.mark(rng) for _ in range(parts)]
        rule = self.lots.splitting(marks, weights, int(rng.integers(parts)))
        self.lots.split(lot, rule, self.lots.facility_of[lot])

    def merge(self, lot, rng):
        at = self.lots.facility_of[lot]
        here = [one for one, where in self.lots.facility_of.items() if where == at]
        chosen = rng.permutation(here)[: rng.integers(1, len(here) + 1)].tolist()
        self.lots.merge(chosen, self.mark(rng), at)

    def react(self, lot, rng):
        names = self.columns.substances
        losses = {
            sink: {name: f"{rng.integers(0, 4)}/9" for name in names if rng.random() < 0.5}
            for sink in ("dross", "landfill")
            if rng.random() < 0.6
        }
        gains = [("alloying", self.row(rng)) for _ in range(rng.integers(0, 3))]
        self.lots.react(lot, self.lots.reaction(self.mark(rng), losses), self.lots.facility_of[lot], gains)

    def move(self, lot, rng):
        at = self.lots.facility_of[lot]
        here = [one for one, where in self.lots.facility_of.items() if where == at]
        self.lots.move(here[: rng.integers(1, len(here) + 1)], at, int(rng.integers(len(PLACES))))

    def reclassify(self, lot, rng):
        process = (None, "take_back", "new_scrap")[rng.integers(3)]
        self.lots.reclassify(lot, self.mark(rng), self.lots.facility_of[lot], process)

    def ship(self, lot, _):
        self.lots.ship(lot, "mill", self.lots.facility_of[lot])

    def look(self, lot, _):
        self.looked.append(self.lots.look(lot))
