"""A plan of four measures and answers on it, written by hand: nothing is computed."""

from cesim.plan.backcast import (
    Bar,
    Front,
    FrontPoint,
    Lifted,
    Nearest,
    Question,
    RoadMap,
    RoadMapRow,
    Solution,
    Unreachable,
)
from cesim.plan.backcast.solutions import IfNeverHurt, Reach
from cesim.plan.backcasting import PlanBackcast
from cesim.plan.remembered import Stand
from cesim.run.goals import Goal
from cesim.scenario.effects import Decision

MEASURES = ("sort", "known", "late", "idle")
TEXT = """extends: tutorial
name: {ja: 手書きの計画, en: plan by hand}
plan:
  base_year: 2025
  until: 2040
  discount: 0.04
  adopted: [sort, known]
  measures:
    sort: {name: {ja: 選別, en: sorting}, pillar: chain, horizon: mid, material: aluminium, actor: metal, start: 2028,
           ramp: {years: 4}, published: true, source: by hand, excludes: [late]}
    known: {name: {ja: 識別, en: identification}, pillar: design, horizon: short, material: aluminium,
            actor: dismantlers, start: 2027, published: false}
    late: {name: {ja: "遅い<選別>", en: "late <sorting>"}, pillar: chain, horizon: long, material: aluminium,
           actor: sorters, start: 2032, published: false}
    idle: {name: {ja: 無用, en: idle}, pillar: making, horizon: long, material: plastics, actor: resin,
           start: 2033, published: false}
"""
H1 = Goal("h1", "水平率", "closed loop", "h1_horizontal_rate_6xxx", "east_focus", 2035, 0.3)
CHOICE = {"known": Decision(0.5, 2030), "late": Decision(1.0, 2032)}
OPTIONS = {name: (Decision(0.5, 2030), Decision(1.0, 2032)) for name in MEASURES}


def stand(choice, cost, share, paid=()):
    return Stand(choice, cost, {"all": cost, "state": 0.0, "metal": 0.0, "sorters": 0.0, **dict(paid)},
                 {"h1": 0.25}, {"h1": share}, share)  # fmt: skip


def row(measure, pillar, horizon, forecast, backcast):
    return RoadMapRow(measure, measure, measure, pillar, horizon, "aluminium", "metal", False, (), forecast, backcast)


def roads():
    return RoadMap(
        (
            row("known", "design", "short", Bar(2027, 2027, 1.0, False, 4e8, 3e8, 6e8),
                Bar(2030, 2030, 0.5, False, 2e8, 2e8, 2e8)),
            row("sort", "chain", "mid", Bar(2028, 2031, 1.0, True, 0.0, 0.0, 0.0), None),
            row("late", "chain", "long", None, Bar(2032, 2032, 1.0, False, 1e10, 9e9, 2e10)),
        ), 2025, 2040,
    )  # fmt: skip


def solution(proof="exhaustive", cost=1.02e10, bound=1.02e10, gap=0.0, hurt=None, stopped=None, reached=0.85):
    return Solution(CHOICE, cost, {"all": cost}, reached, {"h1": reached}, bound, gap, proof, hurt, 4321, stopped)


def unreachable(cause="budgets", proof="exhaustive", near=True, lifted=None, stopped=None, hopeless=False):
    nearest = Nearest({"h1": Reach(0.3, 0.02, 0.21, CHOICE)}, 0.32, {"h1": 0.21}, CHOICE, 1.02e10, 0.15, CHOICE)
    lifted = (
        (Lifted("all", True, 2e10, CHOICE, True), Lifted("budgets", True, 2e10, CHOICE, True),
         Lifted("budget:state", False, None, {}, True), Lifted("never", False, None, {}, False))
        if lifted is None else lifted
    )  # fmt: skip
    return Unreachable(question(), cause, nearest if near else None, lifted, proof, hopeless, 4321, stopped)


def question(**more):
    return Question(**{"goals": (H1,), "confidence": 0.8, **more})


def front():
    return Front(
        (FrontPoint(0.5, solution(cost=5e9, bound=5e9), True), FrontPoint(0.8, solution("bounded", bound=6e9), False),
         FrontPoint(0.9, None, True), FrontPoint(0.95, None, False)), 4321, 0.85,
    )  # fmt: skip


def told(found=None, whole="there", asked=None, interrupted=False, draws=20, answer="there"):
    found = solution() if found is None else found
    paid = {"state": 2e8, "sorters": 1e10}
    return PlanBackcast(
        question() if asked is None else asked, found, front() if whole == "there" else whole, roads(),
        stand({}, 0.0, 0.0), stand({"sort": Decision()}, 3e10, 0.6, {"metal": 3e10}),
        stand(CHOICE, 1.02e10, 0.85, paid) if answer == "there" else answer, OPTIONS, draws, 4321, interrupted,
    )  # fmt: skip


HURT = IfNeverHurt(9e9, 0.117)
