"""A box of futures in one sentence: what they have in common, and how far that goes.

The sentence never says more than the box does. It says "are those" only where the box holds nearly all of the futures
asked about and hardly any others; else it says how many, and what becomes of the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cesim.report.sweep.levels import exactly
from cesim.sweep.answers.limits import told, written
from cesim.sweep.discovery.choosing import FEWEST_OF_A_KIND
from cesim.sweep.discovery.space import FEWEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cesim.report.sweep.varied import Names
    from cesim.sweep.answers.limits import Told
    from cesim.sweep.answers.question import Question
    from cesim.sweep.answers.varied import Varied
    from cesim.sweep.discovery.boxes import Box, Explanation, HeldOut, Restriction, Stability

NEARLY_ALL = 0.85
"""Coverage from which the futures "are those" in a box."""
MOSTLY = 0.6
"""Coverage from which they "are mostly those"."""
DENSE = 0.75
"""Density below which they are not "those", but lie "among those"."""
THIN = 0.5
"""Density below which most futures in a box are others, which is then said."""
LIKELY_CHANCE = 0.05
"""Quasi-p-value from which on a limit may be chance."""
OFTEN = 0.5
"""Share of resamples below which an input's place in the box is called unsteady."""


def explained(names: Names, question: Question, found: Explanation, varied: Sequence[Varied]) -> str:
    """Return the answer in one sentence."""
    counts = {"runs": f"{found.runs:,}", "count": f"{found.of_interest:,}"}
    if found.verdict == "explained" and found.box is not None:
        return box_sentence(names, question, found.box, varied)
    others = found.runs - found.of_interest
    return names.say(f"found.{_without_box(found)}", **counts, others=f"{others:,}", **_asked(names, question))


def _without_box(found: Explanation) -> str:
    """Return the key of the sentence that says why there is no box."""
    others = found.runs - found.of_interest
    if found.verdict != "too_few":
        return found.verdict
    if found.runs < FEWEST:
        return "too_few_runs"
    if min(others, found.of_interest) >= FEWEST_OF_A_KIND:  # nothing varies
        return "no_box"
    return "too_few" if found.of_interest < others else "too_few_others"


def box_sentence(names: Names, question: Question, box: Box, varied: Sequence[Varied]) -> str:
    """Say of the futures asked about where they lie, how many of them, and what else lies there."""
    held = {
        "runs": f"{box.runs:,}", "count": f"{box.of_interest:,}", "hit": f"{box.inside_of_interest:,}",
        "inside": f"{box.inside:,}", "rest": f"{box.of_interest - box.inside_of_interest:,}",
        "density": _share_told(names, box.inside_of_interest, box.inside),
    }  # fmt: skip
    limits = limits_told(names, box.restrictions, varied)
    key = _how_far(box)
    sentence = names.say(key, limits=limits, **held, **_asked(names, question))
    if box.density < THIN:
        sentence += names.say("found.thin", others=f"{box.inside - box.inside_of_interest:,}", **held,
                              **_asked(names, question))  # fmt: skip
    return sentence


def _how_far(box: Box) -> str:
    """Return the key of the sentence that says as much of a box as is true of it, and no more."""
    if box.coverage < MOSTLY:
        return "found.part"
    if box.coverage < NEARLY_ALL:
        return "found.mostly"
    everyone = box.inside_of_interest == box.of_interest
    if box.density < DENSE:
        return "found.within" if everyone else "found.nearly_within"
    return "found.all" if everyone else "found.nearly"


def limits_told(names: Names, restrictions: Sequence[Restriction], varied: Sequence[Varied]) -> str:
    """Return all limits of a box in words, to be followed by what has them."""
    held = [(varied[one.column], told(one, varied[one.column].values, varied[one.column].factor))
            for one in restrictions]  # fmt: skip
    shown = [(one, limit) for one, limit in held if limit is not None]
    parts = [limit_told(names, one, limit, is_last=at == len(shown) - 1) for at, (one, limit) in enumerate(shown)]
    return _joined(names, parts)


def limit_told(names: Names, varied: Varied, limit: Told, *, is_last: bool = True) -> str:
    """Return one limit in words; in Japanese the last one is said otherwise than those before it."""
    end = "last" if is_last else "then"
    name = names.quoted(varied.name)
    if limit.side == "among":
        return names.say(f"limit.among_{end}", name=name, options=_options(names, varied, limit))
    ends = {
        key: names.amount(written(value), varied)
        for key, value in (("low", limit.low), ("high", limit.high)) if value is not None
    }  # fmt: skip
    return names.say(f"limit.{limit.side}_{end}", name=name, **ends)


def range_told(names: Names, varied: Varied, limit: Told) -> str:
    """Return a limit without its name, for a chart."""
    if limit.side == "among":
        return _options(names, varied, limit)
    ends = {
        key: names.amount(written(value), varied)
        for key, value in (("low", limit.low), ("high", limit.high)) if value is not None
    }  # fmt: skip
    return names.say(f"limit.{limit.side}_short", **ends)


def _options(names: Names, varied: Varied, limit: Told) -> str:
    return names.say("limit.or").join(names.value(one, varied) for one in limit.kept)


def reservations(names: Names, found: Explanation, varied: Sequence[Varied]) -> Iterator[str]:
    """Say how far a box may be believed: on other futures, limit by limit, and found again in half of the futures."""
    if found.held_out is not None:
        yield _held_out(names, found.held_out)
    if found.box is None:
        return
    chance = [varied[one.column] for one in found.box.restrictions if one.p >= LIKELY_CHANCE]
    if chance:
        yield names.say("found.chance", names=names.writer.join(names.varied(one.name) for one in chance))
    if found.stability is not None:
        yield from _unsteady(names, found.box, found.stability, varied)


def noun(names: Names, question: Question) -> str:
    """The futures asked about, as a noun."""
    return names.say(f"noun.{question.interest}", **_facts(names, question))


def others(names: Names, question: Question) -> str:
    """All other futures, as a noun."""
    return names.say(f"others.{question.interest}", **_facts(names, question))


def asked(names: Names, question: Question) -> str:
    """What is asked about: the target, or the level of an indicator."""
    return names.say(f"about.{question.interest}", **_facts(names, question))


def _held_out(names: Names, one: HeldOut) -> str:
    base = _share(one.of_interest, one.runs)
    if not one.inside:
        return names.say("found.held_out_empty", folds=one.folds, base=base)
    return names.say(
        "found.held_out", folds=one.folds, count=f"{one.of_interest:,}", hit=f"{one.inside_of_interest:,}",
        inside=f"{one.inside:,}", density=_share(one.inside_of_interest, one.inside), base=base,
    )  # fmt: skip


def _unsteady(names: Names, box: Box, stability: Stability, varied: Sequence[Varied]) -> Iterator[str]:
    unsteady = [column for column in box.columns if stability.share[column] < OFTEN]
    if unsteady:
        parts = [
            names.say("found.unsteady_one", name=names.varied(varied[column].name),
                      share=f"{100 * stability.share[column]:.0f} %")
            for column in unsteady
        ]  # fmt: skip
        yield names.say("found.unsteady", names=names.writer.join(parts), resamples=stability.resamples)


def _asked(names: Names, question: Question) -> dict[str, str]:
    """Return the verb of the question in the forms that sentences need."""
    facts, kind = _facts(names, question), question.interest
    forms = ("verb", "do", "not")
    return {form: names.say(f"{form}.{kind}", **facts) for form in forms}


def _facts(names: Names, question: Question) -> dict[str, str]:
    out = {"goal": "", "indicator": "", "level": ""}
    if question.goal is not None:
        out["goal"] = names.goal(question.goal)
    if question.series is not None:
        out["indicator"] = names.series(question.series)
        out["level"] = exactly(question.level, question.unit, names.words)
    return out


def _joined(names: Names, parts: list[str]) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return names.say("limit.comma").join(parts[:-1]) + names.say("limit.and") + parts[-1]


def _share_told(names: Names, part: int, whole: int) -> str:
    return names.say("found.every") if part == whole else _share(part, whole)


def _share(part: int, whole: int) -> str:
    """Return a share in whole per cent; never a rounded 0 or 100 where it is neither."""
    percent = 100.0 * part / whole
    if 0 < part < whole and not 1.0 <= percent <= 99.0:
        return "< 1 %" if percent < 1.0 else "> 99 %"
    return f"{percent:.0f} %"
