"""Designs: where the points of a study lie. A point is a row of probabilities, one for each column that is varied.

Whoever needs points asks for any of them by number: nothing is remembered between two questions, so workers, shards and
a sweep taken up again see the same ones. More columns leave the earlier columns alone; where a design goes on, more
points leave the earlier points alone.
"""

from cesim.sweep.designs.carlo import MonteCarlo
from cesim.sweep.designs.correlated import Correlated, declared, merged
from cesim.sweep.designs.design import Design, Factor
from cesim.sweep.designs.factorial import Factorial
from cesim.sweep.designs.hypercube import Hypercube
from cesim.sweep.designs.morris import Morris, MorrisDesign, Moves, Steps
from cesim.sweep.designs.plan import KINDS, LEVELS, design_of, layout_of, points_of, remarks_on
from cesim.sweep.designs.saltelli import Crossed, CrossedRow, Saltelli, SaltelliDesign
from cesim.sweep.designs.sobol import Sobol
from cesim.sweep.designs.table import Table, read_table

__all__ = [
    "KINDS",
    "LEVELS",
    "Correlated",
    "Crossed",
    "CrossedRow",
    "Design",
    "Factor",
    "Factorial",
    "Hypercube",
    "MonteCarlo",
    "Morris",
    "MorrisDesign",
    "Moves",
    "Saltelli",
    "SaltelliDesign",
    "Sobol",
    "Steps",
    "Table",
    "declared",
    "design_of",
    "layout_of",
    "merged",
    "points_of",
    "read_table",
    "remarks_on",
]
