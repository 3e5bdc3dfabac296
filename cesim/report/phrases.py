"""Sentences of the headline: a gap in words, a chance in counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.headline import FEWEST_DRAWS
from cesim.report.numbers import write_difference

if TYPE_CHECKING:
    from cesim.report.headline import Goal
    from cesim.report.words import Words


def gap_phrase(goal: Goal, unit: str, better: str, words: Words) -> str:
    """Say how far the median is from the target: "3.2 points short of the target"."""
    side = "met" if goal.gap >= 0 else "missed"
    return words(f"gap.{side}_{'down' if better == 'down' else 'up'}", size=write_difference(goal.gap, unit, words))


def goal_name(goal: Goal, words: Words) -> str:
    """Name of a target, and whether it is one of the whole country."""
    return words("headline.national", name=goal.name) if goal.national else goal.name


def count_phrase(goal: Goal, draws: int, words: Words) -> str:
    """Say in how many futures the target is met, or why that cannot be said."""
    if draws == 1:
        return words("count.single")
    if draws < FEWEST_DRAWS:
        return words("count.unresolved")
    if goal.probability is None:
        return words("count.unknown")
    if 0 < goal.probability < 0.01:
        return words("count.few")
    if 0.99 < goal.probability < 1:
        return words("count.nearly")
    return words("count.met", met=round(goal.probability * 100))
