"""Sentences of the headline: a gap in words, a chance in counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.headline import FEWEST_DRAWS
from cesim.report.numbers import write, write_difference, write_range
from cesim.text import has

if TYPE_CHECKING:
    from cesim.report.crossings import Crossing
    from cesim.report.doubt import Driver
    from cesim.report.headline import Goal
    from cesim.report.limits import InShort
    from cesim.report.words import Words


def gap_phrase(goal: Goal, unit: str, better: str, words: Words) -> str:
    """Say how far the median is from the target: "3.2 points short of the target"."""
    side = "met" if goal.gap >= 0 else "missed"
    said = words(f"gap.{side}_{'down' if better == 'down' else 'up'}", size=write_difference(goal.gap, unit, words))
    return words("gap.country", gap=said) if goal.national else said


def goal_name(goal: Goal, words: Words) -> str:
    """Name of a target, and whether it is one of the whole country."""
    return words("headline.national", name=goal.name) if goal.national else goal.name


def with_law(name: str, words: Words, *, legal: bool) -> str:
    """Name of a target, and whether a law asks for it."""
    return words("lines.with_law", name=name, law=words("legal" if legal else "voluntary"))


def crossing_phrase(crossing: Crossing, unit: str, words: Words, *, single: bool) -> str:
    """Say in which year the median reaches a target, with the range at that point, or that it never does."""
    level = words("headline.goal_since", value=write(crossing.value, unit, words), year=crossing.since)
    spread = "" if single else words("lines.then", low_high=write_range(crossing.low, crossing.high, unit, words))
    median = write(crossing.median, unit, words)
    start = words("lines.target", name=crossing.name, level=level)
    if crossing.year is None:
        return start + words("lines.never", last=crossing.last, median=median, then=spread)
    again = "" if crossing.again is None else words("lines.again", year=crossing.again)
    return start + words("lines.reached", year=crossing.year, median=median, then=spread) + again


def rests_phrase(driver: Driver, words: Words) -> str:
    """Say what one input the spread of a headline rests on, and whether a plan chooses it."""
    share = write(driver.share, "share", words)
    status = words(f"doubt.{driver.status}")
    return words(
        "headline.rests_plan" if driver.lever else "headline.rests", name=driver.name, share=share, status=status
    )


def variant_phrase(name: str, choice: str, words: Words) -> str:
    """Say what was chosen where sources disagree; a choice without words stays as it is."""
    known = has(f"report.variant.{name}", words.lang) and has(f"report.variant.{choice}", words.lang)
    return f"{words(f'variant.{name}')}{words('colon')}{words(f'variant.{choice}')}" if known else f"{name} = {choice}"


def futures_phrase(share: float, draws: int, words: Words) -> str:
    """Say in how many of 100 futures something is so: in per cent where there are fewer."""
    if draws < FEWEST_DRAWS:
        return words("limit.in_share", share=write(share, "share", words))
    if 0 < share < 0.01:
        return words("limit.in_few")
    return words("limit.in_all" if share == 1 else "limit.in_count", count=min(round(100 * share), 99))


def limit_phrases(short: InShort, draws: int, words: Words) -> list[str]:
    """Say which element stops the most, what a step of it is worth, and where scrap is short instead."""
    limit, bound = short.limit, short.bound
    told = {
        "year": limit.year,
        "element": bound.element,
        "alloy": words(f"limit.form_{limit.alloy}"),
        "median": write(bound.median, "t", words),
    }
    if draws == 1:
        first = words("limit.short_single", **told)
    else:
        spread = write_range(bound.low, bound.high, "t", words, bound.median)
        first = words("limit.short_first", **told, futures=futures_phrase(bound.share, draws, words), low_high=spread)
    if short.supplied:
        names = words("limit.and").join(words(f"limit.form_{held.alloy}") for held in short.supplied)
        key = "limit.short_supply_single" if draws == 1 else "limit.short_supply"
        return [first, words(key, year=limit.year, alloys=names)]
    if draws == 1:
        return [first, words("limit.short_quality_single", year=limit.year)]
    freest = short.freest
    often = futures_phrase(freest.unbound, draws, words)
    return [
        first,
        words("limit.short_quality", year=limit.year, alloy=words(f"limit.form_{freest.alloy}"), futures=often)
        if freest.unbound > 0
        else words("limit.short_never", year=limit.year),
    ]


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
