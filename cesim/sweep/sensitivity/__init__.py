"""What a result depends on: indices with intervals, and whether they are settled. Plain arrays in, plain data out."""

from cesim.sweep.sensitivity.breaking import Breaking, Separation, breaking
from cesim.sweep.sensitivity.estimated import Estimated, Unvarying
from cesim.sweep.sensitivity.given import GivenShares, delta_indices, given_shares, pawn_indices
from cesim.sweep.sensitivity.leaving_out import LeftOut, left_out, parts_from_others
from cesim.sweep.sensitivity.morris import MorrisEffects, morris
from cesim.sweep.sensitivity.noise import Noise, Replicates, replicate_noise, replicates_for, replicates_worth
from cesim.sweep.sensitivity.resampling import Resampling
from cesim.sweep.sensitivity.salib import SalibAnswer, via_salib
from cesim.sweep.sensitivity.sobol import SobolIndices, sobol_indices, sobol_of_outputs
from cesim.sweep.sensitivity.verdict import Goal, Verdict, verdict

__all__ = [
    "Breaking",
    "Estimated",
    "GivenShares",
    "Goal",
    "LeftOut",
    "MorrisEffects",
    "Noise",
    "Replicates",
    "Resampling",
    "SalibAnswer",
    "Separation",
    "SobolIndices",
    "Unvarying",
    "Verdict",
    "breaking",
    "delta_indices",
    "given_shares",
    "left_out",
    "morris",
    "parts_from_others",
    "pawn_indices",
    "replicate_noise",
    "replicates_for",
    "replicates_worth",
    "sobol_indices",
    "sobol_of_outputs",
    "verdict",
    "via_salib",
]
