"""All 1,024 coalitions of ten measures of `chubu-2035`, 50 draws each: what attribution of an action plan asks.

A coalition is the plan with some of its measures put back to how things were in 2026. What its aluminium, its plastics
and its cars treated are made from is the same in many coalitions: that is solved once. Beside it, in the same job: some
coalitions each solved afresh, and a full run. With `--prove` one coalition in 100 is compared, bit for bit, with a run.

    python benchmarks/coalitions.py [--measures 10] [--draws 50] [--fresh 12] [--prove]
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from itertools import product
from typing import TYPE_CHECKING

from machine import kernel

from cesim.quantities import TimePath
from cesim.run import prepare, simulate
from cesim.scenario import open_scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.run import Prepared
    from cesim.scenario.model import Scenario

MEASURES: dict[str, tuple[str, ...]] = {
    "hoods, doors, beams taken off": tuple(
        f"parts.{part}.taken" for part in ("hood", "doors_and_fenders", "back_door", "bumper_beams", "chassis")
    ),
    "alloys known by data": ("dismantling.identified",),
    "sorting by alloy": ("sorting.share",),
    "recycled alloys approved": tuple(
        f"remelting.alloys.{alloy}.approved" for alloy in ("6016", "6022", "6111", "6061", "6063")
    ),
    "bumpers, trims taken off": tuple(
        f"parts.{part}.taken" for part in ("bumpers", "underbody", "interior_trims", "instrument_panel", "fuel_tank")
    ),
    "residue sorted": ("residue.sorted",),
    "more recyclate in compounds": tuple(f"compounding.cap.{polymer}" for polymer in ("PP", "PP-T", "PE", "ABS")),
    "X-to-Car": tuple(
        f"compounding.recyclates.{name}.supply" for name in ("use-pp", "appliance-pp", "appliance-abs", "packaging-po")
    ),
    "incentive": ("dismantling.incentive",),
    "fewer used exports": ("fleet.export.hazard_scale",),
}
"""Ten measures: the paths each of them moves."""
OWN = {"dismantling.incentive": {2026: 0.0, 2030: 20.0}, "fleet.export.hazard_scale": {2026: 1.0, 2027: 0.9}}
"""What the plan does not say itself."""
FROM = 2026
"""Until the end of this year nothing is different."""


def at(part: object, path: list[str]) -> object:
    for name in path:
        part = part[name] if isinstance(part, dict) else getattr(part, name)
    return part


def put(part: object, path: list[str], value: object) -> object:
    """A copy of a part of a scenario with another value under a path; all else is the same object."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(part, dict):
        return {**part, head: put(part[head], rest, value)}
    return part.model_copy(update={head: put(getattr(part, head), rest, value)})


def stopped(path: TimePath) -> TimePath:
    """The path as if nothing were done after `FROM`: its best estimate of that year, for certain, stays."""
    from cesim.quantities import Quantity

    one = next(iter(path.knots.values()))
    value = float(path.best([FROM])[0])
    before = {year: knot for year, knot in path.knots.items() if year < FROM}
    return TimePath({**before, FROM: Quantity(value, kind=one.kind, unit=one.unit)})


def coalitions(whole: Scenario, measures: list[str]) -> Iterator[Scenario]:
    """Every set of measures, the empty one first; both arms go through the same years until `FROM`."""
    paths = {path: at(whole, path.split(".")) for name in measures for path in MEASURES[name]}
    off = {path: stopped(held) for path, held in paths.items()}
    on = {path: TimePath({**off[path].knots, **{y: k for y, k in held.knots.items() if y > FROM}})
          for path, held in paths.items()}  # fmt: skip
    for chosen in product((False, True), repeat=len(measures)):
        scenario = whole
        for name, taken in zip(measures, chosen, strict=True):
            for path in MEASURES[name]:
                scenario = put(scenario, path.split("."), (on if taken else off)[path])
        yield scenario


def timed(job):
    begun, before = time.perf_counter(), cpu()
    answer = job()
    return answer, time.perf_counter() - begun, cpu() - before


def cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def through(held: Prepared, asked: list[Scenario]) -> int:
    return sum(answer.heats for answer in held.solve_all(asked))


def afresh(held: Prepared, asked: list[Scenario]) -> None:
    """Each with nothing known but the scenario itself."""
    for scenario in asked:
        held.forget()
        held.solve(scenario)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measures", type=int, default=10)
    parser.add_argument("--draws", type=int, default=50)
    parser.add_argument("--fresh", type=int, default=12)
    parser.add_argument("--prove", action="store_true")
    options = parser.parse_args()
    before = kernel(clock=time.perf_counter)
    loaded = open_scenario("chubu-2035", OWN)
    asked = list(coalitions(loaded.scenario, list(MEASURES)[-options.measures :]))
    some = random.Random(0).sample(asked, min(options.fresh, len(asked)))
    _, run_wall, run_cpu = timed(lambda: simulate(loaded, draws=options.draws))
    held, wall, used = timed(lambda: prepare(loaded, draws=options.draws))
    print(f"{len(asked)} coalitions of {options.measures} measures, {options.draws} draws each")
    print(f"prepared: {wall:.1f} s, {used:.1f} s CPU (the first time on a machine the loops are compiled, too)")
    afresh(held, some[:1])
    _, fresh_wall, fresh_cpu = timed(lambda: afresh(held, some))
    fresh_wall, fresh_cpu = fresh_wall / len(some), fresh_cpu / len(some)
    held.forget()
    counted = {name: held.solved[name] for name in held.solved}
    heats, wall, used = timed(lambda: through(held, asked))
    solved = {name: held.solved[name] - counted[name] for name in counted}
    each = 1e3 / len(asked)
    print(f"all: {wall:.1f} s, {used:.1f} s CPU; {wall * each:.1f} ms, {used * each:.1f} ms CPU a coalition")
    print(f"heats: {heats}")
    print("solved: " + ", ".join(f"{count} of {name}" for name, count in solved.items()))
    print(f"each afresh: {fresh_wall * 1e3:.0f} ms, {fresh_cpu * 1e3:.0f} ms CPU a coalition")
    print(f"  this many times what it takes together: {fresh_cpu / used * len(asked):.1f} by CPU")
    print(f"a full run: {run_wall:.1f} s, {run_cpu:.1f} s CPU")
    print(f"  this many times what a coalition takes: {run_cpu / used * len(asked):.0f} by CPU")
    _, wall_again, again = timed(lambda: through(held, asked))
    print(f"the same asked once more: {wall_again:.1f} s, {again:.1f} s CPU, {again * each:.1f} ms CPU a coalition")
    if options.prove:
        for scenario in random.Random(1).sample(asked, max(1, len(asked) // 100)):
            assert held.solve(scenario, prove=True).certificate.passed
        print("bits as those of full runs")
    held.close()
    peak, after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, kernel(clock=time.perf_counter)
    print(f"kernel: {before:.2f} s before, {after:.2f} s after; peak of this process {peak:.0f} MB")


if __name__ == "__main__":
    main()
