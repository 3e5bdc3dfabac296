"""How far names leak: an attacker who knows how each supplier usually delivers tries to tell who wrote what it sees.

The attacker has records of which it knows the writer, takes every number of a view as a bell around what is usual for
an actor (naive Bayes), and adds up what it sees under one pseudonym. What it reaches is a lower bound: a cleverer one
may reach more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from cesim.trace.platforms.faults import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cesim.trace.viewing.views import View

    Whole = NDArray[np.int64]
    Floats = NDArray[np.float64]

_WORDS: Final = ("step", "region", "declared", "claim", "certificate")
"""Fields of a view that are words and no name or number of somebody."""
_CAREFUL: Final = 1e-3
"""Share of a feature's overall variance below which no actor's is taken to be."""


@dataclass(frozen=True, slots=True)
class Leak:
    """What an attacker finds out.

    Attributes
    ----------
    cases
        Records, or pseudonyms, of which it says who wrote them.
    top_1
        Share in which it is right.
    guess
        Share in which somebody is right who always names the most frequent writer.
    anonymity
        Mean number of actors among whom it still hesitates: exp of the entropy of what it believes.
    anonymity_p05
        5th percentile of that number.
    """

    cases: int
    top_1: float
    guess: float
    anonymity: float
    anonymity_p05: float


def features(views: Sequence[View]) -> Floats:
    """Return what of some views can be told apart, (view, feature).

    Words become columns of 0 and 1; shares and substances stand as they are; of lots, their number and total mass on
    each side (logarithm); second and month as they are. Names, pseudonyms and numbers of records are left out.
    """
    words = sorted({(name, view.fields[name]) for view in views for name in _WORDS if name in view.fields})
    plain = sorted({path for view in views for path in view.fields if _is_number(path)})
    columns = [[float(view.fields.get(name) == word) for view in views] for name, word in words]
    columns += [[float(view.fields.get(path, 0.0)) for view in views] for path in plain]
    for side in ("inputs", "outputs"):
        masses = [
            [float(value) for path, value in view.fields.items() if path.startswith(side) and path.endswith(".mass_mg")]
            for view in views
        ]
        columns += [[float(len(one)) for one in masses], [float(np.log1p(sum(one))) for one in masses]]
    return np.array(columns, dtype=np.float64).T.reshape(len(views), -1)


def leak(known: Floats, writer: Whole, seen: Floats, truth: Whole, group: Whole | None = None) -> Leak:
    """Let the attacker try.

    Parameters
    ----------
    known, writer : (record, feature), (record,)
        What it knows, and who wrote it, numbered from 0 without gaps.
    seen, truth : (record, feature), (record,)
        What it sees, and who wrote that.
    group : (record,), optional
        Pseudonym of each record seen; those under one are one case.

    Raises
    ------
    InputError
        ``attack_empty`` where nothing is known or seen, or an actor of whom nothing is known; ``attack_shape`` where
        the features are not the same.
    """
    if not len(known) or not len(seen) or (np.bincount(writer) == 0).any():
        raise refuse("attack_empty", "attack", found=len(known))
    if known.shape[1] != seen.shape[1]:
        raise refuse("attack_shape", "attack", found=seen.shape[1], wanted=known.shape[1])
    log = _likelihood(known, writer, seen)
    if group is not None:
        cases, place = np.unique(group, return_inverse=True)
        pooled = np.zeros((len(cases), log.shape[1]))
        np.add.at(pooled, place.ravel(), log)
        truth = truth[np.unique(place.ravel(), return_index=True)[1]]
        log = pooled
    count = np.bincount(writer).astype(np.float64)
    log = log + np.log(count / count.sum())
    believed = np.exp(log - log.max(axis=1, keepdims=True))
    believed /= believed.sum(axis=1, keepdims=True)
    safe = np.where(believed > 0.0, believed, 1.0)
    among = np.exp(-(believed * np.log(safe)).sum(axis=1))
    return Leak(
        len(truth),
        float((believed.argmax(axis=1) == truth).mean()),
        float((truth == count.argmax()).mean()),
        float(among.mean()),
        float(np.quantile(among, 0.05)),
    )


def _likelihood(known: Floats, writer: Whole, seen: Floats) -> Floats:
    """Logarithm of how likely each actor writes what is seen, (record, actor)."""
    actors = int(writer.max()) + 1
    overall = known.var(axis=0)
    varies = overall > 0.0  # what is always the same tells nothing, also where it differs in what is seen
    known, seen, overall = known[:, varies], seen[:, varies], overall[varies]
    log = np.zeros((len(seen), actors))
    for actor in range(actors):
        own = known[writer == actor]
        variance = np.maximum(own.var(axis=0), _CAREFUL * overall) if len(own) > 1 else overall
        log[:, actor] = -0.5 * ((seen - own.mean(axis=0)) ** 2 / variance + np.log(variance)).sum(axis=1)
    return log


def _is_number(path: str) -> bool:
    return path in ("second", "month", "loss_mg") or path.startswith(("shares.", "substances."))
