"""The answer of a backcast in sentences: what, at what cost, how sure, how well proven; or why not, and how near."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from cesim.plan.backcast import Solution, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cesim.report.plan.backcast_view import BackcastView

SAME = 1e-9
"""Share of a cost below which a difference is rounding."""
NOTHING_GAINED = 0.995
"""Share of the way back to the base case from which on nothing is gained by relaxing."""


def headline(view: BackcastView) -> Iterator[str]:
    """Say the answer, the most important first."""
    found = view.told.found
    if isinstance(found, Solution):
        yield from _reached(view, found)
    else:
        yield from _missed(view, found)


def remarks(view: BackcastView) -> Iterator[str]:
    """Say what the answer leaves aside."""
    told = view.told
    if told.interrupted:
        yield view.say("interrupted", sets=f"{told.sets:,}")
    if told.draws < 100:
        yield view.say("few_draws", draws=told.draws, step=view.share(1.0 / told.draws))


def proof(view: BackcastView) -> Iterator[str]:
    """Say what is proven of the answer, and what is not."""
    found = view.told.found
    sets = f"{view.told.sets:,}"
    if isinstance(found, Unreachable):
        yield view.say(f"proof_none_{found.proof}", sets=sets)
        if found.proof != "exhaustive" and found.impossible_if_never_hurt:
            yield view.say("hopeless_if_never_hurt")
        return
    if found.proof == "bounded" and found.bound is not None and found.gap is not None and found.bound > 0.0:
        cheaper = view.money(found.cost - found.bound)
        yield view.say("proof_bounded", sets=sets, bound=view.money(found.bound), gap=view.share(found.gap),
                       cheaper=cheaper)  # fmt: skip
    else:
        yield view.say(f"proof_{'exhaustive' if found.proof == 'exhaustive' else 'heuristic'}", sets=sets)
    if found.proof != "exhaustive" and found.if_never_hurt is not None and isfinite(found.if_never_hurt.bound):
        own = found.if_never_hurt
        key = "if_never_hurt_cheapest" if own.gap == 0.0 else "if_never_hurt"
        yield view.say(key, bound=view.money(own.bound), gap=view.share(own.gap))


def _reached(view: BackcastView, found: Solution) -> Iterator[str]:
    asked, written, draws = view.told.question, view.told.written, view.told.draws
    key = "cheapest" if found.proof == "exhaustive" else "cheapest_found"
    if not found.choice:
        yield view.say("nothing_needed", goals=view.goals(), confidence=view.share(asked.confidence))
    else:
        yield view.say(key, goals=view.goals(), confidence=view.share(asked.confidence), count=len(found.choice),
                       cost=view.money(found.cost))  # fmt: skip
        yield view.say("measures", names=view.choice(found.choice))
    met = "met_together" if asked.joint else "met_each"
    if len(asked.goals) == 1:
        met = "met"
    yield view.say(met, share=view.share(found.reached), count=round(found.reached * draws), draws=draws)
    yield _beside(view, found.cost, written.cost, written.together if asked.joint else min(written.shares.values()))
    yield from proof(view)


def _beside(view: BackcastView, cost: float, written: float, share: float) -> str:
    """The plan as written beside the answer."""
    apart = cost - written
    if abs(apart) <= SAME * abs(written):
        return view.say("written_same", share=view.share(share))
    key = "written_dearer" if apart < 0.0 else "written_cheaper"
    return view.say(key, cost=view.money(written), share=view.share(share), apart=view.money(abs(apart)))


def _missed(view: BackcastView, found: Unreachable) -> Iterator[str]:
    asked = view.told.question
    key = "none" if found.proof == "exhaustive" else "none_found"
    yield view.say(key, goals=view.goals(), confidence=view.share(asked.confidence))
    proven = found.proof == "exhaustive" or found.cause != "targets"
    yield view.say(f"cause_{found.cause}" if proven else "cause_unproven")
    near = found.nearest
    if near is None:
        yield view.say("nothing_admitted")
    else:
        for goal in asked.goals:
            own = near.each[goal.id]
            yield view.say("nearest_one", goal=view.plan.goal(goal), best=view.level(goal, own.best),
                           asked=view.level(goal, own.asked), base=view.level(goal, own.base))  # fmt: skip
        if near.relaxation is not None and near.relaxation > NOTHING_GAINED:
            yield view.say("relaxed_to_base")
        elif near.relaxation is not None:
            yield view.say("relaxed", share=view.share(near.relaxation), cost=view.money(near.cost))
        yield view.say("confident", share=view.share(near.confidence))
    written = view.told.written
    share = written.together if asked.joint else min(written.shares.values())
    yield view.say("written", cost=view.money(written.cost), share=view.share(share))
    yield from proof(view)
