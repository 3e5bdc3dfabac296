"""From targets back to measures: the cheapest choice of measures, levels and starts that reaches them."""

from cesim.plan.backcast.asked import backcast
from cesim.plan.backcast.asking import AS_PLANNED, Leeway, PlanAnswers
from cesim.plan.backcast.fronts import Front, FrontPoint, front
from cesim.plan.backcast.questions import ALL, Answers, Choice, Effort, Question
from cesim.plan.backcast.road_map import Bar, RoadMap, RoadMapRow, road_map
from cesim.plan.backcast.solutions import Lifted, Nearest, Solution, Unreachable

__all__ = [
    "ALL",
    "AS_PLANNED",
    "Answers",
    "Bar",
    "Choice",
    "Effort",
    "Front",
    "FrontPoint",
    "Leeway",
    "Lifted",
    "Nearest",
    "PlanAnswers",
    "Question",
    "RoadMap",
    "RoadMapRow",
    "Solution",
    "Unreachable",
    "backcast",
    "front",
    "road_map",
]
