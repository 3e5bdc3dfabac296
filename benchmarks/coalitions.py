"""All 1,024 coalitions of ten measures of `chubu-2035`, 50 draws each: what the attribution of an action plan asks.

What aluminium, plastics and treated cars of a coalition are made from is the same in many coalitions: that is solved
once. Beside it, in the same job: some coalitions each solved afresh, and a full run. With `--prove` one coalition in
100 is compared, bit for bit, with a run. The other adopted measures stay in effect throughout.

    python benchmarks/coalitions.py [--measures 10] [--draws 50] [--fresh 12] [--prove]
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from machine import kernel

from cesim.plan.attribution import attribute_plan
from cesim.plan.futures import chosen, open_futures
from cesim.plan.goals import main_goals
from cesim.run import simulate
from cesim.scenario import open_scenario
from cesim.scenario.effects import in_effect

if TYPE_CHECKING:
    from collections.abc import Callable

    from cesim.plan.futures import Choice, Futures

    Answer = TypeVar("Answer")

MEASURES = (
    "hoods", "libs_shared", "joint_standard", "heat_approval", "closed_loop_press_scrap", "bumpers", "asr_sorting",
    "packaging_to_car", "aggregation_hubs", "recycled_grades_in_drawings", "doors", "appliances_to_car",
)  # fmt: skip
"""Players, the first so many of them: five of aluminium and five of plastics among ten."""


def timed(job: Callable[[], Answer]) -> tuple[Answer, float, float]:
    """Answer, wall and CPU seconds of this process and of those it waited for."""
    begun, before = time.perf_counter(), cpu()
    answer = job()
    return answer, time.perf_counter() - begun, cpu() - before


def cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def choices(futures: Futures, players: tuple[str, ...]) -> list[Choice]:
    """Every coalition, with what else is adopted."""
    others = [name for name in futures.plan.adopted if name not in players]
    sets = [one for size in range(len(players) + 1) for one in combinations(players, size)]
    return [chosen([*others, *one]) for one in sets]


def afresh(futures: Futures, asked: list[Choice]) -> None:
    """Each with nothing known but the scenario itself."""
    for choice in asked:
        futures.prepared.forget()
        futures.of(choice)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measures", type=int, default=10)
    parser.add_argument("--draws", type=int, default=50)
    parser.add_argument("--fresh", type=int, default=12)
    parser.add_argument("--prove", action="store_true")
    options = parser.parse_args()
    players, before = MEASURES[: options.measures], kernel(clock=time.perf_counter)
    loaded = open_scenario("chubu-2035")
    simulate(loaded, draws=1)  # the first time on a machine the loops are compiled
    _, run_wall, run_cpu = timed(lambda: simulate(loaded, draws=options.draws))
    with open_futures(loaded, options.draws) as futures:
        asked = choices(futures, players)
        some = random.Random(0).sample(asked, min(options.fresh, len(asked)))
        afresh(futures, some[:1])
        _, fresh_wall, fresh_cpu = timed(lambda: afresh(futures, some))
        futures.prepared.forget()
        counted = dict(futures.prepared.solved)
        goals = main_goals(futures.scenario)
        found, wall, used = timed(lambda: attribute_plan(futures, goals, measures=players))
        solved = {name: count - counted[name] for name, count in futures.prepared.solved.items()}
        each = 1e3 / found.sets
        print(
            f"{found.sets} coalitions of {options.measures} measures, {options.draws} draws each, {len(goals)} targets"
        )
        print(f"all, with shares and pairs: {wall:.1f} s, {used:.1f} s CPU; {used * each:.1f} ms CPU a coalition")
        print("solved: " + ", ".join(f"{count} of {name}" for name, count in solved.items()))
        print(
            f"each afresh: {fresh_wall / len(some) * 1e3:.0f} ms, {fresh_cpu / len(some) * 1e3:.0f} ms CPU a coalition"
        )
        print(f"  this many times what it takes together: {fresh_cpu / len(some) / used * found.sets:.1f} by CPU")
        print(f"a full run: {run_wall:.1f} s, {run_cpu:.1f} s CPU")
        print(f"  this many times what a coalition takes: {run_cpu / used * found.sets:.0f} by CPU")
        worst = max(
            abs(sum(s.value for s in one.attributed.mean.shares) - one.attributed.mean.total.value)
            / abs(one.attributed.mean.total.value) for one in found.divided
        )  # fmt: skip
        print(f"shares miss the total by {worst:.0e} of it")
        if options.prove:
            for choice in random.Random(1).sample(asked, max(1, len(asked) // 100)):
                scenario = in_effect(futures.scenario, choice)
                assert futures.prepared.solve(scenario, prove=True).certificate.passed
            print("bits as those of full runs")
    peak, after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, kernel(clock=time.perf_counter)
    print(f"kernel: {before:.2f} s before, {after:.2f} s after; peak of this process {peak:.0f} MB")


if __name__ == "__main__":
    main()
