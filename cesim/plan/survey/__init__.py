"""Which number to survey next: what makes the headlines uncertain, and what knowing it would do for the choice."""

from cesim.plan.survey.inputs import Input, inputs_of
from cesim.plan.survey.knowing import Alternative, Knowing, value_of_knowing
from cesim.plan.survey.spread import Spread, spreads
from cesim.plan.survey.study import Stake, Survey, check_draws, survey

__all__ = [
    "Alternative",
    "Input",
    "Knowing",
    "Spread",
    "Stake",
    "Survey",
    "check_draws",
    "inputs_of",
    "spreads",
    "survey",
    "value_of_knowing",
]
