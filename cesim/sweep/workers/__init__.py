"""Runs through one or many processes, here or on a cluster: nothing is lost, nothing done twice, nothing hangs.

A run that raises, takes too long or ends its process is an answer like another, with its reason; what every other run
comes to is not touched by it.
"""

from cesim.sweep.workers.answers import Answers, solve_all

__all__ = ["Answers", "solve_all"]
