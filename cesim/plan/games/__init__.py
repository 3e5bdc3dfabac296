"""Cooperative games: how much of a plan's effect each of its measures carries.

A plan is a game. Its players are measures, the value of a coalition is what the indicator becomes if only these
measures are taken. The Shapley value divides the effect of the whole plan so that the shares add to it, measures that
do the same get the same, and one that changes nothing gets nothing. Nothing here knows of scenarios or runs.
"""

from cesim.plan.games.attribution import Attributed, Attribution, NotResolvable, Share, Target, attribute
from cesim.plan.games.coalitions import Coalitions, coalitions
from cesim.plan.games.estimate import Estimate
from cesim.plan.games.exact import shapley
from cesim.plan.games.interactions import corners, interactions
from cesim.plan.games.pairs import Pair, pairs
from cesim.plan.games.players import Players
from cesim.plan.games.sampled import Sampled, sampled
from cesim.plan.games.sampled_attribution import SampledAttributed, attribute_sampled
from cesim.plan.games.waterfall import Step, waterfall

__all__ = [
    "Attributed",
    "Attribution",
    "Coalitions",
    "Estimate",
    "NotResolvable",
    "Pair",
    "Players",
    "Sampled",
    "SampledAttributed",
    "Share",
    "Step",
    "Target",
    "attribute",
    "attribute_sampled",
    "coalitions",
    "corners",
    "interactions",
    "pairs",
    "sampled",
    "shapley",
    "waterfall",
]
