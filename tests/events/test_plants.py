"""Random plants: whatever stands in a row with whatever room, every lot is somewhere and every law holds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cesim.events import Columns, Furnace, Shifts, Simulation, Station, laws
from cesim.events.trial import Bay, Trial

COLUMNS = Columns(("Al", "Fe"), ("primary", "post_elv"))


class Step(Station):
    """A station that hands on what it gets, and cuts every third lot in two."""

    kind = "step"

    def __init__(self, simulation, name, to, seconds_, **given_):
        super().__init__(simulation, name, **given_)
        self.to, self.seconds_ = to, seconds_
        self.halves = self.lots.splitting([self.lots.mark("half")] * 2, [1, 1])

    def seconds(self, lot):
        return self.seconds_[lot % len(self.seconds_)]

    def done(self, lot):
        parts = self.lots.split(lot, self.halves, self.code) if lot % 3 == 0 else [lot]
        for part in parts:
            self.send(part, self.to)


class Pot(Furnace):
    """A furnace that makes one lot of a batch."""

    kind = "pot"

    def __init__(self, simulation, name, to, seconds_, **given_):
        super().__init__(simulation, name, **given_)
        self.to, self.seconds_ = to, seconds_

    def seconds(self, _):
        return self.seconds_

    def done(self, batch):
        self.send(self.lots.merge(batch, self.lots.mark("melt"), self.code), self.to)


seconds = st.lists(st.integers(0, 40), min_size=1, max_size=4)
stations = st.tuples(st.just(Step), seconds, st.integers(1, 3), st.one_of(st.none(), st.integers(1, 4)), st.booleans())
pots = st.tuples(st.just(Pot), st.integers(0, 30), st.integers(1, 3), st.integers(4, 9), st.booleans())


@given(
    st.lists(st.one_of(stations, pots), min_size=1, max_size=5),
    st.lists(st.integers(0, 60), min_size=1, max_size=25),
    st.integers(10, 500),
)
@settings(max_examples=60, deadline=None)
def test_every_law_holds_in_any_row_of_facilities(row, arrivals, length):
    trial = Trial(COLUMNS)
    to = out = trial.bay("out")
    for number, (what, time, count, limit, other) in enumerate(row):
        if what is Step:
            to = Step(trial, f"step {number}", to, time, servers=count, limit=limit)
            if other:
                Shifts(to, [(20, 60), (70, 90)], every=100)
        else:
            to = Pot(trial, f"pot {number}", to, time, capacity=count, limit=limit, patience_s=25 if other else None)
    for number, when in enumerate(arrivals):
        trial.give(to, when, {"Al": 1000 + number, "Fe": 7}, origin="post_elv")
    certificate = trial.try_for(length)
    assert certificate.passed, certificate.worst
    came = sum(1000 + n + 7 for n, when in enumerate(arrivals) if when < length)
    lying = list(trial.lots.mark_of)
    assert (int(trial.lots.masses(lying).sum()) if lying else 0) == came
    assert all(trial.lots.facility_of[lot] == out.code for _, lot in out.caught)
    for facility in trial.facilities:
        assert facility.limit is None or facility.inside <= facility.limit


def test_a_run_may_go_on_after_its_last_period():
    simulation = Simulation(columns=COLUMNS)
    Bay(simulation, "yard")
    simulation.run([10, 20])
    Bay(simulation, "another")
    simulation.run([30])
    assert simulation.ledger.column("facility", "facility").tolist() == [0, 1]
    assert simulation.lots.period == 3
    assert laws(simulation).passed
