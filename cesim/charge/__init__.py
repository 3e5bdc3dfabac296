"""Blending mathematics: what fits into a heat, and the small linear programmes that say so.

``blend`` is the door for arrays. Compiled kernels are loaded at the first solve, not here.
"""

from cesim.charge.blend import Blend, blend

__all__ = ["Blend", "blend"]
