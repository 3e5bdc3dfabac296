"""From targets back to measures: the cheapest choice of measures, levels and starts that reaches them."""

from cesim.plan.backcast.asked import backcast
from cesim.plan.backcast.fronts import Front, FrontPoint, front
from cesim.plan.backcast.questions import ALL, Answers, Choice, Effort, Question
from cesim.plan.backcast.solutions import Lifted, Nearest, Solution, Unreachable

__all__ = [
    "ALL",
    "Answers",
    "Choice",
    "Effort",
    "Front",
    "FrontPoint",
    "Lifted",
    "Nearest",
    "Question",
    "Solution",
    "Unreachable",
    "backcast",
    "front",
]
