"""The question that the options of a backcast ask; everything wrong with them at once."""

from __future__ import annotations

import unicodedata
from math import isfinite
from typing import TYPE_CHECKING, Final

from cesim.errors import Fault, InputError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from cesim.plan.backcast import Leeway, Question
    from cesim.run.goals import Goal
    from cesim.scenario.model import Scenario

SIZES: Final = {"兆": 1e12, "億": 1e8, "百万": 1e6, "万": 1e4, "tn": 1e12, "bn": 1e9, "m": 1e6, "": 1.0}
"""Words behind an amount of money."""
LONGEST: Final = 50
"""Longest delay, years."""
CONFIDENCE: Final = 0.5


def question_of(options: argparse.Namespace, scenario: Scenario) -> tuple[Question, Leeway]:
    """Return what is asked, and how far measures may be carried out otherwise than written.

    Raises
    ------
    InputError
        ``plan_confidence``, ``plan_money``, ``plan_money_twice``, ``plan_payer``, ``plan_levels``, ``plan_delays``,
        and for targets as `goals_asked`
    """
    from cesim.cli.lists import names
    from cesim.plan.backcast import Leeway, Question
    from cesim.plan.goals import goals_asked

    faults: list[Fault] = []
    confidence = CONFIDENCE
    if options.confidence is not None:
        confidence = _one(options.confidence, share, "plan_confidence", faults)
    levels = _several(options.levels, share, "plan_levels", faults)
    delays = _several(options.delays, _delay, "plan_delays", faults)
    budgets = _budgets(options.money or (), faults)
    goals: tuple[Goal, ...] = ()
    try:
        goals = goals_asked(scenario, options.target)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    must, never = frozenset(names(options.must)), frozenset(names(options.never))
    question = Question(goals, confidence, budgets, must, never, joint=not options.each)
    return question, Leeway(tuple(levels), tuple(int(delay) for delay in delays) or (0,))


def faults_of(options: argparse.Namespace, scenario: Scenario) -> tuple[Fault, ...]:
    """Return what is wrong with the options."""
    try:
        question_of(options, scenario)
    except InputError as error:
        return error.faults
    return ()


def share(text: str) -> float | None:
    """Read a share above 0 and up to 1, as `0.8` or `80%`; None where the text is none."""
    plain = unicodedata.normalize("NFKC", text).strip()
    value = _number(plain.removesuffix("%"))
    if value is not None and plain.endswith("%"):
        value /= 100.0
    return value if value is not None and 0.0 < value <= 1.0 else None


def money(text: str) -> float | None:
    """Read JPY, as `3e10` or `300億`; None where the text is no amount from 0 on."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("円").replace("_", "").strip()
    for word, size in SIZES.items():
        if plain.endswith(word) and (value := _number(plain.removesuffix(word).strip())) is not None:
            return value * size if value >= 0.0 and isfinite(value * size) else None
    return None


def _delay(text: str) -> float | None:
    value = _number(unicodedata.normalize("NFKC", text).strip())
    return value if value is not None and value.is_integer() and 0.0 <= value <= LONGEST else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def _one(text: str, read: Callable[[str], float | None], code: str, faults: list[Fault]) -> float:
    value = read(text)
    if value is None:
        faults.append(Fault(code, arguments={"found": text}))
        return 1.0
    return value


def _several(
    text: str | None, read: Callable[[str], float | None], code: str, faults: list[Fault]
) -> tuple[float, ...]:
    from cesim.cli.lists import names

    if text is None:
        return ()
    parts = names(text)
    if not parts:
        faults.append(Fault(code, arguments={"found": text}))
    return tuple(dict.fromkeys(_one(part, read, code, faults) for part in parts))


def _budgets(asked: Iterable[str], faults: list[Fault]) -> dict[str, float]:
    from cesim.plan.backcast import ALL
    from cesim.plan.money import ACTORS
    from cesim.text import nearest

    known, out = (ALL, *ACTORS), {}
    for text in asked:
        payer, equals, amount = unicodedata.normalize("NFKC", text).partition("=")
        payer, most = payer.strip(), money(amount)
        if not equals or most is None:
            faults.append(Fault("plan_money", arguments={"found": text}))
        elif payer not in known:
            told = {"found": payer, "allowed": known, "nearest": nearest(payer, known)}
            faults.append(Fault("plan_payer", arguments=told))
        elif payer in out:
            faults.append(Fault("plan_money_twice", arguments={"found": payer}))
        else:
            out[payer] = most
    return out
