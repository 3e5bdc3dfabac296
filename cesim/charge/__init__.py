"""Blending mathematics: what fits into a heat, and the small linear programmes that say so."""
